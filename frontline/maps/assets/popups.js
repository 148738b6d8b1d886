"use strict";
// The answers to a click: an event with its sources, or who held a spot and since when.
(function (frontline) {
  const { el, dateText, KINDS, sourceNode } = frontline;
  const NEAR = 12; // pixels within which a click means an event or a place

  function eventPopup(model, event) {
    const box = el("div", { class: "fl-popup" }, el("p", { class: "fl-kind", text: event.kind }),
      el("h2", { text: event.title || event.kind }));
    if (event.from !== undefined) {
      const until = event.to === undefined ? "" : " to " + dateText(event.to);
      box.append(el("p", { class: "fl-soft", text: dateText(event.from) + until }));
    }
    if (event.locality) box.append(el("p", { text: "Place as stated: \u201c" + event.locality + "\u201d" }));
    if (event.note) box.append(el("p", { text: event.note }));
    for (const cited of event.sources || []) {
      box.append(el("p", { class: "fl-cite" }, "Source: ", sourceNode(model, cited)));
    }
    return box;
  }

  function stateText(model, state) {
    if (state < 0) return "Outside the area of this map";
    const [actor, kind] = model.states[state];
    if (kind === "no_data") return "No data";
    if (actor < 0) return "Contested";
    const text = model.actors[actor].label;
    return kind === "held" ? text : `${text} (${KINDS[kind]})`;
  }

  // Who held a spot: now and since when, before and after, and who says so.
  function spotPopup(model, frame, states, place, spot, said) {
    const same = (a, b) => stateText(model, a) === stateText(model, b);
    const spells = [];
    states.forEach(function (state, f) {
      if (!f || !same(state, states[f - 1])) spells.push({ state: state, from: f });
    });
    const box = el("div", { class: "fl-popup" });
    if (place) {
      box.append(el("h2", {}, frontline.nameNode(place, true)));
    }
    const index = spells.findLastIndex((spell) => spell.from <= frame);
    box.append(el("p", { class: "fl-holder", text: stateText(model, spells[index].state) }));
    const since = (spell) =>
      spell.from === 0 ? "since before " + dateText(model.times[0]) : "since " + dateText(model.times[spell.from]);
    const shown = model.states[spells[index].state];
    if (shown && shown[2] && shown[1] !== "claimed") {
      box.append(el("p", { class: "fl-soft", text: "Basis: " + shown[2] }));
    }
    if (spells[index].state >= 0) box.append(el("p", { class: "fl-soft", text: since(spells[index]) }));
    if (said) {
      const source = frontline.sourceNow(model, said, model.times[frame]);
      if (source) box.append(source);
      // The statements tell the exact instants, so they stand instead of the frames.
      const text = (state) => stateText(model, state);
      box.append(frontline.statementsNode(model, said, model.times[frame], text));
    }
    if (spells.length > 1 && !said?.sequence) {
      const list = el("ol", { class: "fl-spells" });
      spells.forEach(function (spell, i) {
        const when = spell.from ? dateText(model.times[spell.from]) : "at first";
        list.append(el("li", { class: i === index ? "fl-now" : "" },
          el("span", { class: "fl-soft", text: when + " " }), stateText(model, spell.state)));
      });
      box.append(list);
    }
    const drawn = frontline.mapNode(model, model.times[frame]);
    if (drawn) box.append(drawn);
    box.append(frontline.describeNode(model, spot.lng, spot.lat));
    return box;
  }

  // What lies within reach of a click, the nearest first.
  function near(layer, at, items, spotOf) {
    return items
      .map((item) => [at.distanceTo(layer._map.latLngToContainerPoint(spotOf(item))), item])
      .filter(([distance]) => distance < NEAR)
      .sort((a, b) => a[0] - b[0])
      .map(([, item]) => item);
  }

  // Opened with the keyboard, the popup takes the focus and gives it back when it closes.
  function popupOn(map, spot, content, options) {
    const before = document.activeElement;
    const popup = L.popup({
      maxWidth: Math.min(300, map.getSize().x - 110), minWidth: 180,
      autoPanPaddingTopLeft: [56, 16], autoPanPaddingBottomRight: [16, 16],
    });
    popup.setLatLng(spot).setContent(content).openOn(map);
    popup.options.autoPan = false; // a step in time must not move the map
    const box = popup.getElement();
    box.tabIndex = -1;
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", "About this spot");
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      popup.close();
      event.preventDefault();
      event.stopPropagation();
    });
    if (options.focus) box.focus({ preventScroll: true });
    popup.on("remove", function () {
      const inside = box.contains(document.activeElement) || document.activeElement === document.body;
      if (inside) (before && before.offsetParent ? before : map.getContainer()).focus({ preventScroll: true });
      if (options.closed) options.closed();
    });
    return popup;
  }

  // Puts other words into an open popup; the focus stays inside.
  function rewrite(popup, content) {
    const box = popup.getElement();
    const within = box !== document.activeElement && box.contains(document.activeElement);
    popup.setContent(content);
    if (within && !box.contains(document.activeElement)) box.focus({ preventScroll: true });
  }

  // Answers clicks on the map, and keeps the open answer true when the date moves. Returns the
  // handler; its `at` answers for any spot: options are place, focus, and closed, a function.
  function answering(model, layer, clock) {
    let open = null; // { popup, events } or { popup, write }
    const again = function () {
      if (!open || !open.popup.isOpen()) return;
      if (open.write) {
        rewrite(open.popup, open.write());
        return;
      }
      const now = new Set(layer.eventsNow());
      if (!open.events.some((event) => now.has(event))) open.popup.close();
    };
    clock.onChange(again);
    document.addEventListener("units", again);
    document.addEventListener("language", again);

    function at(spot, options) {
      const map = layer._map;
      const pixel = map.latLngToContainerPoint(spot);
      const events = options.place ? [] : near(layer, pixel, layer.eventsNow(), (item) => [item.at[1], item.at[0]]);
      if (events.length) {
        // Several reports may stand on one spot: all of them can be read.
        const content = el("div", { class: "fl-popups" });
        for (const item of events) content.append(eventPopup(model, item));
        const first = [events[0].at[1], events[0].at[0]];
        open = { popup: popupOn(map, first, content, options), events: events };
        return;
      }
      const [beside] = near(layer, pixel, model.places, (item) => [item[2], item[1]]);
      const place = options.place || beside;
      const where = place ? L.latLng(place[2], place[1]) : spot;
      const states = model.statesAt(frontline.worldX(where.lng), frontline.worldY(where.lat));
      if (!options.place && states.every((state) => state === frontline.OUTSIDE)) return;
      const said = frontline.sayAt(model, where.lng, where.lat, states);
      const write = () => spotPopup(model, clock.frame, states, place, where, said);
      open = { popup: popupOn(map, where, write(), options), write: write };
    }

    const answer = function (click) {
      if (!layer.measuring) at(click.latlng, {});
    };
    answer.at = at;
    return answer;
  }

  Object.assign(frontline, { eventPopup, spotPopup, answering });
})((window.frontlineMaps = window.frontlineMaps || {}));
