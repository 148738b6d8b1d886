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

  // A list of what changed on the day shown; rebuilt when the day is another one.
  function today(model, clock) {
    const title = el("h2");
    const list = el("ul", { role: "list" });
    const frame = el("div", { tabIndex: 0, role: "region" }, list);
    const box = el("section", { class: "fl-today" }, title, frame);
    let shown = "";
    let scrolled = false;
    frame.addEventListener("scroll", () => (scrolled = true));
    const show = function () {
      const { text } = frontline.periodOf(model, clock.frame);
      const note = frontline.gapNote(model, clock.frame);
      if (text + note === shown) return;
      shown = text + note;
      const day = dayOf(model, clock.frame);
      title.textContent = "Changes " + text;
      frame.setAttribute("aria-label", title.textContent);
      list.replaceChildren(...linesOf(day, note));
      if (scrolled) frame.scrollTop = 0; // to set it costs a layout at every step
      scrolled = false;
    };
    const linesOf = function (day, note) {
      const items = day.changes.map((row) => el("li", {},
        el("b", { text: areaText(model, row.km2) }), " ",
        el("bdi", { text: nameOf(model, row.before) }), " \u2192 ",
        el("bdi", { text: nameOf(model, row.after) })));
      for (const event of day.events) {
        items.push(el("li", { class: "fl-event" }, el("bdi", { text: event.title || event.kind })));
      }
      if (!items.length) items.push(el("li", { class: "fl-soft", text: note || "no change" }));
      return items;
    };
    // As high as its fullest day needs at this width, within bounds: nothing jumps while the map
    // plays. The fullest is the one with the longest text, each line of it taken for full.
    const lengthOf = (line) => Math.max(line.textContent.length, 30);
    let most = 0;
    let fullest = [];
    let last = "";
    for (let f = 0; f <= clock.last; f++) {
      const { text } = frontline.periodOf(model, f);
      if (text === last) continue;
      last = text;
      const day = dayOf(model, f);
      if (day.changes.length + day.events.length < fullest.length / 2) continue;
      const lines = linesOf(day, frontline.gapNote(model, f));
      const length = lines.reduce((sum, line) => sum + lengthOf(line), 0);
      if (length > most) [most, fullest] = [length, lines];
    }
    let width = 0;
    new ResizeObserver(function () {
      if (frame.clientWidth === width) return;
      width = frame.clientWidth;
      const kept = [...list.childNodes];
      list.replaceChildren(...fullest);
      frame.style.height = Math.min(Math.round(list.offsetHeight / LINE_PX), LINES) * LINE_PX + "px";
      list.replaceChildren(...kept);
    }).observe(frame);
    clock.onChange(show);
    document.addEventListener("units", function () {
      shown = "";
      show();
    });
    return box;
  }

  // Reads out date, areas and changes when the map has stopped for a moment; never while it plays.
  function announcer(model, clock) {
    const region = el("p", { class: "fl-hidden", role: "status" });
    region.setAttribute("aria-live", "polite");
    let waiting = 0;
    clock.onChange(function (frame, playing) {
      window.clearTimeout(waiting);
      if (playing) return;
      waiting = window.setTimeout(function () {
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
      }, 400);
    });
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
