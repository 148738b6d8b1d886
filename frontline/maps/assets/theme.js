"use strict";
// Light and dark: which of them the page shows, and the colours of the canvas in each. The panels
// take theirs from the style sheet by the class on the root element.
(function (frontline) {
  const LIGHT = {
    dark: false, ink: "#1d2329", nobody: "#8a8f94", paper: "#ffffff",
    casing: "rgba(255, 255, 255, 0.85)", halo: "rgba(255, 255, 255, 0.88)",
    wash: "rgba(255, 255, 255, 0.13)", rim: "rgba(255, 255, 255, 0.95)",
    outside: "#6b7178", country: "#666b70", frame: "rgba(29, 35, 41, 0.45)", stream: "58, 104, 140",
    land: "#f6f5f1", sea: "#dde6ec", shore: "#c3d0d9", lake: "#dde6ec", bank: "#b9c9d4",
    river: "#b4c9d8", district: "rgba(90, 96, 104, 0.28)", border: "#b3b0a8", other: "#c8c8c8",
  };
  const DARK = {
    dark: true, ink: "#f3f5f7", nobody: "#8d949b", paper: "#15191d",
    casing: "rgba(14, 17, 20, 0.85)", halo: "rgba(14, 17, 20, 0.8)",
    wash: "rgba(0, 0, 0, 0.16)", rim: "rgba(14, 17, 20, 0.92)",
    outside: "#98a0a8", country: "#99a1a9", frame: "rgba(233, 237, 241, 0.5)", stream: "146, 186, 216",
    land: "#23282d", sea: "#161d24", shore: "#33404b", lake: "#161d24", bank: "#33404b",
    river: "#354a5b", district: "rgba(220, 226, 232, 0.22)", border: "#59616a", other: "#4a5058",
  };
  const KEY = "frontline-colours";
  const theme = { ...LIGHT };
  const listeners = [];
  const asked = window.matchMedia("(prefers-color-scheme: dark)");
  let choice = "auto";
  let fallback = "auto"; // what "auto" means: ask the reader's system, or stay light over light tiles
  let onPaper = false;

  function recall() {
    try {
      return window.localStorage.getItem(KEY);
    } catch {
      return null; // a sandboxed frame has no storage
    }
  }

  function apply() {
    const wanted = choice === "auto" ? fallback : choice;
    const dark = !onPaper && (wanted === "dark" || (wanted === "auto" && asked.matches));
    const root = document.documentElement.classList;
    root.toggle("fl-dark", dark);
    root.toggle("fl-light", !dark);
    if (theme.dark === dark) return;
    Object.assign(theme, dark ? DARK : LIGHT);
    for (const listener of listeners) listener(theme);
    // Pictures that know how to draw themselves again: swatches of legends, tracks.
    for (const canvas of document.querySelectorAll("canvas")) canvas.redraw?.();
  }

  function choose(name) {
    choice = ["light", "dark"].includes(name) ? name : "auto";
    try {
      if (choice === "auto") window.localStorage.removeItem(KEY);
      else window.localStorage.setItem(KEY, choice);
    } catch {
      // Nothing to remember it in: it holds until the page is closed.
    }
    apply();
  }

  function stayLight() {
    fallback = "light";
    apply();
  }

  function forPaper(on) {
    onPaper = on;
    apply();
  }

  // Colours of sides are chosen for light paper: on a dark ground the deep ones are lifted.
  function tone(hex) {
    if (!theme.dark) return hex;
    const value = parseInt(hex.slice(1), 16);
    const rgb = [value >> 16, (value >> 8) & 255, value & 255];
    const light = (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) / 255;
    const lift = Math.max(0, 0.55 - light);
    return "#" + rgb.map((c) => Math.round(c + (255 - c) * lift).toString(16).padStart(2, "0")).join("");
  }

  choice = recall() || "auto";
  asked.addEventListener("change", apply);
  apply();

  Object.assign(frontline, {
    theme, tone,
    colours: {
      get choice() {
        return choice;
      },
      choose, stayLight, forPaper,
    },
    onTheme: (listener) => listeners.push(listener),
  });
})((window.frontlineMaps = window.frontlineMaps || {}));
