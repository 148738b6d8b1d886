"use strict";
// Names of places, most important first; one that would touch another is left out.
(function (frontline) {
  const ROOM = 15000; // square pixels of view for each label
  const GAP = 3;
  const EVENTS_FROM = 8; // the zoom from which labels make way for events

  function sizeOf(order, population) {
    if (population >= 500000 || order < 4) return { size: 14, weight: 700, dot: 3.2 };
    if (population >= 100000 || order < 14) return { size: 12.5, weight: 600, dot: 2.6 };
    return { size: 11.5, weight: 400, dot: 2 };
  }

  function overlaps(a, b) {
    return a[0] < b[2] + GAP && b[0] < a[2] + GAP && a[1] < b[3] + GAP && b[1] < a[3] + GAP;
  }

  // Right, left, above, below of the dot: x, y of the text's left and baseline, and its box.
  function* positions(x, y, width, height, away) {
    for (const [left, middle] of [
      [x + away, y], [x - away - width, y],
      [x - width / 2, y - away - height / 2], [x - width / 2, y + away + height / 2],
      [x + away, y - height * 0.6], [x + away, y + height * 0.6],
    ]) {
      const box = [left, middle - height / 2, left + width, middle + height / 2];
      yield { left: left, middle: middle, box: box };
    }
  }

  // The corners in which Leaflet's controls stand are no place for a label.
  function corners(view, map) {
    const [left, top, right, bottom] = view;
    const small = map.attributionControl?.getContainer();
    return [
      [left, top, left + 50, top + (map._controlCorners?.topleft.offsetHeight || 70) + 10],
      [left, bottom - 50, left + 110, bottom],
      [right - (small?.offsetWidth || 60), bottom - (small?.offsetHeight || 18), right, bottom],
    ];
  }

  // Names of the neighbours, spaced out, under everything else.
  function drawCountries(ctx, layer, boxes) {
    const view = layer.view();
    ctx.font = `600 11px ${frontline.FONT}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    ctx.fillStyle = frontline.theme.country;
    const wide = layer.degree(); // pixels
    for (const [name, spots] of layer.model.countries) {
      const text = [...name.toUpperCase()].join("\u200a\u200a");
      const half = ctx.measureText(text).width / 2;
      for (const [lon, lat, room] of spots) {
        const [x, y] = layer.place(lon, lat);
        const box = [x - half, y - 6, x + half, y + 6];
        const inside =
          box[0] > view[0] && box[2] < view[2] && y > view[1] + 8 && y < view[3] - 8;
        const narrow = room * wide < half * 0.9;
        if (!inside || narrow || boxes.some((other) => overlaps(box, other))) continue;
        boxes.push(box);
        ctx.fillText(text, x, y);
        break;
      }
    }
    ctx.textAlign = "left";
  }

  // Round every spot at which an event is ever shown, so that labels keep their places in time.
  function eventBoxes(layer) {
    if (layer._map.getZoom() < EVENTS_FROM) return [];
    const reach = layer.symbolRadius() + 2;
    const spots = new Map(layer.model.events.map((event) => [event.at.join(), event.at]));
    return [...spots.values()].map(function (at) {
      const [x, y] = layer.place(at[0], at[1]);
      return [x - reach, y - reach, x + reach, y + reach];
    });
  }

  // A place whose name has no room because of an event keeps its dot.
  function choose(ctx, layer) {
    const view = layer.view();
    const most = Math.max(6, Math.round(((view[2] - view[0]) * (view[3] - view[1])) / ROOM));
    const boxes = corners(view, layer._map);
    const events = eventBoxes(layer);
    drawCountries(ctx, layer, boxes);
    const out = [];
    const places = layer.model.places;
    for (let i = 0; i < places.length && out.length < most; i++) {
      const [, lon, lat, population = 0] = places[i];
      const [x, y] = layer.place(lon, lat);
      if (x < view[0] || x > view[2] || y < view[1] || y > view[3]) continue;
      const style = sizeOf(i, population);
      ctx.font = `${style.weight} ${style.size}px ${frontline.FONT}`;
      const { text: name, dir } = frontline.called(places[i]);
      const width = ctx.measureText(name).width;
      const dot = [x - style.dot, y - style.dot, x + style.dot, y + style.dot];
      if (boxes.some((box) => overlaps(box, dot))) continue;
      const symbols = events.filter((box) => overlaps(box, dot));
      const reach = symbols.length ? layer.symbolRadius() + 2 + GAP : style.dot;
      const rooms = [...positions(x, y, width, style.size, reach + 4)].filter(function (spot) {
        const [left, top, right, bottom] = spot.box;
        if (left < view[0] + 4 || right > view[2] - 4) return false;
        if (top < view[1] + 4 || bottom > view[3] - 4) return false;
        return !boxes.some((box) => overlaps(box, spot.box));
      });
      if (!rooms.length) continue;
      const spot = rooms.find((room) => !events.some((box) => overlaps(box, room.box)));
      const label = { place: places[i], x: x, y: y, style: style, font: ctx.font, name: spot ? name : "", dir: dir, ...spot };
      boxes.push(dot, ...(spot ? [spot.box] : []));
      out.push(label);
    }
    return out;
  }

  function drawLabels(ctx, layer) {
    const chosen = choose(ctx, layer);
    layer.named = chosen.map((label) => label.place);
    layer.labels = chosen.filter((label) => label.name).map((label) => label.box); // for tests
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (const label of chosen) {
      ctx.beginPath();
      ctx.arc(label.x, label.y, label.style.dot, 0, 2 * Math.PI);
      ctx.fillStyle = frontline.theme.paper;
      ctx.strokeStyle = frontline.theme.ink;
      ctx.lineWidth = 1.3;
      ctx.fill();
      ctx.stroke();
    }
    ctx.textAlign = "left"; // the left end, in whichever direction the name is written
    for (const label of chosen) {
      if (!label.name) continue;
      ctx.font = label.font;
      ctx.direction = label.dir === "rtl" ? "rtl" : "ltr";
      ctx.lineWidth = 3.2;
      ctx.strokeStyle = frontline.theme.halo;
      ctx.strokeText(label.name, label.left, label.middle);
      ctx.fillStyle = frontline.theme.ink;
      ctx.fillText(label.name, label.left, label.middle);
    }
    ctx.direction = "ltr";
  }

  frontline.FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
  frontline.drawLabels = drawLabels;
})((window.frontlineMaps = window.frontlineMaps || {}));
