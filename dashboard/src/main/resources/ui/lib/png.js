import { colour } from "./theme.js";

const HEAD = 46;

/** Saves a chart with its title, legend and background as a picture. */
export function savePng(plot, spec, entries) {
  if (!plot) return;
  composed(plot.ctx.canvas, spec, entries).toBlob((blob) => {
    save(blob, `${fileName(spec)}.png`);
  }, "image/png");
}

function composed(source, spec, entries) {
  const ratio = devicePixelRatio;
  const canvas = document.createElement("canvas");
  canvas.width = source.width;
  canvas.height = source.height + HEAD * ratio;
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = colour("--panel");
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(source, 0, HEAD * ratio);
  ctx.scale(ratio, ratio);
  writeHead(ctx, spec, entries);
  return canvas;
}

function writeHead(ctx, spec, entries) {
  ctx.fillStyle = colour("--ink");
  ctx.font = "600 13px system-ui, sans-serif";
  ctx.fillText([spec.subject, spec.title].filter(Boolean).join(" · "), 10, 18);
  ctx.font = "11px system-ui, sans-serif";
  let x = 10;
  for (const entry of entries) {
    ctx.fillStyle = colour(entry.colour);
    for (const [from, width] of entry.dash ? [[0, 4], [6, 4]] : [[0, 10]]) ctx.fillRect(x + from, 29, width, 3);
    ctx.fillStyle = colour("--ink-2");
    ctx.fillText(entry.label, x + 14, 34);
    x += 26 + ctx.measureText(entry.label).width;
  }
}

function fileName(spec) {
  return [spec.subject, spec.title].filter(Boolean).join("-").toLowerCase().replace(/[^a-z0-9._-]+/g, "-");
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
