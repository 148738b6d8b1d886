"use strict";
// Links: the part after the hash names the date shown, or two dates that are compared.
(function (frontline) {
  const { el, hashOf, secondsOf } = frontline;

  const EMBED = /^embed(=|$)/; // asks for the compact form, see embed.js; it stays
  const SWIPE = "swipe"; // asks for two dates side by side

  // Of "#2024-11-27..2024-12-05&swipe" the instants (one or two; null where they cannot be read) and
  // the words behind them.
  function readHash(hash) {
    const parts = hash.replace(/^#/, "").split("&");
    const words = parts.filter((part) => part === SWIPE || EMBED.test(part));
    const dates = parts.filter((part) => !words.includes(part));
    const read = hash.length < 80 && dates.length === 1 ? dates[0].split("..").map(secondsOf) : [];
    const found = read.length > 0 && read.length < 3 && !read.includes(null);
    return { instants: found ? read : null, words: words };
  }

  function writeHash(clock, compare) {
    const frames = [clock.frame];
    const two = compare.on && compare.pin !== clock.frame;
    if (two) frames.push(compare.pin);
    const dates = frames.sort((a, b) => a - b).map((f) => hashOf(clock.times[f]));
    return "#" + dates.join("..") + (two && compare.mode === "swipe" ? "&" + SWIPE : "");
  }

  // The hash follows the view when it stops, and the view the hash. On a page of somebody else's
  // (`guest`) a hash that is not ours stays. Returns what reads it first.
  function followHash(model, clock, compare, guest) {
    const read = function () {
      const { instants, words } = readHash(window.location.hash);
      if (!instants) return;
      const [first, second] = instants.sort((a, b) => a - b).map((seconds) => model.frameAt(seconds));
      clock.stop();
      if (second !== undefined) compare.set(first, words.includes(SWIPE) ? "swipe" : "tint");
      else compare.set(compare.pin, "off");
      clock.go(second === undefined ? first : second);
    };
    const rest = frontline.atRest(300, function () {
      const old = window.location.hash;
      const { instants, words } = readHash(old);
      const embed = words.find((word) => EMBED.test(word));
      const hash = writeHash(clock, compare) + (embed ? "&" + embed : "");
      if (hash === old || (guest && old && !instants)) return;
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
        said.textContent = "";
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
