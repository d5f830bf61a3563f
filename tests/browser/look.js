(function () {
  "use strict";
  function numbers(css) { return (css.match(/[\d.]+/g) || [0, 0, 0]).map(Number); }

  // luminance and contrast are those of WCAG 2.
  function luminance(c) {
    var l = c.slice(0, 3).map(function (v) { v /= 255; return v <= .04045 ? v / 12.92 : Math.pow((v + .055) / 1.055, 2.4); });
    return .2126 * l[0] + .7152 * l[1] + .0722 * l[2];
  }
  function contrast(a, b) {
    var x = luminance(a), y = luminance(b);
    return (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
  }
  function paper(el) {
    for (; el; el = el.parentElement) {
      var c = numbers(getComputedStyle(el).backgroundColor);
      if (c.length < 4 || c[3] > .5) return c;
    }
    return [255, 255, 255];
  }

  // pixels looks at a canvas: has it several colours, and lettering in that of the page?
  function pixels(canvas, ink) {
    var px = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    var all = new Uint32Array(px.buffer), colours = new Set(), lettering = 0;
    for (var i = 0; i < all.length; i++) {
      if (!px[4 * i + 3]) continue;
      if (colours.size < 5) colours.add(all[i]);
      if (px[4 * i + 3] > 150 && Math.abs(px[4 * i] - ink[0]) + Math.abs(px[4 * i + 1] - ink[1]) + Math.abs(px[4 * i + 2] - ink[2]) < 30) lettering++;
    }
    return { several: colours.size > 3, lettering: lettering };
  }

  var s = { Charts: 0, Drawn: 0, Blank: [], Notes: [], Faint: [], Hidden: 0, Files: [] };
  s.Open = document.querySelectorAll("details[open]").length;
  document.querySelectorAll("figure").forEach(function (f) { if (f.getBoundingClientRect().height < 20) s.Hidden++; });
  document.querySelectorAll("[data-sdt-chart]").forEach(function (el) {
    s.Charts++;
    var name = el.getAttribute("aria-label"), canvas = el.querySelector("canvas"), ink = numbers(getComputedStyle(el).color);
    var seen = canvas && canvas.width && canvas.height ? pixels(canvas, ink) : { several: false };
    if (seen.several) s.Drawn++; else s.Blank.push(name);
    if (!canvas && el.sdtStarted === false) s.Notes.push(el.textContent);
    if (seen.several && (seen.lettering < 20 || contrast(ink, paper(el)) < 4.5)) s.Faint.push(name);
  });
  performance.getEntriesByType("resource").forEach(function (r) { if (/echarts[^/]*\.js/.test(r.name)) s.Files.push(r.name); });
  return s;
})()
