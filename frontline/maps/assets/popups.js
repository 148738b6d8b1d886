"use strict";
// The popups: an event with its sources, or who held a spot and since when.
(function (frontline) {
  const { el, dateText, KINDS, sourceNode } = frontline;

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

  Object.assign(frontline, { eventPopup, spotPopup });
})((window.frontlineMaps = window.frontlineMaps || {}));
