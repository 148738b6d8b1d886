"use strict";
// Finds places by any spelling of their names: a combobox with a list of results.
(function (frontline) {
  const { el } = frontline;
  const SHOWN = 30;
  // Letters that Unicode does not take apart, and Arabic ones that writers exchange.
  const LETTERS = {
    "\u0131": "i", "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00e6": "ae", "\u0153": "oe", "\u00df": "ss",
    "\u0621": "", "\u0640": "", "\u0629": "\u0647", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643",
    "\u0671": "\u0627", "\u06c1": "\u0647", "\u06d5": "\u0647",
  };
  const ARTICLES = /\b(?:al|el|ul|il|as|ash|at|ad|ar|an|az|es|esh|et|ed|er|en|ez) (?=\S)/g;
  let count = 0; // of the boxes on the page, for their names

  // A name without case, marks and signs, so that spellings of one name are equal.
  function folded(text) {
    return text.toLowerCase().normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "")
      .replace(/[\u02b9-\u02bf\u02c8\u02ca'`\u00b4\u2018\u2019\u201b\u201c\u201d\u2032"]/g, "")
      .replace(/./gu, (letter) => LETTERS[letter] ?? letter)
      .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  // Without articles: "al-Bab", "el Bab" and "Bab" are found by each other.
  function bare(fold) {
    return fold.replace(ARTICLES, "").replace(/(^| )\u0627\u0644(?=\S{2})/g, "$1");
  }

  function table(model) {
    model.spellings = model.spellings || model.places.map(function (place) {
      const folds = [place[0], place[4]].filter(Boolean).map(folded);
      return [...new Set(folds.flatMap((fold) => [fold, bare(fold)]))];
    });
    return model.spellings;
  }

  // Places whose name begins so, then those with a word that does, then those that hold it.
  function find(model, query) {
    const wanted = [...new Set([folded(query), bare(folded(query))])].filter(Boolean);
    if (!wanted.length) return [];
    const rank = function (spelling, want) {
      if (spelling === want) return 0;
      const at = spelling.indexOf(want);
      return at < 0 ? 9 : at === 0 ? 1 : spelling.includes(" " + want) ? 2 : 3;
    };
    const rows = [];
    table(model).forEach(function (spellings, i) {
      const best = Math.min(...spellings.flatMap((each) => wanted.map((want) => rank(each, want))));
      if (best < 9) rows.push([best, i]);
    });
    return rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, i]) => model.places[i]);
  }

  // The box: an input and its list. `choose` is called with a place, `leave` on Escape.
  function searchBox(model, choose, leave) {
    const id = "fl-found-" + ++count;
    const input = el("input", {
      type: "text", class: "fl-query", role: "combobox", "aria-expanded": "false", "aria-controls": id,
      "aria-autocomplete": "list", "aria-label": "Find a place", placeholder: "Find a place",
      autocomplete: "off", spellcheck: "false", dir: "auto",
    });
    const list = el("ul", { id: id, class: "fl-found", role: "listbox", "aria-label": "Places", hidden: true });
    const status = el("p", { class: "fl-hidden", role: "status" });
    let found = [];
    let at = -1;

    function point(next) {
      at = next;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    }

    function open(shown) {
      list.hidden = !shown;
      input.setAttribute("aria-expanded", String(shown));
      if (!shown) point(-1);
    }

    function take(place) {
      open(false);
      input.value = frontline.called(place).text;
      choose(place);
    }

    function look() {
      const all = find(model, input.value);
      found = all.slice(0, SHOWN);
      list.replaceChildren(...found.map(function (place, i) {
        const where = frontline.describe(model, place[1], place[2], place).text;
        const item = el("li", { role: "option", id: `${id}-${i}` }, frontline.nameNode(place, true),
          el("small", { class: "fl-soft", text: where }));
        item.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus
        item.addEventListener("click", () => take(place));
        return item;
      }));
      open(found.length > 0);
      point(-1);
      const rest = all.length > SHOWN ? `, the first ${SHOWN} listed` : "";
      status.textContent = !input.value.trim() ? "" :
        all.length ? `${all.length} ${all.length === 1 ? "place" : "places"}${rest}` : "No place of that name";
      status.classList.toggle("fl-hidden", all.length > 0 || !input.value.trim());
    }

    input.addEventListener("input", look);
    input.addEventListener("keydown", function (event) {
      const last = found.length - 1;
      const shown = !list.hidden;
      if (event.key === "ArrowDown" && last >= 0) {
        open(true);
        point(shown && at < last ? at + 1 : 0);
      } else if (event.key === "ArrowUp" && last >= 0) {
        open(true);
        point(shown && at > 0 ? at - 1 : last);
      } else if (event.key === "Enter" && found.length) {
        take(found[Math.max(at, 0)]);
      } else if (event.key === "Escape") {
        if (shown) open(false);
        else if (input.value) {
          input.value = "";
          look();
        } else leave();
      } else {
        event.stopPropagation(); // no shortcut of the page
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    input.addEventListener("blur", () => open(false));
    return el("div", { class: "fl-search", role: "search" }, input, list, status);
  }

  Object.assign(frontline, { folded, find, searchBox });
})((window.frontlineMaps = window.frontlineMaps || {}));
