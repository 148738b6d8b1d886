"use strict";
// Inside a frame of another page: compact, telling that page its height, and leaving its scrolling
// alone. Asked for by "?embed" in the address, or "#embed" where a host drops the query.
(function (frontline) {
  const { el } = frontline;
  const WORD = /[?#&]embed(?:[=&]|$)/;
  const HINT_MS = 1600;

  const embedded = WORD.test(window.location.search) || WORD.test(window.location.hash);

  // The same page without the word that makes it compact, for those who want all of it.
  function wholePage() {
    if (!/^(https?|file):$/.test(window.location.protocol)) return null;
    const address = new URL(window.location.href);
    address.searchParams.delete("embed");
    address.hash = "";
    return el("p", { class: "fl-whole" }, el("a", {
      href: address.href, target: "_blank", rel: "noopener", text: "Open the whole map: all dates, changes and sources",
    }));
  }

  function tellHeight() {
    let last = 0;
    const tell = function () {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      if (height === last || window.parent === window) return;
      last = height;
      // Only a number leaves: whoever the parent is may know it.
      window.parent.postMessage({ type: "frontline-height", height: height }, "*");
    };
    new ResizeObserver(tell).observe(document.body);
    tell();
  }

  // The wheel zooms only with ctrl, one finger scrolls the page, two move the map.
  function leaveScrolling(map) {
    const container = map.getContainer();
    const hint = el("p", { class: "fl-hint", "aria-hidden": "true" });
    container.append(hint);
    container.classList.add("fl-calm");
    let waiting = 0;
    const say = function (text) {
      hint.textContent = text;
      hint.classList.add("fl-said");
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => hint.classList.remove("fl-said"), HINT_MS);
    };
    const inPanel = (event) => event.target.closest(".fl-inside, .leaflet-popup, .leaflet-control");
    const mac = /Mac|iPhone|iPad/.test(window.navigator.platform);
    container.addEventListener("wheel", function (event) {
      if (event.ctrlKey || event.metaKey || inPanel(event)) return;
      event.stopPropagation();
      say(`Hold ${mac ? "\u2318" : "ctrl"} and scroll to zoom`);
    }, { capture: true, passive: true });
    container.addEventListener("touchstart", function (event) {
      if (event.touches.length === 1 && !inPanel(event)) event.stopPropagation();
    }, { capture: true, passive: true });
    container.addEventListener("touchmove", function (event) {
      if (event.touches.length === 1 && !inPanel(event)) say("Use two fingers to move the map");
    }, { capture: true, passive: true });
  }

  Object.assign(frontline, { embedded, leaveScrolling, tellHeight, wholePage });
})((window.frontlineMaps = window.frontlineMaps || {}));
