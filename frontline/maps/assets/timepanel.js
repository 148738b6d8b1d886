"use strict";
// The time panel: buttons, the date, and the slider on its chart.
(function (frontline) {
  const { el, dateText, dateWords } = frontline;
  const SPEEDS = [["slow", 2], ["normal", 5], ["fast", 12], ["very fast", 30]];
  const ICONS = {
    play: "M7 4.5v15l12.5-7.5z",
    pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
    back: "M16.5 5v14L8.5 12zM5.5 5h2.4v14H5.5z",
    on: "M7.5 5v14l8-7zM16.1 5h2.4v14h-2.4z",
    loop: "M7 7h10v3l4.5-4L17 2v3H5v6h2zM17 17H7v-3l-4.5 4L7 22v-3h12v-6h-2z",
    link: "M4 12a3 3 0 0 1 3-3h4V7H7a5 5 0 0 0 0 10h4v-2H7a3 3 0 0 1-3-3zM8 13h8v-2H8zM17 7h-4v2h4a3 3 0 0 1 0 6h-4v2h4a5 5 0 0 0 0-10z",
  };

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  function iconButton(name, label, action) {
    const node = el("button", { class: "fl-button fl-" + name, type: "button" }, icon(ICONS[name]));
    node.setAttribute("aria-label", label);
    node.title = label;
    node.addEventListener("click", action);
    return node;
  }

  function loopButton(clock) {
    const node = iconButton("loop", "Play in a loop", function () {
      clock.loop = !clock.loop;
      node.setAttribute("aria-pressed", String(clock.loop));
    });
    node.setAttribute("aria-pressed", "false");
    return node;
  }

  function speedChoice(clock) {
    const speed = el("select", { class: "fl-speed" });
    for (const [name, rate] of SPEEDS) speed.append(el("option", { value: String(rate), text: name }));
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    clock.rate = calm ? SPEEDS[0][1] : SPEEDS[1][1];
    speed.value = String(clock.rate);
    speed.addEventListener("change", () => (clock.rate = Number(speed.value)));
    return el("label", { class: "fl-speed-label" }, el("span", { text: "Speed" }), speed);
  }

  function slide(clock) {
    const slider = el("input", {
      type: "range", class: "fl-slider", min: "0", max: String(clock.last), step: "1", value: "0",
    });
    slider.setAttribute("aria-label", "Date");
    slider.addEventListener("input", function () {
      clock.stop();
      clock.go(Number(slider.value));
    });
    return slider;
  }

  function onKeys(panel, clock) {
    panel.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const other = event.target.closest("button, select, input:not(.fl-slider)");
      if (other && (event.key === " " || other.tagName !== "BUTTON")) return;
      if (clock.key(event.key)) event.preventDefault();
    });
  }

  // Returns its element. `more` stands at the end of the first row.
  function timePanel(model, clock, ...more) {
    const play = iconButton("play", "Play", () => clock.toggle());
    const step = (by) => () => {
      clock.stop();
      clock.go(clock.frame + by);
    };
    const date = el("time", { class: "fl-date" });
    const gap = el("span", { class: "fl-gap" });
    const [writeDate, writeGap] = [date, gap].map(frontline.writer);
    const slider = slide(clock);
    const panel = el("section", { class: "fl-time" },
      el("div", { class: "fl-buttons" }, iconButton("back", "One step back", step(-1)), play,
        iconButton("on", "One step on", step(1)), loopButton(clock)),
      el("div", { class: "fl-dated" + (model.gaps?.length ? " fl-gappy" : "") }, date, gap),
      el("div", { class: "fl-settings" }, speedChoice(clock), ...more),
      el("div", { class: "fl-sliding" }, frontline.track(model), slider),
    );
    panel.setAttribute("aria-label", "Time");
    onKeys(panel, clock);
    clock.onChange(function (frame, playing) {
      const seconds = clock.times[frame];
      const note = frontline.gapNote(model, frame);
      slider.value = String(frame);
      slider.setAttribute("aria-valuetext", dateWords(seconds) + (note && ": " + note));
      writeDate(dateText(seconds));
      date.dateTime = new Date(seconds * 1000).toISOString();
      writeGap(note);
      const label = playing ? "Pause" : "Play";
      if (play.title !== label) {
        play.title = label;
        play.setAttribute("aria-label", label);
        play.firstChild.firstChild.setAttribute("d", playing ? ICONS.pause : ICONS.play);
      }
    });
    return panel;
  }

  Object.assign(frontline, { timePanel, iconButton });
})((window.frontlineMaps = window.frontlineMaps || {}));
