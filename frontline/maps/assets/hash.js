"use strict";
// Links: the part after the hash names the date shown, or two dates that are compared.
(function (frontline) {
  const { el, hashOf, secondsOf } = frontline;

  const EMBED = /[#&](embed(?:=[^&]*)?)$/; // asks for the compact form, see embed.js; it stays

  const SWIPE = "&swipe"; // after two dates: they stand side by side

  // Two instants from "2024-11-27..2024-12-05", one from "2024-12-03"; null from anything else.
  function readHash(hash) {
    const dates = hash.replace(EMBED, "").replace(/^#/, "").replace(SWIPE, "");
    const parts = hash.length < 80 ? dates.split("..") : [];
    const read = parts.map(secondsOf);
    return parts.length < 1 || parts.length > 2 || read.includes(null) ? null : read;
  }

  function writeHash(clock, compare) {
    const frames = [clock.frame];
    const two = compare.on && compare.pin !== clock.frame;
    if (two) frames.push(compare.pin);
    const dates = frames.sort((a, b) => a - b).map((f) => hashOf(clock.times[f]));
    return "#" + dates.join("..") + (two && compare.mode === "swipe" ? SWIPE : "");
  }

  // The hash follows the view when it stops, and the view the hash. On a page of somebody else's
  // (`guest`) a hash that is not ours stays. Returns what reads it first.
  function followHash(model, clock, compare, guest) {
    const read = function () {
      const found = readHash(window.location.hash);
      if (!found) return;
      const [first, second] = found.sort((a, b) => a - b).map((seconds) => model.frameAt(seconds));
      clock.stop();
      if (second !== undefined) compare.set(first, window.location.hash.includes(SWIPE) ? "swipe" : "tint");
      else compare.set(compare.pin, "off");
      clock.go(second === undefined ? first : second);
    };
    const rest = frontline.atRest(300, function () {
      const old = window.location.hash;
      const word = EMBED.exec(old);
      const hash = writeHash(clock, compare) + (word ? "&" + word[1] : "");
      if (hash === old || (guest && old && !readHash(old))) return;
      try {
        window.history.replaceState(null, "", hash);
      } catch {
        // A sandbox or an embedding page without an address of its own: there is no link then.
      }
    });
    const write = () => (clock.playing ? rest.drop() : rest.ask());
    clock.onChange(write);
    compare.onChange(write);
    window.addEventListener("hashchange", read);
    return read;
  }

  // Copies the link to what is shown; where that is barred, shows it selected, to be copied by hand.
  function linkButton(clock, compare) {
    const field = el("input", { class: "fl-link-text", type: "text", readOnly: true, hidden: true });
    field.setAttribute("aria-label", "Link to what is shown");
    const said = el("span", { class: "fl-link-said", role: "status" });
    const button = frontline.iconButton("link", "Copy a link to what is shown", async function () {
      field.value = window.location.href.split("#")[0] + writeHash(clock, compare);
      try {
        await window.navigator.clipboard.writeText(field.value);
        said.textContent = "Link copied";
        field.hidden = true;
        window.setTimeout(() => (said.textContent = ""), 2500);
      } catch {
        field.hidden = false;
        field.focus();
        field.select();
      }
    });
    field.addEventListener("blur", () => (field.hidden = true));
    // A frame written into another page (srcdoc, data, blob) has no address to link to.
    const linked = /^(https?|file):$/.test(window.location.protocol);
    return linked ? el("span", { class: "fl-linking" }, button, field, said) : null;
  }

  Object.assign(frontline, { readHash, followHash, linkButton });
})((window.frontlineMaps = window.frontlineMaps || {}));
