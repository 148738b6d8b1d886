"use strict";
// The distance tool: points set on the map, and the geodesics between them.
(function (frontline) {
  const { el, lengthText } = frontline;
  const HELP = "Click points on the map; with the keyboard move the map with the arrows and press Enter for a point at its centre. Backspace takes a point back, Escape ends.";
  const RADIAN = Math.PI / 180;

  // "45.3\u00b0 NE"
  function bearing(azimuth) {
    return `${azimuth.toFixed(1)}\u00b0 ${frontline.wind(azimuth)}`;
  }

  // Points between two, close enough together for the curve of the way to show on the map. On the
  // sphere: it runs within a few hundred metres of the ellipsoid's where ways are long.
  function between(a, b) {
    const vector = (p) => [
      Math.cos(p.lat * RADIAN) * Math.cos(p.lng * RADIAN), Math.cos(p.lat * RADIAN) * Math.sin(p.lng * RADIAN),
      Math.sin(p.lat * RADIAN),
    ];
    const [u, v] = [vector(a), vector(b)];
    const angle = Math.atan2(Math.hypot(...u.map((_, i) => u[(i + 1) % 3] * v[(i + 2) % 3] - u[(i + 2) % 3] * v[(i + 1) % 3])),
      u.reduce((sum, each, i) => sum + each * v[i], 0));
    const count = Math.max(1, Math.min(64, Math.ceil(angle / 0.004)));
    if (count === 1) return [a, b];
    const out = [];
    let last = a.lng;
    for (let k = 0; k <= count; k++) {
      const [p, q] = [Math.sin(angle * (1 - k / count)), Math.sin((angle * k) / count)];
      const [x, y, z] = u.map((each, i) => each * p + v[i] * q);
      const lng = Math.atan2(y, x) / RADIAN;
      last = lng + 360 * Math.round((last - lng) / 360);
      out.push(L.latLng(Math.atan2(z, Math.hypot(x, y)) / RADIAN, last));
    }
    return out;
  }

  // Returns { start, stop, panel }; `ended` is called when the reader ends it.
  function measuring(layer, ended) {
    const legs = el("ol", { class: "fl-legs" });
    const total = el("p", { class: "fl-total" });
    const help = el("p", { class: "fl-soft", text: HELP });
    const spoken = el("p", { class: "fl-hidden", role: "status" });
    const undo = el("button", { type: "button", "aria-label": "Take back the last point", text: "Take back" });
    const done = el("button", { type: "button", "aria-label": "End measuring", text: "End" });
    const panel = el("section", { class: "fl-measure", "aria-label": "Distances", hidden: true },
      help, legs, total, el("p", { class: "fl-row" }, undo, done), spoken);
    const drawn = L.layerGroup();
    let points = [];
    let map = null; // while it measures

    function write(quiet) {
      const ways = points.slice(1).map((point, i) => frontline.inverse(points[i].lng, points[i].lat, point.lng, point.lat));
      const texts = ways.map((way) => `${lengthText(way.m)}, ${bearing(way.azimuth)}`);
      legs.replaceChildren(...texts.map((text) => el("li", { text: text })));
      const sum = lengthText(ways.reduce((all, way) => all + way.m, 0));
      total.textContent = ways.length > 1 ? "Total " + sum : points.length === 1 ? "Now the next point." : "";
      help.hidden = points.length > 0;
      undo.disabled = !points.length;
      if (!quiet) {
        spoken.textContent = !points.length ? "No point" : !ways.length ? "First point set" :
          `Leg ${ways.length}: ${texts.at(-1)}` + (ways.length > 1 ? `. Total ${sum}` : "");
      }
      drawn.clearLayers();
      const line = points.slice(1).flatMap((point, i) => between(points[i], point));
      for (const [colour, weight] of [["#fff", 5], [frontline.INK, 2.5]]) {
        L.polyline(line, { color: colour, weight: weight, opacity: 0.95, interactive: false, noClip: true }).addTo(drawn);
      }
      for (const point of points) {
        L.circleMarker(point, {
          radius: 4.5, color: frontline.INK, weight: 2, fillColor: "#fff", fillOpacity: 1, interactive: false,
        }).addTo(drawn);
      }
    }

    function add(point) {
      if (points.length && points.at(-1).equals(point, 1e-9)) return;
      points.push(point);
      write();
    }

    function back() {
      points.pop();
      write();
    }

    const onClick = (click) => add(click.latlng);
    function onKey(event) {
      if (event.target !== map.getContainer()) return;
      if (event.key === "Enter") add(map.getCenter());
      else if (event.key === "Backspace") back();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    function start() {
      map = layer._map;
      map.measuring?.(); // with the tool of another layer
      map.measuring = ended;
      points = [];
      panel.hidden = false;
      map.closePopup();
      map.doubleClickZoom.disable();
      map.getContainer().classList.add("fl-measuring");
      drawn.addTo(map);
      map.on("click", onClick);
      map.getContainer().addEventListener("keydown", onKey, true);
      write(true);
      spoken.textContent = HELP;
    }

    function stop() {
      panel.hidden = true;
      spoken.textContent = "";
      if (!map) return;
      if (map.measuring === ended) map.measuring = null;
      map.doubleClickZoom.enable();
      map.getContainer().classList.remove("fl-measuring");
      drawn.remove();
      map.off("click", onClick);
      map.getContainer().removeEventListener("keydown", onKey, true);
      map = null;
    }

    undo.addEventListener("click", back);
    done.addEventListener("click", () => ended());
    document.addEventListener("units", () => panel.hidden || write(true));
    return { start: start, stop: stop, panel: panel };
  }

  frontline.measuring = measuring;
})((window.frontlineMaps = window.frontlineMaps || {}));
