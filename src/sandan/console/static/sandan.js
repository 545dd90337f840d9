// Comfort only: every page reads and every form works without this file.
(() => {
  "use strict";

  const charts = new Map();

  const draw = () => {
    if (!window.echarts) return;
    for (const element of document.querySelectorAll("[data-chart]")) {
      if (!charts.has(element)) charts.set(element, echarts.init(element));
      charts.get(element).setOption(JSON.parse(element.dataset.chart), true);
    }
  };

  const focusSearch = (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key !== "/") return;
    const field = document.querySelector("[data-shortcut='/']");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  };

  const openForPrint = () => document.querySelectorAll("details").forEach((part) => { part.open = true; });
  const resize = () => charts.forEach((chart) => chart.resize());

  const restWhileHidden = (event) => { if (document.hidden) event.preventDefault(); };

  document.addEventListener("keydown", focusSearch);
  document.addEventListener("htmx:config:request", restWhileHidden);
  document.addEventListener("htmx:after:swap", draw);
  window.addEventListener("beforeprint", openForPrint);
  window.addEventListener("resize", resize);
  draw();
})();
