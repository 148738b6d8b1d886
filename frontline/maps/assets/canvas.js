"use strict";
// The map's layer: four canvases of one view. Base map and labels are drawn once per view; a step
// in time redraws the data below the labels and the events above them. Lines are projected once per zoom, and points that
// lie within a pixel of the last are skipped.
(function (frontline) {
  const { ABSENT, OUTSIDE, LOCATED, rgba, theme, tone } = frontline;
  const MARGIN = 0.12; // of the view, drawn beyond its edges so that a short drag shows no blank
  const UNSURE = new Set(["claimed", "infiltration"]); // their border is no confirmed front
  const KEPT = 400; // frames whose paths are kept for the current zoom

  const TimeLayer = L.Layer.extend({
    options: { pane: "overlayPane" },

    initialize: function (model) {
      this.model = model;
      this.frame = 0;
      this.since = -1; // a frame to compare with; what changed since is marked
      this.shown = { areas: true, front: true, events: true, located: true, names: true, base: true };
      this.ratio = 0; // pixels drawn for one of the page's; 0 asks the screen
      this._toggles = [];
      this.shapes = frontline.shapesOf([...new Set(model.events.map((event) => event.kind))]);
      const [west, south, east, north] = model.bounds;
      this._ref = [frontline.worldX((west + east) / 2), frontline.worldY((south + north) / 2)];
      const extra = [model.base, model.regionParts.map((parts) => ({ parts: parts }))];
      this._extra = extra.flat();
    },

    getBounds: function () {
      const [west, south, east, north] = this.model.bounds;
      return L.latLngBounds([south, west], [north, east]);
    },

    getEvents: function () {
      return {
        viewreset: this._reset, moveend: this._reset, zoomend: this._reset, resize: this._reset,
        zoomanim: this._animate,
      };
    },

    onAdd: function () {
      this._box = L.DomUtil.create("div", "fl-canvases leaflet-zoom-animated");
      this._contexts = ["base", "data", "labels", "events"].map(function (name) {
        const canvas = L.DomUtil.create("canvas", "fl-canvas-" + name, this._box);
        canvas.setAttribute("aria-hidden", "true");
        return canvas.getContext("2d");
      }, this);
      this.getPane().appendChild(this._box);
      this._zoom = null;
      this._reset();
    },

    onRemove: function () {
      this._box.remove();
    },

    toggle: function (name, on) {
      this.shown[name] = on;
      if (this._map) this._reset();
      for (const listener of this._toggles) listener(name, on);
    },

    onToggle: function (listener) {
      this._toggles.push(listener);
    },

    // In other colours, for which the fills are made anew.
    recolour: function () {
      this._groupFills = null;
      if (this._map) this._reset();
    },

    show: function (frame) {
      this.frame = Math.max(0, Math.min(frame, this.model.times.length - 1));
      if (this._map) this._drawData();
    },

    compareWith: function (frame) {
      this.since = frame;
      if (this._map) this._drawData();
    },

    // ---- the view ----

    _reset: function () {
      const map = this._map;
      const size = map.getSize();
      const margin = size.multiplyBy(MARGIN).round();
      const corner = map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
      const ratio = this.ratio || window.devicePixelRatio || 1;
      if (this._zoom !== map.getZoom() || this._ratio !== ratio) {
        this._zoom = map.getZoom();
        this._ratio = ratio;
        this._project();
      }
      this._size = size.add(margin.multiplyBy(2));
      this._corner = map.getPixelOrigin().add(corner); // world pixels of the canvas's corner
      this._cornerAt = map.unproject(this._corner, this._zoom);
      L.DomUtil.setTransform(this._box, corner, 1);
      for (const ctx of this._contexts) {
        const canvas = ctx.canvas;
        const [width, height] = [this._size.x * ratio, this._size.y * ratio].map(Math.round);
        if (canvas.width !== width || canvas.height !== height) {
          canvas.width = width;
          canvas.height = height;
          canvas.style.width = this._size.x + "px";
          canvas.style.height = this._size.y + "px";
        }
      }
      this._drawBase();
      this._drawData();
      const top = this._clear(2);
      if (this.shown.base) frontline.drawStreams(top, this);
      this.labels = [];
      if (this.shown.names) frontline.drawLabels(top, this);
    },

    _animate: function (event) {
      const scale = this._map.getZoomScale(event.zoom, this._zoom);
      const origin = this._map._getNewPixelOrigin(event.center, event.zoom);
      const corner = this._map.project(this._cornerAt, event.zoom).subtract(origin);
      L.DomUtil.setTransform(this._box, corner, scale);
    },

    // Pixels, counted from the reference point, of every line at this zoom.
    _project: function () {
      this._scale = 256 * Math.pow(2, this._zoom);
      this._paths = new Map();
      for (const arc of this.model.arcs) arc.px = null;
      for (const item of this._extra) item.path = null;
      this._groupFills = null;
    },

    _pixels: function (line) {
      const [rx, ry] = this._ref;
      const scale = this._scale;
      const out = new Float32Array(line.length);
      const last = line.length - 2;
      let kept = 0;
      for (let i = 0; i <= last; i += 2) {
        const x = (line[i] - rx) * scale;
        const y = (line[i + 1] - ry) * scale;
        const near =
          kept > 0 && Math.abs(x - out[kept - 2]) < 1 && Math.abs(y - out[kept - 1]) < 1;
        if (near && i < last) continue;
        out[kept++] = x;
        out[kept++] = y;
      }
      return out.subarray(0, kept);
    },

    _arcPixels: function (index) {
      const arc = this.model.arcs[index];
      if (!arc.px) arc.px = this._pixels(arc.line);
      return arc.px;
    },

    _partsPath: function (item, closed) {
      if (!item.path) {
        item.path = new Path2D();
        for (const part of item.parts) {
          append(item.path, this._pixels(part.line), false, true);
          if (closed) item.path.closePath();
        }
      }
      return item.path;
    },

    // A context cleared and moved so that the reference point is its origin.
    _clear: function (index) {
      const ctx = this._contexts[index];
      const ratio = this._ratio;
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
      const x = this._ref[0] * this._scale - this._corner.x;
      const y = this._ref[1] * this._scale - this._corner.y;
      ctx.setTransform(ratio, 0, 0, ratio, x * ratio, y * ratio);
      ctx.lineJoin = ctx.lineCap = "round";
      this._offset = [x, y];
      return ctx;
    },

    // Where a point in degrees lies, in the coordinates of the cleared contexts.
    place: function (lon, lat) {
      return [
        (frontline.worldX(lon) - this._ref[0]) * this._scale,
        (frontline.worldY(lat) - this._ref[1]) * this._scale,
      ];
    },

    // Pixels in a degree of longitude.
    degree: function () {
      return this._scale / 360;
    },

    // The visible part of the view in the same coordinates: left, top, right, bottom.
    view: function () {
      const margin = this._map.getSize().multiplyBy(MARGIN).round();
      const [x, y] = this._offset;
      return [
        margin.x - x, margin.y - y, this._size.x - margin.x - x, this._size.y - margin.y - y,
      ];
    },

    // ---- drawing ----

    _drawBase: function () {
      const ctx = this._clear(0);
      if (this.shown.base) frontline.drawBase(ctx, this);
    },

    _drawData: function () {
      const ctx = this._clear(1);
      const paths = this._framePaths(this.frame);
      const fills = this._fills(ctx);
      const { areas, front } = this.shown;
      this.model.groups.forEach(function (group, g) {
        if (!areas || !paths.groups[g]) return;
        for (const fill of fills[g]) {
          ctx.fillStyle = fill;
          ctx.fill(paths.groups[g], "evenodd");
        }
      });
      if (areas && this.since >= 0 && this.since !== this.frame) this._markChanges(ctx);
      this._drawRegions(ctx);
      stroke(ctx, paths.outside, theme.outside, 1);
      if (areas) stroke(ctx, paths.faint, rgba(theme.nobody, 0.7), 0.8);
      if (front) {
        stroke(ctx, paths.front, theme.casing, 4.4);
        stroke(ctx, paths.unsure, theme.casing, 3.4);
        stroke(ctx, paths.front, theme.ink, 2);
        ctx.setLineDash([6, 4]);
        stroke(ctx, paths.unsure, theme.ink, 1.4);
        ctx.setLineDash([]);
      }
      this._drawEvents(this._clear(3));
    },

    _fills: function (ctx) {
      if (!this._groupFills) {
        this._groupFills = this.model.groups.map(
          (group) => frontline.fillsOf(ctx, group, this.model.actors, this._ratio),
        );
      }
      return this._groupFills;
    },

    // Land that one side gained since another frame: inside its outline now, outside it then.
    _markChanges: function (ctx) {
      const now = this._framePaths(this.frame);
      const then = this._framePaths(this.since);
      const far = 4e6;
      this.model.groups.forEach(function (group, g) {
        if (group.kind !== "held" || !now.groups[g]) return;
        const elsewhere = new Path2D();
        elsewhere.rect(-far, -far, 2 * far, 2 * far);
        if (then.groups[g]) elsewhere.addPath(then.groups[g]);
        const colour = tone(this.model.actors[group.actor].colour);
        ctx.save();
        ctx.clip(elsewhere, "evenodd");
        ctx.fillStyle = rgba(colour, 0.55);
        ctx.fill(now.groups[g], "evenodd");
        ctx.restore();
      }, this);
      ctx.setLineDash([1.5, 4]);
      stroke(ctx, then.front, theme.ink, 2);
      ctx.setLineDash([]);
    },

    // Where the words of a report place it: outline and light fill, below the front.
    _drawRegions: function (ctx) {
      for (const event of this.eventsNow()) {
        if (event.region === undefined) continue;
        const parts = this.model.regionParts[event.region];
        const wide = extent(parts) * this._scale;
        if (wide < 16) continue; // smaller than its own symbol
        const path = this._partsPath(this._extra[this.model.base.length + event.region], true);
        ctx.fillStyle = theme.wash;
        ctx.fill(path, "evenodd");
        if (wide > 60) stroke(ctx, path, theme.casing, 3.6);
        ctx.setLineDash([5, 4]);
        stroke(ctx, path, theme.ink, wide > 60 ? 1.5 : 1);
        ctx.setLineDash([]);
      }
    },

    _drawEvents: function (ctx) {
      const radius = this.symbolRadius();
      for (const event of this.eventsNow()) {
        const [x, y] = this.place(event.at[0], event.at[1]);
        frontline.drawSymbol(ctx, this.shapes.get(event.kind), x, y, radius);
      }
    },

    symbolRadius: function () {
      return Math.max(4.5, Math.min(7, this._zoom - 2.5));
    },

    // Events that last at the frame's instant, and those that began and ended since the frame
    // before: none is shown before it began. One without an end is shown for a day, one without a
    // beginning always.
    eventsNow: function () {
      const times = this.model.times;
      const now = times[this.frame];
      const before = this.frame ? times[this.frame - 1] : now - 1;
      const { events, located } = this.shown;
      return this.model.events.filter(function (event) {
        if (!(event.kind === LOCATED ? located : events)) return false;
        if (event.from === undefined) return true;
        const end = event.to === undefined ? event.from + 86400 : event.to;
        return event.from <= now && (end > now || event.from > before);
      });
    },

    // ---- outlines ----

    _framePaths: function (frame) {
      const kept = this._paths.get(frame);
      if (kept) return kept;
      if (this._paths.size >= KEPT) this._paths.clear();
      const model = this.model;
      model.sides(frame);
      const groupOf = (state) => (state === OUTSIDE ? -1 : model.ofState[state]);
      const members = model.groups.map(() => []);
      const out = {};
      for (const kind of ["front", "unsure", "outside", "faint"]) out[kind] = new Path2D();
      for (let i = 0; i < model.arcs.length; i++) {
        if (model.left[i] === ABSENT) continue;
        const left = groupOf(model.left[i]);
        const right = groupOf(model.right[i]);
        if (left === right) continue;
        if (left >= 0) members[left].push(i);
        if (right >= 0) members[right].push(i);
        append(out[this._lineKind(left, right)], this._arcPixels(i), false, true);
      }
      out.groups = members.map((list) => (list.length ? this._stitch(list) : null));
      this._paths.set(frame, out);
      return out;
    },

    _lineKind: function (left, right) {
      if (left < 0 || right < 0) return "outside";
      const [a, b] = [this.model.groups[left], this.model.groups[right]];
      if (a.actor < 0 || b.actor < 0 || a.actor === b.actor) return "faint";
      return [a, b].some((group) => UNSURE.has(group.kind)) ? "unsure" : "front";
    },

    // Join arcs end to end into closed rings. Which of several arcs is taken at a crossing does
    // not matter: the even-odd fill is the same.
    _stitch: function (list) {
      const arcs = this.model.arcs;
      if (!this._first) this._first = new Int32Array(this.model.nodes).fill(-1);
      const first = this._first;
      const next = new Int32Array(2 * list.length);
      const used = new Uint8Array(list.length);
      list.forEach(function (index, i) {
        next[2 * i] = first[arcs[index].from];
        first[arcs[index].from] = 2 * i;
        next[2 * i + 1] = first[arcs[index].to];
        first[arcs[index].to] = 2 * i + 1;
      });
      const path = new Path2D();
      for (let i = 0; i < list.length; i++) {
        if (used[i]) continue;
        let end = 2 * i;
        let fresh = true;
        while (end >= 0) {
          const arc = arcs[list[end >> 1]];
          used[end >> 1] = 1;
          append(path, this._arcPixels(list[end >> 1]), (end & 1) === 1, fresh);
          fresh = false;
          end = first[end & 1 ? arc.from : arc.to];
          while (end >= 0 && used[end >> 1]) end = next[end];
        }
        path.closePath();
      }
      for (const index of list) first[arcs[index].from] = first[arcs[index].to] = -1;
      return path;
    },
  });

  function append(path, px, backwards, fresh) {
    const last = px.length - 2;
    for (let i = 0; i <= last; i += 2) {
      const k = backwards ? last - i : i;
      if (i === 0 && fresh) path.moveTo(px[k], px[k + 1]);
      else if (i > 0 || fresh) path.lineTo(px[k], px[k + 1]);
    }
  }

  // The width of a shape in world units.
  function extent(parts) {
    let least = Infinity;
    let most = -Infinity;
    for (const part of parts) {
      for (let i = 0; i < part.line.length; i += 2) {
        least = Math.min(least, part.line[i]);
        most = Math.max(most, part.line[i]);
      }
    }
    return most - least;
  }

  function stroke(ctx, path, colour, width) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke(path);
  }

  frontline.TimeLayer = TimeLayer;
})((window.frontlineMaps = window.frontlineMaps || {}));
