"use strict";
// A spot in words, "5 km northeast of Hama", by the rules of `frontline.describe`: the place with
// the most people over the square of its distance, and a distance no finer than a wind's name.
(function (frontline) {
  const { el } = frontline;
  const TRIES = 12;
  const MOST_KM = 3000;
  const UNKNOWN = 300; // people of a place of unknown size
  const DENSITY = 13000; // people in a square kilometre of a town

  function radiusKm(people) {
    return people ? Math.min(Math.max(Math.round(Math.sqrt(people / DENSITY / Math.PI) * 1000), 500), 25000) / 1000 : 0.5;
  }

  // How many places bear each name: one that several bear leads back to none of them.
  function bearers(model) {
    if (!model.bearers) {
      model.bearers = new Map();
      for (const [name] of model.places) {
        const key = frontline.folded(name);
        model.bearers.set(key, (model.bearers.get(key) || 0) + 1);
      }
    }
    return model.bearers;
  }

  // Places, the one that a reader would know best first.
  function anchors(model, lon, lat) {
    const radian = Math.PI / 180;
    const rows = [];
    for (const place of model.places) {
      const half = Math.sin(((place[2] - lat) * radian) / 2) ** 2 +
        Math.cos(place[2] * radian) * Math.cos(lat * radian) * Math.sin(((place[1] - lon) * radian) / 2) ** 2;
      const km = 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(half)));
      if (km > MOST_KM) continue;
      const people = place[3] || UNKNOWN;
      rows.push({ place: place, score: people / Math.max(km - radiusKm(place[3]) / 2, 1) ** 2 });
    }
    const best = rows.sort((a, b) => b.score - a.score).slice(0, TRIES);
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

  // {text, place}; the text is empty where no place tells a reader anything.
  function describe(model, lon, lat, without) {
    const names = bearers(model);
    for (const place of anchors(model, lon, lat)) {
      if (names.get(frontline.folded(place[0])) > 1 || place === without) continue;
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
