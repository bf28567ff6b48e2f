"use strict";
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const painted = (value) => JSON.parse(JSON.stringify(value).replaceAll('"color":"bad"', `"color":"${colour("--bad")}"`));
  const config = () => ({
    background: null, view: { stroke: null }, font: "system-ui, sans-serif",
    axis: {
      labelColor: colour("--soft"), titleColor: colour("--soft"), gridColor: colour("--line"), domainColor: colour("--line"),
      tickColor: colour("--line"), titleFontWeight: "normal", labelFontSize: 11, titleFontSize: 11,
    },
    line: { color: colour("--accent") }, area: { color: colour("--accent") }, point: { color: colour("--accent") },
    bar: { color: colour("--bar") },
  });
  const draw = () => {
    for (const place of document.querySelectorAll("[data-chart]")) {
      const spec = painted(JSON.parse(document.getElementById(place.dataset.chart).textContent));
      const parsed = charts.parse(charts.compile(spec, { config: config() }).spec, null, { ast: true });
      place.replaceChildren();
      new charts.View(parsed, { expr: charts.expressionInterpreter, renderer: "svg", container: place, hover: true }).runAsync();
    }
  };
  const number = (cell) => {
    const found = cell.dataset.n ?? cell.textContent.replaceAll(",", "");
    return found.trim() === "" || Number.isNaN(Number(found)) ? null : Number(found);
  };
  const sort = (table, at, button) => {
    const head = button.closest("th");
    const down = head.getAttribute("aria-sort") !== "descending";
    for (const other of table.querySelectorAll("th[aria-sort]")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => {
      const [x, y] = [a.cells[at], b.cells[at]];
      const [n, m] = [number(x), number(y)];
      const order = n !== null && m !== null ? n - m : x.textContent.localeCompare(y.textContent);
      return down ? -order : order;
    });
    table.tBodies[0].append(...rows);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      if (!head.textContent) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sort(table, at, button));
    });
    if (table.tBodies[0].rows.length < 8) continue;
    const box = document.createElement("input");
    box.type = "search";
    box.placeholder = "filter";
    box.setAttribute("aria-label", `Filter: ${table.getAttribute("aria-label")}`);
    box.addEventListener("input", () => {
      for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(box.value.toLowerCase());
    });
    table.closest(".scroll").before(box);
  }
  draw();
  dark.addEventListener("change", draw);
})();
