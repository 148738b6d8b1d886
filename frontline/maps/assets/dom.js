"use strict";
// Building blocks of the page: elements, dates, numbers. Text from the data goes through
// textContent only, and a link is made only for http and https.
(function (frontline) {
  function el(tag, options, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(options || {})) {
      if (key === "text") node.textContent = value;
      else if (key === "class") node.className = value;
      else if (key in node && typeof value !== "string") node[key] = value;
      else node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  // A link for the reader to follow, or plain text if the address is of any other kind.
  function link(url, text) {
    let address = null;
    try {
      address = new URL(url);
    } catch {
      return el("span", { text: text });
    }
    if (address.protocol !== "http:" && address.protocol !== "https:") {
      return el("span", { text: text });
    }
    return el("a", { href: address.href, text: text, rel: "noopener noreferrer", target: "_blank" });
  }

  // What stands beside the map is written no more often than this while the map plays or its slider
  // is drawn along: nobody reads faster, and laying texts out takes as long as drawing the map.
  const READ_MS = 80;
  const IN_A_ROW = 4; // steps that are written at once, however fast they follow each other

  const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const MONTHS = [
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
  ];

  function two(number) {
    return String(number).padStart(2, "0");
  }

  function parts(seconds) {
    const date = new Date(seconds * 1000);
    return {
      weekday: DAYS[date.getUTCDay()],
      day: date.getUTCDate(),
      month: MONTHS[date.getUTCMonth()],
      year: date.getUTCFullYear(),
      clock: two(date.getUTCHours()) + ":" + two(date.getUTCMinutes()),
    };
  }

  // "Tue 3 Dec 2024"
  function dayText(seconds) {
    const p = parts(seconds);
    return `${p.weekday.slice(0, 3)} ${p.day} ${p.month.slice(0, 3)} ${p.year}`;
  }

  // "Tue 3 Dec 2024, 12:00 UTC"
  function dateText(seconds) {
    return `${dayText(seconds)}, ${parts(seconds).clock} UTC`;
  }

  // "Tuesday 3 December 2024, 12:00 UTC", for reading aloud
  function dateWords(seconds) {
    const p = parts(seconds);
    return `${p.weekday} ${p.day} ${p.month} ${p.year}, ${p.clock} UTC`;
  }

  function shortDay(seconds) {
    const p = parts(seconds);
    return `${p.day} ${p.month.slice(0, 3)}`;
  }

  // "2024-12-03", with the time where it is not midnight, to the second if need be: the part of a link after the hash.
  function hashOf(seconds) {
    const text = new Date(seconds * 1000).toISOString();
    if (seconds % 60) return text.slice(0, 19) + "Z";
    return seconds % 86400 ? text.slice(0, 16) + "Z" : text.slice(0, 10);
  }

  function secondsOf(hash) {
    const text = hash.replace(/%3a/gi, ":");
    const match = /^#?(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?Z?)?$/.exec(text);
    if (!match) return null;
    const time = Date.parse(match[1] + "T" + (match[2] || "00:00") + (match[3] || ":00") + "Z");
    return Number.isNaN(time) ? null : time / 1000;
  }

  // 12345.6 -> "12,346"; small areas keep a decimal.
  function number(value) {
    if (value !== 0 && Math.abs(value) < 10) return value.toFixed(1);
    return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  function signed(value) {
    if (Math.abs(value) < 0.05) return "\u00b10";
    return (value > 0 ? "+" : "\u2212") + number(Math.abs(value));
  }

  // For what can wait until the map is drawn and the reader pauses, or a second.
  function later(work) {
    if (window.requestIdleCallback) window.requestIdleCallback(work, { timeout: 1000 });
    else window.setTimeout(work, 300);
  }

  // Returns what does some work after a rest of so many milliseconds since it was last asked, and
  // `drop` that takes the wish back. Asked at every step, it sets no timer at every step.
  function atRest(ms, work) {
    let [due, wanted, waiting] = [0, false, false];
    const look = function () {
      const left = due - performance.now();
      waiting = wanted && left > 0;
      if (waiting) window.setTimeout(look, left);
      else if (wanted) {
        wanted = false;
        work();
      }
    };
    const ask = function () {
      due = performance.now() + ms;
      wanted = true;
      if (!waiting) window.setTimeout(look, ms);
      waiting = true;
    };
    return { ask: ask, drop: () => (wanted = false) };
  }

  // Returns what does some work at once when asked; but of many wishes in a row the first few only,
  // and then one in READ_MS. The last wish is never lost.
  function paced(work) {
    let [room, at, waiting] = [IN_A_ROW, 0, false];
    const roomNow = () => Math.min(IN_A_ROW, room + (performance.now() - at) / READ_MS);
    const run = function () {
      waiting = false;
      room = roomNow() - 1;
      at = performance.now();
      work();
    };
    const runLate = () => waiting && run();
    window.addEventListener("beforeprint", runLate); // paper is written once
    return function () {
      if (waiting) return;
      const missing = 1 - roomNow();
      waiting = missing > 0;
      if (waiting) window.setTimeout(runLate, missing * READ_MS);
      else run();
    };
  }

  // Puts a text into an element (before what it holds already) that is written again and again;
  // returns what writes it. Only another text touches the page.
  function writer(node) {
    const text = document.createTextNode("");
    node.prepend(text);
    return rewriter(text);
  }

  function rewriter(text) {
    return function (value) {
      if (text.data !== value) text.data = value;
    };
  }

  Object.assign(frontline, {
    el, atRest, later, paced, rewriter, writer, link, dayText, dateText, dateWords, shortDay, hashOf,
    secondsOf, number, signed,
  });
})((window.frontlineMaps = window.frontlineMaps || {}));
