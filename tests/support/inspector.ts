import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { problemsOf } from "./chromium.ts";

/** Records how much of the page has moved without the user's action. */
const NOTE_SHIFTS = `
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      const moved = sources.map(({ node }) => node?.className || node?.textContent);
      shifts.push({ value, moved });
    }
  }).observe({ type: "layout-shift", buffered: true });
`;

export interface Screen {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

/**
 * Runs `visit` on the inspector's page, which must neither report any problem nor move by itself.
 */
export async function onInspector(
  browser: Browser,
  link: string,
  visit: (page: Page) => Promise<void>,
  { width = 1280, height = 800, colorScheme = "light" }: Screen = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.addInitScript(NOTE_SHIFTS);
    const problems = problemsOf(page);
    await page.goto(link);
    await visit(page);
    // The page closes the stream of a thread that it no longer shows.
    const isLeft = (problem: string) => problem.endsWith("/events: net::ERR_ABORTED");
    expect(problems.filter((problem) => !isLeft(problem))).toEqual([]);
    expect(await page.evaluate("shifts")).toEqual([]);
  } finally {
    await context.close();
  }
}

/** A tab of the page. */
export function tab(page: Page, name: string) {
  return page.getByRole("tab", { name, exact: true });
}
