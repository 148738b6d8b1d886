"use strict";
// The clock of a map: which frame is shown, playing and stopping, keys, and the time panel.
(function (frontline) {
  const { el, dateText, dateWords, shortDay } = frontline;
  const SPEEDS = [["slow", 2], ["normal", 5], ["fast", 12], ["very fast", 30]];

  class Clock {
    constructor(times) {
      this.times = times;
      this.frame = 0;
      this.playing = false;
      this.rate = 5;
      this.listeners = [];
    }

    onChange(listener) {
      this.listeners.push(listener);
    }

    tell() {
      for (const listener of this.listeners) listener(this.frame, this.playing);
    }

    go(frame) {
      const held = Math.max(0, Math.min(Math.round(frame), this.times.length - 1));
      if (held === this.frame) return;
      this.frame = held;
      this.tell();
    }

    // By a day: to the last frame that is no later than a day on (or back).
    day(direction) {
      const target = this.times[this.frame] + direction * 86400;
      let frame = this.frame + direction;
      while (direction > 0 && frame + 1 < this.times.length && this.times[frame + 1] <= target) {
        frame++;
      }
      while (direction < 0 && frame > 0 && this.times[frame - 1] >= target) frame--;
      this.go(frame);
    }

    toggle() {
      if (this.playing) {
        this.stop();
        return;
      }
      if (this.frame === this.times.length - 1) this.go(0);
      this.playing = true;
      this.due = performance.now() + 1000 / this.rate;
      this.tell();
      requestAnimationFrame((now) => this.tick(now));
    }

    stop() {
      if (!this.playing) return;
      this.playing = false;
      this.tell();
    }

    tick(now) {
      if (!this.playing) return;
      if (now >= this.due) {
        this.due = Math.max(this.due + 1000 / this.rate, now);
        if (this.frame >= this.times.length - 1) {
          this.stop();
          return;
        }
        this.go(this.frame + 1);
      }
      requestAnimationFrame((later) => this.tick(later));
    }

    // Returns whether the key meant something.
    key(name) {
      const moves = {
        ArrowLeft: () => this.go(this.frame - 1),
        ArrowDown: () => this.go(this.frame - 1),
        ArrowRight: () => this.go(this.frame + 1),
        ArrowUp: () => this.go(this.frame + 1),
        PageUp: () => this.day(1),
        PageDown: () => this.day(-1),
        Home: () => this.go(0),
        End: () => this.go(this.times.length - 1),
      };
      if (name === " ") this.toggle();
      else if (moves[name]) {
        this.stop();
        moves[name]();
      } else return false;
      return true;
    }
  }

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  const ICONS = {
    play: "M7 4.5v15l12.5-7.5z",
    pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
    back: "M16.5 5v14L8.5 12zM5.5 5h2.4v14H5.5z",
    on: "M7.5 5v14l8-7zM16.1 5h2.4v14h-2.4z",
  };

  function button(name, label, action) {
    const node = el("button", { class: "fl-button fl-" + name, type: "button" }, icon(ICONS[name]));
    node.setAttribute("aria-label", label);
    node.title = label;
    node.addEventListener("click", action);
    return node;
  }

  // Under the slider: a bar for every frame in which land changed hands, and the days.
  // Drawn once per width, not per step.
  function drawTrack(canvas, model) {
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const times = model.times;
    const inset = 9; // half of the slider's knob
    const last = Math.max(times.length - 1, 1);
    const xOf = (f) => inset + (f / last) * (width - 2 * inset);
    const style = getComputedStyle(canvas);
    const sums = new Float64Array(times.length);
    for (const change of model.changes) {
      const shown = model.times.findIndex((seconds) => seconds >= change.when);
      sums[shown] += change.km2; // in the first frame that shows it
    }
    const top = Math.max(...sums, 1e-9);
    const wide = Math.max(1.5, Math.min(6, ((width - 2 * inset) / last) * 0.7));
    ctx.fillStyle = style.getPropertyValue("--fl-bars");
    sums.forEach(function (km2, f) {
      if (!km2) return;
      const tall = Math.max(2, Math.sqrt(km2 / top) * 16);
      ctx.fillRect(xOf(f) - wide / 2, 18 - tall, wide, tall);
    });
    ctx.font = `11px ${frontline.FONT}`;
    ctx.fillStyle = ctx.strokeStyle = style.getPropertyValue("--fl-soft");
    ctx.textBaseline = "top";
    let free = -1;
    const midnights = Array.from(times).flatMap((seconds, f) => (seconds % 86400 === 0 ? [f] : []));
    const write = function (f, before) {
      const text = shortDay(times[f]);
      const wide = ctx.measureText(text).width;
      const left = Math.max(0, Math.min(xOf(f) - wide / 2, width - wide));
      if (left < free || left + wide > before) return before;
      ctx.fillText(text, left, 24);
      if (before === Infinity) return left - 8;
      free = left + wide + 8;
      return before;
    };
    // The last day first: it is never crowded out.
    const before = midnights.length ? write(midnights.at(-1), Infinity) : Infinity;
    for (const f of midnights) {
      ctx.fillRect(xOf(f) - 0.5, 19, 1, 3);
      if (f !== midnights.at(-1)) write(f, before);
    }
  }

  // The panel: buttons, the date, the slider. Returns its element.
  function timePanel(model, clock) {
    const last = clock.times.length - 1;
    const play = button("play", "Play", () => clock.toggle());
    const step = (by) => () => {
      clock.stop();
      clock.go(clock.frame + by);
    };
    const date = el("time", { class: "fl-date" });
    const slider = el("input", {
      type: "range", class: "fl-slider", min: "0", max: String(last), step: "1", value: "0",
    });
    slider.setAttribute("aria-label", "Date");
    slider.addEventListener("input", function () {
      clock.stop();
      clock.go(Number(slider.value));
    });
    const speed = el("select", { class: "fl-speed" });
    for (const [name, rate] of SPEEDS) speed.append(el("option", { value: String(rate), text: name }));
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    clock.rate = calm ? SPEEDS[0][1] : SPEEDS[1][1];
    speed.value = String(clock.rate);
    speed.addEventListener("change", () => (clock.rate = Number(speed.value)));
    const track = el("canvas", { class: "fl-track" });
    track.setAttribute("aria-hidden", "true");
    const panel = el("section", { class: "fl-time" },
      el("div", { class: "fl-buttons" },
        button("back", "One step back", step(-1)), play, button("on", "One step on", step(1))),
      date,
      el("label", { class: "fl-speed-label" }, el("span", { text: "Speed" }), speed),
      el("div", { class: "fl-sliding" }, slider, track),
    );
    panel.setAttribute("aria-label", "Time");
    panel.addEventListener("keydown", function (event) {
      const onButton = event.target.closest("button, select");
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (onButton && (event.key === " " || onButton.tagName === "SELECT")) return;
      if (clock.key(event.key)) event.preventDefault();
    });
    clock.onChange(function (frame, playing) {
      slider.value = String(frame);
      slider.setAttribute("aria-valuetext", dateWords(clock.times[frame]));
      date.textContent = dateText(clock.times[frame]);
      date.dateTime = new Date(clock.times[frame] * 1000).toISOString();
      const label = playing ? "Pause" : "Play";
      if (play.title !== label) {
        play.title = label;
        play.setAttribute("aria-label", label);
        play.firstChild.firstChild.setAttribute("d", playing ? ICONS.pause : ICONS.play);
      }
    });
    track.redraw = () => drawTrack(track, model);
    new ResizeObserver(track.redraw).observe(track);
    return panel;
  }

  Object.assign(frontline, { Clock, timePanel });
})((window.frontlineMaps = window.frontlineMaps || {}));
