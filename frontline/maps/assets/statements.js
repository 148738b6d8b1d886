"use strict";
// Who says so: the statements behind the map, read from the payload (see statements_coding.py),
// and those that speak for a spot.
(function (frontline) {
  const { el, dateText } = frontline;
  const KINDS = ["point", "area", "infill", "silence"];
  const HERE_M = 50;
  const SAME_M = 100; // sites this much farther than the nearest may be it: places stand on a grid

  // `places` in the order of the payload.
  function readStatements(reader, model, places) {
    const head = model.statements;
    if (!head) return null;
    const sum = function (list, start) {
      let at = start;
      return list.map((step) => (at += step));
    };
    const many = (count) => Array.from({ length: count }, () => reader.next());
    const cited = (number) =>
      number < 0 ? [] : head.cited[number].map((each) => (typeof each === "number" ? model.sources[each].id : each));
    const count = reader.next();
    const [from, state, kind, source] = [0, 1, 2, 3].map(() => many(count));
    const statements = sum(from, model.times[0]).map((seconds, i) => ({
      from: seconds, state: state[i], kind: KINDS[kind[i]], cited: cited(source[i]),
    }));
    const sequences = many(reader.next()).map((length) => sum(many(length), 0)).map((row) => row.map((i) => statements[i]));
    const named = head.named || [];
    const own = many(places.length + named.length).map((length) => many(length));
    const [lons, lats] = [0, 1].map(() => sum(many(named.length), 0));
    const more = named.map((name, i) => [name, lons[i] / 1e4, lats[i] / 1e4, 0, ""]);
    const sites = places.concat(more)
      .map((place, i) => ({ place: place, sequences: own[i].map((number) => sequences[number]) }))
      .filter((site) => site.sequences.length);
    const maps = reader.next();
    const [dates, drawn] = [many(maps), many(maps)];
    return {
      sites: sites,
      maps: sum(dates, model.times[0]).map((seconds, i) => ({ from: seconds, cited: cited(drawn[i]) })),
    };
  }

  // Whether statements say of every frame what the map shows there.
  function agrees(model, sequence, states) {
    const silent = (state) => state < 0 || model.states[state][1] === "no_data";
    let i = -1;
    return states.every(function (state, f) {
      while (i + 1 < sequence.length && sequence[i + 1].from <= model.times[f]) i++;
      const said = i < 0 ? -1 : sequence[i].state;
      return said === state || (silent(said) && silent(state));
    });
  }

  // The statements of several sequences as one.
  function merged(sequences) {
    const all = [...new Set(sequences.flat())];
    return sequences.length > 1 ? all.sort((a, b) => a.from - b.from) : all;
  }

  // The nearest site to a spot, its bearing from there, and its statements for the spot: null where
  // they are not in the payload. Null for a history without sites.
  function sayAt(model, lon, lat, states) {
    const told = model.statements;
    if (!told || !told.sites.length) return null;
    const shrink = Math.cos((lat * Math.PI) / 180);
    const rough = told.sites
      .map((site) => [Math.hypot((site.place[1] - lon) * shrink, site.place[2] - lat), site])
      .sort((a, b) => a[0] - b[0]).slice(0, 6);
    const exact = rough
      .map(([, site]) => ({ site: site, ...frontline.inverse(lon, lat, site.place[1], site.place[2]) }))
      .sort((a, b) => a.m - b.m);
    for (const found of exact) {
      if (found.m > exact[0].m + SAME_M) break;
      const fit = found.site.sequences.filter((row) => agrees(model, row, states));
      // At the place itself it is the first, that of its own cell.
      const all = found.m < HERE_M ? fit.slice(0, 1) : fit;
      if (all.length) return { ...found, sequences: all, sequence: merged(all) };
    }
    return { ...exact[0], sequences: [], sequence: null };
  }

  function sourcesNode(model, cited) {
    const node = el("span", { class: "fl-cite" });
    if (!cited.length) return node;
    node.append(cited.length > 1 ? "Sources: " : "Source: ");
    cited.forEach(function (each, i) {
      node.append(i ? "; " : "", frontline.sourceNode(model, each));
    });
    return node;
  }

  const NOT_HERE = "The statements for this part of the map are not in this file.";
  const MIXED = "Some of these speak for another part of this place's surroundings.";
  const BY_RULE = "assessed from the reports around it; nobody reported it";

  function basisText(model, statement) {
    if (statement.kind === "infill") return BY_RULE;
    const basis = (model.states[statement.state] || [])[2];
    return [basis, statement.kind === "area" ? "of an area with this spot" : ""].filter(Boolean).join(", ");
  }

  // The source of what the map shows of a spot now.
  function sourceNow(model, said, now) {
    const statement = said.sequences.length === 1 && said.sequence.findLast((each) => each.from <= now);
    if (!statement) return null;
    const by = statement.kind === "infill" ? el("span", { text: BY_RULE }) : sourcesNode(model, statement.cited);
    return el("p", {}, by);
  }

  // The statements of a spot as a list, the one in force marked; `now` in seconds.
  function statementsNode(model, said, now, stateText) {
    const box = el("section", { class: "fl-said" }, el("h3", { text: "Who says so, and when" }));
    if (said.m >= HERE_M || !said.site.place[0]) {
      const where = frontline.WIND_WORDS[frontline.wind(said.azimuth, 8)];
      box.append(el("p", { class: "fl-soft" }, "Nearest report: ",
        said.site.place[0] ? frontline.nameNode(said.site.place) : "a place without a name",
        `, ${frontline.lengthText(said.m)} ${where} of here`));
    }
    if (!said.sequence) {
      box.append(el("p", { text: NOT_HERE }));
      return box;
    }
    const list = el("ol", { class: "fl-spells" });
    const index = said.sequence.findLastIndex((statement) => statement.from <= now);
    said.sequence.forEach(function (statement, i) {
      const early = statement.from < model.times[0];
      const basis = basisText(model, statement);
      const row = el("li", { class: i === index ? "fl-now" : "" },
        el("span", { class: "fl-soft", text: (early ? "before " + dateText(model.times[0]) : dateText(statement.from)) + ": " }),
        el("span", { class: "fl-state", text: statement.kind === "silence" ? "No data" : stateText(statement.state) }),
        basis ? el("span", { text: ` (${basis})` }) : null,
        statement.kind === "infill" ? null : sourcesNode(model, statement.cited)); // the rule is no source
      if (i === index) row.setAttribute("aria-current", "true");
      list.append(row);
    });
    box.append(list);
    if (said.sequences.length > 1) box.append(el("p", { class: "fl-soft", text: MIXED }));
    return box;
  }

  // For a history of maps: the map in force, and where it is from.
  function mapNode(model, now) {
    const maps = model.statements ? model.statements.maps : [];
    const drawn = maps.findLast((map) => map.from <= now);
    if (!drawn || !drawn.cited.length) return null;
    return el("p", { class: "fl-said" }, `Map of ${dateText(drawn.from)}. `, sourcesNode(model, drawn.cited));
  }

  frontline.WIND_WORDS = {
    N: "north", NE: "northeast", E: "east", SE: "southeast",
    S: "south", SW: "southwest", W: "west", NW: "northwest",
  };
  Object.assign(frontline, { readStatements, sayAt, sourceNow, statementsNode, mapNode });
})((window.frontlineMaps = window.frontlineMaps || {}));
