"use strict";
// What stands beside the map: areas, changes, the choice of a date to compare with.
(function (frontline) {
  const { el, dayText, number, signed, swatch, theme, groupSwatch, lineSwatch, KINDS } = frontline;

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

  // Choose a date to compare with: what changed since it is marked on the map.
  function comparison(model, layer) {
    const choice = el("select", { class: "fl-since" }, el("option", { value: "-1", text: "nothing" }));
    model.times.forEach(function (seconds, f) {
      if (seconds % 86400 === 0) choice.append(el("option", { value: String(f), text: dayText(seconds) }));
    });
    const gained = swatch(26, 16, function (ctx) {
      ctx.fillStyle = frontline.rgba(theme.ink, 0.25);
      ctx.fillRect(0, 0, 13, 16);
      ctx.fillStyle = frontline.rgba(theme.ink, 0.6);
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
    areaTable, changesTable, comparison,
  });
})((window.frontlineMaps = window.frontlineMaps || {}));
