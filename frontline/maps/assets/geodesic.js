"use strict";
// The shortest way between two points on the WGS84 ellipsoid: its length and its azimuths.
//
// Karney (2013), Algorithms for geodesics: the way is a great circle on the auxiliary sphere, the
// two integrals (his equations 7 and 8) tell length and longitude. Here they are taken by
// Gauss-Legendre quadrature along the arc itself, so that a short way loses no digits. The arc is
// found by Vincenty's iteration; where that fails, on the other side of the earth, by halving the
// interval of the azimuth, in which the longitude grows steadily.
(function (frontline) {
  const A = 6378137; // metres
  const F = 1 / 298.257223563;
  const B = A * (1 - F);
  const E2 = (F * (2 - F)) / ((1 - F) * (1 - F)); // second eccentricity, squared
  const RADIAN = Math.PI / 180;
  const NODES = legendre(16);
  const WINDS = "N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split(" ");

  // Nodes and weights from -1 to 1: zeros of the Legendre polynomial by Newton's method.
  function legendre(count) {
    return Array.from({ length: count }, function (_, i) {
      let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
      let slope = 1;
      for (let turn = 0; turn < 9; turn++) {
        let [before, now] = [1, x];
        for (let k = 2; k <= count; k++) {
          [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k];
        }
        slope = (count * (x * now - before)) / (x * x - 1);
        x -= now / slope;
      }
      return [x, 2 / ((1 - x * x) * slope * slope)];
    });
  }

  // Length in units of the minor axis, and the integral for the longitude, along an arc.
  function integrals(start, arc, k2) {
    let length = 0;
    let turn = 0;
    for (const [x, weight] of NODES) {
      const s = Math.sin(start + (arc * (1 + x)) / 2);
      const root = Math.sqrt(1 + k2 * s * s);
      length += weight * root;
      turn += (weight * (2 - F)) / (1 + (1 - F) * root);
    }
    return [(length * arc) / 2, (turn * arc) / 2];
  }

  function reduced(latitude) {
    const t = (1 - F) * Math.tan(latitude * RADIAN);
    return Math.abs(latitude) === 90 ? [Math.sign(latitude), 0] : [t / Math.hypot(1, t), 1 / Math.hypot(1, t)];
  }

  // Vincenty's iteration; null where it does not settle.
  function iterated(s1, c1, s2, c2, lambda) {
    let omega = lambda;
    for (let turn = 0; turn < 60 && omega <= Math.PI; turn++) {
      const [so, co] = [Math.sin(omega), Math.cos(omega)];
      const y = c1 * s2 - s1 * c2 * co;
      const sine = Math.hypot(c2 * so, y);
      if (sine === 0) return s1 * s2 + c1 * c2 * co > 0 ? [0, 0, 1, 0, 1] : null;
      const arc = Math.atan2(sine, s1 * s2 + c1 * c2 * co);
      const salpha = (c1 * c2 * so) / sine;
      const alpha1 = Math.atan2(c2 * so, y);
      const k2 = E2 * (1 - salpha * salpha);
      const [length, turned] = integrals(Math.atan2(s1, Math.cos(alpha1) * c1), arc, k2);
      const next = lambda + F * salpha * turned;
      if (Math.abs(next - omega) < 1e-15 || turn === 59) {
        if (Math.abs(next - omega) > 1e-13) return null;
        return [length * B, c2 * so, y, c1 * so, c1 * s2 * co - s1 * c2];
      }
      omega = next;
    }
    return null;
  }

  // By the azimuth at the first point; it is the one farther from the equator, and south of it.
  function halved(s1, c1, s2, c2, lambda) {
    let [low, high] = [0, Math.PI];
    let out = null;
    for (let turn = 0; turn < 60; turn++) {
      const alpha = (low + high) / 2;
      const [sa, ca] = [Math.sin(alpha), Math.cos(alpha)];
      const s0 = sa * c1;
      const c0 = Math.hypot(ca, sa * s1);
      const up = Math.sqrt(Math.max(0, ca * ca * c1 * c1 + (c2 * c2 - c1 * c1))); // cos a2 cos b2
      const [from, to] = [Math.atan2(s1, ca * c1), Math.atan2(s2, up)];
      const [start, end] = [Math.atan2(s0 * s1, ca * c1), Math.atan2(s0 * s2, up)];
      const [length, turned] = integrals(from, to - from, E2 * c0 * c0);
      out = [length * B, sa, ca, s0, up];
      if (end - start - F * s0 * turned < lambda) low = alpha;
      else high = alpha;
    }
    return out;
  }

  // Metres from one point to another, and the azimuths there, in degrees from 0 to 360.
  function inverse(lon1, lat1, lon2, lat2) {
    const east = ((((lon2 - lon1) % 360) + 540) % 360) - 180;
    const lambda = Math.abs(east) * RADIAN;
    const swap = Math.abs(lat1) < Math.abs(lat2);
    const flip = (swap ? lat2 : lat1) > 0 ? -1 : 1;
    const [s1, c1] = reduced((swap ? lat2 : lat1) * flip || -0);
    const [s2, c2] = reduced((swap ? lat1 : lat2) * flip || 0);
    const found = iterated(s1, c1, s2, c2, lambda) || halved(s1, c1, s2, c2, lambda);
    let [, y1, x1, y2, x2] = found;
    if (swap) [y1, x1, y2, x2] = [y2, x2, y1, x1];
    const side = east < 0 ? -1 : 1;
    const along = swap ? -flip : flip;
    const azimuth = (y, x) => (Math.atan2(side * y, along * x) / RADIAN + 360) % 360;
    return { m: found[0], azimuth: azimuth(y1, x1), arrival: azimuth(y2, x2) };
  }

  // The nearest of 16 (or 8) winds: "NNE".
  function wind(azimuth, count) {
    const each = count || 16;
    return WINDS[(Math.round((azimuth * each) / 360) % each) * (16 / each)];
  }

  Object.assign(frontline, { inverse, wind });
})((window.frontlineMaps = window.frontlineMaps || {}));
