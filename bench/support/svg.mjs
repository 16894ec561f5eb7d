// Minimal drawing for the charts: SVG as text, readable on light and dark pages.

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .axis { stroke: #8c959f; stroke-width: 1 }
  .grid { stroke: #8c959f; stroke-opacity: .25 }
  .s0 { stroke: #0969da; fill: #0969da } .s1 { stroke: #bf8700; fill: #bf8700 } .s2 { stroke: #6e7781; fill: #6e7781 }
  .line { fill: none; stroke-width: 2 }
  .pass { fill: #1a7f37 } .miss { fill: #cf222e } .none { fill: #6e7781 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .s0 { stroke: #58a6ff; fill: #58a6ff } .s1 { stroke: #d29922; fill: #d29922 } .s2 { stroke: #9198a1; fill: #9198a1 }
    .pass { fill: #3fb950 } .miss { fill: #f85149 } .none { fill: #9198a1 }
  }`;

/** An image of this size, with a title that screen readers announce. */
export function svg({ width, height, title }, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    text({ x: 16, y: 26, style: "title" }, title),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

export function text({ x, y, anchor = "start", style }, content) {
  const attribute = style ? ` class="${style}"` : "";
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${attribute}>${escaped(content)}</text>`;
}

export function line({ from, to, style }) {
  const [[x1, y1], [x2, y2]] = [from.map(round), to.map(round)];
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${style}"/>`;
}

export function rectangle({ x, y, width, height, style }) {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="2" class="${style}"/>`;
}

export function polyline({ points, style }) {
  const list = points.map((point) => point.map(round).join(",")).join(" ");
  return `<polyline points="${list}" class="line ${style}"/>`;
}

export function dot({ x, y, style }) {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" class="${style}"/>`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function escaped(content) {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
