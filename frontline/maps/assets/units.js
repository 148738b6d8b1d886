"use strict";
// What the reader chose: kilometres or miles, and in which language the names of places stand.
// Kept in the browser where that is allowed; a page in a sandboxed frame forgets it.
(function (frontline) {
  const { number, signed } = frontline;
  const KM_PER_MILE = 1.609344; // exact, as is the square of it, and the foot
  const M_PER_FOOT = 0.3048;
  const chosen = { units: "km", language: "en" };

  function kept(name) {
    try {
      return window.localStorage.getItem("frontline-" + name);
    } catch {
      return null;
    }
  }

  for (const [name, other] of [["units", "mi"], ["language", "ar"]]) {
    if (kept(name) === other) chosen[name] = other;
  }

  // Tells the page by an event of that name: "units" or "language".
  function choose(name, value) {
    chosen[name] = value;
    try {
      window.localStorage.setItem("frontline-" + name, value);
    } catch {
      // Not allowed here: the choice holds while the page is open.
    }
    document.dispatchEvent(new Event(name));
  }

  const miles = () => chosen.units === "mi";
  const area = (km2) => (miles() ? km2 / (KM_PER_MILE * KM_PER_MILE) : km2);
  const areaUnit = () => (miles() ? "sq mi" : "km\u00b2");
  const areaNumber = (model, km2) => number(area(km2));
  const areaSigned = (model, km2) => signed(area(km2));
  const areaText = (model, km2) => areaNumber(model, km2) + " " + areaUnit();

  // "840 m", "12.3 km"; "410 ft", "7.6 mi"
  function lengthText(metres) {
    const far = metres / (miles() ? KM_PER_MILE * 1000 : 1000);
    if (miles() && far < 0.1) return Math.round(metres / M_PER_FOOT) + " ft";
    if (!miles() && metres < 999.5) return Math.round(metres) + " m";
    const digits = far < 9.995 ? 2 : far < 999.95 ? 1 : 0;
    const text = digits ? far.toFixed(digits) : number(far);
    return text + (miles() ? " mi" : " km");
  }

  // Runs now, and again when the reader chooses other units.
  function withUnits(write) {
    write();
    document.addEventListener("units", write);
  }

  // What to call a place (name, lon, lat, population, Arabic name): the text and its language.
  function called(place) {
    const arabic = chosen.language === "ar" && place[4];
    return arabic ? { text: place[4], lang: "ar", dir: "rtl" } : { text: place[0], lang: "", dir: "auto" };
  }

  // A place's name as an element, with the one in the other script behind it.
  function nameNode(place, both) {
    const name = called(place);
    const node = frontline.el("span", { dir: name.dir, text: name.text });
    if (name.lang) node.lang = name.lang;
    const other = name.lang ? place[0] : place[4];
    if (!both || !other) return node;
    const second = frontline.el("span", { class: "fl-soft", dir: "auto", text: other });
    if (!name.lang) second.lang = "ar";
    return frontline.el("span", {}, node, " ", second);
  }

  Object.assign(frontline, {
    chosen, choose, areaUnit, areaNumber, areaSigned, areaText, lengthText, withUnits, called, nameNode,
  });
})((window.frontlineMaps = window.frontlineMaps || {}));
