// Charts: each chart draws the numbers of the table named by its data-table, so that the table contains everything
// that the chart shows. Without this script or the chart library, only the tables are shown.
const drawn = new Map();

function colours(box) {
  const frame = getComputedStyle(box);
  return {
    words: frame.color,
    lines: frame.borderTopColor,
    ground: frame.backgroundColor,
    series: getComputedStyle(box.firstElementChild).color,
    font: frame.fontFamily,
  };
}

function rowsOf(box) {
  const table = document.getElementById(box.dataset.table);
  return [...table.querySelectorAll("tr[data-name]")].map((row) => ({
    name: row.dataset.name,
    value: row.dataset.value === "" ? null : Number(row.dataset.value),
    words: row.querySelector("td").textContent.trim(),
  }));
}

function options(box) {
  const rows = rowsOf(box);
  const ink = colours(box);
  const least = Math.min(0, ...rows.map((row) => row.value ?? 0));
  const said = (index) => rows[index]?.words ?? "";
  return {
    animation: false,
    textStyle: { fontFamily: ink.font, color: ink.words },
    grid: { left: 4, right: 12, top: 24, bottom: 4, containLabel: true },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: ink.ground,
      borderColor: ink.lines,
      textStyle: { color: ink.words },
      formatter: ([point]) => `${point.name}\n${said(point.dataIndex)} ${box.dataset.unit}`,
    },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.name),
      axisLabel: { color: ink.words, hideOverlap: true },
      axisLine: { lineStyle: { color: ink.lines } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      min: least,
      minInterval: rows.every((row) => Number.isInteger(row.value ?? 0)) ? 1 : 0,
      axisLabel: { color: ink.words, hideOverlap: true },
      splitLine: { lineStyle: { color: ink.lines } },
    },
    series: [
      {
        type: box.dataset.chart,
        data: rows.map((row) => row.value),
        barMaxWidth: 40,
        symbolSize: 7,
        color: ink.series,
        label: {
          show: true,
          position: "top",
          color: ink.words,
          formatter: (point) => (point.value === null || point.value === 0 ? "" : said(point.dataIndex)),
        },
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}

const resized = new ResizeObserver((entries) => {
  for (const entry of entries) drawn.get(entry.target)?.resize();
});

function draw() {
  if (!globalThis.echarts) return;
  for (const [box, chart] of drawn) {
    if (box.isConnected) continue;
    resized.unobserve(box);
    chart.dispose();
    drawn.delete(box);
  }
  for (const box of document.querySelectorAll("[data-chart]")) {
    if (!document.getElementById(box.dataset.table)) continue;
    if (!drawn.has(box)) {
      box.classList.add("is-drawn");
      drawn.set(box, globalThis.echarts.init(box.firstElementChild, null, { renderer: "canvas" }));
      resized.observe(box);
    }
    drawn.get(box).setOption(options(box), true);
  }
}

draw();
document.addEventListener("htmx:afterSettle", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

// In print, the charts do not use the dark colours, and the tables of the charts are expanded.
const paper = matchMedia("print");
paper.addEventListener("change", draw);
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details.chart-table:not([open])")) {
    part.open = true;
    part.dataset.printed = "1";
  }
});
window.addEventListener("afterprint", () => {
  for (const part of document.querySelectorAll("details.chart-table[data-printed]")) {
    part.open = false;
    delete part.dataset.printed;
  }
});
