import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Inspector } from "../../src/inspect/inspector.ts";
import {
  type ConfigTable,
  command,
  functionCall,
  Gate,
  patch,
  type Rule,
  reasoning,
  reply,
  type Scripted,
  startScripted,
  text,
} from "../../src/testing/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { onInspector, type Screen, tab } from "../support/inspector.ts";
import { largeTrace, slowTrace } from "../support/made-traces.ts";
import { family, SUB_AGENTS, spawnAgent, waitForAgents } from "../support/sub-agents.ts";
import { removeFolders, traceFolder } from "../support/traces.ts";

removeFolders();

const ADD =
  "*** Begin Patch\n*** Add File: poem.txt\n+The wind asks;\n+the reed bows.\n*** End Patch";
const WIDTHS = [375, 800, 1440];

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

/** A client with an inspector, on a scripted model, and the page's first link. */
async function inspected(script: Rule | readonly unknown[], config: ConfigTable = {}) {
  let found: (link: string) => void = () => {};
  const link = new Promise<string>((resolve) => {
    found = resolve;
  });
  const scripted = await startScripted({
    ...{ script: script as Rule, approvals: "ask", onWarning: () => {} },
    config: { sandbox_mode: "read-only", approval_policy: "on-request", ...config },
    inspect: { onLink: found },
  });
  return { scripted, link: await link };
}

async function live(
  script: Rule | readonly unknown[],
  visit: (page: Page, scripted: Scripted) => Promise<void>,
  screen: Screen = {},
) {
  const { scripted, link } = await inspected(script);
  try {
    await onInspector(browser, link, (page) => visit(page, scripted), screen);
  } finally {
    await scripted.close();
  }
}

async function onTrace(file: string, visit: (page: Page) => Promise<void>, screen: Screen = {}) {
  const source = { kind: "trace", file } as const;
  await using inspector = await Inspector.start({ source, port: 0, keepAlive: false });
  await onInspector(browser, inspector.newLink(), visit, screen);
}

async function say(page: Page, message: string): Promise<void> {
  await page.locator("textarea").fill(message);
  await page.keyboard.press("Enter");
}

const request = (page: Page) => page.locator("article.request");
const entry = (page: Page, hasText: string | RegExp) => page.locator(".entry", { hasText });

describe("a live client", () => {
  it("starts a thread, streams, shows requests exactly, takes answers, and interrupts", async () => {
    const first = new Gate();
    const last = new Gate();
    const hidden = "echo a\u202eb";
    const script = [
      reply(
        reasoning("I look first."),
        text(["Let me ", first, "look."]),
        command(hidden, { escalate: "to see" }),
      ),
      patch(ADD),
      text(["Never ", last, "mind"]),
    ];
    await live(script, async (page, { codex }) => {
      await say(page, "Write a poem.");
      await first.reached;
      await entry(page, /^Let me $/).waitFor();
      first.open();
      await request(page).getByText("Run this command?").waitFor();
      await request(page).getByText("echo a\\u{202e}b").waitFor();
      await request(page).getByText("to see").waitFor();
      await page.getByText("waiting for you").waitFor();
      await request(page).getByRole("button", { name: "no; the agent continues" }).click();
      await request(page).getByText("Make these changes to files?").waitFor();
      await request(page).getByRole("button", { name: "yes, this once" }).click();
      await request(page).waitFor({ state: "hidden" });
      await last.reached;
      await entry(page, "+2").getByText("the reed bows.").waitFor();
      await entry(page, "declined").waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.locator(".turn-head", { hasText: "interrupted" }).waitFor();
      expect(codex.requests.pending).toEqual([]);
    });
  });

  it("steers a turn, starts another one, and shows a thread that the program has started", async () => {
    const gate = new Gate();
    const script: Rule = ({ userText, index }) => {
      if (index === 0) return text(["One, ", gate, "two."]);
      return `Heard: ${userText}`;
    };
    await live(script, async (page, { codex }) => {
      await say(page, "Count.");
      await gate.reached;
      await say(page, "Faster.");
      await page.locator(".userMessage", { hasText: "Faster." }).waitFor();
      gate.open();
      await entry(page, "Heard: Faster.").waitFor();
      const thread = await codex.threadStart();
      await thread.run("From the program.");
      await page.getByRole("option", { name: /From the program/ }).click();
      await entry(page, "Heard: From the program.").waitFor();
      await page.getByRole("button", { name: "New thread" }).click();
      await say(page, "A third one.");
      await entry(page, "Heard: A third one.").waitFor();
      expect(await page.getByRole("listbox", { name: "Threads" }).getByRole("option").count()).toBe(
        3,
      );
    });
  });

  it("shows sub-agents below their parents, and opens their timelines", async () => {
    const script = family(
      ({ lastOutput, index }) => {
        if (lastOutput === undefined) return spawnAgent("helper");
        return index < 3 ? waitForAgents() : "The parent is done.";
      },
      () => "The helper is done.",
    );
    const { scripted, link } = await inspected(script, SUB_AGENTS);
    try {
      await onInspector(browser, link, async (page) => {
        await say(page, "Delegate this.");
        await entry(page, "The parent is done.").waitFor();
        const threads = page.getByRole("listbox", { name: "Threads" }).getByRole("option");
        await threads.nth(1).waitFor();
        const indent = async (index: number) =>
          (await threads.nth(index).locator(".name").boundingBox())?.x ?? 0;
        expect(await indent(1)).toBeGreaterThan(await indent(0));
        await page.getByRole("button", { name: "Open its thread" }).first().click();
        await entry(page, "The helper is done.").waitFor();
        await page.getByText("This thread belongs to a sub-agent").waitFor();
      });
    } finally {
      await scripted.close();
    }
  });

  it("finds stored threads by their messages", async () => {
    await live(
      () => "Heard.",
      async (page, { codex }) => {
        for (const text of ["Apples.", "Pears."]) await (await codex.threadStart()).run(text);
        await page.reload();
        const threads = page.getByRole("listbox", { name: "Threads" }).getByRole("option");
        await threads.nth(1).waitFor();
        await page.getByRole("searchbox", { name: "Search threads" }).fill("apple");
        await threads.nth(1).waitFor({ state: "hidden" });
        expect(await threads.first().textContent()).toContain("Apples.");
      },
    );
  });

  it("answers the agent's questions", async () => {
    const questions = [
      {
        ...{ id: "colour", header: "Colour", question: "Which colour?" },
        options: [
          { label: "Red", description: "warm" },
          { label: "Blue", description: "cold" },
        ],
      },
    ];
    const script: Rule = ({ lastOutput }) =>
      lastOutput === undefined
        ? functionCall("request_user_input", { questions })
        : `Output: ${String(lastOutput)}`;
    const { scripted, link } = await inspected(script);
    try {
      await onInspector(browser, link, async (page) => {
        const thread = await scripted.codex.threadStart();
        const mode = { mode: "plan", settings: { model: "gpt-5.5" } };
        const turn = thread.run("Ask me.", { collaborationMode: mode } as never);
        await page.getByRole("option", { name: /Ask me/ }).click();
        await request(page).getByText("Which colour?").first().waitFor();
        await request(page).getByRole("button", { name: "Blue" }).click();
        await request(page).locator(".actions button").first().click();
        await entry(page, /Output: .*Blue/).waitFor();
        await turn;
      });
    } finally {
      await scripted.close();
    }
  });

  it("shows what is sent and received as it happens, with secrets masked, and the server's memory", async () => {
    const script = [command("echo sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"), "Done."];
    await live(script, async (page) => {
      await say(page, "Run it.");
      await entry(page, "Done.").waitFor();
      await page.locator(".meter", { hasText: "MB" }).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("3");
      const row = page.getByRole("option", { name: /item\/completed.*commandExecution/ });
      await row.click();
      await page.locator(".detail", { hasText: "***" }).waitFor();
      expect(await page.content()).not.toContain("sk-proj-abcdefghijklmnopqrstuvwxyz0123456789");
    });
  });
});

describe("a trace", () => {
  it("shows why a turn was slow, and finds the slow request, by keyboard alone", async () => {
    const file = await slowTrace(traceFolder());
    await onTrace(file, async (page) => {
      await entry(page, "All done.").waitFor();
      await page.keyboard.press("2");
      await page
        .locator(".verdict", { hasText: /was spent waiting for an answer.*touch outside/ })
        .waitFor();
      await page.keyboard.press("3");
      await page.getByRole("button", { name: /^slow/ }).click();
      const rows = page.getByRole("listbox", { name: "Traffic" }).getByRole("option");
      await rows.first().waitFor();
      const slow = rows.filter({ hasText: "item/commandExecution/requestApproval" });
      await slow.getByText("slow").waitFor();
      await page.getByRole("listbox", { name: "Traffic" }).focus();
      await page.keyboard.press("End");
      await page.locator(".detail", { hasText: "touch outside" }).waitFor();
      await page.getByRole("button", { name: "Show where its time went" }).click();
      await page.locator(".turn-waterfall").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
    });
  });

  it("filters by text and kind, and shows JSON and the answer", async () => {
    const file = await slowTrace(traceFolder());
    await onTrace(file, async (page) => {
      await tab(page, "Traffic").click();
      await page.keyboard.press("/");
      await page.keyboard.type("NO/SUCH");
      const rows = page.getByRole("listbox", { name: "Traffic" }).getByRole("option");
      await page.getByText("1 row", { exact: true }).waitFor();
      await rows.first().click();
      await page.locator(".detail", { hasText: "-32600" }).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".detail").waitFor({ state: "hidden" });
      await page.getByRole("searchbox", { name: "Filter by method or content" }).fill("");
      await page.getByRole("button", { name: "Server requests" }).click();
      await page.getByText("2 rows", { exact: true }).waitFor();
    });
  });

  it.each(WIDTHS)("fits on a screen of %i pixels, in light and dark", async (width) => {
    const file = await slowTrace(traceFolder());
    for (const colorScheme of ["light", "dark"] as const) {
      await onTrace(
        file,
        async (page) => {
          for (const name of ["Timeline", "Waterfall", "Traffic"]) {
            await tab(page, name).click();
            const overflow = "document.documentElement.scrollWidth - innerWidth";
            expect(await page.evaluate(overflow), name).toBeLessThanOrEqual(0);
          }
          await page.getByRole("listbox", { name: "Traffic" }).getByRole("option").first().click();
          await page.locator(".detail").waitFor();
          expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
        },
        { width, colorScheme },
      );
    }
  });

  it("takes 1,000 threads and 10,000 entries, and draws those in sight only", async () => {
    const file = path.join(traceFolder(), "large.jsonl");
    writeFileSync(file, largeTrace({ threads: 1_000, entries: 10_000 }));
    await onTrace(file, async (page) => {
      const threads = page.getByRole("listbox", { name: "Threads" });
      await threads.getByRole("option").first().waitFor();
      expect(await threads.getByRole("option").first().getAttribute("aria-setsize")).toBe("1000");
      await page.getByRole("searchbox", { name: "Search threads" }).fill("The long one");
      await threads.getByRole("option", { name: /The long one/ }).click();
      await entry(page, "Message 10000.").waitFor();
      expect(await page.locator(".entry").count()).toBeLessThan(100);
      await page.getByRole("log", { name: "Timeline" }).focus();
      await page.keyboard.press("Home");
      await entry(page, /^Message 1\.$/).waitFor();
      await tab(page, "Traffic").click();
      await page.getByRole("listbox", { name: "Traffic" }).focus();
      await page.keyboard.press("End");
      await page.locator(".detail").waitFor();
      expect(await page.getByRole("option").count()).toBeLessThan(200);
    });
  });
});
