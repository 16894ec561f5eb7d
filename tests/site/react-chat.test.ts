import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { command, Gate, type Reply, text } from "../../src/testing/index.ts";
import { type Chat, startChat } from "../support/chat.ts";
import { launchChromium, problemsOf } from "../support/chromium.ts";
import { compileExamples, reactChatServer } from "../support/examples.ts";

let browser: Browser;

beforeAll(async () => {
  await compileExamples();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

/** Opens the chat on a new page, which must not report any problem. */
async function inChat(
  script: readonly Reply[],
  visit: (page: Page, chat: Chat) => Promise<void>,
): Promise<void> {
  await using chat = await startChat(script, [], reactChatServer);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const problems = problemsOf(page);
    await page.goto(await chat.link());
    await page.getByText("Connecting…").waitFor({ state: "hidden" });
    await visit(page, chat);
    // A reload ends the requests that are open.
    expect(problems.filter((problem) => !problem.endsWith("net::ERR_ABORTED"))).toEqual([]);
  } finally {
    await context.close();
  }
}

async function say(page: Page, message: string): Promise<void> {
  await page.getByRole("textbox").fill(message);
  await page.keyboard.press("Enter");
}

it("streams an answer, asks before a command, and shows the same after a reload", async () => {
  const gate = new Gate();
  const hostile = "<img src=x onerror=\"document.title='hacked'\">";
  const script = [
    command("echo approved", { escalate: "to show it" }),
    text(["It is ", gate, `done. ${hostile}`]),
  ];
  await inChat(script, async (page) => {
    await say(page, "Run something.");
    const request = page.locator("aside");
    await request.getByText("Run this command?").waitFor();
    expect(await request.textContent()).toContain("echo approved");
    await request.getByRole("button", { name: "yes, this once" }).click();
    await request.waitFor({ state: "hidden" });
    await gate.reached;
    await page.locator(".assistant.running", { hasText: /^It is $/ }).waitFor();
    gate.open();
    await page.locator(".assistant.completed", { hasText: hostile }).waitFor();
    await page.getByText("Working…").waitFor({ state: "hidden" });
    const before = await page.locator("main").innerHTML();
    expect(before).toContain("approved");
    await page.reload();
    await page.locator(".assistant.completed").waitFor();
    expect(await page.locator("main").innerHTML()).toBe(before);
    expect([await page.title(), await page.locator("img").count()]).toEqual(["Codex", 0]);
  });
});

it("adds a message to the turn that runs, and stops it", async () => {
  const [gate, other] = [new Gate(), new Gate()];
  const script = [text(["Wait ", gate, "for me"]), text(["Faster ", other, "still"])];
  await inChat(script, async (page) => {
    await say(page, "Go.");
    await gate.reached;
    await say(page, "Faster.");
    await page.getByText("Faster.", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("interrupted", { exact: true }).waitFor();
    expect(await page.locator("section").count()).toBe(1);
  });
});

it("opens one event stream for a thread, even in strict mode, and none with a wrong token", async () => {
  await inChat(["Hello!"], async (page, chat) => {
    const streams: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/events")) streams.push(request.url());
    });
    await page.reload();
    await say(page, "Hello?");
    await page.getByText("Hello!").waitFor();
    expect(streams).toHaveLength(1);
    const other = await page.context().newPage();
    const [, id] = page.url().split("#")[1]?.split("/") ?? [];
    await other.goto(`${chat.origin}/#wrong/${id}`);
    await other.getByText("This request isn't allowed").waitFor();
  });
});

it("shows the end of a command with hundreds of spaces, which can be answered only after a moment", async () => {
  const end = "; echo end";
  const script = [
    command(`echo start${" ".repeat(300)}${end}`, { escalate: "to show it" }),
    "done",
  ];
  await inChat(script, async (page) => {
    await say(page, "Run something.");
    const request = page.locator("aside");
    await request.getByText("Run this command?").waitFor();
    const style = await page.evaluate(
      'getComputedStyle(document.querySelector("aside")).animationName',
    );
    expect(style).toBe("settle");
    expect(await request.textContent()).toContain(end);
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
    await request.getByRole("button", { name: "yes, this once" }).click();
    await page.getByText("done").waitFor();
  });
});

it("the page has fewer than 100 lines", () => {
  const page = path.resolve(import.meta.dirname, "../../examples/react-chat/page.tsx");
  expect(readFileSync(page, "utf8").trimEnd().split("\n").length).toBeLessThan(100);
});
