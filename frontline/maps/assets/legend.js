"use strict";
// What the signs on the map mean: only those that occur, and only while they are drawn.
(function (frontline) {
  const { el, swatch, theme, KINDS } = frontline;

  function groupSwatch(model, group) {
    return swatch(26, 16, function (ctx, ratio) {
      // The ground of the map first, so that the colour is the one seen there.
      ctx.fillStyle = theme.land;
      ctx.fillRect(0, 0, 26, 16);
      for (const fill of frontline.fillsOf(ctx, group, model.actors, ratio)) {
        ctx.fillStyle = fill;
        ctx.fillRect(0, 0, 26, 16);
      }
      ctx.strokeStyle = theme.frame;
      ctx.strokeRect(0.5, 0.5, 25, 15);
    });
  }

  function lineSwatch(width, dash) {
    return swatch(26, 16, function (ctx) {
      ctx.strokeStyle = theme.ink;
      ctx.lineWidth = width;
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(1, 11);
      ctx.quadraticCurveTo(9, 2, 14, 8);
      ctx.quadraticCurveTo(19, 13, 25, 5);
      ctx.stroke();
    });
  }

  function ring() {
    return swatch(26, 16, function (ctx) {
      ctx.setLineDash([4, 3]);
      ctx.strokeStyle = theme.ink;
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      ctx.ellipse(13, 8, 11, 6.5, 0, 0, 2 * Math.PI);
      ctx.stroke();
    });
  }

  // The signs: the front, hatchings, the symbols of events.
  function legend(model, layer) {
    const list = el("ul", { class: "fl-legend" });
    const entries = [];
    const entry = function (names, picture, text) {
      const item = el("li", {}, picture, el("span", { text: text }));
      list.append(item);
      entries.push([names, item]);
    };
    entry(["front"], lineSwatch(2.4, []), "front line");
    const kinds = new Set(model.groups.map((group) => group.kind));
    if (kinds.has("claimed") || kinds.has("infiltration")) {
      entry(["front"], lineSwatch(1.6, [6, 4]), "front as claimed, not confirmed");
    }
    kinds.delete("held");
    if (!model.times.some((_, f) => model.areasAt(f).nobody.no_data >= 0.05)) kinds.delete("no_data");
    for (const kind of kinds) {
      const plain = kind === "no_data" || (kind === "contested" && model.groups
        .every((group) => group.kind !== kind || group.actor < 0));
      const text = plain ? KINDS[kind] : KINDS[kind] + ": hatched in the colour of the side";
      const group = { actor: -1, kind: kind, inked: !plain };
      entry(["areas"], groupSwatch(model, group), text);
    }
    for (const [kind, shape] of layer.shapes) {
      const name = kind === frontline.LOCATED ? "located" : "events";
      entry([name], swatch(26, 16, (ctx) => frontline.drawSymbol(ctx, shape, 13, 8, 5.5)), kind);
    }
    const outlined = model.events.filter((event) => event.region !== undefined);
    if (outlined.length) {
      const of = (event) => (event.kind === frontline.LOCATED ? "located" : "events");
      entry([...new Set(outlined.map(of))], ring(), "where the words place it");
    }
    layer.onToggle(function () {
      for (const [names, item] of entries) item.hidden = !names.some((name) => layer.shown[name]);
    });
    return list;
  }

  Object.assign(frontline, { groupSwatch, lineSwatch, legend });
})((window.frontlineMaps = window.frontlineMaps || {}));
