import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, problemsOf } from "../support/chromium.ts";
import { type SiteServer, serveSite } from "../support/site-server.ts";

const dist = path.resolve(import.meta.dirname, "../../site/.vitepress/dist");
const widths = [375, 800, 1440];

let browser: Browser;
let server: SiteServer;

beforeAll(async () => {
  browser = await launchChromium();
  server = await serveSite(dist);
});

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

interface Visit {
  readonly width?: number;
  /** "networkidle": the page's scripts run, so that it can be used. */
  readonly waitUntil?: "load" | "networkidle";
}

/** Runs `visit` on a new page, which must not report any problem. */
async function onPage(
  address: string,
  visit: (page: Page) => Promise<void>,
  { width = 1280, waitUntil = "networkidle" }: Visit = {},
) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  try {
    const page = await context.newPage();
    const problems = problemsOf(page);
    await page.goto(server.url + address, { waitUntil });
    await visit(page);
    expect(problems).toEqual([]);
  } finally {
    await context.close();
  }
}

describe("the site", () => {
  it("leads from the home page to the first guide", async () => {
    await onPage("/", async (page) => {
      await page.getByRole("link", { name: "Get started" }).click();
      await page.waitForURL("**/guides/getting-started");
      await page.getByRole("heading", { name: "Getting started", level: 1 }).waitFor();
    });
  });

  it("finds a guide by search, and opens it", async () => {
    await onPage("/", async (page) => {
      await page.getByRole("button", { name: "Search" }).first().click();
      await page.locator("#localsearch-input").fill("approval");
      const first = page.locator("#localsearch-list a").first();
      expect(await first.textContent()).toMatch(/approval/i);
      await first.click();
      await page.waitForURL(/approval/i);
    });
  });

  it("finds a class and a type of the protocol by search", async () => {
    await onPage("/", async (page) => {
      await page.getByRole("button", { name: "Search" }).first().click();
      for (const name of ["retryOnOverload", "ThreadStartParams"]) {
        await page.locator("#localsearch-input").fill(name);
        await page.locator("#localsearch-list a", { hasText: name }).first().waitFor();
      }
    });
  });

  it("follows a link from the API to the protocol, to the type's own heading", async () => {
    await onPage("/reference/codex-app-server/interfaces/ThreadStartOptions", async (page) => {
      await page.getByRole("link", { name: "ThreadStartParams" }).first().click();
      await page.waitForURL("**/reference/protocol/t#threadstartparams");
      const heading = 'document.querySelector("#threadstartparams")?.getBoundingClientRect().top';
      await page.waitForFunction(`${heading} >= 0 && ${heading} < innerHeight`);
    });
  });

  it("switches between light and dark", async () => {
    await onPage("/guides/streaming", async (page) => {
      const background = "getComputedStyle(document.body).backgroundColor";
      const light = await page.evaluate(background);
      await page.getByRole("switch", { name: /dark/i }).first().click();
      await page.waitForFunction(`${background} !== "${light}"`);
    });
  });

  it.for(widths)("fits %d pixels, without scrolling sideways", async (width) => {
    const pages = ["/", "/guides/streaming", "/reference/codex-app-server/classes/Codex"];
    for (const address of [...pages, "/reference/protocol/", "/reliability", "/performance"]) {
      const visit = async (page: Page) => {
        const overflow = "document.documentElement.scrollWidth - innerWidth";
        expect(await page.evaluate(overflow), address).toBeLessThanOrEqual(0);
      };
      await onPage(address, visit, { width, waitUntil: "load" });
    }
  });
});
