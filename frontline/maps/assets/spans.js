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

  // The day of a frame: from (included) and to (excluded). Where frames are more than a day apart,
  // all that happened since the frame before.
  function periodOf(model, frame) {
    const now = model.times[frame];
    const before = frame ? model.times[frame - 1] : now;
    if (now - before > 1.5 * DAY) {
      return { from: before + 1, to: now + 1, text: `${dayText(before)} to ${dayText(now)}` };
    }
    const from = Math.floor(now / DAY) * DAY;
    return { from: from, to: from + DAY, text: dayText(now) };
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

  Object.assign(frontline, { gapAt, gapNote, periodOf, changesIn });
})((window.frontlineMaps = window.frontlineMaps || {}));
