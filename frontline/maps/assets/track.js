"use strict";
// What the slider slides on: areas over time, one above the other, a bar for every frame in which
// land changed hands, stretches without a map, and the dates. Drawn once per width and theme.
(function (frontline) {
  const { el, dayText, shortDay, areaText, hashOf, theme } = frontline;
  const INSET = 9; // half of the slider's knob
  const [CHART, BARS] = [44, 12]; // heights in pixels
  const APART = 10; // the least room between two dates
  const DAY = 86400;
  const ORDER = ["held", "advance", "contested", "claimed", "infiltration", "no_data"];

  // ---- the dates below ----

  const monthOf = (seconds) => {
    const date = new Date(seconds * 1000);
    return 12 * date.getUTCFullYear() + date.getUTCMonth();
  };
  const monthText = (seconds) => shortDay(seconds).split(" ")[1];
  const yearText = (seconds) => hashOf(seconds).slice(0, 4);
  const clockText = (seconds) =>
    seconds % DAY ? new Date(seconds * 1000).toISOString().slice(11, 16) : shortDay(seconds);

  // Kinds of steps, the finest first: the number of the step that an instant lies in, and its text.
  const STEPS = [
    ...[1, 3, 6, 12].map((n) => [(s) => Math.floor(s / 3600 / n), clockText]),
    ...[1, 2, 4].map((n) => [(s) => Math.floor(s / DAY / n), shortDay]),
    // Weeks begin on Mondays; 1 January 1970 was a Thursday.
    ...[1, 2].map((n) => [(s) => Math.floor((s / DAY + 3) / 7 / n), shortDay]),
    ...[1, 2, 3, 6].map((n) => [
      (s) => Math.floor(monthOf(s) / n), (s) => (monthOf(s) % 12 ? monthText(s) : yearText(s)),
    ]),
    ...[1, 2, 5, 10, 50].map((n) => [(s) => Math.floor(monthOf(s) / 12 / n), yearText]),
  ];

  const endText = (seconds) => dayText(seconds).split(" ").slice(1).join(" "); // "8 Jul 2024"

  // Where the dates stand: { frame, text, left, right }. Both ends always, as far as there is room,
  // and between them the finest steps of which all fit.
  function ticks(times, width, measure) {
    const last = times.length - 1;
    const xOf = (frame) => INSET + (frame / Math.max(last, 1)) * (width - 2 * INSET);
    const at = function (frame, text) {
      const wide = measure(text);
      const left = Math.max(0, Math.min(xOf(frame) - wide / 2, width - wide));
      return { frame: frame, text: text, left: left, right: left + wide };
    };
    const apart = (a, b) => a.right + APART <= b.left;
    const end = at(last, endText(times[last]));
    const start = at(0, endText(times[0]));
    if (!last || !apart(start, end)) return [end];
    for (const [stepOf, text] of STEPS) {
      const found = [];
      for (let f = 1; f < last; f++) {
        if (stepOf(times[f]) !== stepOf(times[f - 1])) found.push(f);
      }
      if (found.length * 20 > width) continue;
      const marks = found.map((f) => at(f, text(times[f])));
      if (marks.some((mark, i) => i && !apart(marks[i - 1], mark))) continue;
      const free = marks.filter((mark) => apart(start, mark) && apart(mark, end));
      if (free.length || !marks.length) return [start, ...free, end];
    }
    return [start, end];
  }

  // ---- the areas ----

  // A row of square kilometres for each group that ever has any, in the order of stacking: side by
  // side, what a side holds first; nobody's last.
  function layersOf(model) {
    const rank = (group) =>
      (group.actor < 0 ? model.actors.length : group.actor) * 10 + ORDER.indexOf(group.kind);
    return model.groups
      .map(function (group, g) {
        const row = new Float64Array(model.times.length);
        model.ofState.forEach(function (of, s) {
          if (of === g) row.forEach((_, f) => (row[f] += model.areas[s][f]));
        });
        return { group: group, row: row };
      })
      .filter((layer) => layer.row.some((km2) => km2 >= 0.05))
      .sort((a, b) => rank(a.group) - rank(b.group));
  }

  // A line by frames that holds its value until the next frame.
  function along(path, xOf, yOf, count, backwards) {
    for (let i = 0; i < count; i++) {
      const f = backwards ? count - 1 - i : i;
      const x = [xOf(f), xOf(Math.min(f + 1, count - 1))];
      if (backwards) x.reverse();
      for (const each of x) path.lineTo(each, yOf(f));
    }
  }

  function drawStack(ctx, model, layers, xOf, ratio) {
    const count = model.times.length;
    const whole = new Float64Array(count);
    for (const { row } of layers) row.forEach((km2, f) => (whole[f] += km2));
    const scale = CHART / Math.max(...whole, 1e-9);
    const under = new Float64Array(count);
    for (const { group, row } of layers) {
      const path = new Path2D();
      const low = under.slice();
      row.forEach((km2, f) => (under[f] += km2));
      along(path, xOf, (f) => CHART - low[f] * scale, count, false);
      along(path, xOf, (f) => CHART - under[f] * scale, count, true);
      for (const fill of frontline.fillsOf(ctx, group, model.actors, ratio)) {
        ctx.fillStyle = fill;
        ctx.fill(path);
      }
    }
  }

  // One side alone fills the whole stack: its line says more, between its least and its most.
  // Returns what writes the areas at its ends.
  function drawLine(ctx, model, { group, row }, xOf, ratio) {
    const [least, most] = [Math.min(...row), Math.max(...row)];
    const yOf = (f) => (most > least ? 40 - ((row[f] - least) / (most - least)) * 34 : 22);
    const line = new Path2D();
    along(line, xOf, yOf, row.length, false);
    const below = new Path2D(line);
    below.lineTo(xOf(row.length - 1), CHART);
    below.lineTo(xOf(0), CHART);
    ctx.globalAlpha = 0.35;
    for (const fill of frontline.fillsOf(ctx, group, model.actors, ratio)) {
      ctx.fillStyle = fill;
      ctx.fill(below);
    }
    ctx.globalAlpha = 1;
    ctx.strokeStyle = group.actor < 0 ? theme.nobody : frontline.tone(model.actors[group.actor].colour);
    ctx.lineWidth = 2;
    ctx.stroke(line);
    const beside = (f) => (yOf(f) > 24 ? yOf(f) - 15 : yOf(f) + 5);
    return function (write) {
      write(areaText(model, row[0]), "left", beside(0));
      write(areaText(model, row.at(-1)), "right", beside(row.length - 1));
    };
  }

  function drawGaps(ctx, model, xOf, colours) {
    for (const [from, to] of model.gaps || []) {
      const first = model.times.findIndex((seconds) => seconds >= from && seconds < to);
      if (first < 0) continue;
      const next = model.times.findIndex((seconds) => seconds >= to);
      const left = xOf(first);
      const wide = Math.max(3, (next < 0 ? xOf(model.times.length - 1) : xOf(next)) - left);
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, 0, wide, CHART + BARS);
      ctx.clip();
      ctx.fillStyle = colours.paper;
      ctx.fillRect(left, 0, wide, CHART + BARS);
      ctx.strokeStyle = colours.soft;
      ctx.lineWidth = 1;
      ctx.beginPath();
      for (let y = -wide; y < CHART + BARS + wide; y += 4) {
        ctx.moveTo(left, y + wide);
        ctx.lineTo(left + wide, y);
      }
      ctx.stroke();
      ctx.restore();
    }
  }

  function drawBars(ctx, model, xOf, wide, colours) {
    const sums = new Float64Array(model.times.length);
    let f = 0; // the first frame that shows a change
    for (const change of model.changes) {
      while (f < sums.length - 1 && model.times[f] < change.when) f++;
      sums[f] += change.km2;
    }
    const top = Math.max(...sums, 1e-9);
    ctx.fillStyle = colours.bars;
    sums.forEach(function (km2, at) {
      if (km2) ctx.fillRect(xOf(at) - wide / 2, CHART + 1, wide, Math.max(2, Math.sqrt(km2 / top) * (BARS - 1)));
    });
  }

  function draw(canvas, model, layers) {
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const style = getComputedStyle(canvas);
    const colours = {};
    for (const name of ["ink", "soft", "bars", "paper", "line"]) {
      colours[name] = style.getPropertyValue("--fl-" + name);
    }
    const last = Math.max(model.times.length - 1, 1);
    const xOf = (f) => INSET + (f / last) * (width - 2 * INSET);
    ctx.font = `11px ${frontline.FONT}`;
    ctx.textBaseline = "top";
    const write = function (text, side, y) {
      ctx.textAlign = side;
      const x = side === "left" ? 2 * INSET : width - INSET - 4;
      ctx.lineWidth = 3;
      ctx.lineJoin = "round";
      ctx.strokeStyle = colours.paper;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = colours.ink;
      ctx.fillText(text, x, y);
    };
    const sides = layers.filter((layer) => layer.group.kind !== "no_data");
    let numbers = null;
    if (sides.length === 1) numbers = drawLine(ctx, model, sides[0], xOf, ratio);
    else drawStack(ctx, model, layers, xOf, ratio);
    const step = (width - 2 * INSET) / last;
    drawBars(ctx, model, xOf, Math.max(1, Math.min(6, step * 0.7)), colours);
    drawGaps(ctx, model, xOf, colours);
    if (numbers) numbers(write);
    ctx.fillStyle = colours.line;
    ctx.fillRect(INSET, CHART, width - 2 * INSET, 1);
    ctx.textAlign = "left";
    canvas.ticks = ticks(model.times, width, (text) => ctx.measureText(text).width);
    for (const tick of canvas.ticks) {
      ctx.fillStyle = colours.line;
      ctx.fillRect(xOf(tick.frame) - 0.5, CHART, 1, BARS + 3);
      ctx.fillStyle = /^\d{4}$/.test(tick.text) ? colours.ink : colours.soft; // a year begins
      ctx.fillText(tick.text, tick.left, CHART + BARS + 4);
    }
  }

  function track(model) {
    const canvas = el("canvas", { class: "fl-track" });
    canvas.setAttribute("aria-hidden", "true"); // the slider and the tables say the same in words
    const layers = layersOf(model);
    canvas.redraw = () => draw(canvas, model, layers); // asked for when the theme changes
    new ResizeObserver(canvas.redraw).observe(canvas);
    document.addEventListener("units", canvas.redraw);
    return canvas;
  }

  Object.assign(frontline, { track, ticks });
})((window.frontlineMaps = window.frontlineMaps || {}));
