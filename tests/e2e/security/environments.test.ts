import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Codex, Thread } from "../../../src/index.ts";
import { command, type Rule } from "../../../src/testing/index.ts";
import { createHandler } from "../../../src/web/index.ts";
import { type Box, IN_BOX, startBox, WHERE } from "../../support/box.ts";
import { failureOf, nextOf } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";

const UNLIMITED = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;
const { environments } = IN_BOX;

/** Runs one command in each turn, which prints where it runs. */
const script: Rule = ({ lastOutput }) => (lastOutput === undefined ? command(WHERE) : "done");

async function place(thread: Thread, options: { readonly cwd?: string } = {}): Promise<string> {
  const { items } = await thread.run("Where are you?", options);
  const item = items.find(({ type }) => type === "commandExecution");
  return item?.type === "commandExecution" ? (item.aggregatedOutput ?? "").trim() : "nowhere";
}

describe.skipIf(process.platform === "win32")("a thread whose commands run in a box", () => {
  let box: Box;

  beforeAll(async () => {
    box = await startBox();
  });
  afterAll(() => box[Symbol.asyncDispose]());

  const serve = () => startServed(script, undefined, { thread_unload_delay_secs: 0 });

  /** Waits until the server has unloaded all threads. */
  const unloaded = (codex: Codex) =>
    expect
      .poll(async () => (await codex.request("thread/loaded/list", {})).data, { timeout: 10_000 })
      .toEqual([]);

  const addBox = (codex: Codex) => box.addTo(codex);

  it("stays there after a lost connection, and with another directory", async () => {
    await using served = await serve();
    await using relay = await startRelay(served.port);
    const codex = served.client({ onWarning: () => {} }, relay.port);
    const observer = served.client({ onWarning: () => {} });
    await addBox(codex);
    const thread = await codex.threadStart({ ...UNLIMITED, environments });
    expect(await place(thread)).toBe("in the box, /tmp");
    const back = reconnected(codex);
    relay.isOpen = false;
    relay.cut();
    await unloaded(observer);
    relay.isOpen = true;
    await back;
    expect(await place(thread)).toBe("in the box, /tmp");
    expect(await place(thread, { cwd: "/usr" })).toBe("in the box, /usr");
    expect(await place(thread)).toBe("in the box, /usr");
    await thread.updateSettings({ cwd: "/etc" });
    expect(await place(thread)).toBe("in the box, /etc");
  });

  it("stays there if an unchanged request sets only a directory", async () => {
    await using served = await serve();
    const codex = served.client({ onWarning: () => {} });
    await addBox(codex);
    const thread = await codex.threadStart({ ...UNLIMITED, environments });
    const { id: threadId } = thread;
    const places: unknown[] = [];
    codex.on("item/completed", ({ item }) => {
      if (item.type === "commandExecution") places.push(item.aggregatedOutput);
    });
    const ended = nextOf(codex, "turn/completed");
    const input = [{ type: "text" as const, text: "Where are you?", text_elements: [] }];
    await codex.request("turn/start", { threadId, cwd: "/usr", input });
    await ended;
    expect(places).toEqual(["in the box, /usr\n"]);
    expect(await place(thread)).toBe("in the box, /usr");
    await codex.request("thread/settings/update", { threadId, cwd: "/etc" });
    const queuedEnded = nextOf(codex, "turn/completed");
    await thread.queue("Where are you?");
    await queuedEnded;
    expect(places.at(-1)).toBe("in the box, /etc\n");
  });

  it("stays there if an unchanged request writes the thread's id in another form", async () => {
    await using served = await serve();
    const codex = served.client({ onWarning: () => {} });
    await addBox(codex);
    const { id } = await codex.threadStart({ ...UNLIMITED, environments });
    const input = [{ type: "text" as const, text: "Where are you?", text_elements: [] }];
    const forms = [id.toUpperCase(), id.replaceAll("-", ""), `{${id}}`, `urn:uuid:${id}`];
    for (const threadId of forms) {
      const ended = nextOf(codex, "item/completed", ({ item }) => item.type === "commandExecution");
      const over = nextOf(codex, "turn/completed");
      await codex.request("turn/start", { threadId, cwd: "/usr", input });
      expect((await ended).item, threadId).toMatchObject({
        aggregatedOutput: "in the box, /usr\n",
      });
      await over;
    }
    const same = await codex.threadResume(id.toUpperCase());
    expect(same.id).toBe(id);
    expect(await place(same, { cwd: "/etc" })).toBe("in the box, /etc");
  });

  it("stays there if another client sets only a directory", async () => {
    await using served = await serve();
    const codex = served.client({ onWarning: () => {} });
    await addBox(codex);
    const thread = await codex.threadStart({ ...UNLIMITED, environments });
    expect(await place(thread)).toBe("in the box, /tmp");
    const second = served.client({ onWarning: () => {} });
    expect(await place(await second.threadResume(thread.id), { cwd: "/usr" })).toBe(
      "in the box, /usr",
    );
    const third = served.client({ onWarning: () => {} });
    const changed = nextOf(codex, "thread/settings/updated");
    await third.request("thread/settings/update", { threadId: thread.id, cwd: "/etc" });
    // The third client hasn't loaded the thread, so it doesn't know the box.
    expect((await changed).threadSettings.environments).toMatchObject([
      { environmentId: "local" },
      { environmentId: "box" },
    ]);
    expect(await place(thread)).toBe("in the box, /etc");
  });

  it("stays there in a fork, and if a later client names it", async () => {
    await using served = await serve();
    const codex = served.client({ onWarning: () => {} });
    await addBox(codex);
    const thread = await codex.threadStart({ ...UNLIMITED, environments });
    expect(await place(thread)).toBe("in the box, /tmp");
    const fork = await thread.fork(UNLIMITED);
    expect(await place(fork)).toBe("in the box, /tmp");
    await codex.close();
    const later = served.client({ onWarning: () => {} });
    await unloaded(later);
    const resumed = await later.threadResume(thread.id, { ...UNLIMITED, environments });
    expect(await place(resumed)).toBe("in the box, /tmp");
  });

  it("stays there if a handler loads it with its threadOptions", async () => {
    await using served = await serve();
    const first = served.client({ onWarning: () => {} });
    await addBox(first);
    const thread = await first.threadStart({ ...UNLIMITED, environments });
    expect(await place(thread)).toBe("in the box, /tmp");
    await first.close();
    const codex = served.client({ onWarning: () => {} });
    await unloaded(codex);
    const threadOptions = { ...UNLIMITED, environments };
    using handler = createHandler(codex, { authorize: () => true, threadOptions });
    const places: unknown[] = [];
    codex.on("item/completed", ({ item }) => {
      if (item.type === "commandExecution") places.push(item.aggregatedOutput);
    });
    const ended = nextOf(codex, "turn/completed");
    const asked = await handler(
      new Request(`http://localhost/threads/${thread.id}/turns`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ input: "Where are you?" }),
      }),
    );
    await ended;
    expect([asked.status, places]).toEqual([200, ["in the box, /tmp\n"]]);
  });

  it("runs no turn elsewhere if the server no longer knows the box", async () => {
    await using served = await serve();
    const codex = served.client({ onWarning: () => {} });
    const thread = await codex.threadStart(UNLIMITED);
    await thread.run("Where are you?");
    const resuming = codex.threadResume(thread.id, { ...UNLIMITED, environments });
    expect((await failureOf(resuming)).message).toContain("unknown turn environment id");
    expect((await failureOf(place(thread))).message).toContain("unknown turn environment id");
  });

  it.each<[string, (thread: Thread, codex: Codex) => Promise<unknown>]>([
    ["a review", (thread) => thread.review({ type: "custom", instructions: "Look." })],
    ["a shell command", (thread) => thread.shell("echo here")],
    ["a queued message", (thread) => thread.queue("Where are you?")],
    ["a goal", (thread) => thread.goal.set("Look around.")],
    [
      "a review of a fork",
      async (thread) => (await thread.fork()).review({ type: "custom", instructions: "Look." }),
    ],
    [
      "an unchanged request",
      ({ id: threadId }, codex) =>
        codex.request("turn/start", {
          threadId,
          input: [{ type: "text", text: "Where are you?", text_elements: [] }],
        }),
    ],
  ])("runs nothing elsewhere for %s if the server no longer knows the box", async (_, start) => {
    await using served = await serve();
    const codex = served.client({ onWarning: () => {} });
    const commands: unknown[] = [];
    codex.on("item/started", ({ item }) => item.type === "commandExecution" && commands.push(item));
    const thread = await codex.threadStart({ ...UNLIMITED, sandbox: "read-only" });
    await thread.run("Where are you?");
    commands.length = 0;
    await failureOf(codex.threadResume(thread.id, { ...UNLIMITED, environments }));
    expect((await failureOf(start(thread, codex))).message).toContain(
      "unknown turn environment id",
    );
    expect(commands).toEqual([]);
    await addBox(codex);
    expect(await place(thread)).toBe("in the box, /tmp");
  });
});
