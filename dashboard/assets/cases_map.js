// Draws a process in its frame and lays upon it what the table beside it says; the table is the same without script.
async function draw(frame) {
  const answer = await fetch(frame.dataset.source, { credentials: "same-origin" });
  if (!answer.ok) return;
  const viewer = new window.BpmnJS({ container: frame });
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const elements = viewer.get("elementRegistry");
  for (const row of document.querySelectorAll("tr[data-stage]")) {
    const { stage, cases: count, heat, mark, title } = row.dataset;
    if (!elements.get(stage)) continue;
    if (mark) canvas.addMarker(stage, mark);
    if (Number(heat) > 0) canvas.addMarker(stage, `heat-${heat}`);
    if (!count) continue;
    const shown = document.createElement("a");
    shown.className = `map-count heat-${heat}`;
    shown.href = row.querySelector("a").href;
    shown.textContent = `${row.querySelector("a").textContent} ${count}`;
    shown.title = title;
    overlays.add(stage, { position: { top: -12, right: 14 }, scale: { min: 1 }, html: shown });
  }
  viewer.get("eventBus").on("element.click", ({ element }) => {
    const link = document.querySelector(`tr[data-stage="${CSS.escape(element.id)}"] a`);
    if (link) location.assign(link.href);
  });
  fit(canvas, elements);
}

// The whole process at first; on a case the way it took, as large as it fits.
function fit(canvas, elements) {
  canvas.zoom("fit-viewport", "auto");
  const way = [...document.querySelectorAll("tr[data-mark]")].map((row) => elements.get(row.dataset.stage)).filter(Boolean);
  if (!way.length) return;
  const room = 90;
  const left = Math.min(...way.map((each) => each.x)) - room;
  const top = Math.min(...way.map((each) => each.y)) - room;
  const width = Math.max(...way.map((each) => each.x + each.width)) + room - left;
  const height = Math.max(...way.map((each) => each.y + each.height)) + room - top;
  canvas.viewbox({ x: left, y: top, width, height });
}

const frame = document.getElementById("map");
if (frame && window.BpmnJS) draw(frame);
else if (frame) window.addEventListener("load", () => window.BpmnJS && draw(frame));
