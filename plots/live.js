(function () {
  "use strict";
  var kept = {}; // by display id: the figure, and what draws it

  // watch drops a figure once its output has been gone for a while; an update removes it and
  // puts it back at once.
  function watch(id) {
    clearTimeout(kept[id].timer);
    kept[id].timer = setTimeout(function () {
      if (kept[id].figure.isConnected) watch(id); else drop(id);
    }, 5000);
  }

  function drop(id) {
    if (!kept[id]) return;
    clearTimeout(kept[id].timer);
    kept[id].figure.querySelectorAll("[data-sdt-chart]").forEach(function (el) {
      var chart = window.echarts && window.echarts.getInstanceByDom(el);
      if (chart) chart.dispose();
    });
    delete kept[id];
  }

  function display(id) { return document.querySelector('[data-sdt-live="' + id + '"]'); }

  return {
    // keep stores the complete figure that has just been displayed.
    keep: function (id, plots) {
      var el = display(id), figure = el && el.querySelector("figure");
      drop(id);
      if (!figure) return;
      kept[id] = { figure: figure, plots: plots };
      watch(id);
    },
    // update puts the figure into the output that has replaced the last one, with new points:
    // u.points has step, value, step, value … for each series.
    update: function (id, u) {
      var el = display(id), k = kept[id];
      if (!el || !k) return; // this page missed the complete frame; another comes soon
      el.appendChild(k.figure);
      watch(id);
      var chart = k.figure.querySelector("[data-sdt-chart]"), note = k.figure.querySelector("figcaption span"), option = chart.sdtOption;
      if (!option || option.series.length !== u.points.length) return; // belongs to a frame that this page missed
      if (note) note.textContent = u.subtitle;
      chart.setAttribute("aria-label", u.label);
      u.points.forEach(function (flat, i) {
        var series = option.series[i], about = series.data[0].value.slice(2), data = [];
        for (var j = 0; j < flat.length; j += 2) data.push({ value: [flat[j], flat[j + 1]].concat(about) });
        series.data = data;
      });
      k.plots.show(chart, option, true);
    }
  };
})()
