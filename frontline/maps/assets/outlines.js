"use strict";
// The outlines of a frame as paths: each group's area, and the lines between groups by kind.
// Lines are projected once per zoom when they are first needed; points that nobody could see moved
// are left out, and a line outside of the view becomes a straight step in its area's ring.
(function (frontline) {
  const UNSURE = new Set(["claimed", "infiltration"]); // their border is no confirmed front
  const KINDS = ["front", "unsure", "outside", "faint"];
  const MOST = 400; // lines that come or go from one frame to another: beyond, all is drawn anew
  const REACH = 6; // pixels that a line reaches beyond its points, and a skipped point beside it
  const UNSEEN = 0.4; // pixels by which a line may be drawn beside its place
  const KEPT = 400000; // points of the paths that are kept for the current view

  class Outlines {
    constructor(model, ref) {
      const { length, world, offset, nodes } = model.arcs;
      this.model = model;
      this.ref = ref;
      this.pixels = new Float32Array(world.length);
      this.filled = new Int32Array(length); // how many numbers of pixels a line has at this zoom
      this.inView = new Uint8Array(length);
      this.near = new Uint8Array(length);
      this.drawn = this.inView; // the lines of which all points are drawn
      this.boxes = new Float64Array(4 * length);
      for (let a = 0; a < length; a++) {
        let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
        for (let i = offset[a]; i < offset[a + 1]; i += 2) {
          west = Math.min(west, world[i]);
          east = Math.max(east, world[i]);
          north = Math.min(north, world[i + 1]);
          south = Math.max(south, world[i + 1]);
        }
        this.boxes.set([west, north, east, south], 4 * a);
      }
      this.paths = new Map();
      // For joining: at each node the first free end of a line, then the next one at each end.
      this.first = new Int32Array(nodes).fill(-1);
      this.next = new Int32Array(2 * length);
      this.used = new Uint8Array(length);
      // Of the frame that is built: the lines between two groups; those round all groups, one group
      // after the other, and where those of each begin.
      this.border = new Int32Array(length);
      this.borders = 0; // how many lines divide two groups
      this.gathered = -1; // which frame that is
      this.members = new Int32Array(2 * length);
      this.start = new Int32Array(model.groups.length + 1);
      this._groups(model);
      this._frames(model);
    }

    _groups(model) {
      const size = model.groups.length + 1;
      this.groupOf = Int16Array.from([-1, ...model.ofState]); // by state + 1, outside first
      this.kinds = new Int8Array(size * size).fill(-1);
      for (let left = -1; left < size - 1; left++) {
        for (let right = -1; right < size - 1; right++) {
          if (left === right) continue;
          this.kinds[(left + 1) * size + right + 1] = KINDS.indexOf(lineKind(model, left, right));
        }
      }
    }

    // A frame in which no line comes or goes is as the one before.
    _frames(model) {
      const { first, end } = model.arcs.run;
      const moved = new Uint8Array(model.times.length + 1);
      for (let r = 0; r < first.length; r++) moved[first[r]] = moved[end[r]] = 1;
      this.alike = new Int32Array(model.times.length);
      for (let f = 1; f < this.alike.length; f++) this.alike[f] = moved[f] ? f : this.alike[f - 1];
    }

    // The view: pixels of the whole world, and the box that is drawn: left, top, right, bottom in
    // pixels from the reference point.
    look(scale, box) {
      if (scale !== this.scale) this.filled.fill(0);
      this.scale = scale;
      const [rx, ry] = this.ref;
      const [west, north, east, south] = [box[0] / scale + rx, box[1] / scale + ry, box[2] / scale + rx, box[3] / scale + ry];
      const boxes = this.boxes;
      let changed = false;
      for (let a = 0, b = 0; b < boxes.length; a++, b += 4) {
        const seen = boxes[b] <= east && boxes[b + 2] >= west && boxes[b + 1] <= south && boxes[b + 3] >= north ? 1 : 0;
        if (seen !== this.inView[a]) changed = true;
        this.inView[a] = seen;
      }
      if (changed || this.drawnAt !== scale) this.forget();
      this.drawnAt = scale;
    }

    forget() {
      this.paths.clear();
      this.points = 0;
    }

    // Pixels of a line, counted from the reference point.
    line(a) {
      const { world, offset } = this.model.arcs;
      const from = offset[a];
      if (!this.filled[a]) {
        this.filled[a] = project(world, from, offset[a + 1], this.ref, this.scale, this.pixels);
      }
      return this.pixels.subarray(from, from + this.filled[a]);
    }

    // Add a line to a path; all of it, or only a straight step where it is out of view.
    trace(path, a, backwards, fresh) {
      const px = this.pixels;
      if (!this.filled[a]) this.line(a);
      const from = this.model.arcs.offset[a];
      const last = from + this.filled[a] - 2;
      const by = this.drawn[a] ? 2 : last - from || 2;
      this.added += this.drawn[a] ? (last - from) / 2 : 1;
      if (backwards) {
        if (fresh) path.moveTo(px[last], px[last + 1]);
        for (let i = last - by; i >= from; i -= by) path.lineTo(px[i], px[i + 1]);
      } else {
        if (fresh) path.moveTo(px[from], px[from + 1]);
        for (let i = from + by; i <= last; i += by) path.lineTo(px[i], px[i + 1]);
      }
    }

    // The paths of a frame: front, unsure, outside, faint, and groups.
    frame(asked) {
      const frame = this.alike[asked];
      const kept = this.paths.get(frame);
      if (kept) return kept;
      this.drawn = this.inView;
      const out = this.build(frame);
      while (this.points + this.added > KEPT && this.paths.size) {
        const [oldest, { points }] = this.paths.entries().next().value;
        this.paths.delete(oldest);
        this.points -= points;
      }
      this.points += out.points = this.added;
      this.paths.set(frame, out);
      return out;
    }

    // The same, true within some boxes only.
    frameWithin(asked, boxes) {
      const frame = this.alike[asked];
      if (this.paths.has(frame)) return this.paths.get(frame);
      const { model, near, inView, boxes: all, scale } = this;
      // A line beside a box reaches into it by its width.
      const world = boxes.map((box) =>
        box.map((pixel, k) => (pixel + (k < 2 ? -REACH : REACH)) / scale + this.ref[k & 1]));
      model.sides(frame);
      for (let k = 0; k < model.living; k++) {
        const a = model.alive[k];
        near[a] = 0;
        if (!inView[a]) continue;
        const b = 4 * a;
        for (let n = 0; n < world.length && !near[a]; n++) {
          const box = world[n];
          if (all[b] < box[2] && all[b + 2] > box[0] && all[b + 1] < box[3] && all[b + 3] > box[1]) near[a] = 1;
        }
      }
      this.drawn = near;
      return this.build(frame);
    }

    // Per group the path of its area, or null; per kind that of its lines, if there are any.
    build(frame) {
      const { model, members, start } = this;
      this.added = 0;
      this.gather(frame);
      const out = {
        groups: model.groups.map((_, g) =>
          start[g] < start[g + 1] ? this.stitch(members.subarray(start[g], start[g + 1])) : null),
      };
      const dashed = [];
      for (let i = 0; i < this.borders; i++) {
        const a = this.border[i];
        const kind = KINDS[this.kindOf(this.leftOf(a), this.rightOf(a))];
        if (kind === "unsure") dashed.push(a);
        else if (this.drawn[a]) this.trace((out[kind] ??= new Path2D()), a, false, true);
      }
      if (dashed.length) out.unsure = this.chains(dashed);
      return out;
    }

    // The front of a frame, every line of it once: to be dotted.
    front(frame) {
      this.drawn = this.inView;
      return this.chains(this.lines(frame, "front"));
    }

    // The numbers of the lines of a kind in a frame.
    lines(frame, kind) {
      const wanted = KINDS.indexOf(kind);
      if (!this.kinds.includes(wanted)) return []; // no two groups have such a border
      this.gather(frame);
      return Array.from(this.border.subarray(0, this.borders)).filter(
        (a) => this.kindOf(this.leftOf(a), this.rightOf(a)) === wanted);
    }

    // Join lines end to end, so that dashes run on where one line is shorter than a dash. Where
    // nothing changed a chain begins and runs as before.
    chains(lines) {
      const { from, to } = this.model.arcs;
      const list = lines.sort((a, b) => a - b);
      const at = new Map(); // node -> places in the list
      list.forEach(function (a, i) {
        for (const node of [from[a], to[a]]) {
          if (at.has(node)) at.get(node).push(i);
          else at.set(node, [i]);
        }
      });
      const used = new Uint8Array(list.length);
      // The lines that follow from a node on, each with whether it runs backwards.
      const follow = function (node) {
        const out = [];
        for (;;) {
          const i = at.get(node).find((each) => !used[each]);
          if (i === undefined) return out;
          used[i] = 1;
          const backwards = from[list[i]] !== node;
          out.push([list[i], backwards]);
          node = backwards ? from[list[i]] : to[list[i]];
        }
      };
      const path = new Path2D();
      list.forEach((a, i) => {
        if (used[i]) return;
        used[i] = 1;
        const after = follow(to[a]);
        const before = follow(from[a]).reverse().map(([line, backwards]) => [line, !backwards]);
        [...before, [a, false], ...after].forEach(([line, backwards], k) => this.trace(path, line, backwards, k === 0));
      });
      return path;
    }

    // The group on a line's left and on its right in the frame that is built: -1 outside.
    leftOf(a) {
      return this.groupOf[this.model.left[a] + 1];
    }

    rightOf(a) {
      return this.groupOf[this.model.right[a] + 1];
    }

    kindOf(left, right) {
      return this.kinds[(left + 1) * (this.model.groups.length + 1) + right + 1];
    }

    // Find the lines between two groups, and sort them by the groups that they go round.
    gather(asked) {
      const { model, start, members, border } = this;
      const frame = this.alike[asked];
      model.sides(frame);
      if (this.gathered === frame) return;
      this.gathered = frame;
      start.fill(0);
      let count = 0;
      for (let k = 0; k < model.living; k++) {
        const a = model.alive[k];
        const [left, right] = [this.leftOf(a), this.rightOf(a)];
        if (left === right) continue;
        border[count++] = a;
        if (left >= 0) start[left]++;
        if (right >= 0) start[right]++;
      }
      this.borders = count;
      for (let g = 1; g < start.length; g++) start[g] += start[g - 1];
      // Filled from behind, so that every start ends where its group begins.
      for (let i = 0; i < count; i++) {
        const a = border[i];
        const [left, right] = [this.leftOf(a), this.rightOf(a)];
        if (left >= 0) members[--start[left]] = a;
        if (right >= 0) members[--start[right]] = a;
      }
    }

    // The lines that are in one of two frames only; null if they are too many.
    changing(early, late) {
      const { arc, first, end, begun, ended } = this.model.arcs.run;
      const out = [];
      for (let k = begun.offset[early + 1]; k < begun.offset[late + 1]; k++) {
        const r = begun.runs[k];
        if (end[r] > late && out.push(arc[r]) > MOST) return null;
      }
      for (let k = ended.offset[early + 1]; k < ended.offset[late + 1]; k++) {
        const r = ended.runs[k];
        if (first[r] <= early && out.push(arc[r]) > MOST) return null;
      }
      return out;
    }

    // The boxes outside of which two frames look alike; null if that is hardly anywhere. What
    // differs between two outlines is enclosed by lines that come or go and hang together, so the
    // boxes are theirs, together.
    between(one, two) {
      const { from, to } = this.model.arcs;
      const changed = this.changing(Math.min(one, two), Math.max(one, two));
      if (!changed) return null;
      const parent = changed.map((_, k) => k);
      const root = function (k) {
        while (parent[k] !== k) k = parent[k] = parent[parent[k]];
        return k;
      };
      const owner = new Map();
      changed.forEach(function (a, k) {
        for (const node of [from[a], to[a]]) {
          if (owner.has(node)) parent[root(k)] = root(owner.get(node));
          else owner.set(node, k);
        }
      });
      const found = new Map(); // in world units
      const all = this.boxes;
      changed.forEach(function (a, k) {
        const top = root(k);
        const b = 4 * a;
        const box = found.get(top);
        if (!box) {
          found.set(top, [all[b], all[b + 1], all[b + 2], all[b + 3]]);
          return;
        }
        if (all[b] < box[0]) box[0] = all[b];
        if (all[b + 1] < box[1]) box[1] = all[b + 1];
        if (all[b + 2] > box[2]) box[2] = all[b + 2];
        if (all[b + 3] > box[3]) box[3] = all[b + 3];
      });
      return [...found.values()].map((box) =>
        box.map((at, k) => (at - this.ref[k & 1]) * this.scale + (k < 2 ? -REACH : REACH)));
    }

    // Join lines end to end into closed rings. Which of several is taken at a crossing does not
    // matter: the even-odd fill is the same.
    stitch(list) {
      const { from, to } = this.model.arcs;
      const { first, next, used } = this;
      for (let i = 0; i < list.length; i++) {
        used[i] = 0;
        next[2 * i] = first[from[list[i]]];
        first[from[list[i]]] = 2 * i;
        next[2 * i + 1] = first[to[list[i]]];
        first[to[list[i]]] = 2 * i + 1;
      }
      const path = new Path2D();
      for (let i = 0; i < list.length; i++) {
        if (used[i]) continue;
        let end = 2 * i;
        let fresh = true;
        while (end >= 0) {
          const a = list[end >> 1];
          used[end >> 1] = 1;
          this.trace(path, a, (end & 1) === 1, fresh);
          fresh = false;
          end = first[end & 1 ? from[a] : to[a]];
          while (end >= 0 && used[end >> 1]) end = next[end];
        }
        path.closePath();
      }
      for (const a of list) first[from[a]] = first[to[a]] = -1;
      return path;
    }
  }

  // How a line between two groups is drawn: as the history counts its front. Without an outline
  // land goes on beyond all cells, and their outer border is front as well.
  function lineKind(model, left, right) {
    const { beyond, against_nobody, groups } = model;
    const edge = left < 0 || right < 0;
    if (edge && beyond === undefined) return "outside";
    const sides = [left, right].map((g) => (g < 0 ? { actor: beyond } : groups[g]));
    const [a, b] = sides.map((side) => side.actor);
    if (a === b || ((a < 0 || b < 0) && !against_nobody)) return edge ? "outside" : "faint";
    return sides.some((side) => UNSURE.has(side.kind)) ? "unsure" : "front";
  }

  // Write the pixels of world coordinates into out from the same place on; returns how many numbers.
  // The line drawn leaves the true one nowhere by more than UNSEEN.
  function project(world, from, until, ref, scale, out) {
    for (let i = from; i < until; i += 2) {
      out[i] = (world[i] - ref[0]) * scale;
      out[i + 1] = (world[i + 1] - ref[1]) * scale;
    }
    return until - from > 4 ? thin(out, from, until) : until - from;
  }

  let keep = new Uint8Array(1024);

  // Douglas and Peucker (1973): of a stretch the point farthest from the chord stays if it is far
  // enough, and divides it. What stays moves to the front; returns how many numbers.
  function thin(px, from, until) {
    const count = (until - from) / 2;
    if (keep.length < count) keep = new Uint8Array(2 * count);
    keep.fill(0, 0, count);
    keep[0] = keep[count - 1] = 1;
    const open = [0, count - 1];
    while (open.length) {
      const [last, first] = [open.pop(), open.pop()];
      if (last - first < 2) continue;
      const [a, b] = [from + 2 * first, from + 2 * last];
      const [x, y] = [px[a], px[a + 1]];
      const [dx, dy] = [px[b] - x, px[b + 1] - y];
      const square = dx * dx + dy * dy;
      let [most, at] = [UNSEEN * UNSEEN, -1];
      for (let k = first + 1, i = a + 2; k < last; k++, i += 2) {
        const [ex, ey] = [px[i] - x, px[i + 1] - y];
        const t = square ? Math.max(0, Math.min(1, (ex * dx + ey * dy) / square)) : 0;
        const [fx, fy] = [ex - t * dx, ey - t * dy];
        const off = fx * fx + fy * fy;
        if (off > most) [most, at] = [off, k];
      }
      if (at < 0) continue;
      keep[at] = 1;
      open.push(first, at, at, last);
    }
    let end = from;
    for (let k = 0, i = from; k < count; k++, i += 2) {
      if (!keep[k]) continue;
      px[end++] = px[i];
      px[end++] = px[i + 1];
    }
    return end - from;
  }

  Object.assign(frontline, { Outlines, lineKind, project });
})((window.frontlineMaps = window.frontlineMaps || {}));
