import { accessSync, constants } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/**
 * A headless Chromium on this machine, from `CHROMIUM` or PATH. Playwright's own is never
 * downloaded.
 */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? installed();
  // Without a sandbox, as CI runs as root; the pages are the project's own.
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** Collects the problems that appear in a page's console from now on. */
export function problemsOf(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("requestfailed", (request) => {
    problems.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  return problems;
}

function installed(): string {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(path.isAbsolute);
  const places = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  const found = places.find(isExecutable);
  if (found) return found;
  throw new Error(
    "These tests need Chromium. On Debian: apt-get install chromium-headless-shell. Elsewhere, " +
      "set CHROMIUM to the path of a Chromium or Chrome.",
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
