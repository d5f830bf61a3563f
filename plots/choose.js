(function () {
  "use strict";

  // bind makes the control of one figure choose between the versions in c.all.
  function bind(figure, plots, c) {
    var box = figure.querySelector(".sdt-choose"), chart = figure.querySelector("[data-sdt-chart]");
    if (!box || box.sdtBound) return;
    box.sdtBound = true;
    var input = box.querySelector("input, select"), output = box.querySelector("output"), note = box.querySelector("small");
    var details = figure.querySelector("details"), base = chart.sdtOption, shown = -1;
    var fine = 0; // positions of the slider between two versions; 0: the program does not answer
    box.hidden = false;
    details.open = true;

    function say(name) {
      if (!output) return;
      output.textContent = name;
      input.setAttribute("aria-valuetext", name);
    }
    function tables(which) {
      details.querySelectorAll("[data-sdt-version]").forEach(function (el) { el.hidden = el.getAttribute("data-sdt-version") !== String(which); });
    }
    function draw(v) {
      say(v.name);
      figure.querySelector("figcaption span").textContent = v.subtitle;
      chart.setAttribute("aria-label", v.label);
      plots.show(chart, Object.assign({}, base, v.option));
    }
    function choose(i) {
      asked = queued = null;
      if (i === shown) return;
      shown = i;
      tables(i);
      draw(c.all[i]);
    }

    // If the program answers, the slider accepts any value, and the program computes its
    // version. Only one question is open at a time; of those asked meanwhile, the last is sent.
    var asked = null, queued = null, late = 0;
    function between(x) { // geometric, three digits
      var i = Math.floor(x), a = c.all[i].value, b = c.all[i + 1].value;
      return Number((a * Math.pow(b / a, x - i)).toPrecision(3));
    }
    function ask(value) {
      if (asked !== null) { queued = value; return; }
      asked = value;
      clearTimeout(late);
      late = setTimeout(function () { coarse("The program no longer answers: only these values are left."); }, 5000);
      window.gonb_comm.send(c.address, String(value));
    }
    function coarse(why) {
      if (!fine) return;
      var i = Math.round(input.value / fine);
      fine = 0;
      input.max = c.all.length - 1; input.value = i;
      note.textContent = why;
      shown = -1;
      choose(i);
    }
    function hear(text) {
      var v = JSON.parse(text), i = Number(input.value);
      if (!fine) {
        fine = 50;
        input.max = (c.all.length - 1) * fine; input.value = i * fine;
        note.textContent = "Any value: the program computes it.";
      }
      if (v.hello || v.value !== asked) return; // or an answer for the same figure elsewhere
      clearTimeout(late);
      asked = null;
      if (queued !== null) { var next = queued; queued = null; ask(next); }
      var own = details.querySelector('[data-sdt-version="any"]');
      if (!own) {
        own = document.createElement("div");
        own.setAttribute("data-sdt-version", "any");
        details.appendChild(own);
      }
      own.innerHTML = v.tables;
      shown = -1;
      tables("any");
      draw(v);
    }

    input.addEventListener(output ? "input" : "change", function () {
      var x = Number(input.value) / (fine || 1);
      if (x === Math.floor(x)) choose(x); else { say("…"); ask(between(x)); }
    });
    choose(Number(input.value)); // the browser may have kept another choice
    if (!c.address) return;
    var tries = 0;
    (function connect() { // the connection to the program comes after the figure, if at all
      var comm = window.gonb_comm;
      if (comm && comm.subscribe) {
        comm.subscribe(c.address + "/answer", function (_, text) { hear(text); });
        comm.send(c.address, "hello");
      } else if (tries++ < 60) setTimeout(connect, 500);
    })();
  }

  return {
    bind: function (id, plots, c) {
      document.querySelectorAll('[data-sdt-chart="' + id + '"]').forEach(function (el) { bind(el.closest("figure"), plots, c); });
    }
  };
})()
