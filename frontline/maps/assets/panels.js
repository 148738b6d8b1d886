"use strict";
// What stands beside the map: areas, legend, changes, sources.
(function (frontline) {
  const { el, link, dayText, number, signed, swatch, INK, KINDS } = frontline;

  function nameOf(model, actor) {
    if (actor >= 0) return model.actors[actor].label;
    return { "-2": "contested", "-3": "claimed, not confirmed", "-4": "infiltration" }[actor] || "no data";
  }

  function groupSwatch(model, group) {
    return swatch(26, 16, function (ctx, ratio) {
      for (const fill of frontline.fillsOf(ctx, group, model.actors, ratio)) {
        ctx.fillStyle = fill;
        ctx.fillRect(0, 0, 26, 16);
      }
      ctx.strokeStyle = "rgba(29, 35, 41, 0.45)";
      ctx.strokeRect(0.5, 0.5, 25, 15);
    });
  }

  // A row per side: colour, name, area, change since the first frame.
  function areaTable(model, clock) {
    const body = el("tbody");
    const named = (group, text) => el("th", { scope: "row" },
      el("span", { class: "fl-named" }, groupSwatch(model, group), el("span", { text: text })));
    const rows = model.actors.map(function (actor, a) {
      const cells = { now: el("td"), change: el("td", { class: "fl-change" }) };
      const name = named({ actor: a, kind: "held" }, actor.label);
      cells.also = el("small", { class: "fl-also fl-soft" });
      name.querySelector("span > span").append(cells.also);
      cells.row = el("tr", {}, name, cells.now, cells.change);
      body.append(cells.row);
      return cells;
    });
    const contested = { now: el("td"), change: el("td", { class: "fl-change" }), row: el("tr") };
    const anyContested = model.groups.some((group) => group.kind === "contested");
    if (anyContested) {
      const name = named({ actor: -1, kind: "contested" }, "Contested");
      contested.row = el("tr", {}, name, contested.now, contested.change);
      body.append(contested.row);
    }
    const sums = function (frame) {
      const areas = model.areasAt(frame);
      const disputed = areas.actors.reduce((sum, row) => sum + row.contested, 0);
      return { held: areas.actors.map((row) => row.held), disputed: disputed + areas.nobody.contested };
    };
    const start = sums(0);
    clock.onChange(function (frame) {
      const now = sums(frame);
      const fill = function (cells, value, before) {
        cells.now.textContent = number(value);
        cells.change.textContent = signed(value - before);
        cells.row.hidden = value < 0.05 && before < 0.05; // holds nothing, and held nothing
      };
      const apart = model.areasAt(frame).actors;
      rows.forEach(function (cells, a) {
        fill(cells, now.held[a], start.held[a]);
        // What counts for nobody is named beside, never added.
        const also = ["claimed", "infiltration"].filter((kind) => apart[a][kind] >= 0.05);
        cells.also.textContent = also.map((kind) => `${kind}: ${number(apart[a][kind])}`).join(", ");
        if (also.length) cells.row.hidden = false;
      });
      fill(contested, now.disputed, start.disputed);
    });
    const head = el("tr", {}, el("th", { scope: "col", text: "Held" }),
      el("th", { scope: "col", text: "km\u00b2" }),
      el("th", { scope: "col", class: "fl-change", text: "since " + frontline.shortDay(model.times[0]) }));
    return el("table", { class: "fl-areas" },
      el("caption", { class: "fl-hidden", text: "Area held by each side at the date shown" }),
      el("thead", {}, head), body);
  }

  // The signs: hatchings that occur, the front, the symbols of events.
  function legend(model, layer) {
    const list = el("ul", { class: "fl-legend" });
    const entry = (picture, text) => list.append(el("li", {}, picture, el("span", { text: text })));
    const line = swatch(26, 16, function (ctx) {
      ctx.strokeStyle = INK;
      ctx.lineWidth = 2.4;
      ctx.beginPath();
      ctx.moveTo(1, 11);
      ctx.quadraticCurveTo(9, 2, 14, 8);
      ctx.quadraticCurveTo(19, 13, 25, 5);
      ctx.stroke();
    });
    entry(line, "front line");
    const seen = new Set(["held", "contested"]);
    for (const group of model.groups) {
      if (seen.has(group.kind)) continue;
      seen.add(group.kind);
      const actor = group.kind === "no_data" ? -1 : group.actor;
      entry(groupSwatch(model, { actor: actor, kind: group.kind }), KINDS[group.kind]);
    }
    for (const [kind, shape] of layer.shapes) {
      entry(swatch(26, 16, (ctx) => frontline.drawSymbol(ctx, shape, 13, 8, 5.5)), kind);
    }
    if (model.events.some((event) => event.region !== undefined)) {
      const ring = swatch(26, 16, function (ctx) {
        ctx.setLineDash([4, 3]);
        ctx.strokeStyle = INK;
        ctx.lineWidth = 1.5;
        ctx.beginPath();
        ctx.ellipse(13, 8, 11, 6.5, 0, 0, 2 * Math.PI);
        ctx.stroke();
      });
      entry(ring, "where the words place it");
    }
    return list;
  }

  // Per day: who lost how much to whom. Parts of less than a hectare are left out.
  function changesTable(model) {
    const rows = new Map();
    for (const change of model.changes) {
      const day = Math.floor(change.when / 86400) * 86400;
      const key = [day, change.before, change.after].join("/");
      const row = rows.get(key) || { day: day, before: change.before, after: change.after, km2: 0 };
      row.km2 += change.km2;
      rows.set(key, row);
    }
    const body = el("tbody");
    const ordered = [...rows.values()].sort((a, b) => a.day - b.day || b.km2 - a.km2);
    for (const row of ordered) {
      body.append(el("tr", {}, el("td", { text: dayText(row.day) }),
        el("td", { text: nameOf(model, row.before) }), el("td", { text: nameOf(model, row.after) }),
        el("td", { class: "fl-number", text: number(row.km2) })));
    }
    const head = el("tr");
    for (const text of ["Day (UTC)", "From", "To", "km\u00b2"]) {
      head.append(el("th", { scope: "col", text: text }));
    }
    return el("details", { class: "fl-changes" }, el("summary", { text: "Changes of control, day by day" }),
      el("div", { class: "fl-scroll", tabIndex: 0, role: "region", "aria-label": "Table of changes" },
        el("table", {}, el("caption", { class: "fl-hidden", text: "Land that changed hands" }),
          el("thead", {}, head), body)));
  }

  function sourceText(source) {
    const text = [source.publisher, source.title].filter(Boolean).join(": ");
    return text || source.id || source.url;
  }

  function sourceNode(model, cited) {
    const source = model.sources.find((entry) => entry.id === cited);
    if (!source) return link(cited, cited);
    const node = el("span", {}, source.url ? link(source.url, sourceText(source)) : sourceText(source));
    if (source.archived) node.append(" (", link(source.archived, "archived"), ")");
    return node;
  }

  // The small print: what the map is and is not, licence, dates, sources.
  function notes(model) {
    const meta = model.meta;
    const line = [];
    if (meta.as_of) line.push("As of " + dayText(Date.parse(meta.as_of) / 1000) + ".");
    if (meta.made_on) line.push("Made on " + dayText(Date.parse(meta.made_on) / 1000) + ".");
    if (meta.credits) line.push(meta.credits.replace(/\.?$/, "."));
    if (meta.licence) line.push("Licence: " + meta.licence + ".");
    const box = el("footer", { class: "fl-notes" },
      el("p", { text: [meta.disclaimer, ...line].filter(Boolean).join(" ") }));
    if (meta.method) box.append(el("p", { text: meta.method }));
    if (model.sources.length) {
      const list = el("ol");
      for (const source of model.sources) {
        const item = el("li", {}, sourceNode(model, source.id));
        if (source.licence) item.append(el("span", { class: "fl-soft", text: " \u00b7 " + source.licence }));
        list.append(item);
      }
      box.append(el("details", { class: "fl-sources" },
        el("summary", { text: `Sources (${model.sources.length})` }), list));
    }
    return box;
  }

  // Choose a date to compare with: what changed since it is marked on the map.
  function comparison(model, layer) {
    const choice = el("select", { class: "fl-since" }, el("option", { value: "-1", text: "nothing" }));
    model.times.forEach(function (seconds, f) {
      if (seconds % 86400 === 0) choice.append(el("option", { value: String(f), text: dayText(seconds) }));
    });
    choice.addEventListener("change", () => layer.compareWith(Number(choice.value)));
    return el("label", { class: "fl-compare" }, el("span", { text: "Mark gains since" }), choice);
  }

  Object.assign(frontline, {
    areaTable, legend, changesTable, notes, comparison, sourceNode,
  });
})((window.frontlineMaps = window.frontlineMaps || {}));
