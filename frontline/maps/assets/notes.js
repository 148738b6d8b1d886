"use strict";
// The words under the map: what it is and is not, how it was made, dates, licence, sources.
(function (frontline) {
  const { el, link, dayText } = frontline;
  const DISCLAIMER =
    "Approximate control from public reports; no opinion on the legal status of any place or party.";
  const SIGNS = {
    contested: "strokes rising to the right: contested, both sides are reported there",
    claimed: "thin falling strokes: claimed by one side and not confirmed",
    infiltration: "dots in a colour: infiltration, a presence without control",
    advance: "level strokes: an advance that is assessed, not yet confirmed",
    no_data: "pale dots: no data",
  };

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

  const dayOf = (text) => dayText(Date.parse(text) / 1000);
  const ended = (text) => text.replace(/\.?$/, ".");

  // How certain the map is: the same sentences for every map, as far as its signs occur.
  function uncertainty(model) {
    const kinds = new Set(model.groups.map((group) => group.kind));
    const signs = Object.keys(SIGNS).filter((kind) => kinds.has(kind)).map((kind) => SIGNS[kind]);
    const apart = ["contested", "claimed", "infiltration"].filter((kind) => kinds.has(kind));
    return [
      "A plain colour is land that the cited reports say a side holds. " +
        (signs.length ? "Other signs: " + signs.join("; ") + "." : ""),
      "Borders are approximate. Where reports speak of places, the border between two places is drawn " +
        "midway and interpolated, not surveyed; where a source drew a line, it is drawn as that source drew it.",
      "Between two reports the last known state is shown: a change may have come earlier than its report.",
      apart.length
        ? `Areas count what is held. What is ${apart.join(", ")} is not added to any side.`
        : "Areas count what is held.",
    ];
  }

  function notes(model) {
    const meta = model.meta;
    const line = [];
    if (meta.as_of) line.push("As of " + dayOf(meta.as_of) + ".");
    if (meta.made_on) line.push("Made on " + dayOf(meta.made_on) + ".");
    if (meta.credits) line.push(ended(meta.credits));
    if (meta.licence) line.push("Licence: " + ended(meta.licence));
    const box = el("footer", { class: "fl-notes" },
      el("p", { class: "fl-disclaimer", text: meta.disclaimer || DISCLAIMER }));
    if (line.length) box.append(el("p", { text: line.join(" ") }));
    const method = el("details", { class: "fl-method" }, el("summary", { text: "Method and uncertainty" }));
    if (meta.method) method.append(el("p", { text: meta.method }));
    for (const text of uncertainty(model)) method.append(el("p", { text: text }));
    box.append(method);
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

  // What was held back or made coarser before the map was made public, or nothing.
  function published(model) {
    const text = model.meta.published;
    return text ? el("p", { class: "fl-published", text: String(text) }) : null;
  }

  // The line on the map itself, as HTML made from text by the browser: Leaflet takes it so.
  function credit(model) {
    const meta = model.meta;
    const brief = [meta.licence, meta.as_of && "as of " + dayOf(meta.as_of)];
    const text = brief.filter(Boolean).map(shortened).join(", ");
    const whole = el("span", { text: text });
    if (meta.credits) {
      // The whole list stands in the notes; here there is room for the first of them.
      const [first, ...others] = meta.credits.split(";");
      const more = shortened(first) + (others.length ? " and others" : "") + (text ? " \u00b7 " : "");
      // On phones it goes, but never so that nothing is left.
      whole.prepend(el("span", { class: text && "fl-credits", text: more }));
    }
    return whole.textContent && whole.outerHTML;
  }

  function shortened(text) {
    return text.length > 60 ? text.slice(0, 59) + "\u2026" : text;
  }

  Object.assign(frontline, { notes, published, credit, sourceNode });
})((window.frontlineMaps = window.frontlineMaps || {}));
