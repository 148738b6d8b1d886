"use strict";
// Reads the payload: base64 -> gzip -> head (JSON) + varints and bytes, column by column. The layout
// is written down in payload.py. All text stays text: it is only ever shown through textContent
// (see dom.js).
(function (frontline) {
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

    // Steps x, y, x, y ...: coarse parts as pairs, then the fine parts of all x, then of all y.
    steps() {
      const count = this.next();
      const out = new Int32Array(2 * count);
      for (let i = 0; i < 2 * count; i++) out[i] = this.next() * 256 - 128;
      for (let axis = 0; axis < 2; axis++) {
        for (let i = axis; i < 2 * count; i += 2) out[i] += this.bytes[this.at++];
      }
      return out;
    }

    // Lines as arrays of world coordinates: Web Mercator, the whole world from 0 to 1.
    lines(perDegree) {
      const counts = this.many(this.next());
      const steps = this.steps();
      let [x, y, s] = [0, 0, 0];
      return Array.from(counts, function (count) {
        const line = new Float64Array(2 * count);
        for (let i = 0; i < 2 * count; i += 2) {
          line[i] = worldX((x += steps[s++]) / perDegree);
          line[i + 1] = worldY((y += steps[s++]) / perDegree);
        }
        return { line: line };
      });
    }
  }

  function worldX(lon) {
    return (lon + 180) / 360;
  }

  function worldY(lat) {
    const s = Math.sin((lat * Math.PI) / 180);
    return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
  }

  async function decode(base64) {
    const bytes = await inflate(bytesOf(base64));
    const magic = String.fromCharCode(bytes[0], bytes[1], bytes[2], bytes[3]);
    if (magic !== "FLM2") throw new Error("The map's data cannot be read.");
    const size = bytes[4] + bytes[5] * 256 + bytes[6] * 65536 + bytes[7] * 16777216;
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
    return new frontline.Model(head, new Reader(bytes, 8 + size));
  }

  Object.assign(frontline, { decode, worldX, worldY });
})((window.frontlineMaps = window.frontlineMaps || {}));
