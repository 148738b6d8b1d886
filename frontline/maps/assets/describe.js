"use strict";
// A spot in words, "5 km northeast of Hama", by the rules of `frontline.describe`: the place with
// the most people over the square of its distance, and a distance no finer than a wind's name.
(function (frontline) {
  const { el } = frontline;
  const TRIES = 12;
  const MOST_KM = 3000;
  const FAR_LARGER = 100;
  const BESIDE_M = 150000;
  const UNKNOWN = 300; // people of a place of unknown size
  const DENSITY = 13000; // people in a square kilometre of a town

  function radiusKm(people) {
    return people ? Math.min(Math.max(Math.round(Math.sqrt(people / DENSITY / Math.PI) * 1000), 500), 25000) / 1000 : 0.5;
  }

  // Whether a name means this place: of several that bear it the one that is far larger than all
  // others, if they are not far from it.
  function isMeant(model, place) {
    if (!model.namesakes) {
      model.namesakes = new Map();
      for (const each of model.places) {
        const key = frontline.folded(each[0]);
        if (!model.namesakes.has(key)) model.namesakes.set(key, []);
        model.namesakes.get(key).push(each);
      }
    }
    const size = (each) => each[3] || UNKNOWN;
    return model.namesakes.get(frontline.folded(place[0])).every((other) => other === place ||
      (size(place) >= FAR_LARGER * size(other) &&
        frontline.inverse(place[1], place[2], other[1], other[2]).m <= BESIDE_M));
  }

  // Of all places, as unit vectors: a search describes many spots at once.
  function table(model) {
    if (!model.vectors) {
      model.vectors = model.places.map((place) => [...vector(place[1], place[2]), radiusKm(place[3]) / 2]);
    }
    return model.vectors;
  }

  function vector(lon, lat) {
    const [x, y] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
    return [Math.cos(y) * Math.cos(x), Math.cos(y) * Math.sin(x), Math.sin(y)];
  }

  // Places, the one that a reader would know best first.
  function anchors(model, lon, lat) {
    const [x, y, z] = vector(lon, lat);
    const best = []; // the first few, in order
    table(model).forEach(function ([px, py, pz, half], i) {
      const chord = Math.hypot(px - x, py - y, pz - z);
      const km = 2 * 6371 * Math.asin(Math.min(1, chord / 2));
      if (km > MOST_KM) return;
      const place = model.places[i];
      const score = (place[3] || UNKNOWN) / Math.max(km - half, 1) ** 2;
      if (best.length === TRIES && score <= best[TRIES - 1].score) return;
      let at = best.length;
      while (at > 0 && best[at - 1].score < score) at--;
      best.splice(at, 0, { place: place, score: score });
      if (best.length > TRIES) best.pop();
    });
    const known = (row) => row.score * Math.log(2 + (row.place[4] ? 1 : 0));
    const latin = (row) => /^[^\u0370-\u1dff\u1f00-\uffff]*$/.test(row.place[0]);
    const near = best.filter((row) => row.score >= best[0].score / 2);
    near.sort((a, b) => latin(b) - latin(a) || known(b) - known(a));
    return near.concat(best.slice(near.length)).map((row) => row.place);
  }

  function roundedKm(metres) {
    const km = metres / 1000;
    const [, step] = [[0.95, 0.1], [30, 1], [100, 5], [1000, 10], [Infinity, 100]].find(([limit]) => km < limit);
    // To the even one at a half, as Python rounds.
    const steps = km / step;
    const low = Math.floor(steps);
    const whole = steps - low === 0.5 ? low + (low % 2) : Math.round(steps);
    return Math.max(Math.round(whole * step * 10) / 10, 0.1);
  }

  // {text, place}; the text is empty where no place tells a reader anything. Of a place itself,
  // `without`, what lies within it tells nothing.
  function describe(model, lon, lat, without) {
    for (const place of anchors(model, lon, lat)) {
      if (without && frontline.inverse(place[1], place[2], without[1], without[2]).m <= radiusKm(without[3]) * 1000) continue;
      if (!isMeant(model, place)) continue;
      const way = frontline.inverse(place[1], place[2], lon, lat);
      if (way.m <= radiusKm(place[3]) * 1000) return { text: "in " + place[0], place: place };
      const km = roundedKm(way.m);
      const far = km >= 1 ? `${km} km` : `${Math.round(km * 1000)} m`;
      const where = frontline.WIND_WORDS[frontline.wind(way.azimuth, 8)];
      return { text: `${far} ${where} of ${place[0]}`, place: place };
    }
    return { text: "", place: null };
  }

  // Puts a text on the clipboard, or failing that selects it for the reader to copy.
  async function copy(node, say) {
    try {
      await navigator.clipboard.writeText(node.textContent);
      say("Copied");
      return;
    } catch {
      // No clipboard here, or not allowed: the old way.
    }
    const selection = window.getSelection();
    selection.removeAllRanges();
    const range = document.createRange();
    range.selectNodeContents(node);
    selection.addRange(range);
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      // Stays selected.
    }
    say(done ? "Copied" : "Selected: copy it with your keyboard");
  }

  // "5 km northeast of Hama (35.1637, 36.7990)" with a button that copies it.
  function describeNode(model, lon, lat) {
    const { text } = describe(model, lon, lat);
    const spot = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
    const words = el("span", { class: "fl-words", text: text ? `${text} (${spot})` : spot });
    const said = el("span", { class: "fl-soft", role: "status" });
    const button = el("button", { type: "button", class: "fl-copy", text: "Copy" });
    button.setAttribute("aria-label", "Copy the description of this point");
    button.addEventListener("click", () => copy(words, (answer) => (said.textContent = " " + answer)));
    return el("p", { class: "fl-described" }, words, " ", button, said);
  }

  Object.assign(frontline, { describe, describeNode });
})((window.frontlineMaps = window.frontlineMaps || {}));
