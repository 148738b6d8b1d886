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
    frontline.onTheme(() => layer.recolour());
    const answer = frontline.answering(model, layer, clock); // after the layer: it asks it what is shown
    const side = el("section", { class: "fl-side" },
      frontline.areaTable(model, clock), frontline.today(model, clock),
      el("details", { class: "fl-key", open: true }, el("summary", { text: "Legend" }),
        frontline.legend(model, layer)),
      frontline.layersPanel(model, layer));
    side.setAttribute("aria-label", "Areas and legend");
    const dates = el("div", { class: "fl-dates" },
      frontline.trail(model, layer), frontline.comparison(model, layer, clock, compare));
    return {
      model: model, layer: layer, clock: clock, compare: compare, side: side, dates: dates, answer: answer,
      tools: frontline.toolbar(model, layer, answer),
      credit: frontline.credit(model),
      time: frontline.timePanel(model, clock, frontline.linkButton(clock, compare)),
      changes: frontline.changesTable(model),
      notes: frontline.notes(model),
      published: frontline.published(model),
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
    // But for an answer on a small map: it is to be seen whole.
    map.on("popupopen", () => map.setMaxBounds(null));
    map.on("popupclose", () => map.setMaxBounds(room));
    map.setMinZoom(Math.min(map.getZoom(), Math.max(map.getBoundsZoom(bounds) - 1, map.getBoundsZoom(room, true))));
    if (options.tiles) addTiles(map, options.tiles);
    frontline.scale(map);
    return map;
  }

  function addTiles(map, tiles) {
    L.tileLayer(tiles.url, {
      // Leaflet takes an attribution as HTML: hand it the text, escaped by the browser itself.
      attribution: el("span", { text: tiles.attribution }).outerHTML,
      maxZoom: tiles.max_zoom, subdomains: tiles.subdomains,
      // Many services refuse who does not say where it comes from: the site's name, never the page's.
      referrerPolicy: "strict-origin",
    }).addTo(map);
  }

  async function openPage(root) {
    // One file carries the data as an inert block; beside other files they come as a string.
    const payload = window.frontlinePayload ?? document.getElementById("frontline-payload").textContent;
    const model = await frontline.decode(payload);
    const options = JSON.parse(root.dataset.options || "{}");
    const parts = assemble(model);
    const { embedded } = frontline;
    document.documentElement.classList.toggle("fl-embed", embedded);
    if (options.tiles) parts.layer.toggle("base", false);
    const container = el("div", { class: "fl-map", role: "region" });
    container.setAttribute("aria-label", "Map: " + model.meta.title);
    const phone = window.matchMedia("(max-width: 700px)").matches;
    const legend = parts.side.querySelector(".fl-key");
    if (phone || embedded) {
      legend.open = false;
      legend.before(parts.dates);
    } else parts.time.append(parts.dates);
    if (parts.published) document.querySelector(".fl-page > header").append(parts.published);
    root.replaceChildren(container, parts.time, parts.side, parts.notes, parts.changes, parts.status);
    const map = newMap(container, model, parts.layer, options);
    parts.layer.addTo(map);
    parts.tools.addTo(map);
    map.attributionControl.addAttribution(parts.credit);
    map.on("click", parts.answer);
    const paper = frontline.onPaper(map, parts.layer);
    if (embedded) {
      frontline.leaveScrolling(map);
      parts.notes.append(frontline.wholePage() || "");
    }
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
    if (embedded) frontline.tellHeight();
    frontline.opened = { map: map, paper: paper, ...parts };
  }

  // ---- a layer of a folium map ----

  // Where the panels of all our layers on one map stand: folded words at the upper right, the
  // clocks at the bottom, each layer with its own.
  function roomOn(map) {
    if (map._frontline) return map._frontline;
    const folds = el("div", { class: "fl-folds" });
    const times = el("div", { class: "fl-times" });
    const box = el("div", { class: "fl fl-inside" }, folds, times);
    // The map's own controls stand beside our panels; on a narrow map below the upper one.
    const measure = new ResizeObserver(function () {
      const narrow = box.clientWidth < 600;
      const { style } = map.getContainer();
      style.setProperty("--fl-bottom", times.offsetHeight + 24 + "px");
      style.setProperty("--fl-right", narrow ? "0" : folds.offsetWidth + 18 + "px");
      style.setProperty("--fl-top", narrow ? folds.offsetHeight + 10 + "px" : "0");
    });
    for (const panel of [box, times, folds]) measure.observe(panel);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    map.getContainer().classList.add("fl-host");
    map.getContainer().append(box);
    map._frontline = { box, folds, times };
    return map._frontline;
  }

  function leaveRoom(map) {
    const room = map._frontline;
    if (!room || room.times.childElementCount) return;
    room.box.remove();
    delete map._frontline;
    map.getContainer().classList.remove("fl-host");
  }

  // Folium's maps are made while the page loads, the payload is decoded later; so the layer that
  // is handed out is an empty group into which ours is put when it is ready.
  function folium(base64, options) {
    const group = L.layerGroup();
    frontline.decode(base64).then(function (model) {
      const parts = assemble(model);
      let map = null;
      const legend = parts.side.querySelector(".fl-key");
      legend.open = false;
      legend.before(parts.dates);
      const fold = el("details", { class: "fl-fold", open: true },
        el("summary", { text: model.meta.title }), parts.published, parts.side, parts.changes, parts.notes);
      const enter = function () {
        map = group._map;
        const room = roomOn(map);
        let tiled = false;
        map.eachLayer((other) => (tiled ||= other instanceof L.TileLayer));
        if (tiled) {
          // Streets and relief would be hidden, and dark ink be lost on light pictures.
          parts.layer.toggle("base", false);
          frontline.colours.stayLight();
        }
        const credits = map.attributionControl;
        if (credits) credits.setPrefix(LEAFLET).addAttribution(parts.credit);
        room.folds.append(fold);
        room.times.append(parts.time, parts.status);
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
        if (room.box.clientWidth < 600) fold.open = false;
        for (const canvas of room.box.querySelectorAll("canvas")) canvas.redraw?.();
        parts.clock.tell();
      };
      const leave = function () {
        parts.clock.stop();
        for (const panel of [fold, parts.time, parts.status]) panel.remove();
        if (!map) return;
        map.off("click", parts.answer);
        parts.tools.remove();
        if (map.attributionControl) map.attributionControl.removeAttribution(parts.credit);
        leaveRoom(map);
        map = null;
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
    }).catch(function (error) {
      // A frame in a notebook shows no console: say it where the map would be.
      const line = el("p", { class: "fl-sorry", role: "alert", text: String(error.message) });
      document.body.prepend(line);
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
