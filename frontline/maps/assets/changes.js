"use strict";
// What changed: on the day shown, spoken when the map stops, and day by day in a table.
(function (frontline) {
  const { el, dateWords, areaNumber, areaText, changesIn, KINDS } = frontline;
  const CHANGES =
    "Land that changed hands. A change at exactly 00:00 counts for the day that begins then.";
  const LEAST = 0.05; // square kilometres: what rounds to nothing
  const APART = ["contested", "claimed", "infiltration"];
  const LINES = 6; // of the day's list that are seen without scrolling
  const LINE_PX = 18; // as in time.css
  const SPOKEN = 3; // changes and events that are read out
  const DAY = 86400;

  // Who a number in the changes stands for: see `party_of` in payload.py.
  function nameOf(model, party) {
    if (party >= 0) return model.actors[party].label;
    if (party === -1) return "no data";
    const kind = APART[(-2 - party) % 3];
    const actor = Math.floor((-2 - party) / 3) - 1;
    return actor < 0 ? KINDS[kind] : `${model.actors[actor].label} (${kind})`;
  }

  function eventsIn(model, from, to) {
    return model.events.filter((event) =>
      event.from !== undefined && event.from < to && (event.to ?? event.from + 1) > from);
  }

  // The day (or longer) that a frame stands for: its changes worth a line, and its events.
  function dayOf(model, frame) {
    const period = frontline.periodOf(model, frame);
    const changes = changesIn(model, period.from, period.to).filter((row) => row.km2 >= LEAST);
    return { text: period.text, changes: changes, events: eventsIn(model, period.from, period.to) };
  }

  // The lines of a list that is written again and again: what is there already is used again.
  function linesOf(list) {
    const lines = [];
    const line = function () {
      const parts = ["b", "bdi", "bdi"].map((tag) => el(tag));
      const node = el("li", {}, parts[0], parts[1], parts[2]);
      // What writes each part, and what follows it.
      const write = parts.flatMap(function (part) {
        const text = document.createTextNode("");
        part.after(text);
        return [frontline.writer(part), frontline.rewriter(text)];
      });
      return { node: node, write: write };
    };
    // Rows of texts: one alone, with the class of its line, or three of a change.
    return function (rows) {
      rows.forEach(function ([name, first, before, after], i) {
        const { node, write } = (lines[i] ??= line());
        const change = after !== undefined;
        if (node.className !== name) node.className = name;
        const texts = change ? [first, " ", before, " \u2192 ", after] : ["", "", first, "", ""];
        texts.forEach((text, k) => write[k](text));
        if (node.parentNode !== list) list.append(node);
      });
      while (list.childElementCount > rows.length) list.lastChild.remove();
    };
  }

  // A list of what changed on the day shown; rewritten when the day is another one.
  function today(model, clock) {
    const title = el("h2");
    const list = el("ul", { role: "list" });
    const frame = el("div", { tabIndex: 0, role: "region" }, list);
    const box = el("section", { class: "fl-today" }, title, frame);
    const [writeTitle, writeLines] = [frontline.writer(title), linesOf(list)];
    let shown = "";
    let scrolled = false;
    frame.addEventListener("scroll", () => (scrolled = true));
    const show = function () {
      const { text } = frontline.periodOf(model, clock.frame);
      const note = frontline.gapNote(model, clock.frame);
      if (text + note === shown) return;
      shown = text + note;
      writeTitle("Changes " + text);
      frame.setAttribute("aria-label", "Changes " + text);
      writeLines(rowsOf(dayOf(model, clock.frame), note));
      if (scrolled) frame.scrollTop = 0; // to set it costs a layout each time
      scrolled = false;
    };
    const showAnew = function () {
      shown = "";
      show();
    };
    const rowsOf = function (day, note) {
      const rows = day.changes.map((row) =>
        ["", areaText(model, row.km2), nameOf(model, row.before), nameOf(model, row.after)]);
      for (const event of day.events) rows.push(["fl-event", event.title || event.kind]);
      return rows.length ? rows : [["fl-soft", note || "no change"]];
    };
    // As high as its fullest day needs at this width, within bounds: nothing jumps while the map
    // plays. The fullest is the one with the longest text, each line of it taken for full.
    const lengthOf = (row) => Math.max(row.slice(1).join("").length, 30);
    let most = 0;
    let fullest = [];
    let last = "";
    for (let f = 0; f <= clock.last; f++) {
      const { text } = frontline.periodOf(model, f);
      if (text === last) continue;
      last = text;
      const day = dayOf(model, f);
      if (day.changes.length + day.events.length < fullest.length / 2) continue;
      const rows = rowsOf(day, frontline.gapNote(model, f));
      const length = rows.reduce((sum, row) => sum + lengthOf(row), 0);
      if (length > most) [most, fullest] = [length, rows];
    }
    let width = 0;
    new ResizeObserver(function () {
      if (frame.clientWidth === width) return;
      width = frame.clientWidth;
      writeLines(fullest);
      frame.style.height = Math.min(Math.round(list.offsetHeight / LINE_PX), LINES) * LINE_PX + "px";
      showAnew();
    }).observe(frame);
    clock.onChange(frontline.paced(show));
    document.addEventListener("units", showAnew);
    return box;
  }

  // Reads out date, areas and changes when the map has stopped for a moment; never while it plays.
  function announcer(model, clock) {
    const region = el("p", { class: "fl-hidden", role: "status" });
    region.setAttribute("aria-live", "polite");
    const rest = frontline.atRest(400, function () {
      const frame = clock.frame;
      const areas = model.areasAt(frame).actors;
      const held = model.actors
        .map((actor, a) => `${actor.label} ${areaText(model, areas[a].held)}`)
        .join(", ");
      const { text, changes, events } = dayOf(model, frame);
      const said = [
        ...changes.slice(0, SPOKEN).map((row) => `${areaText(model, row.km2)} from ` +
          `${nameOf(model, row.before)} to ${nameOf(model, row.after)}`),
        ...events.slice(0, SPOKEN).map((event) => event.title || event.kind),
      ];
      const note = frontline.gapNote(model, frame);
      region.textContent = `${dateWords(model.times[frame])}${note && ": " + note}. ${held}. ` +
        `Changes ${text}: ${said.join("; ") || "none"}.`;
    });
    clock.onChange((frame, playing) => (playing ? rest.drop() : rest.ask()));
    return region;
  }

  // Per day: who lost how much to whom. What rounds to nothing is left out.
  function changesTable(model) {
    const body = el("tbody");
    const unit = el("th", { scope: "col" });
    const numbers = [];
    const { changes } = model;
    const fill = function () {
      for (let i = 0; i < changes.length; ) {
        const day = Math.floor(changes[i].when / DAY) * DAY;
        const text = frontline.dayAt(model, day).text.replace(/^on /, "");
        for (const row of changesIn(model, day, day + DAY)) {
          if (row.km2 < LEAST) continue;
          const cell = el("td", { class: "fl-number" });
          numbers.push([cell, row.km2]);
          body.append(el("tr", {}, el("td", { text: text }),
            el("td", { text: nameOf(model, row.before) }), el("td", { text: nameOf(model, row.after) }), cell));
        }
        while (i < changes.length && changes[i].when < day + DAY) i++;
      }
      frontline.withUnits(function () {
        unit.textContent = frontline.areaUnit(model);
        for (const [cell, km2] of numbers) cell.textContent = areaNumber(model, km2);
      });
    };
    // Hundreds of rows in a closed part of the page: after the map is there.
    frontline.later(fill);
    const head = el("tr");
    for (const text of ["Day (UTC)", "From", "To"]) head.append(el("th", { scope: "col", text: text }));
    head.append(unit);
    return el("details", { class: "fl-changes" }, el("summary", { text: "Changes of control, day by day" }),
      el("div", { class: "fl-scroll", tabIndex: 0, role: "region", "aria-label": "Table of changes" },
        el("table", {}, el("caption", { text: CHANGES }),
          el("thead", {}, head), body)));
  }

  Object.assign(frontline, { today, announcer, changesTable });
})((window.frontlineMaps = window.frontlineMaps || {}));
