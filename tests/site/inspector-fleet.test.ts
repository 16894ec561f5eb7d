import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Inspector } from "../../src/inspect/inspector.ts";
import { command, Gate, reply } from "../../src/testing/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { TestFleet } from "../support/fleet.ts";
import { onInspector, tab } from "../support/inspector.ts";
import { describeWithRedis } from "../support/redis.ts";

const SOON = { timeoutMs: 20_000 };

describeWithRedis("the inspector of a fleet", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function onFleet(test: TestFleet, visit: (page: Page) => Promise<void>): Promise<void> {
    const source = { kind: "fleet", fleet: test.fleet(), name: test.name } as const;
    const inspector = await Inspector.start({ source, port: 0, keepAlive: false });
    try {
      await onInspector(browser, inspector.newLink(), visit);
    } finally {
      await inspector.close();
    }
  }

  it("lists threads, follows a turn, answers its request, steers and stops turns", async () => {
    const [second, steered] = [new Gate(), new Gate()];
    await using test = await TestFleet.start([
      command("echo approved", { escalate: "needs it" }),
      "The answer of the first turn.",
      // The server asks the model again when the turn is steered.
      ...[reply("The second turn ", second), reply("Hurrying ", steered)],
    ]);
    const worker = await test.worker();
    const fleet = test.fleet();
    const first = await fleet.run("go", {
      ...{ thread: "issue-42", tenant: "ada" },
      threadOptions: { approvalPolicy: "on-request", sandbox: "read-only" },
    });
    await onFleet(test, async (page) => {
      await page.getByText("ada/issue-42").first().click();
      await page.getByText("1 worker, 1 of 8 turns, 0 waiting").waitFor();
      const requests = page.getByRole("region", { name: "Requests" });
      await requests.getByText("echo approved").first().waitFor();
      // Clicks in the first half second are ignored.
      await requests.locator("article:not(.fresh)").waitFor();
      await requests.getByRole("button", { name: "yes, this once" }).click();
      await page.getByText("The answer of the first turn.").waitFor();
      expect((await first.run(SOON)).status).toBe("completed");

      const box = page.getByRole("textbox", { name: "Start a turn" });
      await box.fill("and now?");
      await box.press("Enter");
      await page.getByText("The second turn").waitFor();
      const steering = page.getByRole("textbox", { name: "Steer the running turn" });
      await steering.fill("hurry up");
      await steering.press("Enter");
      await page.getByText("Hurrying").waitFor();
      const turns = await fleet.thread("issue-42", { tenant: "ada" }).turns();
      await page.getByRole("button", { name: "Stop" }).click();
      expect(await turns[1]?.run(SOON)).toMatchObject({ status: "interrupted", error: null });

      await tab(page, "Fleet").click();
      await page.getByRole("list", { name: "Workers" }).getByText(worker.id).waitFor();
    });
  });
});
