"use strict";
// How things look on the canvas: colours, hatchings, symbols.
(function (frontline) {
  const { theme, tone } = frontline;
  const LOCATED = "located phrase"; // the kind of event that a phrase of the caller becomes
  const FILL = { held: 0.55, advance: 0.4, contested: 0.2, claimed: 0.14, infiltration: 0.14 };
  const KINDS = {
    held: "held",
    advance: "advance",
    contested: "contested",
    claimed: "claimed, not confirmed",
    infiltration: "infiltration",
    no_data: "no data",
  };

  function rgba(hex, alpha) {
    const value = parseInt(hex.slice(1), 16);
    return `rgba(${value >> 16}, ${(value >> 8) & 255}, ${value & 255}, ${alpha})`;
  }

  // One tile of a hatching. Contested: strokes rising to the right. Claimed: thin strokes falling.
  // Infiltration and no data: dots. Advance: level strokes.
  function tile(kind, colour, ratio) {
    const size = kind === "no_data" ? 10 : 8;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.round(size * ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(canvas.width / size, canvas.width / size);
    ctx.strokeStyle = ctx.fillStyle = colour;
    if (kind === "contested" || kind === "claimed") {
      const up = kind === "contested";
      ctx.lineWidth = up ? 2.4 : 1.1;
      ctx.beginPath();
      for (const shift of [-size, 0, size]) {
        ctx.moveTo(shift - 1, up ? size + 1 : -1);
        ctx.lineTo(shift + size + 1, up ? -1 : size + 1);
      }
      ctx.stroke();
    } else if (kind === "advance") {
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(0, size / 2);
      ctx.lineTo(size, size / 2);
      ctx.stroke();
    } else {
      const radius = kind === "no_data" ? 0.7 : 1.3;
      ctx.beginPath();
      for (const [x, y] of [[0.25, 0.25], [0.75, 0.75]]) {
        ctx.moveTo(x * size + radius, y * size);
        ctx.arc(x * size, y * size, radius, 0, 2 * Math.PI);
      }
      ctx.fill();
    }
    return canvas;
  }

  // What to fill a group with: a plain colour first, then a hatching where it is not simply held.
  // `inked` stands for the colour of any side, in the legend.
  function fillsOf(ctx, group, actors, ratio) {
    const known = group.actor >= 0;
    const plain = group.inked ? theme.ink : theme.nobody;
    const colour = known ? tone(actors[group.actor].colour) : plain;
    const fills = [];
    const base = group.kind === "no_data" ? 0.1 : FILL[group.kind];
    fills.push(rgba(colour, base));
    if (group.kind !== "held") {
      const ink = group.kind === "no_data" ? rgba(theme.nobody, 0.55) : rgba(colour, 0.85);
      const pattern = ctx.createPattern(tile(group.kind, ink, ratio), "repeat");
      pattern.setTransform(new DOMMatrix().scale(1 / ratio));
      fills.push(pattern);
    }
    return fills;
  }

  const SHAPES = ["cross", "triangle", "square", "diamond", "circle", "star", "down"];
  const USUAL = {
    clashes: "cross", clash: "cross", airstrike: "down", strike: "down", capture: "square",
    withdrawal: "diamond", statement: "circle", "located phrase": "star",
  };

  // A shape per kind of event: the usual one where there is one, else the next that is free.
  function shapesOf(kinds) {
    const out = new Map();
    for (const kind of kinds) if (USUAL[kind]) out.set(kind, USUAL[kind]);
    const free = SHAPES.filter((shape) => ![...out.values()].includes(shape));
    let turn = 0;
    for (const kind of kinds) {
      if (!out.has(kind)) out.set(kind, free.length ? free[turn++ % free.length] : "circle");
    }
    return out;
  }

  function outline(ctx, shape, x, y, r) {
    const polygon = function (corners) {
      corners.forEach(([dx, dy], i) => ctx[i ? "lineTo" : "moveTo"](x + dx * r, y + dy * r));
      ctx.closePath();
    };
    ctx.beginPath();
    if (shape === "circle") ctx.arc(x, y, r * 0.9, 0, 2 * Math.PI);
    else if (shape === "square") polygon([[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]]);
    else if (shape === "diamond") polygon([[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]]);
    else if (shape === "triangle") polygon([[0, -1.05], [1, 0.75], [-1, 0.75]]);
    else if (shape === "down") polygon([[0, 1.05], [1, -0.75], [-1, -0.75]]);
    else if (shape === "star") {
      const corners = [];
      for (let i = 0; i < 10; i++) {
        const radius = i % 2 ? 0.5 : 1.2;
        const angle = (i * Math.PI) / 5;
        corners.push([radius * Math.sin(angle), -radius * Math.cos(angle)]);
      }
      polygon(corners);
    } else {
      // A cross with arms turned by 45 degrees: crossed swords without the swords.
      const corners = [[0, -0.4], [0.7, -1.1], [1.1, -0.7], [0.4, 0], [1.1, 0.7], [0.7, 1.1]];
      polygon([...corners, ...corners.map(([dx, dy]) => [-dx, -dy])]);
    }
  }

  function drawSymbol(ctx, shape, x, y, r) {
    ctx.lineJoin = "round";
    outline(ctx, shape, x, y, r);
    ctx.lineWidth = 4;
    ctx.strokeStyle = theme.rim;
    ctx.stroke();
    ctx.fillStyle = theme.ink;
    ctx.fill();
  }

  // A small canvas with a group's fill or an event's symbol, for the legend.
  function swatch(width, height, draw) {
    const ratio = Math.max(window.devicePixelRatio || 1, 2);
    const canvas = document.createElement("canvas");
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
    canvas.className = "fl-swatch";
    canvas.setAttribute("aria-hidden", "true");
    // Drawn again when the colours change.
    canvas.redraw = function () {
      canvas.width = width * ratio; // which also clears it
      const ctx = canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      draw(ctx, ratio);
    };
    canvas.redraw();
    return canvas;
  }

  Object.assign(frontline, {
    KINDS, LOCATED, rgba, fillsOf, shapesOf, drawSymbol, swatch,
  });
  // Whoever draws asks for the ink at that moment: it changes with the colours.
  Object.defineProperty(frontline, "INK", { get: () => theme.ink });
  Object.defineProperty(frontline, "NOBODY", { get: () => theme.nobody });
})((window.frontlineMaps = window.frontlineMaps || {}));
