"use strict";
// Reads the payload: base64 -> gzip -> head (JSON) + one stream of zigzag varints.
// The layout is written down in payload.py. All text stays text: it is only ever shown
// through textContent (see dom.js).
(function (frontline) {
  const OUTSIDE = -1;
  const ABSENT = -2; // an arc that divides nothing in this frame

  function bytesOf(base64) {
    const text = atob(base64.trim());
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  async function inflate(bytes) {
    if (typeof DecompressionStream === "undefined") {
      throw new Error("This browser is too old to read the map's data; please update it.");
    }
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  class Reader {
    constructor(bytes, at) {
      this.bytes = bytes;
      this.at = at;
    }

    next() {
      // Multiplication, not shifts: instants are longer than 32 bits.
      let value = 0;
      let scale = 1;
      for (;;) {
        const byte = this.bytes[this.at++];
        value += (byte & 127) * scale;
        if (byte < 128) break;
        scale *= 128;
      }
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }

    many(count) {
      const out = new Int32Array(count);
      for (let i = 0; i < count; i++) out[i] = this.next();
      return out;
    }

    // Lines as arrays of world coordinates: Web Mercator, the whole world from 0 to 1.
    lines(perDegree) {
      const counts = this.many(this.next());
      const out = [];
      let x = 0;
      let y = 0;
      for (const count of counts) {
        const line = new Float64Array(2 * count);
        let first = 0;
        for (let i = 0; i < count; i++) {
          x += this.next();
          y += this.next();
          if (i === 0) first = nodeKey(x, y);
          line[2 * i] = worldX(x / perDegree);
          line[2 * i + 1] = worldY(y / perDegree);
        }
        out.push({ line: line, first: first, last: nodeKey(x, y) });
      }
      return out;
    }
  }

  function nodeKey(x, y) {
    return x + "," + y;
  }

  function worldX(lon) {
    return (lon + 180) / 360;
  }

  function worldY(lat) {
    const s = Math.sin((lat * Math.PI) / 180);
    return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
  }

  function readFrames(reader) {
    const times = new Float64Array(reader.next());
    let seconds = 0;
    for (let i = 0; i < times.length; i++) {
      seconds += reader.next();
      times[i] = seconds;
    }
    return times;
  }

  function readArcs(reader, perDegree) {
    const arcs = reader.lines(perDegree);
    const counts = reader.many(arcs.length);
    const nodes = new Map();
    const node = function (key) {
      if (!nodes.has(key)) nodes.set(key, nodes.size);
      return nodes.get(key);
    };
    arcs.forEach(function (arc, i) {
      arc.runs = reader.many(4 * counts[i]);
      let end = 0;
      for (let r = 0; r < arc.runs.length; r += 4) {
        arc.runs[r] += end;
        end = arc.runs[r] + arc.runs[r + 1];
      }
      arc.from = node(arc.first);
      arc.to = node(arc.last);
    });
    return { arcs: arcs, nodes: nodes.size };
  }

  function readAreas(reader, states, frames) {
    const out = [];
    for (let s = 0; s < states; s++) {
      const row = new Float64Array(frames);
      let hectares = 0;
      for (let f = 0; f < frames; f++) {
        hectares += reader.next();
        row[f] = hectares / 100;
      }
      out.push(row);
    }
    return out;
  }

  function readChanges(reader, times) {
    const out = [];
    let when = times[0];
    for (let left = reader.next(); left > 0; left--) {
      when += reader.next();
      out.push({
        when: when,
        before: reader.next(),
        after: reader.next(),
        km2: reader.next() / 100,
      });
    }
    return out;
  }

  // The many small places, as rows like those of the others.
  function readVillages(reader, names) {
    const lons = reader.many(names.length);
    const lats = reader.many(names.length);
    let lon = 0;
    let lat = 0;
    const rows = names.map(function (name, i) {
      lon += lons[i];
      lat += lats[i];
      return [name, lon / 1e4, lat / 1e4, 0, ""];
    });
    return rows;
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
      this.times = readFrames(reader);
      Object.assign(this, readArcs(reader, head.per_degree));
      this.areas = readAreas(reader, head.states.length, this.times.length);
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
      this.left = new Int16Array(this.arcs.length);
      this.right = new Int16Array(this.arcs.length);
      this.sidesOf = -1;
    }

    // Fill this.left and this.right with the states beside every arc in a frame.
    sides(frame) {
      if (this.sidesOf === frame) return;
      this.sidesOf = frame;
      for (let i = 0; i < this.arcs.length; i++) {
        const runs = this.arcs[i].runs;
        this.left[i] = ABSENT;
        for (let r = 0; r < runs.length && runs[r] <= frame; r += 4) {
          if (frame < runs[r] + runs[r + 1]) {
            this.left[i] = runs[r + 2];
            this.right[i] = runs[r + 3];
          }
        }
      }
    }

    frameAt(seconds) {
      let frame = 0;
      while (frame + 1 < this.times.length && this.times[frame + 1] <= seconds) frame++;
      return frame;
    }

    // Who held a spot in every frame: a ray from it to the east meets, in each frame, a nearest
    // dividing line, and the spot lies on that line's near side.
    statesAt(x, y) {
      const hits = [];
      this.arcs.forEach(function (arc) {
        const line = arc.line;
        for (let i = 0; i + 3 < line.length; i += 2) {
          const rising = line[i + 1] <= y;
          if (rising === line[i + 3] <= y) continue;
          const t = (y - line[i + 1]) / (line[i + 3] - line[i + 1]);
          const at = line[i] + t * (line[i + 2] - line[i]);
          // World y grows southwards: a line that runs south has the west on its right.
          if (at > x) hits.push({ at: at, side: rising ? 3 : 2, runs: arc.runs });
        }
      });
      hits.sort(function (a, b) {
        return a.at - b.at;
      });
      const out = new Int16Array(this.times.length).fill(ABSENT);
      for (const hit of hits) {
        for (let r = 0; r < hit.runs.length; r += 4) {
          const end = hit.runs[r] + hit.runs[r + 1];
          for (let f = hit.runs[r]; f < end; f++) {
            if (out[f] === ABSENT) out[f] = hit.runs[r + hit.side];
          }
        }
      }
      for (let f = 0; f < out.length; f++) if (out[f] === ABSENT) out[f] = OUTSIDE;
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

  async function decode(base64) {
    const bytes = await inflate(bytesOf(base64));
    const magic = String.fromCharCode(bytes[0], bytes[1], bytes[2], bytes[3]);
    if (magic !== "FLM1") throw new Error("The map's data cannot be read.");
    const size = bytes[4] + bytes[5] * 256 + bytes[6] * 65536 + bytes[7] * 16777216;
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
    return new Model(head, new Reader(bytes, 8 + size));
  }

  Object.assign(frontline, { decode, worldX, worldY, OUTSIDE, ABSENT });
})((window.frontlineMaps = window.frontlineMaps || {}));
