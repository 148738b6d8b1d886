"use strict";
// The divider between two dates on one map: the earlier one on its left, the later on its right.
// It can be dragged, and moved with the keys of a slider.
(function (frontline) {
  const { el, writtenDate } = frontline;
  const FAR = 4e6; // pixels: beyond every view

  function swipe(model, layer, clock, compare) {
    let share = 0.5; // of the map's width that lies left of the divider
    const left = el("span", { class: "fl-swipe-left" });
    const right = el("span", { class: "fl-swipe-right" });
    const bar = el("div", {
      class: "fl-swipe", role: "slider", tabIndex: 0, "aria-label": "Divider between the two dates",
      "aria-orientation": "horizontal", "aria-valuemin": "0", "aria-valuemax": "100",
    }, left, right, el("span", { class: "fl-swipe-knob" }));

    const frames = () => [compare.pin, clock.frame].sort((a, b) => a - b);

    // It lies among Leaflet's panes, below the popups: they move with the map, it stays.
    const hold = function () {
      const { x, y } = layer._map.getSize();
      L.DomUtil.setPosition(bar, layer._map.containerPointToLayerPoint([share * x, 0]));
      bar.style.height = y + "px";
    };

    const tell = function () {
      const [before, after] = frames().map((frame) => writtenDate(model, frame));
      left.textContent = before;
      right.textContent = after;
      const percent = Math.round(100 * share);
      bar.setAttribute("aria-valuenow", String(percent));
      bar.setAttribute("aria-valuetext", `left ${percent} percent: ${before}; right: ${after}`);
    };

    const move = function (to) {
      share = Math.max(0, Math.min(to, 1));
      hold();
      tell();
      layer.redraw();
    };

    // Each frame within its own half; the divider stays where it is when the map moves below it.
    const paint = function (ctx, draw) {
      const map = layer._map;
      const at = map.containerPointToLayerPoint([share * map.getSize().x, 0]);
      const x = map.getPixelOrigin().x + at.x - layer._ref[0] * layer._scale;
      frames().forEach(function (frame, i) {
        ctx.save();
        ctx.beginPath();
        ctx.rect(i ? x : -FAR, -FAR, i ? FAR : FAR + x, 2 * FAR);
        ctx.clip();
        draw.call(layer, ctx, frame);
        ctx.restore();
      });
    };

    const follow = function () {
      hold();
      layer.redraw();
    };

    const place = function () {
      const map = layer._map;
      const on = compare.mode === "swipe";
      layer.painter = on ? paint : null;
      layer.halves = on ? (x) => frames()[x < share * layer._map.getSize().x ? 0 : 1] : null;
      map?.off("move resize", follow);
      if (!on || !map) {
        bar.remove();
        return;
      }
      hold();
      tell();
      map.on("move resize", follow);
      map.getPane("popupPane").before(bar);
    };

    const STEPS = { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02,
      PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 };
    bar.addEventListener("keydown", function (event) {
      if (!Object.hasOwn(STEPS, event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      move(share + STEPS[event.key]);
      event.preventDefault();
      event.stopPropagation(); // the keys would move the map or the date as well
    });
    bar.addEventListener("pointerdown", function (event) {
      bar.setPointerCapture(event.pointerId);
      bar.focus({ preventScroll: true });
      event.preventDefault();
    });
    bar.addEventListener("pointermove", function (event) {
      if (!bar.hasPointerCapture(event.pointerId)) return;
      const box = layer._map.getContainer().getBoundingClientRect();
      move((event.clientX - box.left) / box.width);
    });
    L.DomEvent.disableClickPropagation(bar);
    compare.onChange(place);
    clock.onChange(() => compare.mode === "swipe" && tell());
    layer.on("add", place);
    layer.on("remove", function () {
      layer._map.off("move resize", follow);
      bar.remove();
    });
  }

  frontline.swipe = swipe;
})((window.frontlineMaps = window.frontlineMaps || {}));
