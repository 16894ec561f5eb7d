import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, Gate, type Reply, text } from "../../src/testing/index.ts";
import { startChat } from "../support/chat.ts";
import { launchChromium, problemsOf } from "../support/chromium.ts";
import { bundleUseChat, compileExamples, useChatServer } from "../support/examples.ts";

let browser: Browser;

beforeAll(async () => {
  await compileExamples();
  await bundleUseChat();
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
});

/** Opens the chat on a new page, which must not report any problem. */
async function inChat(script: readonly Reply[], visit: (page: Page) => Promise<void>) {
  await using chat = await startChat(script, [], useChatServer);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const problems = problemsOf(page);
    await page.goto(await chat.link());
    await visit(page);
    // A reload ends the requests that are open, and Chromium asks for an icon.
    const isExpected = (problem: string) => /ERR_ABORTED|404/.test(problem);
    expect(problems.filter((problem) => !isExpected(problem))).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Sends as soon as the page can: while its button is disabled, Enter does nothing. */
async function say(page: Page, message: string): Promise<void> {
  await page.getByRole("textbox").fill(message);
  await page.getByRole("button", { name: "Send" }).click();
}

describe("the chat with useChat", () => {
  it("runs a command once it is approved, and not one that is refused", async () => {
    const script = [
      command("echo approved", { escalate: "to show it" }),
      command("touch refused", { escalate: "to try it" }),
    ];
    await inChat(script, async (page) => {
      await say(page, "Run something.");
      const request = page.locator("aside");
      await request.getByRole("heading", { name: "Run this command" }).waitFor();
      expect(await request.textContent()).toContain("echo approved");
      await request.getByRole("button", { name: "yes, this once" }).click();
      await page.locator("section.command pre", { hasText: "approved" }).waitFor();
      await page.locator("aside", { hasText: "touch refused" }).waitFor();
      await request.getByRole("button", { name: "no, and stop the turn" }).click();
      await page.getByText("Not allowed").waitFor();
      await page.getByRole("button", { name: "Stop" }).waitFor({ state: "hidden" });
    });
  });

  it("continues after a reload in the middle of a turn", async () => {
    const gate = new Gate();
    await inChat([text(["Half ", gate, "and half."])], async (page) => {
      await say(page, "Go.");
      await page.locator("p.streaming", { hasText: "Half" }).waitFor();
      await page.reload();
      await page.locator("p.streaming", { hasText: "Half" }).waitFor();
      gate.open();
      await page.locator("p.done", { hasText: "Half and half." }).waitFor();
      expect(await page.locator("article").allTextContents()).toEqual(["Go.", "Half and half."]);
      await page.reload();
      await page.locator("p.done", { hasText: "Half and half." }).waitFor();
      expect(await page.locator("article").allTextContents()).toEqual(["Go.", "Half and half."]);
    });
  });

  it("stops a turn", async () => {
    await inChat([text(["Half ", new Gate()]), "Again."], async (page) => {
      await say(page, "Go.");
      await page.locator("p.streaming", { hasText: "Half" }).waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.locator("p.done", { hasText: "Half" }).waitFor();
      await say(page, "Once more.");
      await page.locator("p.done", { hasText: "Again." }).waitFor();
    });
  });
});
