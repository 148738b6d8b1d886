"use strict";
// The answers to a click: an event with its sources, or who held a spot and since when.
(function (frontline) {
  const { el, dateText, dayText, KINDS, sourceNode } = frontline;
  const NEAR = 12; // pixels within which a click means an event or a place

  const ABOUT = { day: dayText, part: (seconds) => `${dayText(seconds)}, about ${dateText(seconds).slice(-9)}` };

  // When an event was, no finer than its source says.
  function eventDates(event) {
    const text = ABOUT[event.precision] || dateText;
    const from = text(event.from);
    // A day ends before the next one.
    const to = event.to === undefined ? from : text(event.to - (text === dayText ? 1 : 0));
    return from === to ? from : `${from} to ${to}`;
  }

  function eventPopup(model, event) {
    const box = el("div", { class: "fl-popup" }, el("p", { class: "fl-kind", text: event.kind }),
      el("h2", { text: event.title || event.kind }));
    if (event.from !== undefined) box.append(el("p", { class: "fl-soft", text: eventDates(event) }));
    if (event.locality) box.append(el("p", { text: "Place as stated: \u201c" + event.locality + "\u201d" }));
    if (event.note) box.append(el("p", { text: event.note }));
    for (const cited of event.sources || []) {
      box.append(el("p", { class: "fl-cite" }, "Source: ", sourceNode(model, cited)));
    }
    return box;
  }

  // Without a state a spot is outside of all cells: of the theatre, or of what the maps draw.
  function stateText(model, state) {
    if (state < 0) {
      const { beyond } = model;
      if (beyond === undefined) return "Outside the area of this map";
      return beyond < 0 ? "Nobody: no map draws this spot" : model.actors[beyond]?.label || model.rest;
    }
    const [actor, kind] = model.states[state];
    if (kind === "no_data") return "No data";
    if (actor < 0) return "Contested";
    const text = model.actors[actor].label;
    return kind === "held" ? text : `${text} (${KINDS[kind]})`;
  }

  const shortText = (seconds) => (seconds % 86400 ? dateText : dayText)(seconds);

  // When what a frame shows began. After days without a map nobody knows on which of them.
  function changeText(model, frame) {
    const now = model.times[frame];
    const gap = (model.gaps || []).findIndex(([, to]) => model.times[frame - 1] < to && to <= now);
    if (gap < 0) return dateText(now);
    return `a day between ${shortText(model.before_gaps[gap])} and ${shortText(now)}`;
  }

  function sinceText(model, frame, said) {
    if (frame) return "since " + changeText(model, frame);
    const first = model.times[0];
    const early = (rows) => rows.findLast((row) => row.from <= first)?.from < first;
    const before = said?.sequence ? said.sequences.every(early) : early(model.statements?.maps || []);
    return before ? "since before " + dateText(first) : `at least since ${dateText(first)}, the first date shown`;
  }

  // Who held a spot: on the date shown and since when, before and after, and who says so.
  function spotPart(model, frame, states, said, title) {
    const same = (a, b) => stateText(model, a) === stateText(model, b);
    const spells = [];
    states.forEach(function (state, f) {
      if (!f || !same(state, states[f - 1])) spells.push({ state: state, from: f });
    });
    const now = model.times[frame];
    const index = spells.findLastIndex((spell) => spell.from <= frame);
    const soft = (text) => el("p", { class: "fl-soft", text: text });
    const date = (model.times.some((seconds) => seconds % 86400) ? dateText : dayText)(now);
    const box = el("section", {}, title ? el("p", { class: "fl-kind", text: title }) : null,
      soft(`On ${date}:`), el("p", { class: "fl-holder", text: stateText(model, states[frame]) }));
    const shown = model.states[states[frame]];
    if (shown && shown[2] && shown[1] !== "claimed") box.append(soft("Basis: " + shown[2]));
    if (shown) box.append(soft(sinceText(model, spells[index].from, said)));
    if (said) {
      const source = frontline.sourceNow(model, said, now);
      if (source) box.append(source);
      // The statements tell the exact instants, so they stand instead of the frames.
      const text = (state) => stateText(model, state);
      box.append(frontline.statementsNode(model, said, now, text));
    }
    if (spells.length > 1 && !said?.sequence) {
      const list = el("ol", { class: "fl-spells" });
      spells.forEach(function (spell, i) {
        const when = spell.from ? changeText(model, spell.from) : "at first";
        list.append(el("li", { class: i === index ? "fl-now" : "" },
          el("span", { class: "fl-soft", text: when + " " }), stateText(model, spell.state)));
      });
      box.append(list);
    }
    box.append(frontline.mapNode(model, now) || "");
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

  // All layers of ours on one map answer together: `members`, and what is `open`.
  function talkOf(map) {
    return (map.frontlineTalk ||= { members: new Set(), open: null });
  }

  // Answers clicks on the map, and keeps the open answer true when the date moves. Returns the
  // handler; its `at` answers for any spot: options are place, focus, and closed, a function.
  function answering(model, layer, clock) {
    const pixelOf = (spot) => layer._map.latLngToContainerPoint(spot);
    const frameAt = (spot) => layer.frameAt(pixelOf(spot));
    const spotOf = (event) => L.latLng(event.at[1], event.at[0]);
    const member = {
      model: model,
      frameAt: frameAt,
      // Of each event its place, its words, and whether it is still shown.
      events: (pixel) => near(layer, pixel, layer.eventsNow(layer.frameAt(pixel)), spotOf).map((event) => ({
        at: spotOf(event), node: eventPopup(model, event),
        shown: () => layer.eventsNow(frameAt(spotOf(event))).includes(event),
      })),
      // Only what a reader sees there can be meant.
      place: (pixel) => near(layer, pixel, layer.named, (place) => [place[2], place[1]])[0],
      part: function (where, title) {
        const states = model.statesAt(frontline.worldX(where.lng), frontline.worldY(where.lat));
        const said = frontline.sayAt(model, where.lng, where.lat, states);
        return () => spotPart(model, frameAt(where), states, said, title);
      },
    };
    const again = function (changed) {
      const { open } = (layer._map && talkOf(layer._map)) || {};
      if (open?.popup.isOpen()) open.again(changed);
    };
    const moved = () => again();
    clock.onChange(moved);
    layer.on("redraw", moved);
    document.addEventListener("units", again);
    document.addEventListener("language", again);
    layer.on("add", () => talkOf(layer._map).members.add(member));
    layer.on("remove", function () {
      const talk = talkOf(layer._map);
      talk.members.delete(member);
      talk.open?.popup.close();
    });

    function at(spot, options) {
      const map = layer._map;
      const talk = talkOf(map);
      const members = [...talk.members];
      const pixel = pixelOf(spot);
      const events = options.place ? [] : members.flatMap((each) => each.events(pixel));
      if (events.length) {
        // Several reports may stand on one spot: all of them can be read.
        const content = el("div", { class: "fl-popups" }, ...events.map((event) => event.node));
        const popup = popupOn(map, events[0].at, content, options);
        talk.open = { popup: popup, again: () => events.some((event) => event.shown()) || popup.close() };
        return;
      }
      const place = options.place || members.map((each) => each.place(pixel)).find(Boolean);
      const where = place ? L.latLng(place[2], place[1]) : spot;
      const parts = members.map((each) => each.part(where, members.length > 1 && each.model.meta.title));
      const write = () => el("div", { class: "fl-popup" }, place ? el("h2", {}, frontline.nameNode(place, true)) : null,
        ...parts.map((part) => part()), frontline.describeNode(model, where.lng, where.lat));
      const frames = () => members.map((each) => each.frameAt(where)).join();
      let written = frames();
      const popup = popupOn(map, where, write(), options);
      const again = function (changed) {
        if (!changed && written === frames()) return;
        written = frames();
        rewrite(popup, write());
      };
      talk.open = { popup: popup, again: again };
    }

    const answer = function (click) {
      if (click.answered || layer._map.measuring) return;
      click.answered = true; // for all layers
      at(click.latlng, {});
    };
    answer.at = at;
    return answer;
  }

  frontline.answering = answering;
})((window.frontlineMaps = window.frontlineMaps || {}));
