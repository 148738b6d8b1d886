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

  // Who held a spot: now and since when, and before and after.
  function spotPopup(model, frame, states, place) {
    const same = (a, b) => stateText(model, a) === stateText(model, b);
    const spells = [];
    states.forEach(function (state, f) {
      if (!f || !same(state, states[f - 1])) spells.push({ state: state, from: f });
    });
    const box = el("div", { class: "fl-popup" });
    if (place) {
      const title = el("h2", { text: place[0] });
      if (place[4]) title.append(" ", el("span", { lang: "ar", dir: "rtl", text: place[4] }));
      box.append(title);
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
    if (spells.length > 1) {
      const list = el("ol", { class: "fl-spells" });
      spells.forEach(function (spell, i) {
        const when = spell.from ? dateText(model.times[spell.from]) : "at first";
        list.append(el("li", { class: i === index ? "fl-now" : "" },
          el("span", { class: "fl-soft", text: when + " " }), stateText(model, spell.state)));
      });
      box.append(list);
    }
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

  function popupOn(map, spot, content) {
    const popup = L.popup({
      maxWidth: Math.min(300, map.getSize().x - 110), minWidth: 180,
      autoPanPaddingTopLeft: [56, 16], autoPanPaddingBottomRight: [16, 16],
    });
    popup.setLatLng(spot).setContent(content).openOn(map);
    popup.options.autoPan = false; // a step in time must not move the map
    return popup;
  }

  // Answers clicks on the map, and keeps the open answer true when the date moves.
  function answering(model, layer, clock) {
    let open = null; // { popup, events } or { popup, states, place }
    clock.onChange(function (frame) {
      if (!open || !open.popup.isOpen()) return;
      if (open.states) {
        open.popup.setContent(spotPopup(model, frame, open.states, open.place));
        return;
      }
      const now = new Set(layer.eventsNow());
      if (!open.events.some((event) => now.has(event))) open.popup.close();
    });
    return function (click) {
      const map = layer._map;
      const at = click.containerPoint;
      const events = near(layer, at, layer.eventsNow(), (item) => [item.at[1], item.at[0]]);
      if (events.length) {
        // Several reports may stand on one spot: all of them can be read.
        const content = el("div", { class: "fl-popups" });
        for (const item of events) content.append(eventPopup(model, item));
        const spot = [events[0].at[1], events[0].at[0]];
        open = { popup: popupOn(map, spot, content), events: events };
        return;
      }
      const [place] = near(layer, at, model.places, (item) => [item[2], item[1]]);
      const where = place ? L.latLng(place[2], place[1]) : click.latlng;
      const states = model.statesAt(frontline.worldX(where.lng), frontline.worldY(where.lat));
      if (states.every((state) => state === frontline.OUTSIDE)) return;
      const content = spotPopup(model, clock.frame, states, place);
      open = { popup: popupOn(map, where, content), states: states, place: place };
    };
  }

  Object.assign(frontline, { eventPopup, spotPopup, answering });
})((window.frontlineMaps = window.frontlineMaps || {}));
