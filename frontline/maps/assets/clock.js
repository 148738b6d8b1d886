"use strict";
// The clock of a map: which frame is shown, playing and stopping, and what the keys mean.
(function (frontline) {
  const DAY = 86400;
  const REST = 800; // milliseconds at the last frame before a loop begins anew

  class Clock {
    constructor(times) {
      this.times = times;
      this.last = times.length - 1;
      this.frame = 0;
      this.playing = false;
      this.loop = false;
      this.rate = 5;
      this.listeners = [];
      // What the page keys move by: a day, a week where frames are days, more where they are rare.
      const step = (times[this.last] - times[0]) / Math.max(this.last, 1);
      this.leap = step < 0.9 * DAY ? DAY : Math.max(7 * DAY, 4 * step);
    }

    onChange(listener) {
      this.listeners.push(listener);
    }

    tell() {
      for (const listener of this.listeners) listener(this.frame, this.playing);
    }

    go(frame) {
      const held = Math.max(0, Math.min(Math.round(frame), this.last));
      if (held === this.frame) return;
      this.frame = held;
      this.tell();
    }

    // To the last frame that is no later than a leap on (or no earlier than one back).
    jump(direction) {
      const target = this.times[this.frame] + direction * this.leap;
      let frame = this.frame + direction;
      while (direction > 0 && frame < this.last && this.times[frame + 1] <= target) frame++;
      while (direction < 0 && frame > 0 && this.times[frame - 1] >= target) frame--;
      this.go(frame);
    }

    toggle() {
      if (this.playing) {
        this.stop();
        return;
      }
      if (this.frame === this.last) this.go(0);
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
        if (this.frame < this.last) this.go(this.frame + 1);
        else if (this.loop && this.last) this.go(0);
        else {
          this.stop();
          return;
        }
        if (this.frame === this.last && this.loop) this.due += REST;
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
        PageUp: () => this.jump(1),
        PageDown: () => this.jump(-1),
        Home: () => this.go(0),
        End: () => this.go(this.last),
      };
      if (name === " ") this.toggle();
      else if (Object.hasOwn(moves, name)) {
        this.stop();
        moves[name]();
      } else return false;
      return true;
    }
  }

  frontline.Clock = Clock;
})((window.frontlineMaps = window.frontlineMaps || {}));
