"use strict";
// The trail of the front: where it ran in the days before, thinner and lighter with age. Only
// lines that are front no more are drawn, each once, as of the last day on which it was front.
(function (frontline) {
  const { el, rgba, theme } = frontline;
  const CHOICES = [3, 7, 30]; // days
  const DAY = 86400;
  const KEPT = 400; // frames whose front is kept

  // The numbers of the lines that are front in a frame.
  function frontOf(layer, kept, frame) {
    let found = kept.get(frame);
    if (found) return found;
    found = layer.outlines.lines(frame, "front");
    if (kept.size >= KEPT) kept.clear();
    kept.set(frame, found);
    return found;
  }

  // The frames of the days before, the youngest first: the last one at or before each whole day of
  // age, with that age. What happened within a day lies between the same two lines.
  function earlier(model, frame, days) {
    const out = [];
    let f = frame;
    for (let age = 1; age <= days; age++) {
      const until = model.times[frame] - age * DAY;
      if (model.times[0] > until) break;
      while (model.times[f] > until) f--;
      if (!out.length || out.at(-1).frame !== f) out.push({ frame: f, age: age });
    }
    return out;
  }

  function drawTrail(ctx, layer, kept, frame, days) {
    const seen = new Set(frontOf(layer, kept, frame));
    const paths = [];
    for (const { frame: before, age } of earlier(layer.model, frame, days)) {
      const path = new Path2D();
      let any = false;
      for (const i of frontOf(layer, kept, before)) {
        if (seen.has(i)) continue;
        seen.add(i);
        any = true;
        frontline.append(path, layer.outlines.line(i));
      }
      if (any) paths.push([path, (age - 1) / days]);
    }
    for (const [path, old] of paths.reverse()) {
      ctx.strokeStyle = rgba(theme.ink, 0.75 - 0.5 * old);
      ctx.lineWidth = 1.5 - 0.8 * old;
      ctx.stroke(path);
    }
    return paths.length;
  }

  // The choice of days; draws below the front of every frame shown.
  function trail(model, layer) {
    const kept = new Map();
    let days = 0;
    const idle = () => !days || !layer.shown.front;
    const draw = (ctx, frame) => idle() || drawTrail(ctx, layer, kept, frame, days);
    layer.under.push(Object.assign(draw, { idle: idle }));
    const choice = el("select", { class: "fl-trail" }, el("option", { value: "0", text: "not shown" }));
    for (const each of CHOICES) {
      choice.append(el("option", { value: String(each), text: `last ${each} days` }));
    }
    const whole = el("label", { class: "fl-field fl-idle" }, el("span", { text: "Earlier front lines" }), choice);
    choice.addEventListener("change", function () {
      days = Number(choice.value);
      whole.classList.toggle("fl-idle", !days);
      layer.redraw();
    });
    return whole;
  }

  Object.assign(frontline, { trail, earlier });
})((window.frontlineMaps = window.frontlineMaps || {}));
