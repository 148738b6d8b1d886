"use strict";
// Mounts the map in one of two hosts: a page of its own, or a Leaflet map made by folium.
(function (frontline) {
  const { el } = frontline;
  const LEAFLET = '<a href="https://leafletjs.com">Leaflet</a>';

  // Join model, layer and panels; returns the parts for a host to place.
  function assemble(model) {
    const layer = new frontline.TimeLayer(model);
    const clock = new frontline.Clock(model.times);
    clock.onChange((frame) => layer.show(frame));
    const compare = new frontline.Compare(model);
    const answer = frontline.answering(model, layer, clock); // after the layer: it asks it what is shown
    const side = el("section", { class: "fl-side" },
      frontline.areaTable(model, clock), frontline.today(model, clock),
      el("details", { class: "fl-key", open: true }, el("summary", { text: "Legend" }),
        frontline.legend(model, layer), frontline.trail(model, layer)),
      frontline.comparison(model, layer, clock, compare));
    side.setAttribute("aria-label", "Areas and legend");
    return {
      model: model, layer: layer, clock: clock, compare: compare, side: side, answer: answer,
      tools: frontline.toolbar(model, layer, answer),
      credit: frontline.credit(model),
      time: frontline.timePanel(model, clock, frontline.linkButton(clock, compare)),
      changes: frontline.changesTable(model),
      notes: frontline.notes(model),
      status: frontline.announcer(model, clock),
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
    // The base map ends at the window's edges: neither panning nor zooming goes beyond it.
    const [west, south, east, north] = model.window;
    const room = L.latLngBounds([south, west], [north, east]);
    map.setMaxBounds(room);
    map.setMinZoom(Math.min(map.getZoom(), Math.max(map.getBoundsZoom(bounds) - 1, map.getBoundsZoom(room, true))));
    if (options.tiles) {
      L.tileLayer(options.tiles.url, {
        // Leaflet takes an attribution as HTML: hand it the text, escaped by the browser itself.
        attribution: el("span", { text: options.tiles.attribution }).outerHTML, maxZoom: options.tiles.max_zoom || 18,
        subdomains: options.tiles.subdomains || "abc", referrerPolicy: "no-referrer",
      }).addTo(map);
    }
    frontline.scale(map);
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
    parts.tools.addTo(map);
    map.attributionControl.addAttribution(parts.credit);
    map.on("click", parts.answer);
    const read = frontline.followHash(model, parts.clock, parts.compare);
    parts.clock.tell();
    read();
    document.addEventListener("keydown", function (event) {
      // A click puts the focus on the map, where Leaflet takes the arrows to pan.
      const onMap = event.target === container && !event.key.startsWith("Arrow");
      const free = [document.body, document.documentElement].includes(event.target);
      if ((free || onMap) && !event.ctrlKey && !event.metaKey && !event.altKey && parts.clock.key(event.key)) {
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
      // The map's own controls stand beside our panels; on a narrow map below the upper one.
      const room = new ResizeObserver(function () {
        const style = box.parentElement?.style;
        if (!style) return;
        const narrow = box.clientWidth < 600;
        style.setProperty("--fl-bottom", parts.time.offsetHeight + 24 + "px");
        style.setProperty("--fl-right", narrow ? "0" : fold.offsetWidth + 18 + "px");
        style.setProperty("--fl-top", narrow ? fold.offsetHeight + 10 + "px" : "0");
      });
      for (const panel of [box, parts.time, fold]) room.observe(panel);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      const enter = function () {
        const map = group._map;
        map.getContainer().classList.add("fl-host");
        const credits = map.attributionControl;
        if (credits) credits.setPrefix(LEAFLET).addAttribution(parts.credit);
        map.getContainer().append(box);
        map.on("click", parts.answer);
        parts.tools.addTo(map);
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
        const map = group._map;
        if (!map) return;
        map.off("click", parts.answer);
        parts.tools.remove();
        if (map.attributionControl) map.attributionControl.removeAttribution(parts.credit);
      };
      // The hash is one: it is the first map's.
      const first = !frontline.hashed;
      frontline.hashed = true;
      if (first) frontline.followHash(model, parts.clock, parts.compare, true)();
      else parts.time.querySelector(".fl-linking")?.remove();
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
