"use strict";
// On paper: light colours, the same extent on a sheet of known width, and lines finer than the
// screen's. The browser tells before it lays the pages out, and afterwards.
(function (frontline) {
  const RATIO = 2.5; // of a CSS pixel: 240 dots an inch
  const OPENED = ".fl-key, .fl-method, .fl-sources"; // what paper cannot unfold

  // All canvases as one: printing, browsers repeat what was drawn on each, its clearing too, and
  // that would wipe the ones below it off the sheet.
  function flattened(layer) {
    const [first] = layer._contexts;
    const sheet = document.createElement("canvas");
    sheet.className = "fl-sheet";
    sheet.width = first.canvas.width;
    sheet.height = first.canvas.height;
    sheet.style.width = first.canvas.style.width;
    sheet.style.height = first.canvas.style.height;
    const ctx = sheet.getContext("2d");
    if (layer.shown.base) {
      ctx.fillStyle = frontline.theme.land;
      ctx.fillRect(0, 0, sheet.width, sheet.height);
    }
    for (const { canvas } of layer._contexts) ctx.drawImage(canvas, 0, 0);
    return sheet;
  }

  function onPaper(map, layer) {
    const root = document.documentElement;
    const opened = [];
    let view = null;
    let sheet = null;
    const resized = function (bounds) {
      map.invalidateSize({ animate: false, pan: false });
      const snap = map.options.zoomSnap;
      map.options.zoomSnap = 0; // the sheet is filled as the screen was
      map.setView(bounds.getCenter(), map.getBoundsZoom(bounds), { animate: false });
      map.options.zoomSnap = snap;
    };
    const before = function () {
      if (view || !layer._map) return;
      view = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom() };
      for (const part of document.querySelectorAll(OPENED)) {
        if (part.open) continue;
        part.open = true;
        opened.push(part);
      }
      root.classList.add("fl-printing");
      layer.ratio = RATIO;
      frontline.colours.forPaper(true);
      resized(view.bounds);
      layer._reset();
      sheet = flattened(layer);
      layer._box.append(sheet);
    };
    const after = function () {
      if (!view) return;
      const { centre, zoom } = view;
      view = null;
      sheet.remove();
      for (const part of opened.splice(0)) part.open = false;
      root.classList.remove("fl-printing");
      layer.ratio = 0;
      frontline.colours.forPaper(false);
      map.invalidateSize({ animate: false, pan: false });
      map.setView(centre, zoom, { animate: false });
      layer._reset();
    };
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return { before, after };
  }

  frontline.onPaper = onPaper;
})((window.frontlineMaps = window.frontlineMaps || {}));
