"use strict";
// Unpacks the page's styles and scripts and hands them to the browser. The page's policy lists the
// hash of each, so what was tampered with does not run.
(async function () {
  const root = document.getElementById("frontline");
  const sorry = function (text) {
    const line = document.createElement("p");
    line.className = "fl-sorry";
    line.setAttribute("role", "alert");
    line.textContent = text;
    root.replaceChildren(line);
  };
  if (!window.DecompressionStream) {
    sorry("This browser is too old to unpack the map, which is stored compressed in this file. A browser of 2023 or later shows it.");
    return;
  }
  try {
    const packed = document.getElementById("frontline-code").textContent;
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    for (const [tag, text] of JSON.parse(await new Response(stream).text())) {
      const node = document.createElement(tag);
      node.textContent = text;
      document.head.append(node);
    }
    if (!window.frontlineMaps?.openPage) throw new Error("a script was refused");
  } catch (error) {
    sorry("The map cannot be shown: this file is damaged or was changed (" + error.message + ").");
  }
})();
