"use strict";
// The base map: sea, lakes, rivers, districts and borders, lighter than the data above it.
(function (frontline) {
  const { theme } = frontline;
  const WIDTHS = { sea: 0.8, lakes: 0.6, rivers: 1.1, districts: 0.8, borders: 1.2, disputed: 1.2 };
  const DASHED = ["districts", "disputed"];

  function coloursOf(name) {
    return {
      sea: [theme.sea, null], lakes: [theme.lake, theme.bank], rivers: [null, theme.river],
      districts: [null, theme.district], borders: [null, theme.border], disputed: [null, theme.border],
    }[name] || [null, theme.other];
  }

  // Rivers are drawn for small scales: on a close view they would be seen beside their true beds.
  function riverAlpha(zoom) {
    return Math.max(0, Math.min(1, 10 - zoom));
  }

  function drawBase(ctx, layer) {
    for (const part of layer.model.base) {
      const [fill, line] = coloursOf(part.name);
      ctx.globalAlpha = part.name === "rivers" ? riverAlpha(layer._zoom) : 1;
      const path = layer._partsPath(part, part.closed);
      if (fill && part.closed) {
        ctx.fillStyle = fill;
        ctx.fill(path, "evenodd");
      }
      if (!line) continue;
      ctx.setLineDash(DASHED.includes(part.name) ? [4, 3] : []);
      ctx.strokeStyle = line;
      ctx.lineWidth = WIDTHS[part.name] || 0.8;
      ctx.stroke(path);
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  // Rivers once more above the areas, faintly: an advance often stops at one.
  function drawStreams(ctx, layer) {
    const rivers = layer.model.base.find((part) => part.name === "rivers");
    const alpha = riverAlpha(layer._zoom) * 0.3;
    if (!rivers || !alpha) return;
    ctx.strokeStyle = `rgba(${theme.stream}, ${alpha})`;
    ctx.lineWidth = 1.1;
    ctx.stroke(layer._partsPath(rivers, false));
  }

  Object.assign(frontline, { drawBase, drawStreams });
})((window.frontlineMaps = window.frontlineMaps || {}));
