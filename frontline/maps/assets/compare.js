"use strict";
// Two dates compared: the date shown and another one. Marked on one map ("tint"), or side by side
// behind a divider ("swipe", see swipe.js), and in numbers.
(function (frontline) {
  const { el, rgba, swatch, lineSwatch, shortDay, dayText, dateText, theme, tone } = frontline;
  const FAR = 4e6; // pixels: beyond every view
  const MODES = { off: "no", tint: "mark what changed", swipe: "side by side" };

  class Compare {
    constructor(model) {
      this.model = model;
      this.pin = 0; // the frame compared with the one shown
      this.mode = "off";
      this.listeners = [];
    }

    get on() {
      return this.mode !== "off";
    }

    onChange(listener) {
      this.listeners.push(listener);
    }

    set(pin, mode) {
      if (pin === this.pin && mode === this.mode) return;
      this.pin = pin;
      this.mode = mode;
      for (const listener of this.listeners) listener();
    }
  }

  // ---- marks ----

  // What a side holds in a frame, as one path: held and advance alike. Null where it holds nothing.
  function holding(model, paths, actor) {
    const own = paths.groups.filter((path, g) =>
      path && model.groups[g].actor === actor && ["held", "advance"].includes(model.groups[g].kind));
    if (!own.length) return null;
    const whole = new Path2D();
    for (const path of own) whole.addPath(path);
    return whole;
  }

  function clipOutside(ctx, path) {
    const elsewhere = new Path2D();
    elsewhere.rect(-FAR, -FAR, 2 * FAR, 2 * FAR);
    if (path) elsewhere.addPath(path);
    ctx.clip(elsewhere, "evenodd");
  }

  // Land that a side holds now and did not then: its colour again. Held then and not now: an
  // outline in its colour, inside of what it lost. The front then: dotted.
  function mark(ctx, layer, frame, then) {
    const model = layer.model;
    const [now, was] = [frame, then].map((each) => layer.outlines.frame(each));
    const sides = model.actors.map((actor, a) => ({
      colour: tone(actor.colour), now: holding(model, now, a), was: holding(model, was, a),
    }));
    for (const side of sides) {
      if (!side.now) continue;
      ctx.save();
      clipOutside(ctx, side.was);
      ctx.fillStyle = rgba(side.colour, 0.55);
      ctx.fill(side.now, "evenodd");
      ctx.restore();
    }
    for (const side of sides) {
      if (!side.was) continue;
      ctx.save();
      ctx.clip(side.was, "evenodd");
      clipOutside(ctx, side.now);
      ctx.strokeStyle = side.colour;
      ctx.lineWidth = 9; // half of it lies inside, and half of that below the front
      ctx.stroke(side.was);
      if (side.now) ctx.stroke(side.now);
      ctx.restore();
    }
    const front = layer.outlines.front(then);
    ctx.save();
    ctx.lineCap = "round";
    for (const [colour, width] of [[theme.casing, 4], [theme.ink, 2.2]]) {
      ctx.setLineDash([0.1, 5]);
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.stroke(front);
    }
    ctx.restore();
  }

  // ---- numbers ----

  // Square kilometres that each side gained and lost between two frames, every change counted.
  function grossChanges(model, first, second) {
    const sums = model.actors.map(() => ({ gained: 0, lost: 0 }));
    for (const change of model.changes) {
      if (change.when <= model.times[first] || change.when > model.times[second]) continue;
      if (change.after >= 0) sums[change.after].gained += change.km2;
      if (change.before >= 0) sums[change.before].lost += change.km2;
    }
    return sums;
  }

  function grossTable(model) {
    const rows = model.actors.map(function (actor) {
      const cells = ["gained", "lost", "net"].map((key) => [key, el("td")]);
      const row = el("tr", {}, el("th", { scope: "row", text: actor.label }), ...cells.map(([, cell]) => cell));
      return { row: row, cells: cells };
    });
    const head = el("tr", {}, el("td"));
    for (const text of ["gained", "lost", "net"]) head.append(el("th", { scope: "col", text: text }));
    const caption = el("caption");
    const table = el("table", { class: "fl-gross" }, caption, el("thead", {}, head),
      el("tbody", {}, ...rows.map(({ row }) => row)));
    const fill = function (first, second) {
      const [from, to] = [first, second].map((f) => writtenDate(model, f));
      caption.textContent = `${frontline.areaUnit(model)} held, ${from} to ${to}`;
      grossChanges(model, first, second).forEach(function (sum, a) {
        const values = { ...sum, net: sum.gained - sum.lost };
        rows[a].row.hidden = sum.gained < 0.05 && sum.lost < 0.05;
        for (const [key, cell] of rows[a].cells) {
          cell.textContent = key === "net" ? frontline.areaSigned(model, values.net)
            : values[key] < 0.05 ? "\u2013" : frontline.areaNumber(model, values[key]);
        }
      });
    };
    return { table: table, fill: fill };
  }

  // ---- the panel ----

  const intoDay = (model) => model.times.some((seconds) => seconds % 86400);

  function writtenDate(model, frame) {
    const text = (intoDay(model) ? dateText : dayText)(model.times[frame]);
    return text.slice(4).replace(/, 00:00 UTC$/, "");
  }

  function dateField(model, label, name, chosen) {
    const hours = intoDay(model);
    const fine = model.times.some((seconds) => seconds % 60);
    const length = fine ? 19 : hours ? 16 : 10;
    const valueOf = (frame) => new Date(model.times[frame] * 1000).toISOString().slice(0, length);
    const field = el("input", {
      class: name, type: hours ? "datetime-local" : "date",
      min: valueOf(0), max: valueOf(model.times.length - 1), step: hours && !fine ? "60" : "1",
    });
    field.addEventListener("change", function () {
      const seconds = Date.parse(hours ? field.value + "Z" : field.value) / 1000;
      if (!Number.isNaN(seconds)) chosen(model.frameAt(seconds));
    });
    const show = function (frame) {
      if (field.value !== valueOf(frame)) field.value = valueOf(frame);
    };
    const whole = el("label", { class: "fl-field" }, el("span", { text: label + (hours ? " (UTC)" : "") }), field);
    return { whole: whole, show: show };
  }

  function marksKey(then) {
    const gained = swatch(26, 16, function (ctx) {
      ctx.fillStyle = rgba(theme.ink, 0.25);
      ctx.fillRect(0, 0, 13, 16);
      ctx.fillStyle = rgba(theme.ink, 0.6);
      ctx.fillRect(13, 0, 13, 16);
    });
    const lost = swatch(26, 16, function (ctx) {
      ctx.strokeStyle = theme.nobody;
      ctx.lineWidth = 2.5;
      ctx.strokeRect(2, 2, 22, 12);
    });
    const entry = (picture, text) => el("li", {}, picture, text);
    return el("ul", { class: "fl-marks" },
      entry(gained, el("span", { text: "changed hands: fuller colour" })),
      entry(lost, el("span", { text: "outline: the side that held it" })),
      entry(lineSwatch(2.2, [1.5, 4]), then));
  }

  // Chooses how to compare, and both dates; the second one is that of the clock.
  function comparison(model, layer, clock, compare) {
    const idle = () => compare.mode !== "tint" || !layer.shown.areas;
    const draw = function (ctx, frame) {
      if (!idle() && compare.pin !== frame) mark(ctx, layer, frame, compare.pin);
    };
    layer.under.push(Object.assign(draw, { idle: idle }));
    const modes = el("select", { class: "fl-mode" });
    for (const [mode, text] of Object.entries(MODES)) modes.append(el("option", { value: mode, text: text }));
    modes.addEventListener("change", function () {
      let pin = compare.pin;
      // Something to see at once: the whole span, before or behind the date shown.
      if (!compare.on && pin === clock.frame) pin = clock.frame ? 0 : clock.last;
      compare.set(pin, modes.value);
    });
    // Of the two frames compared, the field moves the earlier or the later one.
    const move = (earlier) => function (frame) {
      clock.stop();
      if (compare.pin < clock.frame === earlier) compare.set(frame, compare.mode);
      else clock.go(frame);
    };
    const from = dateField(model, "From", "fl-since", move(true));
    const to = dateField(model, "To", "fl-until", move(false));
    const then = el("span");
    const key = marksKey(then);
    const gross = grossTable(model);
    const pinned = el("p", { class: "fl-paper" });
    const details = el("div", {}, pinned, from.whole, to.whole, key, gross.table,
      el("p", { class: "fl-soft fl-small", text:
        "Every change between the two dates is counted, also of land that was lost again later. " +
        "What is contested or only claimed counts for nobody." }));
    const show = function () {
      if (!compare.on && details.hidden) return; // as it was
      modes.value = compare.mode;
      details.hidden = !compare.on;
      if (!compare.on) return;
      const [first, second] = [compare.pin, clock.frame].sort((a, b) => a - b);
      from.show(first);
      to.show(second);
      pinned.textContent = "Compared with " + writtenDate(model, compare.pin);
      key.hidden = compare.mode !== "tint";
      then.textContent = "front on " + shortDay(model.times[compare.pin]);
      gross.fill(first, second);
    };
    frontline.swipe(model, layer, clock, compare); // before the map is drawn anew
    compare.onChange(function () {
      show();
      layer.redraw();
    });
    clock.onChange(show);
    document.addEventListener("units", show);
    return el("div", { class: "fl-compared" },
      el("label", { class: "fl-field" }, el("span", { text: "Compare two dates" }), modes), details);
  }

  Object.assign(frontline, { Compare, comparison, grossChanges, writtenDate });
})((window.frontlineMaps = window.frontlineMaps || {}));
