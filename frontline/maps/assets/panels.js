"use strict";
// What stands beside the map: areas, legend, changes, sources.
(function (frontline) {
  const { el, link, dayText, number, signed, swatch, INK, KINDS } = frontline;

  const CHANGES =
    "Land that changed hands. A change at exactly 00:00 counts for the day that begins then.";
  const LEAST = 0.05; // square kilometres: what rounds to nothing
  const APART = ["contested", "claimed", "infiltration"];

  // Who a number in the changes stands for: see `party_of` in payload.py.
  function nameOf(model, party) {
    if (party >= 0) return model.actors[party].label;
    if (party === -1) return "no data";
    const kind = APART[(-2 - party) % 3];
    const actor = Math.floor((-2 - party) / 3) - 1;
    return actor < 0 ? KINDS[kind] : `${model.actors[actor].label} (${kind})`;
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

  // A row per side: colour, name, area, change since the first frame. Which rows and lines there
  // are is settled for all frames together, so that nothing jumps while the map plays.
  function areaTable(model, clock) {
    const body = el("tbody");
    const row = function (group, text, read) {
      if (!model.times.some((_, f) => read(model.areasAt(f)) >= LEAST)) return null;
      const label = el("span", { text: text });
      const cells = { now: el("td"), change: el("td", { class: "fl-change" }), read: read, also: [] };
      body.append(el("tr", {}, el("th", { scope: "row" },
        el("span", { class: "fl-named" }, groupSwatch(model, group), label)), cells.now, cells.change));
      cells.label = label;
      return cells;
    };
    const rows = model.actors.map(function (actor, a) {
      const anything = (areas) => Math.max(...Object.values(areas.actors[a]));
      const cells = row({ actor: a, kind: "held" }, actor.label, anything);
      if (!cells) return null;
      cells.read = (areas) => areas.actors[a].held;
      // What counts for nobody is named beside, never added.
      for (const kind of ["claimed", "infiltration"]) {
        if (!model.times.some((_, f) => model.areasAt(f).actors[a][kind] >= LEAST)) continue;
        const line = el("small", { class: "fl-also fl-soft" });
        cells.label.append(line);
        cells.also.push([line, kind, a]);
      }
      return cells;
    });
    rows.push(row({ actor: -1, kind: "contested" }, "Contested", (areas) =>
      areas.actors.reduce((sum, side) => sum + side.contested, areas.nobody.contested)));
    rows.push(row({ actor: -1, kind: "no_data" }, "No data", (areas) => areas.nobody.no_data));
    const shown = rows.filter(Boolean);
    const start = model.areasAt(0);
    clock.onChange(function (frame) {
      const areas = model.areasAt(frame);
      for (const cells of shown) {
        const value = cells.read(areas);
        cells.now.textContent = value < LEAST ? "\u2013" : number(value);
        cells.change.textContent = signed(value - cells.read(start));
        for (const [line, kind, a] of cells.also) {
          const km2 = areas.actors[a][kind];
          line.textContent = km2 < LEAST ? "" : `${kind}: ${number(km2)}`;
        }
      }
    });
    const head = el("tr", {}, el("th", { scope: "col", text: "Held" }),
      el("th", { scope: "col", text: "km\u00b2" }),
      el("th", { scope: "col", class: "fl-change", text: "since " + frontline.shortDay(model.times[0]) }));
    return el("table", { class: "fl-areas" },
      el("caption", { class: "fl-hidden", text: "Area held by each side at the date shown" }),
      el("thead", {}, head), body);
  }

  function lineSwatch(width, dash) {
    return swatch(26, 16, function (ctx) {
      ctx.strokeStyle = INK;
      ctx.lineWidth = width;
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(1, 11);
      ctx.quadraticCurveTo(9, 2, 14, 8);
      ctx.quadraticCurveTo(19, 13, 25, 5);
      ctx.stroke();
    });
  }

  // The signs: hatchings that occur, the front, the symbols of events.
  function legend(model, layer) {
    const list = el("ul", { class: "fl-legend" });
    const entry = (picture, text) => list.append(el("li", {}, picture, el("span", { text: text })));
    entry(lineSwatch(2.4, []), "front line");
    const kinds = new Set(model.groups.map((group) => group.kind));
    if (kinds.has("claimed") || kinds.has("infiltration")) {
      entry(lineSwatch(1.6, [6, 4]), "front as claimed, not confirmed");
    }
    kinds.delete("held");
    for (const kind of kinds) {
      const plain = kind === "no_data" || (kind === "contested" && model.groups
        .every((group) => group.kind !== kind || group.actor < 0));
      const text = plain ? KINDS[kind] : KINDS[kind] + ": hatched in the colour of the side";
      entry(groupSwatch(model, { actor: -1, kind: kind, ink: plain ? undefined : INK }), text);
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

  // Per day: who lost how much to whom. What rounds to nothing is left out.
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
    const ordered = [...rows.values()]
      .filter((row) => row.km2 >= LEAST)
      .sort((a, b) => a.day - b.day || b.km2 - a.km2);
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
        el("table", {}, el("caption", { text: CHANGES }),
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

  // The line on the map itself, as HTML made from text by the browser: Leaflet takes it so.
  function credit(model) {
    const meta = model.meta;
    const brief = [meta.licence, meta.as_of && "as of " + dayText(Date.parse(meta.as_of) / 1000)];
    const text = brief.filter(Boolean).map(shortened).join(", ");
    const whole = el("span", { text: text });
    if (meta.credits) {
      // The whole list stands in the notes; here there is room for the first of them.
      const [first, ...others] = meta.credits.split(";");
      const more = shortened(first) + (others.length ? " and others" : "") + (text ? " \u00b7 " : "");
      whole.prepend(el("span", { class: "fl-credits", text: more }));
    }
    return whole.outerHTML;
  }

  function shortened(text) {
    return text.length > 60 ? text.slice(0, 59) + "\u2026" : text;
  }

  // Choose a date to compare with: what changed since it is marked on the map.
  function comparison(model, layer) {
    const choice = el("select", { class: "fl-since" }, el("option", { value: "-1", text: "nothing" }));
    model.times.forEach(function (seconds, f) {
      if (seconds % 86400 === 0) choice.append(el("option", { value: String(f), text: dayText(seconds) }));
    });
    const gained = swatch(26, 16, function (ctx) {
      ctx.fillStyle = frontline.rgba(INK, 0.25);
      ctx.fillRect(0, 0, 13, 16);
      ctx.fillStyle = frontline.rgba(INK, 0.6);
      ctx.fillRect(13, 0, 13, 16);
    });
    const key = el("ul", { class: "fl-marks", hidden: true },
      el("li", {}, gained, el("span", { text: "gained since: the fuller colour" })),
      el("li", {}, lineSwatch(2, [1.5, 4]), el("span", { text: "front then" })),
      el("li", { class: "fl-soft" }, el("span", { text: "Claims are not marked." })));
    choice.addEventListener("change", function () {
      key.hidden = choice.value === "-1";
      layer.compareWith(Number(choice.value));
    });
    return el("div", { class: "fl-compared" },
      el("label", { class: "fl-compare" }, el("span", { text: "Mark gains since" }), choice), key);
  }

  Object.assign(frontline, {
    areaTable, legend, changesTable, notes, comparison, credit, sourceNode,
  });
})((window.frontlineMaps = window.frontlineMaps || {}));
