(function () {
  "use strict";

  // server returns the address of the script in the kernel's folder of the Jupyter server, if
  // the page is from one: it then names the server's address.
  function server() {
    var config = document.getElementById("jupyter-config-data"), base = document.body && document.body.dataset.baseUrl;
    try { if (config) base = JSON.parse(config.textContent).baseUrl; } catch (e) { /* not JupyterLab's */ }
    return base && base[0] === "/" ? [base.replace(/\/?$/, "/kernelspecs/sdt/echarts.min.js")] : [];
  }

  // load adds a <script>, and calls then with whether window.echarts exists.
  function load(src, then) {
    var script = document.createElement("script");
    var amd = window.define && window.define.amd; // otherwise a module loader would take echarts for itself
    function end() { if (amd) window.define.amd = amd; then(!!window.echarts); }
    if (amd) window.define.amd = undefined;
    script.src = src;
    script.integrity = "ECHARTS_INTEGRITY";
    script.crossOrigin = "anonymous";
    script.onload = script.onerror = end;
    document.head.appendChild(script);
  }

  // ready resolves once window.echarts exists: from the page, which may still announce it with
  // the event "sdt-echarts", from the Jupyter server or from the network. One <script> serves
  // the page; a failure is forgotten, so that running a cell again tries again.
  function ready() {
    if (window.echarts) return Promise.resolve();
    if (window.sdtECharts) return window.sdtECharts;
    window.sdtECharts = new Promise(function (resolve, reject) {
      var places = server().concat("ECHARTS_URL");
      window.addEventListener("sdt-echarts", function () { resolve(); }, { once: true });
      (function next(there) {
        if (there) resolve();
        else if (places.length) load(places.shift(), next);
        else { window.sdtECharts = undefined; reject(); }
      })(false);
    });
    return window.sdtECharts;
  }

  function esc(s) {
    return String(s).replace(/[&<>"']/g, function (c) { return "&#" + c.charCodeAt(0) + ";"; });
  }
  // bdi isolates a name. Text with isolated names in it (U+2068) is a sentence of ours, from
  // left to right whatever the direction of a name at its beginning.
  function bdi(s) { return "<bdi" + (String(s).indexOf("\u2068") < 0 ? "" : ' dir="ltr"') + ">" + esc(s) + "</bdi>"; }
  // digits has no sign for a rounded zero.
  function digits(v, n) { return typeof v === "number" && isFinite(v) ? v.toFixed(n).replace(/^-(?=[0.]*$)/, "") : "–"; }
  function short(v) { return typeof v !== "number" || !isFinite(v) ? "–" : v >= 1e-3 || v === 0 ? String(+v.toPrecision(3)) : v.toExponential(1); }
  function name(axis, i) { var d = axis.data[i]; return d && typeof d === "object" ? d.value : d; }
  function first(v) { return Array.isArray(v) ? v[0] : v; }

  // formatters are the functions that an option may name, such as "sdt.percent"; each takes
  // the option and the page's colours and returns the function. No data becomes code.
  var formatters = {
    percent: function () { return function (v) { return digits(v, 1) + " %"; }; },
    // series returns the name of a piece's series; echarts' "{a}" would read it as a template.
    series: function () { return function (p) { return p.seriesName; }; },
    // within cuts a label to the width of its piece, and drops it if the piece is too narrow.
    within: function () {
      return function (p) { return p.rect.width < 30 ? { x: -1e4 } : { width: p.rect.width - 8 }; };
    },
    // steps shows the losses at one step: value [step, loss, symbol, unit].
    steps: function () {
      return function (params) {
        if (!Array.isArray(params)) params = [params];
        if (!params.length) return "";
        return "step " + esc(params[0].value[0]) + params.map(function (p) {
          return "<br>" + p.marker + bdi(p.seriesName) + (p.value[2] ? " " + esc(p.value[2]) : "") + ": <b>" + short(p.value[1]) + "</b> " + esc(p.value[3] || "");
        }).join("");
      };
    },
    // predicted: value [column, row, % of the row, count].
    predicted: function (option) {
      return function (p) {
        return "true: " + bdi(name(first(option.yAxis), p.value[1])) + "<br>predicted: " + bdi(name(first(option.xAxis), p.value[0])) +
          "<br><b>" + p.value[3] + (p.value[3] === 1 ? "</b> image, " : "</b> images, ") + digits(p.value[2], 1) + " % of the row";
      };
    },
    // similar: value [column, row, log10 of the mass, mass].
    similar: function (option) {
      return function (p) {
        return "soft label of " + bdi(name(first(option.yAxis), p.value[1])) + "<br>on " + bdi(name(first(option.xAxis), p.value[0])) +
          ": <b>" + short(100 * p.value[3]) + " %</b>";
      };
    },
    // trials: value [slot, mean, standard error, n, dodge (a gap if it has the slot to itself), accuracies…], in percent.
    trials: function (option) {
      return function (p) {
        var v = p.value, where = name(first(option.xAxis), v[0]);
        return bdi(p.seriesName) + (where === p.seriesName ? "" : "<br>" + bdi(where)) + "<br><b>" + digits(v[1], 1) + "</b>" +
          (typeof v[2] === "number" ? " ± " + digits(v[2], 1) : "") + " %, " + v[3] + (v[3] === 1 ? " trial" : " trials");
      };
    },
    // differences: value [slot, mean, standard error, n, …], in percentage points.
    differences: function (option) {
      return function (p) {
        var v = p.value;
        return bdi(p.seriesName) + "<br>" + bdi(name(first(option.xAxis), v[0])) + "<br><b>" + (v[1] > 0 ? "+" : "") + digits(v[1], 1) + "</b>" +
          (typeof v[2] === "number" ? " ± " + digits(v[2], 1) : "") + " points, " + v[3] + (v[3] === 1 ? " trial" : " trials");
      };
    },
    // point: value [x, y, what it is].
    point: function () {
      return function (p) {
        return bdi(p.seriesName) + (p.value[2] ? "<br>" + bdi(p.value[2]) : "") + "<br><b>" + esc(p.value[0]) + "</b>, <b>" + esc(p.value[1]) + "</b>";
      };
    },
    // named shows the name of a datum, which has its numbers.
    named: function () { return function (p) { return bdi(p.name || p.seriesName); }; },
    // errorBar draws a mean, its standard error and the trials behind it.
    errorBar: function (option, page) {
      return function (params, api) {
        var color = api.visual("color"), alone = !isFinite(api.value(4)), dodge = alone ? 0 : api.value(4), n = api.value(3), se = api.value(2);
        var mean = api.coord([api.value(0), api.value(1)]);
        var slot = api.size([1, 0])[0], x = mean[0] + dodge * slot, cap = alone ? 9 : 6;
        var parts = [];
        function line(x1, y1, x2, y2) {
          parts.push({ type: "line", shape: { x1: x1, y1: y1, x2: x2, y2: y2 }, style: { stroke: color, lineWidth: 2 } });
        }
        for (var i = 0; n > 1 && i < n; i++) {
          var y = api.coord([api.value(0), api.value(5 + i)])[1];
          parts.push({ type: "circle", shape: { cx: x + cap + 5 + i % 2 * 3, cy: y, r: 2.5 }, style: { fill: color, opacity: .5 } });
        }
        if (typeof se === "number" && isFinite(se)) {
          var hi = api.coord([api.value(0), api.value(1) + se])[1], lo = api.coord([api.value(0), api.value(1) - se])[1];
          line(x, hi, x, lo); line(x - cap, hi, x + cap, hi); line(x - cap, lo, x + cap, lo);
        }
        parts.push({ type: "circle", shape: { cx: x, cy: mean[1], r: alone ? 5 : 4 }, style: { fill: color } });
        var floor = params.coordSys.y + params.coordSys.height - 9; // where the axis would cross the number
        if (alone && slot > 70) parts.push({ type: "text", style: { text: digits(api.value(1), 1), x: x - cap - 5, y: Math.min(mean[1], floor), align: "right", verticalAlign: "middle", fill: page.text, font: "12px " + page.font } });
        return { type: "group", children: parts };
      };
    }
  };

  // resolve copies an option and inserts the page's colours ("$text") and the named
  // functions, only under the keys that can hold them.
  function resolve(node, page, option) {
    if (Array.isArray(node)) return node.map(function (v) { return resolve(v, page, option); });
    if (!node || typeof node !== "object") return node;
    var out = {};
    Object.keys(node).forEach(function (key) {
      var v = node[key];
      if (/color$/i.test(key) && typeof v === "string" && v[0] === "$") v = page[v.slice(1)];
      else if (/^(formatter|valueFormatter|renderItem|labelLayout)$/.test(key) && /^sdt\./.test(v)) v = formatters[v.slice(4)](option, page);
      else v = resolve(v, page, option);
      out[key] = v;
    });
    return out;
  }

  // colours reads the text colour of the page at the chart.
  function colours(el) {
    var css = getComputedStyle(el), text = css.color, c = (text.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
    var dark = .299 * c[0] + .587 * c[1] + .114 * c[2] > 127; // light text: dark page
    var rgb = "rgba(" + c.slice(0, 3).join(",") + ",";
    return { text: text, muted: rgb + ".65)", line: rgb + ".14)", axis: rgb + ".5)", paper: dark ? "#1e1e1e" : "#ffffff", font: css.fontFamily };
  }

  // widthOf measures text in the charts' font, in px.
  var ruler;
  function widthOf(text, page) {
    ruler = ruler || document.createElement("canvas").getContext("2d");
    ruler.font = "12px " + page.font;
    return ruler.measureText(text).width;
  }

  // linesOf returns how many lines of px width a text takes, broken as echarts does.
  function linesOf(text, px, page) {
    var lines = 1, at = 0;
    (String(text).match(/[^ ]+ *| +/g) || []).forEach(function (word) {
      var w = widthOf(word, page);
      if (at && at + w > px) { lines++; at = 0; }
      for (at += w; at > px; at -= px) lines++;
    });
    return lines;
  }

  // twoLines returns a name cut to two lines.
  function twoLines(name, px, page) {
    var text = name = String(name);
    for (var n = Math.min(name.length, px); linesOf(text, px, page) > 2; n = Math.floor(n * .9)) text = name.slice(0, n) + "…";
    return text;
  }

  // fitted makes room in a resolved option for all rows of its legend in an element of the
  // given width, and returns by how many px that makes the drawing higher. echarts begins a new
  // row when a mark, of 25 px unless the option says so, and its name no longer fit, and centres names on their marks,
  // which are a row's height and 10 px apart: names of three lines might overlap.
  function fitted(option, width, page) {
    var legend = first(option.legend), names = [], most = Math.max(60, width - 60), rows = [], at = 0;
    if (!legend || !legend.show) return 0;
    var mark = (legend.itemWidth || 25) + 6;
    (legend.data || option.series.map(function (s) { return s.name; })).forEach(function (name) {
      if (names.indexOf(name) < 0) names.push(name);
    });
    names.forEach(function (name) {
      var w = mark + Math.min(most, widthOf(name, page)), height = w < mark + most ? 14 : 28;
      if (!rows.length || at + w > width - 12) { rows.push(0); at = 0; }
      rows[rows.length - 1] = Math.max(rows[rows.length - 1], height);
      at += w + 10;
    });
    legend.textStyle = { width: most, overflow: "break", lineHeight: 14 };
    legend.formatter = function (name) { return twoLines(name, most, page); };
    legend.tooltip = { show: true, formatter: function (p) { return bdi(p.name); } };
    if (!rows.length) return 0;
    var more = (rows[0] + rows[rows.length - 1]) / 2 - 14;
    rows.slice(1).forEach(function (height, i) { more += rows[i] + 10; });
    [].concat(option.parallel || option.grid).forEach(function (g) { g.top = Number(g.top) + more; });
    return more;
  }

  // FADE is how wide the side of a page is that fades out where there is more to scroll to, in px.
  var FADE = 44;

  // inSight returns how much of the width of an element is seen before the reader scrolls.
  function inSight(el) {
    var width = el.clientWidth || el.sdtWidth;
    return Math.min(width, el.parentNode && el.parentNode.clientWidth || width);
  }

  // laid returns an option as an element shows it, and gives the element the height it needs.
  // A drawing that is wider than the page has its legend where the page begins, and only where
  // it does not fade out yet.
  function laid(el, option, page) {
    var out = resolve(option, page, option), width = el.clientWidth || el.sdtWidth, sight = inSight(el);
    var legend = first(out.legend), room = sight < width ? sight - FADE : width, more = fitted(out, room, page);
    if (legend) { legend.left = sight < width ? 0 : "center"; legend.width = room - 10; }
    if (more !== (el.sdtMore || 0)) {
      el.style.height = parseFloat(el.style.height) + more - (el.sdtMore || 0) + "px";
      el.sdtMore = more;
    }
    el.sdtWidth = width;
    el.sdtSight = sight;
    return out;
  }

  function theme(page) {
    var axis = {
      axisLine: { lineStyle: { color: page.axis } }, axisTick: { lineStyle: { color: page.axis } },
      axisLabel: { color: page.text }, nameTextStyle: { color: page.text }, splitLine: { lineStyle: { color: [page.line] } }
    };
    return {
      textStyle: { color: page.text, fontFamily: page.font }, title: { textStyle: { color: page.text }, subtextStyle: { color: page.muted } },
      legend: { textStyle: { color: page.text }, inactiveColor: page.line, pageIconColor: page.text, pageTextStyle: { color: page.text } },
      categoryAxis: axis, valueAxis: axis, logAxis: axis, visualMap: { textStyle: { color: page.text } },
      tooltip: { backgroundColor: page.paper, borderColor: page.axis, textStyle: { color: page.text }, confine: true,
        extraCssText: "max-width: 100%; box-sizing: border-box; white-space: normal; overflow-wrap: anywhere" }
    };
  }

  function paint(el) {
    if (!el.clientWidth || !el.clientHeight) return; // hidden: the observer calls again
    var page = colours(el), option = laid(el, el.sdtOption, page), old = window.echarts.getInstanceByDom(el);
    if (old) old.dispose(); else el.textContent = "";
    window.echarts.init(el, theme(page)).setOption(option);
    el.sdtText = page.text;
  }

  // resize keeps what the reader has chosen in the legend.
  function resize(el, chart) {
    var rows = (el.clientWidth !== el.sdtWidth || inSight(el) !== el.sdtSight) && laid(el, el.sdtOption, colours(el));
    chart.resize();
    if (rows) chart.setOption(rows.parallel ? { legend: rows.legend, parallel: rows.parallel } : { legend: rows.legend, grid: rows.grid });
  }

  // mark shows a note if the drawing is wider than the page.
  function mark(el) {
    var wide = el.parentNode, note = wide && wide.previousElementSibling;
    if (note && note.className === "sdt-more") note.hidden = wide.scrollWidth <= wide.clientWidth + 1;
  }

  function start(el, option) {
    if (el.sdtStarted) return;
    el.sdtStarted = true;
    var style = el.getAttribute("style");
    el.sdtOption = option;
    ready().then(function () {
      paint(el);
      el.sdtRepaint = function () { if (getComputedStyle(el).color !== el.sdtText) paint(el); };
      mark(el);
      if (!window.ResizeObserver) return;
      var watch = new ResizeObserver(function () {
        var chart = window.echarts.getInstanceByDom(el);
        if (!chart) paint(el);
        else if (el.clientWidth && (chart.getWidth() !== el.clientWidth || chart.getHeight() !== el.clientHeight || inSight(el) !== el.sdtSight)) resize(el, chart);
        mark(el);
      });
      watch.observe(el);
      watch.observe(el.parentNode);
    }).catch(function (err) {
      var note = document.createElement("p"), figure = el.closest("figure");
      note.className = "sdt-note";
      note.textContent = err ? "The chart could not be drawn (" + err + "). The table holds its numbers."
        : "The chart is not drawn: echarts did not load from ECHARTS_URL. Check the network. The table holds its numbers.";
      el.textContent = ""; el.appendChild(note);
      el.style.height = "auto"; el.style.minWidth = "0"; el.sdtStarted = false; el.sdtMore = 0;
      if (figure) figure.querySelectorAll("details").forEach(function (d) { d.open = true; });
      if (!err) window.addEventListener("sdt-echarts", function () { el.setAttribute("style", style); start(el, option); }, { once: true });
    });
  }

  // repaint draws the charts again after the page has turned dark or light.
  function repaint() {
    document.querySelectorAll("[data-sdt-chart]").forEach(function (el) { if (el.sdtRepaint) el.sdtRepaint(); });
  }
  if (window.matchMedia) {
    var scheme = window.matchMedia("(prefers-color-scheme: dark)");
    if (scheme.addEventListener) scheme.addEventListener("change", repaint);
  }
  if (window.MutationObserver) [document.documentElement, document.body].forEach(function (el) {
    if (el) new MutationObserver(repaint).observe(el, { attributes: true });
  });

  return {
    // draw draws every element with that id that is not drawn yet: the same figure may be on
    // a page twice.
    draw: function (id, option) {
      document.querySelectorAll('[data-sdt-chart="' + id + '"]').forEach(function (el) { start(el, option); });
    },
    // show makes a drawn element show another option: merged into the current one, which keeps
    // a tooltip, or in its place.
    show: function (el, option, merge) {
      var chart = window.echarts && window.echarts.getInstanceByDom(el);
      el.sdtOption = option;
      if (!chart) return;
      option = laid(el, option, colours(el));
      if (el.clientWidth) chart.resize(); // otherwise hidden
      chart.setOption(option, { notMerge: !merge });
    }
  };
})()
