"use strict";
// The tools on the map, in one bar of Leaflet's: find a place, measure, units, language of names.
(function (frontline) {
  const { el, chosen, choose } = frontline;
  const SCALE_PX = 120;

  function icon(path) {
    const name = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(name, "svg");
    const shape = document.createElementNS(name, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  const FIND = "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM14.5 14.5 20 20";
  const RULER = "M3 16 16 3l5 5L8 21zM7 12l2 2M10 9l3 3M13 6l2 2";

  function button(label, content, action) {
    const node = el("button", { type: "button", class: "fl-tool" }, content);
    node.setAttribute("aria-label", label);
    node.title = label;
    node.addEventListener("click", action);
    return node;
  }

  function calm() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  // The scale of a page of its own: one bar, in the reader's units.
  const Scale = L.Control.Scale.extend({
    _updateMetric: function (metres) {
      const foot = 0.3048;
      const miles = chosen.units === "mi";
      const unit = !miles ? (metres < 1000 ? 1 : 1000) : metres < 1609.344 ? foot : 1609.344;
      const round = this._getRoundNum(metres / unit);
      const name = { 1: " m", 1000: " km", [foot]: " ft", 1609.344: " mi" }[unit];
      this._updateScale(this._mScale, round + name, (round * unit) / metres);
    },
  });

  function scale(map) {
    const width = map.getSize().x < 600 ? 80 : SCALE_PX;
    const control = new Scale({ imperial: false, maxWidth: width }).addTo(map);
    document.addEventListener("units", () => control._update());
    return control;
  }

  // A control for a map; `answer` is what `answering` returned.
  function toolbar(model, layer, answer) {
    let mark = null;

    const toMap = () => layer._map.getContainer().focus({ preventScroll: true });

    function show(place) {
      const map = layer._map;
      const spot = L.latLng(place[2], place[1]);
      const zoom = Math.max(map.getZoom(), Math.min(10, map.getMaxZoom()));
      const arrive = function () {
        if (mark) mark.remove();
        mark = L.circleMarker(spot, { radius: 11, weight: 3, color: frontline.INK, fill: false, interactive: false }).addTo(map);
        const ring = mark;
        answer.at(spot, { place: place, focus: true, closed: () => ring.remove() });
      };
      map.closePopup();
      close();
      if (calm()) {
        map.setView(spot, zoom, { animate: false });
        arrive();
      } else if (map.getCenter().equals(spot, 1e-4) && map.getZoom() === zoom) arrive();
      else {
        map.once("moveend", arrive);
        map.flyTo(spot, zoom, { duration: 0.8 });
      }
    }

    function close() {
      search.hidden = true;
      finder.setAttribute("aria-expanded", "false");
    }

    function press(on) {
      if (on === !tool.panel.hidden) return;
      ruler.setAttribute("aria-pressed", String(on));
      if (on) {
        close();
        tool.start();
      } else tool.stop();
    }

    const search = frontline.searchBox(model, show, function () {
      close();
      finder.focus();
    });
    search.hidden = true;
    const finder = button("Find a place", icon(FIND), function () {
      const open = search.hidden;
      press(false);
      search.hidden = !open;
      finder.setAttribute("aria-expanded", String(open));
      if (open) search.firstChild.focus();
    });
    finder.setAttribute("aria-expanded", "false");
    const tool = frontline.measuring(layer, function () {
      press(false);
      ruler.focus();
    });
    const ruler = button("Measure distances", icon(RULER), function (event) {
      press(tool.panel.hidden);
      if (tool.panel.hidden || event.detail) return;
      layer._map.getContainer().classList.add("fl-keys"); // by keyboard: on to the points
      toMap();
    });
    ruler.setAttribute("aria-pressed", "false");
    const units = button("Show mi (miles)", "mi", () => choose("units", chosen.units === "mi" ? "km" : "mi"));
    const names = button("Names of places in Arabic", "\u0639", () => choose("language", chosen.language === "ar" ? "en" : "ar"));
    names.lang = "ar";
    const first = model.places.slice(0, 20);
    const bar = el("div", { class: "leaflet-bar fl-tools", role: "toolbar", "aria-label": "Map tools" },
      ...(model.places.length ? [finder] : []), ruler, units,
      ...(2 * first.filter((place) => place[4]).length >= first.length && first.length ? [names] : []));
    const box = el("div", { class: "fl-toolbox" }, bar, el("div", { class: "fl-tool-panels" }, search, tool.panel));

    function pressed() {
      units.setAttribute("aria-pressed", String(chosen.units === "mi"));
      names.setAttribute("aria-pressed", String(chosen.language === "ar"));
    }
    pressed();
    document.addEventListener("units", pressed);
    document.addEventListener("language", function () {
      pressed();
      if (layer._map) layer._reset();
    });
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      if (!tool.panel.hidden) {
        press(false);
        ruler.focus();
      }
      event.stopPropagation();
    });
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);

    const cross = el("div", { class: "fl-cross", "aria-hidden": "true" });

    // Enter on the map itself asks about its centre; Escape ends measuring.
    function onKey(event) {
      layer._map.getContainer().classList.add("fl-keys");
      if (event.defaultPrevented || event.target !== layer._map.getContainer() || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Enter" && !layer._map.measuring) answer.at(layer._map.getCenter(), { focus: true });
      else if (event.key === "Escape" && !tool.panel.hidden) {
        press(false);
        ruler.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }

    // The cross is for those who work with the keyboard.
    const onPointer = () => layer._map.getContainer().classList.remove("fl-keys");
    const LISTENERS = [["keydown", onKey], ["pointerdown", onPointer]];

    const Tools = L.Control.extend({
      options: { position: "topleft" },
      onAdd: function (map) {
        const container = map.getContainer();
        // On a map of folium the bar stands outside of what is ours: it brings its own colours.
        box.classList.toggle("fl", !container.closest(".fl"));
        container.append(cross);
        for (const [name, listener] of LISTENERS) container.addEventListener(name, listener);
        return box;
      },
      onRemove: function (map) {
        press(false);
        cross.remove();
        for (const [name, listener] of LISTENERS) map.getContainer().removeEventListener(name, listener);
      },
    });
    return new Tools();
  }

  Object.assign(frontline, { scale, toolbar });
})((window.frontlineMaps = window.frontlineMaps || {}));
