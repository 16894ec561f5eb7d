import { request } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, Gate, patch, type Reply, text } from "../../src/testing/index.ts";
import { type Chat, startChat } from "../support/chat.ts";
import { launchChromium, problemsOf } from "../support/chromium.ts";
import { compileExamples } from "../support/examples.ts";

const HOSTILE = "<img src=x onerror=\"document.title='hacked'\">";
const POEM = "+The wind asks;\n+the reed bows.\n";

/** Notes in `appeared` whether a request takes clicks when it is shown. */
const NOTE_CLICKABLE = `
  globalThis.appeared = [];
  new MutationObserver(() => {
    const button = document.querySelector("aside button");
    if (button) appeared.push(getComputedStyle(button).pointerEvents);
  }).observe(document.querySelector("#requests"), { childList: true });
`;

let browser: Browser;

beforeAll(async () => {
  await compileExamples();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

interface Visit {
  readonly script?: readonly Reply[];
  readonly turns?: readonly string[];
}

/** Opens the chat on a new page, which must not report any problem. */
async function inChat(visit: (page: Page, chat: Chat) => Promise<void>, given: Visit = {}) {
  await using chat = await startChat(given.script ?? [], given.turns);
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

/** Waits until no turn runs. */
async function isIdle(page: Page): Promise<void> {
  await page.getByText("Working…").waitFor({ state: "hidden" });
}

const log = (page: Page) => page.getByRole("log").innerHTML();

describe("the chat", () => {
  it("streams an answer, shows a command and a diff once they are approved, and the same again", async () => {
    const gate = new Gate();
    const script = [
      command("echo approved", { escalate: "to show it" }),
      patch(`*** Begin Patch\n*** Add File: poem.txt\n${POEM}*** End Patch\n`),
      text(["Both ", gate, `are done. ${HOSTILE}`]),
    ];
    await inChat(
      async (page) => {
        await say(page, `Run something. ${HOSTILE}`);
        const request = page.locator("aside");
        await request.getByText("Run this command?").waitFor();
        expect(await request.textContent()).toContain("echo approved");
        await request.getByRole("button", { name: "yes, this once" }).click();

        await request.getByText("Make these changes to files?").waitFor();
        await page.locator(".command.completed", { hasText: "exit 0" }).waitFor();
        expect(await page.locator(".command pre").textContent()).toContain("approved");
        await request.getByRole("button", { name: "yes, this once" }).click();
        await request.waitFor({ state: "hidden" });

        await gate.reached;
        await page.locator(".assistant.running", { hasText: /^Both $/ }).waitFor();
        const diff = await page.locator(".fileChange pre").textContent();
        expect(diff).toBe("+ The wind asks;\n+ the reed bows.\n");
        gate.open();
        await page.locator(".assistant.completed", { hasText: HOSTILE }).waitFor();
        await isIdle(page);

        const before = await log(page);
        await page.reload();
        await page.locator(".assistant.completed").waitFor();
        expect(await log(page)).toBe(before);
        expect([await page.title(), await page.locator("img").count()]).toEqual(["Codex", 0]);
      },
      { script },
    );
  });

  it("ignores clicks on a request that has just appeared or moved", async () => {
    const script = [
      command("echo one", { escalate: "to show it" }),
      command("echo two", { escalate: "to show it" }),
      "done",
    ];
    await inChat(
      async (page) => {
        await page.evaluate(NOTE_CLICKABLE);
        await say(page, "Run something.");
        for (const words of ["echo one", "echo two"]) {
          const request = page.locator("aside", { hasText: words });
          await request.getByRole("button", { name: "yes, this once" }).click();
        }
        await isIdle(page);
        const appeared = await page.evaluate("appeared");
        expect(appeared).toEqual(["none", "none"]);
      },
      { script },
    );
  });

  it("shows a request and a message in the middle of a turn, after a reload", async () => {
    const gate = new Gate();
    const script = [
      command("echo one", { escalate: "to show it" }),
      text(["Begun, ", gate, "and done."]),
    ];
    await inChat(
      async (page) => {
        await say(page, "Go");
        const yes = page.getByRole("button", { name: "yes, this once" });
        await yes.waitFor();
        await page.reload();
        await yes.click();
        await gate.reached;
        await page.getByText("Begun,").waitFor();
        await page.reload();
        await page.getByText("Begun,").waitFor();
        gate.open();
        await page.getByText("Begun, and done.").waitFor();
      },
      { script },
    );
  });

  it("declines what the user doesn't allow, and stops a turn", async () => {
    const gate = new Gate();
    const script = [
      patch(`*** Begin Patch\n*** Add File: poem.txt\n${POEM}*** End Patch\n`),
      text(["Never ", gate, "mind"]),
    ];
    await inChat(
      async (page) => {
        await say(page, "Go");
        await page.getByRole("button", { name: "no; the agent continues" }).click();
        await page.locator(".fileChange.declined").waitFor();
        await gate.reached;
        await page.getByRole("button", { name: "Stop" }).click();
        await page.getByText("interrupted", { exact: true }).waitFor();
      },
      { script },
    );
  });

  it("continues a thread, and shows its older turns", async () => {
    const turns = Array.from({ length: 22 }, (_, index) => `message ${index + 1}.`);
    await inChat(
      async (page) => {
        const sections = page.locator("section");
        await page.getByText("Answer to message 22.").waitFor();
        expect(await sections.count()).toBe(20);
        await page.getByRole("button", { name: "Show older turns" }).click();
        await page.getByText("Answer to message 1.").waitFor();
        expect(await sections.count()).toBe(22);
        expect(await page.getByRole("button", { name: "Show older turns" }).isVisible()).toBe(
          false,
        );
        await say(page, "One more");
        await page.getByText("The last one.").waitFor();
        await isIdle(page);
        expect(await sections.last().textContent()).toBe("One moreThe last one.");
      },
      { turns, script: ["The last one."] },
    );
  });

  it("opens a page at another width without scrolling sideways, in the dark too", async () => {
    await inChat(
      async (page) => {
        await page.emulateMedia({ colorScheme: "dark" });
        await page.setViewportSize({ width: 320, height: 600 });
        await say(page, "x".repeat(200));
        await page.getByText("y".repeat(200)).waitFor();
        const overflow = "document.documentElement.scrollWidth - innerWidth";
        expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      },
      { script: ["y".repeat(200)] },
    );
  });
});

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A request that any program on this machine can send, without a browser's headers. */
async function ask(url: string, { method, headers, body }: Asked = {}) {
  return await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const asking = request(url, { method: method ?? (body ? "POST" : "GET"), headers });
    asking.on("error", reject);
    asking.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    asking.end(body && JSON.stringify(body));
  });
}

describe("the chat's server", () => {
  it("answers only users with the key, which the token gives once", async () => {
    await using chat = await startChat([]);
    const token = (await chat.link()).split("#")[1];
    const login = (given: unknown) => ask(`${chat.origin}/login`, { body: { token: given } });
    const bad = await Promise.all(["", token?.slice(1), null, [token, token]].map(login));
    expect(bad.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    const { status, text } = await login(token);
    expect(status).toBe(200);
    expect((await login(token)).status).toBe(401);
    const { key, threadId } = JSON.parse(text);
    const next = (await chat.link()).split("#")[1];
    expect(next).not.toBe(token);

    const thread = `${chat.origin}/api/threads/${threadId}`;
    const read = (authorization: string) => ask(thread, { headers: { authorization } });
    expect(await read(`Bearer ${key}`)).toMatchObject({ status: 200 });
    const others = ["", key, `Bearer ${token}`, `Bearer ${next}`, "Bearer undefined"];
    for (const other of others) expect((await read(other)).status).toBe(403);
    const json = { "content-type": "application/json" };
    for (const path of ["turns", "steer", "interrupt"]) {
      expect((await ask(`${thread}/${path}`, { headers: json, body: {} })).status).toBe(403);
    }
    expect((await ask(`${thread}/events`)).status).toBe(403);
    const headers = { ...json, authorization: `Bearer ${key}` };
    const given = { headers, body: { optionId: "accept" } };
    expect((await ask(`${chat.origin}/api/requests/made-up`, given)).status).toBe(403);
    expect((await ask(`${chat.origin}/api/threads`, given)).status).toBe(403);
    expect((await ask(`${chat.origin}/api/elsewhere`, { headers })).status).toBe(404);
  });

  it("refuses pages from other origins, and other host names that resolve to it", async () => {
    await using chat = await startChat([]);
    const foreign = [
      { origin: "https://example.com" },
      { origin: "null" },
      { origin: chat.origin.replace("127.0.0.1", "localhost") },
      { host: "example.com" },
      { host: `localhost:${new URL(chat.origin).port}` },
    ];
    const token = (await chat.link()).split("#")[1];
    for (const headers of foreign) {
      expect((await ask(chat.origin, { headers })).status).toBe(403);
      expect((await ask(`${chat.origin}/login`, { headers, body: { token } })).status).toBe(403);
    }
    const own = { origin: chat.origin };
    expect((await ask(`${chat.origin}/login`, { headers: own, body: { token } })).status).toBe(200);
  });

  it("serves no files but the page and the package's modules", async () => {
    await using chat = await startChat([]);
    expect((await ask(`${chat.origin}/package/timeline/index.js`)).status).toBe(200);
    const others = ["/package/../package.json", "/package/%2e%2e/package.json", "/server.js"];
    for (const path of [...others, "/package/timeline/index.d.ts", "/package//etc/passwd.js"]) {
      expect((await ask(chat.origin + path)).status, path).toBe(404);
    }
  });
});
