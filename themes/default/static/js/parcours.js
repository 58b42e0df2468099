/* Draws the charts of a page over their tables. Without this file, or without what it needs, the tables are the page.
   Nothing is fetched but the chart library, as a classic script element, when the first figure comes near or the page
   has loaded: that works from a folder on disk and under a policy that allows scripts and styles of the site alone. */
(function () {
  "use strict";

  var script = document.currentScript;
  var source = script && script.getAttribute("data-echarts");
  var figures = [].slice.call(document.querySelectorAll(".chart-live[data-chart]"));
  if (!figures.length || !window.IntersectionObserver || !window.parcoursFormats || !(source || window.echarts)) { return; }

  /* Colour names of the options and the theme's custom properties. The drawing keeps the properties, not their
     values: a change to dark or to paper needs no redrawing. */
  var colors = {
    main: "--chart-main, var(--brand)", context: "--chart-context, var(--rule-2)", good: "--good", bad: "--bad",
    soft: "--chart-soft, var(--q4)", mid: "--chart-mid, var(--q6)", mean: "--ink", cost: "--bad", care: "--care",
    q1: "--q2", q2: "--q4", q3: "--q5", q4: "--q6", q5: "--q7", q6: "--q8",
    ink: "--ink", ink2: "--ink-2", ink3: "--ink-3", rule: "--rule", rule2: "--rule-2", paper: "--paper", wash: "--wash"
  };
  var colorKeys = { color: 1, borderColor: 1, backgroundColor: 1, textBorderColor: 1 };

  function paint(token) {
    var name = /^@color:(\w+)$/.exec(token);
    return name && colors.hasOwnProperty(name[1]) ? "var(" + colors[name[1]] + ")" : token;
  }

  /* Rich text marks styles with {name|…}: a word joiner after each brace keeps the text of data a text. */
  function literal(s) {
    return String(s).replace(/\{/g, "{\u2060");
  }

  /* The formatters that options may name. Each is made for one figure. */
  function formatters(block) {
    function text(v) { return parcoursFormats.text(block.format, v, block.signs); }
    function value(p) { return p.value === "-" || p.value === undefined ? NaN : +p.value; }
    return {
      "@fmt:axis": function (v) { return parcoursFormats.axis(block.format, v, block.signs); },
      "@fmt:value": function (p) { return isNaN(value(p)) ? "" : text(value(p)); },
      "@fmt:end": function (p) { return block.series[p.seriesIndex].label; },
      "@fmt:mark": function (p) { return p.name; },
      "@fmt:tip": function (list) { return tip(block, [].concat(list), value, text); }
    };
  }

  /* One line for the category, one for each series: marker, name, value, interval. Of many series, those in the
     background are left out: the table has them. */
  function tip(block, list, value, text) {
    if (!list.length) { return ""; }
    var inProgress = list[0].dataIndex >= categories(block) - block.partial;
    var lines = [literal(list[0].axisValueLabel || list[0].name) + (inProgress ? " (" + block.words.partial + ")" : "")];
    var low = {}, width = {}, many = list.length > 9;
    list.forEach(function (p) {
      var m = block.series[p.seriesIndex];
      if (m.part === "base") { low[m.source] = value(p); }
      if (m.part === "band") { width[m.source] = value(p); }
    });
    list.forEach(function (p) {
      var m = block.series[p.seriesIndex], v = value(p), s = m.source;
      if (m.part === "base" || m.part === "band" || isNaN(v) || m.part === "tail" && !inProgress || many && m.back) { return; }
      var line = p.marker + (m.name ? literal(m.name) + "\u2002" : "") + text(v);
      if (!isNaN(low[s]) && !isNaN(width[s])) {
        line += "  (" + text(low[s]) + "\u2009\u2013\u2009" + text(low[s] + width[s]) + ")";
      }
      lines.push(line);
    });
    return lines.join("\n");
  }

  function categories(block) {
    var o = block.option;
    return (o.xAxis[0].data || o.yAxis[0].data).length;
  }

  /* Replaces the names of colours and formatters, under their keys only: elsewhere the same text is a label. */
  function resolve(v, key, named) {
    if (Array.isArray(v)) {
      return v.map(function (e) { return resolve(e, key, named); });
    }
    if (v && typeof v === "object") {
      var out = {};
      Object.keys(v).forEach(function (k) { out[k] = resolve(v[k], k, named); });
      return out;
    }
    if (typeof v === "string") {
      if (colorKeys[key] === 1) { return paint(v); }
      if (key === "formatter") {
        if (!named.hasOwnProperty(v)) { throw new Error("unknown formatter " + v); }
        return named[v];
      }
    }
    return v;
  }

  function block(el) {
    var id = el.getAttribute("data-chart");
    var data = [].slice.call(document.querySelectorAll("script.chart-option")).filter(function (s) {
      return s.getAttribute("data-for") === id;
    })[0];
    return JSON.parse(data.textContent);
  }

  function draw(el) {
    var b = block(el);
    var box = document.createElement("div");
    box.className = "chart-box";
    box.style.height = b.height + "px"; /* set through the object model: the policy forbids the attribute */
    el.hidden = false; /* the library measures its box */
    var chart;
    try {
      el.appendChild(box);
      chart = echarts.init(box, null, { renderer: "svg" });
      chart.setOption(resolve(b.option, "", formatters(b)));
    } catch (e) {
      if (chart) { chart.dispose(); }
      el.hidden = true;
      el.textContent = "";
      throw e;
    }
    legend(el, b);
    describe(el, b);
    follow(box, chart, b);
    keys(el, chart, categories(b));
    closeTable(el);
  }

  function legend(el, b) {
    if (!b.legend.length) { return; }
    var list = document.createElement("ul");
    list.className = "chart-key";
    b.legend.forEach(function (k) {
      var item = document.createElement("li"), mark = document.createElement("span");
      var color = paint(k.color), s = mark.style;
      mark.className = "chart-mark";
      if (k.shape === "line" || k.shape === "dash") {
        s.width = "18px";
        s.borderTop = "2px " + (k.shape === "dash" ? "dashed " : "solid ") + color;
        s.verticalAlign = "middle";
      } else {
        s.width = s.height = "10px";
        s.background = color;
        s.borderRadius = k.shape === "dot" ? "50%" : "0";
      }
      item.appendChild(mark);
      item.appendChild(document.createTextNode(k.name));
      list.appendChild(item);
    });
    el.insertBefore(list, el.firstChild);
  }

  function describe(el, b) {
    el.setAttribute("role", "img");
    if (!el.getAttribute("aria-label")) { el.setAttribute("aria-label", b.label); }
    el.tabIndex = 0;
  }

  /* What fits each drawing to paper (true) or back to the screen (false). */
  var sheets = [];

  /* Follows the width of the page. On paper the drawing scales with its box (see sheet), and is first made narrow, so
     that its letters stay readable. */
  function follow(box, chart, b) {
    var height = b.height;
    function fit(width) {
      if (width <= 0) { return; }
      chart.resize({ width: width, height: height, animation: { duration: 0 } });
      spread(chart, b);
      chart.getZr().flush(); /* now, not in the next frame: paper does not wait */
      var svg = box.querySelector("svg");
      if (svg) { svg.setAttribute("viewBox", "0 0 " + width + " " + height); }
    }
    fit(box.clientWidth);
    if (window.ResizeObserver) { new ResizeObserver(function () { fit(box.clientWidth); }).observe(box); }
    sheets.push(function (paper) {
      if (paper) { chart.dispatchAction({ type: "hideTip" }); }
      fit(paper ? Math.min(box.clientWidth, 660) : box.clientWidth);
    });
  }

  /* Moves the names at the ends of lines apart. */
  function spread(chart, b) {
    var tops = {}, ends = [], line = 15;
    b.option.series.forEach(function (s, i) {
      var at = s.data.length - 1, v;
      while (at >= 0 && s.data[at].value === "-") { at--; }
      if (!s.endLabel || at < 0) { return; }
      v = s.data[at].value;
      if (s.stack) { v = tops[at] = (tops[at] || 0) + v; }
      var p = chart.convertToPixel({ seriesIndex: i }, [at, v]);
      var lines = Math.ceil(b.series[i].label.length * 6.5 / s.endLabel.width);
      ends.push({ i: i, x: p[0], y: p[1], to: p[1], half: lines * line / 2 });
    });
    ends.sort(function (a, c) { return a.y - c.y; });
    for (var round = 0; round < 60; round++) {
      var moved = false;
      for (var k = 1; k < ends.length; k++) {
        for (var j = 0; j < k; j++) {
          var over = ends[j].half + ends[k].half - (ends[k].to - ends[j].to);
          if (Math.abs(ends[k].x - ends[j].x) < 80 && over > 0.5) {
            ends[j].to -= over / 2;
            ends[k].to += over / 2;
            moved = true;
          }
        }
      }
      if (!moved) { break; }
    }
    if (!ends.length) { return; }
    var series = b.option.series.map(function () { return {}; });
    ends.forEach(function (e) { series[e.i] = { endLabel: { offset: [0, e.to - e.y] } }; });
    chart.setOption({ series: series });
  }

  /* The few rules that the drawings need. A constructed sheet is no inline style; :where lets the theme decide. */
  function sheet() {
    try {
      var s = new CSSStyleSheet();
      s.replaceSync(
        ":where(.chart-key) { margin: 0 0 .375rem; padding: 0; list-style: none; font-size: .8125rem; line-height: 1.375rem; color: var(--ink-2) }" +
        ":where(.chart-key li) { display: inline-block; margin-inline-end: 1.25rem }" +
        ":where(.chart-mark) { display: inline-block; margin-inline-end: .375rem; print-color-adjust: exact; -webkit-print-color-adjust: exact }" +
        "@media print { .chart-box, .chart-box > div { width: 100% !important; height: auto !important }" +
        " .chart-box svg { display: block; position: static !important; width: 100% !important; height: auto !important } }"
      );
      document.adoptedStyleSheets = [].concat([].slice.call(document.adoptedStyleSheets), s);
    } catch (e) {
      /* an older browser draws all the same */
    }
  }

  /* Left and right walk along the categories; Escape leaves. */
  function keys(el, chart, n) {
    var at = -1;
    el.addEventListener("keydown", function (e) {
      var step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
      if (e.key === "Escape") {
        at = -1;
        chart.dispatchAction({ type: "hideTip" });
      }
      if (!step) { return; }
      e.preventDefault();
      at = at < 0 && step < 0 ? n - 1 : Math.max(0, Math.min(n - 1, at + step));
      chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: at });
    });
    el.addEventListener("blur", function () { chart.dispatchAction({ type: "hideTip" }); });
  }

  function closeTable(el) {
    var figure = el.parentNode;
    while (figure && figure.nodeName !== "FIGURE") { figure = figure.parentNode; }
    var table = figure && figure.querySelector("details.chart-table");
    if (table) { table.open = false; }
  }

  function report(e) {
    if (window.console) { console.error(e); }
  }

  function drawAll(list) {
    list.forEach(function (el) {
      try { draw(el); } catch (e) { report(e); }
    });
  }

  /* The library, once. */
  var loads = [];
  function load(then) {
    if (window.echarts) { then(); return; }
    loads.push(then);
    if (loads.length > 1) { return; }
    var s = document.createElement("script");
    s.src = source;
    s.onload = function () { loads.forEach(function (f) { f(); }); };
    s.onerror = function () { report(new Error("the chart library did not load: " + source)); };
    document.head.appendChild(s);
  }

  /* A drawing is made once, whoever asks first: the reader who comes near, the idle page, or paper. */
  var todo = figures.slice();
  function drawOnce(el) {
    var at = todo.indexOf(el);
    if (at >= 0) { drawAll(todo.splice(at, 1)); }
  }

  /* What nobody came near is drawn when the page is idle, one at a time: paper then has every drawing. */
  function idle(then) {
    if (window.requestIdleCallback) { requestIdleCallback(then, { timeout: 1000 }); } else { setTimeout(then, 200); }
  }
  function rest() {
    if (!todo.length) { return; }
    load(function () {
      if (todo.length) { drawOnce(todo[0]); }
      idle(rest);
    });
  }
  if (document.readyState === "complete") { idle(rest); } else { window.addEventListener("load", function () { idle(rest); }); }

  window.addEventListener("beforeprint", function () {
    if (window.echarts) { drawAll(todo.splice(0)); }
    sheets.forEach(function (f) { f(true); });
  });
  window.addEventListener("afterprint", function () { sheets.forEach(function (f) { f(false); }); });

  sheet();

  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (e) {
      if (!e.isIntersecting) { return; }
      observer.unobserve(e.target);
      near.get(e.target).forEach(function (el) {
        load(function () { drawOnce(el); });
      });
    });
  }, { rootMargin: "400px" });

  /* A hidden element has no place: its figure is watched instead. */
  var near = new Map();
  figures.forEach(function (el) {
    var figure = el.parentNode;
    if (near.has(figure)) { near.get(figure).push(el); return; }
    near.set(figure, [el]);
    observer.observe(figure);
  });
}());
