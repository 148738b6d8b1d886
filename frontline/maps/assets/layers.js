"use strict";
// The reader's choice of what is drawn, and of light or dark.
(function (frontline) {
  const { el, LOCATED } = frontline;
  let count = 0; // radio buttons of two maps on one page must not share a name

  function layersOf(model) {
    const located = model.events.some((event) => event.kind === LOCATED);
    const reported = model.events.some((event) => event.kind !== LOCATED);
    return [
      ["areas", "areas of control", true],
      ["front", "front line", true],
      ["events", "events", reported],
      ["located", "located phrases", located],
      ["names", "names of places", model.places.length > 0],
      ["base", "base map", model.base.length > 0],
    ].filter(([, , there]) => there);
  }

  function box(label, ...children) {
    return el("fieldset", { class: "fl-choices" }, el("legend", { text: label }), ...children);
  }

  function layersPanel(model, layer) {
    const shown = layersOf(model).map(function ([name, label]) {
      const input = el("input", { type: "checkbox", checked: layer.shown[name] });
      input.addEventListener("change", () => layer.toggle(name, input.checked));
      layer.onToggle((changed, on) => {
        if (changed === name) input.checked = on;
      });
      return el("label", { class: "fl-choice" }, input, el("span", { text: label }));
    });
    const group = "fl-colours-" + ++count;
    const colours = ["auto", "light", "dark"].map(function (name) {
      const input = el("input", {
        type: "radio", name: group, value: name, checked: frontline.colours.choice === name,
      });
      input.addEventListener("change", () => frontline.colours.choose(name));
      return el("label", { class: "fl-choice" }, input, el("span", { text: name }));
    });
    return el("details", { class: "fl-layers" }, el("summary", { text: "Layers and colours" }),
      box("Show", ...shown), box("Colours", ...colours));
  }

  Object.assign(frontline, { layersPanel });
})((window.frontlineMaps = window.frontlineMaps || {}));
