"use strict";
// Stretches of time: those without a map, and the day (or longer) that a frame stands for.
(function (frontline) {
  const { dayText } = frontline;
  const DAY = 86400;

  const gapAt = (model, seconds) =>
    (model.gaps || []).findIndex(([from, to]) => from <= seconds && seconds < to);

  // What is to be said of a frame for which nobody drew a map; "" where there is one.
  function gapNote(model, frame) {
    const seconds = model.times[frame];
    const gap = gapAt(model, seconds);
    if (gap < 0) return "";
    const last = (model.before_gaps || [])[gap];
    return "no map for this day" + (last === undefined ? "" : `; the last one is of ${dayText(last)}`);
  }

  // "between 9 and 20 Jan 2024": each part of the first date only where it is another one.
  function betweenText(first, last) {
    const [from, to] = [first, last].map((seconds) => dayText(seconds).split(" ").slice(1));
    while (from.length > 1 && from.at(-1) === to[from.length - 1]) from.pop();
    return `between ${from.join(" ")} and ${to.join(" ")}`;
  }

  // What changed while there was no map is known by the map after it: any time since the one before.
  function widened(model, from, to, last, wide) {
    const before = (model.gaps || []).flatMap(([, end], i) =>
      from <= end && end < to ? (model.before_gaps[i] ?? end) + 1 : []);
    const first = Math.min(from, ...before);
    if (first === from && !wide) return { from, to, text: "on " + dayText(last) };
    return { from: first, to, text: betweenText(first, last) };
  }

  const dayAt = (model, seconds) => widened(model, seconds, seconds + DAY, seconds);

  // The day of a frame: from (included) and to (excluded). Where frames are more than a day apart,
  // all that happened since the frame before.
  function periodOf(model, frame) {
    const now = model.times[frame];
    const before = frame ? model.times[frame - 1] : now;
    if (now - before > 1.5 * DAY) return widened(model, before + 1, now + 1, now, true);
    const from = Math.floor(now / DAY) * DAY;
    // Where frames are hours, the last midnight closes a day and begins none.
    const closing = frame === model.times.length - 1 && from === now && before < now &&
      now - before < DAY && !changesIn(model, now, now + DAY).length;
    return dayAt(model, closing ? from - DAY : from);
  }

  // Changes in a stretch of time, summed by who lost and who gained; the largest first.
  function changesIn(model, from, to) {
    const rows = new Map();
    const all = model.changes; // in the order of time
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle].when < from) low = middle + 1;
      else high = middle;
    }
    for (; low < all.length && all[low].when < to; low++) {
      const change = all[low];
      const key = change.before + "/" + change.after;
      const row = rows.get(key) || { before: change.before, after: change.after, km2: 0 };
      row.km2 += change.km2;
      rows.set(key, row);
    }
    return [...rows.values()].sort((a, b) => b.km2 - a.km2);
  }

  Object.assign(frontline, { gapAt, gapNote, dayAt, periodOf, changesIn });
})((window.frontlineMaps = window.frontlineMaps || {}));
