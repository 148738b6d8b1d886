"use strict";
// The areas at the date shown, beside the map.
(function (frontline) {
  const { el, areaNumber, areaSigned, groupSwatch, writer } = frontline;
  const LEAST = 0.05; // square kilometres: what rounds to nothing

  // A row per side: colour, name, area, change since the first frame. Which rows and lines there
  // are is settled for all frames together, so that nothing jumps while the map plays.
  function areaTable(model, clock) {
    const body = el("tbody");
    const row = function (group, text, read) {
      if (!model.times.some((_, f) => read(model.areasAt(f)) >= LEAST)) return null;
      const label = el("span", { text: text });
      const [now, change] = [el("td"), el("td", { class: "fl-change" })];
      body.append(el("tr", {}, el("th", { scope: "row" },
        el("span", { class: "fl-named" }, groupSwatch(model, group), label)), now, change));
      return { now: writer(now), change: writer(change), read: read, label: label, also: [] };
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
        cells.also.push([writer(line), kind, a]);
      }
      return cells;
    });
    rows.push(row({ actor: -1, kind: "contested" }, "Contested", (areas) =>
      areas.actors.reduce((sum, side) => sum + side.contested, areas.nobody.contested)));
    rows.push(row({ actor: -1, kind: "no_data" }, "No data", (areas) => areas.nobody.no_data));
    const shown = rows.filter(Boolean);
    const start = model.areasAt(0);
    const unit = el("th", { scope: "col" });
    const writeUnit = writer(unit);
    const show = function () {
      const areas = model.areasAt(clock.frame);
      writeUnit(frontline.areaUnit(model));
      for (const cells of shown) {
        const value = cells.read(areas);
        cells.now(value < LEAST ? "\u2013" : areaNumber(model, value));
        cells.change(areaSigned(model, value - cells.read(start)));
        for (const [write, kind, a] of cells.also) {
          const km2 = areas.actors[a][kind];
          write(km2 < LEAST ? "" : `${kind}: ${areaNumber(model, km2)}`);
        }
      }
    };
    clock.onChange(frontline.paced(show));
    document.addEventListener("units", show);
    const [first, end] = [model.times[0], model.times[clock.last]].map(
      (seconds) => frontline.dayText(seconds).split(" "));
    const since = first.slice(1, first[3] === end[3] ? 3 : 4).join(" ");
    const head = el("tr", {}, el("th", { scope: "col", text: "Held" }),
      unit, el("th", { scope: "col", class: "fl-change", text: "since " + since }));
    return el("table", { class: "fl-areas" },
      el("caption", { class: "fl-hidden", text: "Area held by each side at the date shown" }),
      el("thead", {}, head), body);
  }

  frontline.areaTable = areaTable;
})((window.frontlineMaps = window.frontlineMaps || {}));
