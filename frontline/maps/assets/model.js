"use strict";
// What a payload says, ready to be asked: who held what in which frame, areas, changes, places.
(function (frontline) {
  const OUTSIDE = -1;
  const ABSENT = -2; // a line that divides nothing in this frame

  function readFrames(reader) {
    const times = new Float64Array(reader.next());
    let seconds = 0;
    for (let i = 0; i < times.length; i++) times[i] = seconds += reader.next();
    return times;
  }

  // Square kilometres by state and frame. Of the last state the sums of all are given instead.
  function readAreas(reader, states, frames) {
    const rows = Array.from({ length: states }, function () {
      const row = new Float64Array(frames);
      let hectares = 0;
      for (let f = 0; f < frames; f++) row[f] = hectares += reader.next();
      return row;
    });
    const last = rows.at(-1);
    for (const row of rows.slice(0, -1)) row.forEach((hectares, f) => (last[f] -= hectares));
    return rows.map((row) => row.map((hectares) => hectares / 100));
  }

  function readChanges(reader, times) {
    const count = reader.next();
    const [seconds, before, after, hectares] = [0, 0, 0, 0].map(() => reader.many(count));
    let when = times[0];
    return Array.from(seconds, function (gap, i) {
      return { when: (when += gap), before: before[i], after: after[i], km2: hectares[i] / 100 };
    });
  }

  // The many small places, as rows like those of the others.
  function readVillages(reader, names) {
    const steps = reader.steps();
    let [lon, lat] = [0, 0];
    return names.map(function (name, i) {
      lon += steps[2 * i];
      lat += steps[2 * i + 1];
      return [name, lon / 1e4, lat / 1e4, 0, ""];
    });
  }

  // States of one actor that look alike are drawn as one group.
  function groupStates(states) {
    const groups = [];
    const seen = new Map();
    const ofState = states.map(function (state) {
      const key = state[0] + "/" + state[1];
      if (!seen.has(key)) {
        seen.set(key, groups.length);
        groups.push({ actor: state[1] === "no_data" ? -1 : state[0], kind: state[1] });
      }
      return seen.get(key);
    });
    return { groups: groups, ofState: ofState };
  }

  class Model {
    constructor(head, reader) {
      Object.assign(this, head);
      const states = head.states.length;
      this.times = readFrames(reader);
      const frames = this.times.length;
      // In long arrays, see arcs.js; length is the number of lines.
      this.arcs = frontline.readArcs(reader, states, frames, head.per_degree);
      this.areas = readAreas(reader, states, frames);
      this.changes = readChanges(reader, this.times);
      this.base = head.layers.map(function (row) {
        return { name: row[0], closed: row[2] === 1, parts: reader.lines(row[1]) };
      });
      this.regionParts = [];
      for (let i = 0; i < head.regions; i++) this.regionParts.push(reader.lines(head.per_degree));
      const villages = readVillages(reader, head.villages);
      this.statements = frontline.readStatements(reader, this, head.places.concat(villages));
      // By name: no part of the map first.
      this.places = head.places.concat(villages.sort((a, b) => (a[0] < b[0] ? -1 : 1)));
      Object.assign(this, groupStates(head.states));
      this.left = new Int16Array(this.arcs.length).fill(ABSENT);
      this.right = new Int16Array(this.arcs.length);
      this.sidesOf = -1;
      this.alive = new Int32Array(this.arcs.length); // the lines that divide in that frame
      this.living = 0; // how many they are
    }

    // Fill this.left and this.right with the states beside every line in a frame, and this.alive.
    sides(frame) {
      if (this.sidesOf === frame) return;
      this.sidesOf = frame;
      for (let k = 0; k < this.living; k++) this.left[this.alive[k]] = ABSENT;
      this.living = 0;
      const { arc, first, end, left, right, begun, ended } = this.arcs.run;
      // Those that began by then, or those that end later: whichever are fewer.
      const [before, after] = [begun.offset[frame + 1], ended.offset[frame + 1]];
      const early = before < arc.length - after;
      const runs = early ? begun.runs : ended.runs;
      const stop = early ? before : arc.length;
      for (let k = early ? 0 : after; k < stop; k++) {
        const r = runs[k];
        if (first[r] > frame || frame >= end[r]) continue;
        this.left[arc[r]] = left[r];
        this.right[arc[r]] = right[r];
        this.alive[this.living++] = arc[r];
      }
    }

    frameAt(seconds) {
      let [low, high] = [0, this.times.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.times[middle] <= seconds) low = middle;
        else high = middle - 1;
      }
      return low;
    }

    // Who held a spot in every frame: a ray from it to the east meets, in each frame, a nearest
    // dividing line, and the spot lies on that line's near side.
    statesAt(x, y) {
      const { world, offset, length, run } = this.arcs;
      const hits = new Map(); // by line: where the ray meets it first, and which side is near
      for (let a = 0; a < length; a++) {
        const last = offset[a + 1] - 2;
        let below = world[offset[a] + 1] <= y;
        for (let i = offset[a]; i < last; i += 2) {
          const rising = below;
          below = world[i + 3] <= y;
          if (rising === below) continue;
          const t = (y - world[i + 1]) / (world[i + 3] - world[i + 1]);
          const at = world[i] + t * (world[i + 2] - world[i]);
          if (at <= x || (hits.has(a) && hits.get(a).at <= at)) continue;
          // World y grows southwards: a line that runs south has the west on its right.
          hits.set(a, { at: at, side: rising ? run.right : run.left });
        }
      }
      const out = new Int32Array(this.times.length).fill(OUTSIDE);
      const nearest = new Float64Array(this.times.length).fill(Infinity);
      for (let r = 0; r < run.arc.length; r++) {
        const hit = hits.get(run.arc[r]);
        if (!hit) continue;
        for (let f = run.first[r]; f < run.end[r]; f++) {
          if (hit.at >= nearest[f]) continue;
          nearest[f] = hit.at;
          out[f] = hit.side[r];
        }
      }
      return out;
    }

    // Square kilometres per actor in a frame: held, and apart from it contested and the rest.
    areasAt(frame) {
      const rows = this.actors.map(function () {
        return { held: 0, contested: 0, claimed: 0, infiltration: 0 };
      });
      const nobody = { contested: 0, no_data: 0 };
      this.states.forEach(function (state, s) {
        const km2 = this.areas[s][frame];
        const kind = state[1] === "advance" ? "held" : state[1];
        if (kind === "no_data") nobody.no_data += km2;
        else if (state[0] < 0) nobody.contested += km2;
        else rows[state[0]][kind] += km2;
      }, this);
      return { actors: rows, nobody: nobody };
    }
  }

  Object.assign(frontline, { Model });
})((window.frontlineMaps = window.frontlineMaps || {}));
