"use strict";
// The lines of a map, decoded and kept in a few long arrays. How they are coded is written down in
// arccode.py: a line begins, and often ends, at a point that the frame still lacks a line at.
(function (frontline) {
  const WEIGHTS = 40; // sums of powers of two up to this one are whole numbers here

  // What the lines seen up to a frame leave open.
  class Seen {
    constructor(frames) {
      this.frames = frames;
      this.open = new Map(); // node -> what is left over
      this.later = new Map(); // frame -> lines that come or go then
      this.due = [];
      this.last = -1;
    }

    advance(frame) {
      const due = [...this.later.keys()].filter((each) => each <= frame).sort((a, b) => a - b);
      for (const when of due) {
        for (const [from, to, weight] of this.later.get(when)) {
          this.add(from, weight);
          this.add(to, -weight);
        }
        this.later.delete(when);
      }
    }

    add(node, weight) {
      const total = (this.open.get(node) || 0) + weight;
      if (total) this.open.set(node, total);
      else this.open.delete(node);
    }

    start(place) {
      const first = this.open.has(this.last);
      if (first && place === 0) return this.last;
      let left = first ? place - 1 : place;
      for (const node of this.open.keys()) {
        if (first && node === this.last) continue;
        if (left-- === 0) return node;
      }
      throw new Error("The map's data cannot be read.");
    }

    end(place, from, distance) {
      const found = [...this.open.keys()].filter((node) => node !== from);
      return found.map((node) => [distance(node), node]).sort((a, b) => a[0] - b[0])[place][1];
    }

    note(frame, entry) {
      if (frame >= this.frames) return;
      const known = this.later.get(frame);
      if (known) known.push(entry);
      else this.later.set(frame, [entry]);
    }
  }

  function weightOf(left, right) {
    return Math.pow(2, (left + 1) % WEIGHTS) - Math.pow(2, (right + 1) % WEIGHTS);
  }

  // Nodes are numbered as they are met; two lines meet where they share one.
  class Nodes {
    constructor() {
      this.ids = new Map();
      this.x = [];
      this.y = [];
    }

    at(x, y) {
      const key = x + "," + y;
      let id = this.ids.get(key);
      if (id === undefined) {
        id = this.x.push(x) - 1;
        this.y.push(y);
        this.ids.set(key, id);
      }
      return id;
    }
  }

  // The runs in the order of a frame of theirs, and where those of each frame begin in it.
  function sorted(frames, count) {
    const offset = new Int32Array(count + 2);
    for (const frame of frames) offset[frame + 1]++;
    for (let f = 0; f <= count; f++) offset[f + 1] += offset[f];
    const next = offset.slice();
    const runs = new Int32Array(frames.length);
    frames.forEach((frame, r) => (runs[next[frame]++] = r));
    return { runs, offset };
  }

  // Returns length (how many lines); world (x, y of all points, 0 to 1); offset (of each line's first point, in
  // numbers, and at last the length); from, to (nodes); nodes; and of the runs, by their first
  // frames: run.arc, .first, .end (half-open), .left, .right; .begun and .ended put them in the
  // order of these frames.
  function readArcs(reader, states, frames, perDegree) {
    const firsts = reader.many(reader.next());
    const born = reader.many(firsts.length);
    const count = born.reduce((sum, each) => sum + each, 0);
    const [starts, between, ends, again] = [0, 0, 0, 0].map(() => reader.many(count));
    const more = again.reduce((sum, each) => sum + each, 0);
    const gaps = reader.many(more);
    const lengths = reader.many(count + more);
    const sides = reader.many(count + more);
    const steps = reader.steps();

    const offset = new Int32Array(count + 1);
    for (let i = 0; i < count; i++) offset[i + 1] = offset[i] + 2 * (between[i] + 2);
    const world = new Float64Array(offset[count]);
    const [from, to] = [new Int32Array(count), new Int32Array(count)];
    const run = {};
    for (const name of ["arc", "first", "end", "left", "right"]) run[name] = new Int32Array(count + more);
    const seen = new Seen(frames);
    const nodes = new Nodes();
    let [x, y, s, r, g, w, frame, i] = [0, 0, 0, 0, 0, 0, 0, 0];
    const move = function () {
      x += steps[s++];
      y += steps[s++];
    };
    const put = function () {
      world[w++] = frontline.worldX(x / perDegree);
      world[w++] = frontline.worldY(y / perDegree);
    };
    const jump = function (node) {
      x = nodes.x[node];
      y = nodes.y[node];
    };
    const distance = (node) => Math.abs(nodes.x[node] - x) + Math.abs(nodes.y[node] - y);
    firsts.forEach(function (gap, k) {
      frame += gap;
      seen.advance(frame);
      for (let left = born[k]; left > 0; left--, i++) {
        const one = r;
        for (let end = frame, n = 0; n <= again[i]; n++, r++) {
          run.arc[r] = i;
          run.first[r] = n ? end + gaps[g++] : frame;
          run.end[r] = end = lengths[r] ? run.first[r] + lengths[r] : frames;
          run.left[r] = Math.floor(sides[r] / (states + 1)) - 1;
          run.right[r] = (sides[r] % (states + 1)) - 1;
        }
        const weight = weightOf(run.left[one], run.right[one]);
        if (starts[i] < 0) move();
        else jump(seen.start(starts[i]));
        from[i] = nodes.at(x, y);
        seen.add(from[i], weight);
        put();
        for (let n = between[i]; n > 0; n--) {
          move();
          put();
        }
        if (ends[i] === 0) jump(from[i]);
        else if (ends[i] === 1) move();
        else jump(seen.end(ends[i] - 2, from[i], distance));
        to[i] = nodes.at(x, y);
        seen.last = to[i];
        seen.add(to[i], -weight);
        put();
        for (let each = one; each < r; each++) {
          const change = weightOf(run.left[each], run.right[each]);
          if (each > one) seen.note(run.first[each], [from[i], to[i], change]);
          seen.note(run.end[each], [from[i], to[i], -change]);
        }
      }
    });
    run.begun = sorted(run.first, frames);
    run.ended = sorted(run.end, frames);
    return { length: count, world, offset, from, to, nodes: nodes.x.length, run };
  }

  frontline.readArcs = readArcs;
})((window.frontlineMaps = window.frontlineMaps || {}));
