"use strict";
// The map's layer: four canvases of one view. Base map and labels are drawn once per view; a step
// in time redraws the data below the labels and the events above them. Lines are projected once
// per zoom, and points that nobody would see moved are left out.
(function (frontline) {
  const { LOCATED, rgba, theme } = frontline;
  const EDGE = 9; // pixels beyond the canvas from which a wide line can reach in
  const WORTH = 0.4; // of the canvas: if more of it changed, all is drawn
  const MARGIN = 0.12; // of the view, drawn beyond its edges so that a short drag shows no blank

  const TimeLayer = L.Layer.extend({
    options: { pane: "overlayPane" },

    initialize: function (model) {
      this.model = model;
      this.frame = 0;
      // What else is drawn in a frame, below the front: (ctx, frame) => void, with idle() that says
      // whether it draws nothing now.
      this.under = [];
      this.painter = null; // draws other frames than the one shown: (ctx, draw) => void
      this.halves = null; // then: which frame lies x pixels from the map's left
      this.named = []; // the places whose dots are drawn
      this.shown = { areas: true, front: true, events: true, located: true, names: true, base: true };
      this.ratio = 0; // pixels drawn for one of the page's; 0 asks the screen
      this._toggles = [];
      this.shapes = frontline.shapesOf([...new Set(model.events.map((event) => event.kind))]);
      const [west, south, east, north] = model.bounds;
      this._ref = [frontline.worldX((west + east) / 2), frontline.worldY((south + north) / 2)];
      this.outlines = new frontline.Outlines(model, this._ref);
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
      this._marked = undefined; // whether there are events on the new canvas
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

    // All of it, after something else than the frame has changed.
    redraw: function () {
      this._plain = null;
      if (this._map) this._drawData();
      this.fire("redraw");
    },

    // The frame that is drawn at a pixel of the map.
    frameAt: function (pixel) {
      return this.halves ? this.halves(pixel.x) : this.frame;
    },

    // ---- the view ----

    _reset: function () {
      const map = this._map;
      const size = map.getSize();
      const margin = size.multiplyBy(MARGIN).round();
      map.getContainer().style.setProperty("--fl-room", size.y - 96 + "px"); // for an answer
      const corner = map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
      const ratio = this.ratio || window.devicePixelRatio || 1;
      if (this._zoom !== map.getZoom() || this._ratio !== ratio) {
        this._zoom = map.getZoom();
        this._ratio = ratio;
        this._project();
      }
      this._size = size.add(margin.multiplyBy(2));
      this._corner = map.getPixelOrigin().add(corner); // world pixels of the canvas's corner
      const left = this._corner.x - this._ref[0] * this._scale - EDGE;
      const upper = this._corner.y - this._ref[1] * this._scale - EDGE;
      this.outlines.look(this._scale, [left, upper, left + this._size.x + 2 * EDGE, upper + this._size.y + 2 * EDGE]);
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
      this._plain = null; // the frame that stands on the canvas with nothing else
      this._drawBase();
      this._drawData();
      const top = this._clear(2);
      if (this.shown.base) frontline.drawStreams(top, this);
      this.labels = this.named = [];
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
      for (const item of this._extra) item.path = null;
      this._groupFills = null;
    },

    _pixels: function (line) {
      const out = new Float32Array(line.length);
      return out.subarray(0, frontline.project(line, 0, line.length, this._ref, this._scale, out));
    },

    _partsPath: function (item, closed) {
      if (!item.path) {
        item.path = new Path2D();
        for (const part of item.parts) {
          append(item.path, this._pixels(part.line));
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
      const paint = this.painter || ((ctx, draw) => draw.call(this, ctx, this.frame));
      const events = this.eventsNow();
      // What is drawn besides the frame itself: then a step draws more than what changed.
      const busy = this.painter || this.under.some((draw) => !draw.idle || !draw.idle());
      const regions = events.filter((event) => event.region !== undefined);
      const was = this._plain;
      this._plain = busy ? null : { frame: this.frame, regions: regions };
      if (busy || !was || !same(was.regions, regions) || !this._drawChanges(was.frame)) {
        paint(this._clear(1), this._drawFrame);
      }
      const marked = Boolean(this.painter || events.length);
      // An empty canvas would be laid over the others at every step.
      if (marked !== this._marked) this._contexts[3].canvas.style.visibility = marked ? "" : "hidden";
      if (marked || this._marked) paint(this._clear(3), this._drawEvents);
      this._marked = marked;
    },

    // Draw only where this frame looks unlike another one, which is on the canvas. Returns whether
    // that was worth it.
    _drawChanges: function (before) {
      const boxes = this.outlines.between(before, this.frame);
      if (!boxes) return false;
      // Dashes run on from line to line, and cannot be drawn in part.
      if (boxes.length && this.outlines.lines(this.frame, "unsure").length) return false;
      const ctx = this._contexts[1];
      const { width, height } = ctx.canvas;
      const [x, y] = this._offset;
      const out = (value, zero, size) => Math.max(0, Math.min(size, (value + zero) * this._ratio));
      const rects = boxes.map(function ([left, top, right, bottom]) {
        // Whole pixels, so that nothing is drawn in part along their sides.
        const [l, t] = [Math.floor(out(left, x, width)), Math.floor(out(top, y, height))];
        return [l, t, Math.ceil(out(right, x, width)) - l, Math.ceil(out(bottom, y, height)) - t];
      });
      const area = rects.reduce((sum, [, , wide, tall]) => sum + wide * tall, 0);
      if (area > width * height * WORTH) return false;
      if (!area) return true;
      ctx.save();
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.beginPath();
      for (const rect of rects) ctx.rect(...rect);
      ctx.clip();
      this._clear(1);
      this._drawFrame(ctx, this.frame, this.outlines.frameWithin(this.frame, boxes));
      ctx.restore();
      return true;
    },

    _drawFrame: function (ctx, frame, within) {
      const paths = within || this.outlines.frame(frame);
      const fills = this._fills(ctx);
      const { areas, front } = this.shown;
      this.model.groups.forEach(function (group, g) {
        if (!areas || !paths.groups[g]) return;
        for (const fill of fills[g]) {
          ctx.fillStyle = fill;
          ctx.fill(paths.groups[g], "evenodd");
        }
      });
      for (const draw of this.under) draw(ctx, frame);
      this._drawRegions(ctx, frame);
      stroke(ctx, paths.outside, theme.outside, 1);
      if (areas) stroke(ctx, paths.faint, rgba(theme.nobody, 0.7), 0.8);
      if (!front) return;
      stroke(ctx, paths.front, theme.casing, 4.4);
      stroke(ctx, paths.unsure, theme.casing, 3.4);
      stroke(ctx, paths.front, theme.ink, 2);
      if (!paths.unsure) return;
      ctx.setLineDash([6, 4]);
      stroke(ctx, paths.unsure, theme.ink, 1.4);
      ctx.setLineDash([]);
    },

    _fills: function (ctx) {
      if (!this._groupFills) {
        this._groupFills = this.model.groups.map(
          (group) => frontline.fillsOf(ctx, group, this.model.actors, this._ratio),
        );
      }
      return this._groupFills;
    },

    // Where the words of a report place it: outline and light fill, below the front.
    _drawRegions: function (ctx, frame) {
      for (const event of this.eventsNow(frame)) {
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

    _drawEvents: function (ctx, frame) {
      const radius = this.symbolRadius();
      for (const event of this.eventsNow(frame)) {
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
    eventsNow: function (frame = this.frame) {
      const times = this.model.times;
      const now = times[frame];
      const before = frame ? times[frame - 1] : now - 1;
      const { events, located } = this.shown;
      return this.model.events.filter(function (event) {
        if (!(event.kind === LOCATED ? located : events)) return false;
        if (event.from === undefined) return true;
        const end = event.to === undefined ? event.from + 86400 : event.to;
        return event.from <= now && (end > now || event.from > before);
      });
    },
  });

  function append(path, px) {
    path.moveTo(px[0], px[1]);
    for (let i = 2; i < px.length; i += 2) path.lineTo(px[i], px[i + 1]);
  }

  function same(one, two) {
    return one.length === two.length && one.every((item, i) => item === two[i]);
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
    if (!path) return;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke(path);
  }

  Object.assign(frontline, { TimeLayer, append });
})((window.frontlineMaps = window.frontlineMaps || {}));
