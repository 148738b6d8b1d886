"use strict";
// What stands beside the map and stays: legend, notes, sources.
(function (frontline) {
  const { el, link, dayText, swatch, INK, KINDS } = frontline;

  function groupSwatch(model, group) {
    return swatch(26, 16, function (ctx, ratio) {
      for (const fill of frontline.fillsOf(ctx, group, model.actors, ratio)) {
        ctx.fillStyle = fill;
        ctx.fillRect(0, 0, 26, 16);
      }
      ctx.strokeStyle = "rgba(29, 35, 41, 0.45)";
      ctx.strokeRect(0.5, 0.5, 25, 15);
    });
  }

  function lineSwatch(width, dash) {
    return swatch(26, 16, function (ctx) {
      ctx.strokeStyle = INK;
      ctx.lineWidth = width;
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(1, 11);
      ctx.quadraticCurveTo(9, 2, 14, 8);
      ctx.quadraticCurveTo(19, 13, 25, 5);
      ctx.stroke();
    });
  }

  // The signs: hatchings that occur, the front, the symbols of events.
  function legend(model, layer) {
    const list = el("ul", { class: "fl-legend" });
    const entry = (picture, text) => list.append(el("li", {}, picture, el("span", { text: text })));
    entry(lineSwatch(2.4, []), "front line");
    const kinds = new Set(model.groups.map((group) => group.kind));
    if (kinds.has("claimed") || kinds.has("infiltration")) {
      entry(lineSwatch(1.6, [6, 4]), "front as claimed, not confirmed");
    }
    kinds.delete("held");
    for (const kind of kinds) {
      const plain = kind === "no_data" || (kind === "contested" && model.groups
        .every((group) => group.kind !== kind || group.actor < 0));
      const text = plain ? KINDS[kind] : KINDS[kind] + ": hatched in the colour of the side";
      entry(groupSwatch(model, { actor: -1, kind: kind, ink: plain ? undefined : INK }), text);
    }
    for (const [kind, shape] of layer.shapes) {
      entry(swatch(26, 16, (ctx) => frontline.drawSymbol(ctx, shape, 13, 8, 5.5)), kind);
    }
    if (model.events.some((event) => event.region !== undefined)) {
      const ring = swatch(26, 16, function (ctx) {
        ctx.setLineDash([4, 3]);
        ctx.strokeStyle = INK;
        ctx.lineWidth = 1.5;
        ctx.beginPath();
        ctx.ellipse(13, 8, 11, 6.5, 0, 0, 2 * Math.PI);
        ctx.stroke();
      });
      entry(ring, "where the words place it");
    }
    return list;
  }

  function sourceText(source) {
    const text = [source.publisher, source.title].filter(Boolean).join(": ");
    return text || source.id || source.url;
  }

  function sourceNode(model, cited) {
    const source = model.sources.find((entry) => entry.id === cited);
    if (!source) return link(cited, cited);
    const node = el("span", {}, source.url ? link(source.url, sourceText(source)) : sourceText(source));
    if (source.archived) node.append(" (", link(source.archived, "archived"), ")");
    return node;
  }

  // The small print: what the map is and is not, licence, dates, sources.
  function notes(model) {
    const meta = model.meta;
    const line = [];
    if (meta.as_of) line.push("As of " + dayText(Date.parse(meta.as_of) / 1000) + ".");
    if (meta.made_on) line.push("Made on " + dayText(Date.parse(meta.made_on) / 1000) + ".");
    if (meta.credits) line.push(meta.credits.replace(/\.?$/, "."));
    if (meta.licence) line.push("Licence: " + meta.licence + ".");
    const box = el("footer", { class: "fl-notes" },
      el("p", { text: [meta.disclaimer, ...line].filter(Boolean).join(" ") }));
    if (meta.method) box.append(el("p", { text: meta.method }));
    if (model.sources.length) {
      const list = el("ol");
      for (const source of model.sources) {
        const item = el("li", {}, sourceNode(model, source.id));
        if (source.licence) item.append(el("span", { class: "fl-soft", text: " \u00b7 " + source.licence }));
        list.append(item);
      }
      box.append(el("details", { class: "fl-sources" },
        el("summary", { text: `Sources (${model.sources.length})` }), list));
    }
    return box;
  }

  // The line on the map itself, as HTML made from text by the browser: Leaflet takes it so.
  function credit(model) {
    const meta = model.meta;
    const brief = [meta.licence, meta.as_of && "as of " + dayText(Date.parse(meta.as_of) / 1000)];
    const text = brief.filter(Boolean).map(shortened).join(", ");
    const whole = el("span", { text: text });
    if (meta.credits) {
      // The whole list stands in the notes; here there is room for the first of them.
      const [first, ...others] = meta.credits.split(";");
      const more = shortened(first) + (others.length ? " and others" : "") + (text ? " \u00b7 " : "");
      whole.prepend(el("span", { class: "fl-credits", text: more }));
    }
    return whole.outerHTML;
  }

  function shortened(text) {
    return text.length > 60 ? text.slice(0, 59) + "\u2026" : text;
  }

  Object.assign(frontline, { groupSwatch, lineSwatch, legend, notes, credit, sourceNode });
})((window.frontlineMaps = window.frontlineMaps || {}));
