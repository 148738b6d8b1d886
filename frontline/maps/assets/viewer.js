"use strict";
// Mounts the map in one of two hosts: a page of its own, or a Leaflet map made by folium.
(function (frontline) {
  const { el, dateWords, number } = frontline;
  const LEAFLET = '<a href="https://leafletjs.com">Leaflet</a>';
  const NEAR = 12; // pixels within which a click means an event or a place

  function announcer(model, clock) {
    const region = el("p", { class: "fl-hidden", role: "status" });
    region.setAttribute("aria-live", "polite");
    let waiting = 0;
    clock.onChange(function (frame, playing) {
      window.clearTimeout(waiting);
      if (playing) return;
      waiting = window.setTimeout(function () {
        const areas = model.areasAt(frame).actors;
        const held = model.actors
          .map((actor, a) => `${actor.label} ${number(areas[a].held)} square kilometres`)
          .join(", ");
        region.textContent = `${dateWords(model.times[frame])}. ${held}.`;
      }, 400);
    });
    return region;
  }

  // What lies within reach of a click, the nearest first.
  function near(layer, at, items, spotOf) {
    return items
      .map((item) => [at.distanceTo(layer._map.latLngToContainerPoint(spotOf(item))), item])
      .filter(([distance]) => distance < NEAR)
      .sort((a, b) => a[0] - b[0])
      .map(([, item]) => item);
  }

  function onClick(model, layer, clock, event) {
    const at = event.containerPoint;
    const popup = L.popup({ maxWidth: 300, minWidth: 180, autoPanPadding: [16, 16] });
    const chosen = near(layer, at, layer.eventsNow(), (item) => [item.at[1], item.at[0]]);
    if (chosen.length) {
      // Several reports may stand on one spot: all of them can be read.
      const content = el("div", { class: "fl-popups" });
      for (const item of chosen) content.append(frontline.eventPopup(model, item));
      const spot = [chosen[0].at[1], chosen[0].at[0]];
      popup.setLatLng(spot).setContent(content).openOn(layer._map);
      return;
    }
    const [place] = near(layer, at, model.places, (item) => [item[2], item[1]]);
    const where = place ? L.latLng(place[2], place[1]) : event.latlng;
    const states = model.statesAt(frontline.worldX(where.lng), frontline.worldY(where.lat));
    if (states.every((state) => state === frontline.OUTSIDE)) return;
    const content = frontline.spotPopup(model, clock.frame, states, place);
    popup.setLatLng(where).setContent(content).openOn(layer._map);
  }

  function followHash(clock) {
    const read = function () {
      const seconds = frontline.secondsOf(window.location.hash);
      if (seconds !== null) {
        const times = clock.times;
        let frame = 0;
        while (frame + 1 < times.length && times[frame + 1] <= seconds) frame++;
        clock.stop();
        clock.go(frame);
      }
    };
    let waiting = 0;
    clock.onChange(function (frame, playing) {
      window.clearTimeout(waiting);
      if (playing) return;
      waiting = window.setTimeout(function () {
        const hash = "#" + frontline.hashOf(clock.times[frame]);
        if (window.location.hash !== hash) window.history.replaceState(null, "", hash);
      }, 300);
    });
    window.addEventListener("hashchange", read);
    return read;
  }

  // Join model, layer and panels; returns the parts for a host to place.
  function assemble(model) {
    const layer = new frontline.TimeLayer(model);
    const clock = new frontline.Clock(model.times);
    clock.onChange((frame) => layer.show(frame));
    const side = el("section", { class: "fl-side" },
      frontline.areaTable(model, clock),
      el("details", { class: "fl-key", open: true }, el("summary", { text: "Legend" }),
        frontline.legend(model, layer), frontline.comparison(model, layer)));
    side.setAttribute("aria-label", "Areas and legend");
    return {
      model: model, layer: layer, clock: clock, side: side,
      time: frontline.timePanel(model, clock),
      changes: frontline.changesTable(model),
      notes: frontline.notes(model),
      status: announcer(model, clock),
    };
  }

  // ---- the page of its own ----

  function newMap(container, model, layer, options) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(container, {
      zoomSnap: options.tiles ? 1 : 0.25, zoomDelta: 1, wheelPxPerZoomLevel: 120, maxZoom: 13,
      zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm, attributionControl: true,
    });
    map.attributionControl.setPrefix(LEAFLET);
    const bounds = layer.getBounds();
    map.fitBounds(model.view ? L.latLngBounds(model.view) : bounds, { padding: [14, 14], animate: false });
    map.setMinZoom(map.getBoundsZoom(bounds) - 1);
    map.setMaxBounds(bounds.pad(0.8));
    if (options.tiles) {
      L.tileLayer(options.tiles.url, {
        // Leaflet takes an attribution as HTML: hand it the text, escaped by the browser itself.
        attribution: el("span", { text: options.tiles.attribution }).outerHTML, maxZoom: options.tiles.max_zoom || 18,
        subdomains: options.tiles.subdomains || "abc", referrerPolicy: "no-referrer",
      }).addTo(map);
    }
    L.control.scale({ imperial: true, maxWidth: map.getSize().x < 600 ? 80 : 120 }).addTo(map);
    return map;
  }

  async function openPage(root) {
    const payload = document.getElementById("frontline-payload").textContent;
    const model = await frontline.decode(payload);
    const options = JSON.parse(root.dataset.options || "{}");
    const parts = assemble(model);
    const container = el("div", { class: "fl-map", role: "region" });
    container.setAttribute("aria-label", "Map: " + model.meta.title);
    const phone = window.matchMedia("(max-width: 700px)").matches;
    if (phone) parts.side.querySelector(".fl-key").open = false;
    root.replaceChildren(container, parts.time, parts.side, parts.notes, parts.changes, parts.status);
    const map = newMap(container, model, parts.layer, options);
    parts.layer.addTo(map);
    map.on("click", (event) => onClick(model, parts.layer, parts.clock, event));
    const read = followHash(parts.clock);
    parts.clock.tell();
    read();
    document.addEventListener("keydown", function (event) {
      const free = event.target === document.body || event.target === document.documentElement;
      if (free && !event.ctrlKey && !event.metaKey && !event.altKey && parts.clock.key(event.key)) {
        event.preventDefault();
      }
    });
    root.dataset.ready = "yes";
    frontline.opened = { map: map, ...parts };
  }

  // ---- a layer of a folium map ----

  // Folium's maps are made while the page loads, the payload is decoded later; so the layer that
  // is handed out is an empty group into which ours is put when it is ready.
  function folium(base64, options) {
    const group = L.layerGroup();
    frontline.decode(base64).then(function (model) {
      const parts = assemble(model);
      parts.side.querySelector(".fl-key").open = false;
      const fold = el("details", { class: "fl-fold", open: true },
        el("summary", { text: model.meta.title }), parts.side, parts.changes, parts.notes);
      const box = el("div", { class: "fl fl-inside" }, fold, parts.time, parts.status);
      const room = new ResizeObserver(() =>
        box.parentElement?.style.setProperty("--fl-bottom", parts.time.offsetHeight + 24 + "px"));
      room.observe(parts.time);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      const click = (event) => onClick(model, parts.layer, parts.clock, event);
      const enter = function () {
        const map = group._map;
        map.getContainer().classList.add("fl-host");
        if (map.attributionControl) map.attributionControl.setPrefix(LEAFLET);
        map.getContainer().append(box);
        map.on("click", click);
        if (options.fit) {
          // Room for the panels, which lie over the map here.
          const wide = map.getSize().x > 760;
          const padding = {
            paddingTopLeft: [10, wide ? 10 : 70], paddingBottomRight: [wide ? 320 : 10, 150],
            animate: false,
          };
          map.fitBounds(parts.layer.getBounds(), padding);
        }
        if (box.clientWidth < 600) fold.open = false;
        parts.clock.tell();
      };
      const leave = function () {
        parts.clock.stop();
        box.remove();
        if (group._map) group._map.off("click", click);
      };
      group.addLayer(parts.layer);
      group.on("add", enter);
      group.on("remove", leave);
      if (group._map) enter();
      frontline.opened = { map: group._map, ...parts };
    });
    return group;
  }

  frontline.openPage = openPage;
  frontline.folium = folium;

  const root = document.getElementById("frontline");
  if (root) {
    openPage(root).catch(function (error) {
      root.replaceChildren(el("p", { class: "fl-sorry", role: "alert", text: String(error.message) }));
    });
  }
})((window.frontlineMaps = window.frontlineMaps || {}));
