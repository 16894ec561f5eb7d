// Pictures of the inspector: tests/site/screenshots.test.ts takes them, and the page shows them.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "./pages.mjs";

const folder = path.join(root, "site/public/screenshots");

/** Takes the pictures. Without Chromium, the site has none. */
export function takeScreenshots() {
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const config = ["--config", "vitest.site.config.ts", "tests/site/screenshots.test.ts"];
  try {
    execFileSync(process.execPath, [vitest, "run", ...config], { cwd: root, stdio: "pipe" });
  } catch (error) {
    const output = `${error.stdout}${error.stderr}`;
    if (!output.includes("These tests need Chromium")) throw new Error(output);
    console.warn("Without Chromium, the guide of the inspector has no screenshots");
  }
}

/**
 * A markdown-it plugin that shows a picture instead of the comment `<!-- screenshot name: what it
 * shows -->`, which a reader of the Markdown doesn't see.
 */
export function screenshots(md) {
  const html = md.renderer.rules.html_block;
  md.renderer.rules.html_block = (tokens, index, ...others) => {
    const [, name, text] =
      /^<!-- screenshot ([\w-]+): (.*) -->\s*$/.exec(tokens[index].content) ?? [];
    if (name === undefined) return html(tokens, index, ...others);
    if (!existsSync(path.join(folder, `${name}.png`))) return "";
    return `<img src="/screenshots/${name}.png" alt="${md.utils.escapeHtml(text)}" width="1280" height="800">\n`;
  };
}
