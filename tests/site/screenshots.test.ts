import { mkdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  command,
  Gate,
  patch,
  reasoning,
  reply,
  type Scripted,
  startScripted,
  text,
  usage,
} from "../../src/testing/index.ts";
import { deferred } from "../../src/util/deferred.ts";
import { launchChromium } from "../support/chromium.ts";
import { onInspector, tab } from "../support/inspector.ts";

const folder = path.resolve(import.meta.dirname, "../../site/public/screenshots");

const PRICE = `/** The price of an order in cents. */
export function total(items, discount = 0) {
  const sum = items.reduce((all, { cents, count }) => all + cents * count, 0);
  return sum - sum * discount;
}
`;
const PRICE_TEST = `import assert from "node:assert/strict";
import { total } from "../src/price.js";

assert.equal(total([{ cents: 199, count: 3 }], 0.15), 507);
`;
const FIX = `*** Begin Patch
*** Update File: src/price.js
@@
   const sum = items.reduce((all, { cents, count }) => all + cents * count, 0);
-  return sum - sum * discount;
+  return Math.round(sum * (1 - discount));
 }
*** End Patch`;

let browser: Browser;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

/** A project with a failing test. */
async function makeProject({ cwd }: Scripted): Promise<void> {
  await mkdir(path.join(cwd, "src"));
  await mkdir(path.join(cwd, "test"));
  await writeFile(path.join(cwd, "package.json"), '{ "type": "module" }\n');
  await writeFile(path.join(cwd, "src/price.js"), PRICE);
  await writeFile(path.join(cwd, "test/price.test.js"), PRICE_TEST);
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(640, 790);
  await page.screenshot({ path: path.join(folder, `inspector-${name}.png`) });
}

it("takes the screenshots of the guide", async () => {
  const opened = deferred<string>();
  const gate = new Gate();
  const tokens = (inputTokens: number, outputTokens: number) =>
    usage({ inputTokens, outputTokens });
  const script = [
    reply(
      reasoning(["**Reproducing the failure**\n\nThe test expects whole cents."], { delayMs: 150 }),
      text(["I run the test first, ", "to see how it fails."], { phase: "commentary" }),
      command("node test/price.test.js 2>&1 | grep -A 4 Assertion"),
      tokens(8_200, 310),
    ),
    reply(gate, patch(FIX), tokens(9_600, 220)),
    reply(
      command("node test/price.test.js --report /var/tmp/report", {
        escalate: "The report is written outside of the working directory.",
      }),
      tokens(10_100, 90),
    ),
    reply(
      text(
        [
          "The test passes now. `total()` subtracted the discount **without rounding**; ",
          "it rounds once, at the end.\n\n- `src/price.js` has the fix\n- no other file changed",
        ],
        { delayMs: 200 },
      ),
      tokens(10_900, 120),
    ),
    "Yes: it says what it returns.",
  ];
  await using scripted = await startScripted({
    ...{ script, approvals: { fileChange: "accept", command: "ask" }, onWarning: () => {} },
    inspect: { onLink: opened.resolve },
  });
  await makeProject(scripted);
  const { codex } = scripted;
  const thread = await codex.threadStart({ sandbox: "read-only", approvalPolicy: "on-request" });
  const turn = thread.run("The price test fails on CI. Find out why, and fix it.");
  await onInspector(browser, await opened.promise, async (page) => {
    await page.getByRole("option", { name: /The price test fails/ }).click();
    await gate.reached;
    gate.open();
    const request = page.locator("article.request:not(.fresh)");
    await request.waitFor();
    // The case that the guide explains: an answer that took a long time.
    await setTimeout(3_000);
    await take(page, "timeline");
    await request.getByRole("button", { name: "yes, this once" }).click();
    await turn;
    const other = await codex.threadStart();
    await other.run("Is total a good name for that function?");
    await tab(page, "Waterfall").click();
    await page
      .getByRole("option", { name: /The price test fails/ })
      .last()
      .click();
    await page.locator(".verdict", { hasText: "was spent waiting" }).waitFor();
    await take(page, "waterfall");
    await tab(page, "Traffic").click();
    const slow = page.getByRole("option", { name: /requestApproval.*slow/ });
    await page.getByRole("button", { name: /^slow/ }).click();
    await slow.click();
    await page.getByRole("button", { name: /^slow/ }).click();
    await take(page, "traffic");
    expect(await page.locator(".detail").textContent()).toContain("--report");
  });
});
