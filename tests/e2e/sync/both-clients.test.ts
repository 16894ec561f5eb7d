import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Codex, type CodexWarning, type Input, LaunchError, tool } from "codex-app-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { bench, drivers, fresh } from "../../support/both-clients.ts";
import { collect } from "../../support/e2e.ts";
import { isRunning } from "../../support/processes.ts";
import { waitUntil } from "../../support/wait-until.ts";

const server = bench();
const fakeServer = fileURLToPath(new URL("../../support/fake-stdio-server.mjs", import.meta.url));
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const haveSome = (models: unknown) => (models as { data: unknown[] }).data.length > 0;

// Every test awaits its calls. CodexSync returns no promises, and `await` returns other values as they are.
describe.each(drivers)("$name", ({ name, client }) => {
  let codex: Codex;
  beforeAll(() => {
    codex = client(server.options);
  });
  afterAll(async () => {
    await codex.close();
  });

  async function usedThread(words = "hi", options = {}) {
    const thread = await codex.threadStart(options);
    await thread.run(words);
    return thread;
  }

  async function seenByModel(input: Input): Promise<string> {
    await (await codex.threadStart()).run(input);
    return JSON.stringify((await server.model.requests()).at(-1)?.body.input);
  }

  /** The options for a fake server, and the pids of its starts. */
  function fake(scenario: string) {
    const starts = path.join(server.cwd, fresh("starts"));
    const options = {
      launchArgs: [process.execPath, fakeServer, scenario],
      env: { STARTS: starts },
      onWarning: () => {},
    };
    const pids = () =>
      existsSync(starts) ? readFileSync(starts, "utf8").trim().split("\n").map(Number) : [];
    return { options, pids };
  }

  test("joins the deltas of a message, and reports one completion", async () => {
    await server.model.enqueue({ text: ["he", "llo"] });
    const turn = await (await codex.threadStart()).turn("hi");
    const events = await collect(turn.stream());
    const result = await turn.run();
    expect(result.text).toBe("hello");
    expect(result.items.filter(({ type }) => type === "agentMessage")).toHaveLength(1);
    expect(events.filter(({ method }) => method === "turn/completed")).toHaveLength(1);
    expect(events.at(-1)?.method).toBe("turn/completed");
    expect(await collect(turn.textStream())).toEqual(["hello"]);
  });

  test("keeps parallel turns separate", async () => {
    const gates = ["a", "b", "c"].map(fresh) as [string, string, string];
    const [a, b, c] = gates;
    const [one, two] = [await codex.threadStart(), await codex.threadStart()];
    await server.model.enqueue({ text: ["a1 ", { gate: a }, "a2 ", { gate: c }, "a3"] });
    const first = await one.turn("first");
    await server.model.reached(a);
    await server.model.enqueue({ text: ["b1 ", { gate: b }, "b2"] });
    const second = await two.turn("second");
    await server.model.reached(b);
    await server.model.open(a);
    await server.model.reached(c);
    await server.model.open(b);
    expect((await second.run()).text).toBe("b1 b2");
    await server.model.open(c);
    expect((await first.run()).text).toBe("a1 a2 a3");
    for (const turn of [first, second]) {
      for (const { params } of await collect(turn.stream())) {
        expect(params).toMatchObject({ threadId: turn.threadId });
      }
    }
  });

  test("streams events while the turn is paused, and answers models() in the meantime", async () => {
    const gate = fresh("gate");
    await server.model.enqueue({ text: ["he", { gate }, "llo"] });
    const turn = await (await codex.threadStart()).turn("hi");
    const methods: string[] = [];
    for await (const event of turn.stream()) {
      methods.push(event.method);
      if (event.method !== "item/agentMessage/delta" || methods.includes("models")) continue;
      expect(event.params.delta).toBe("he");
      expect((await codex.modelList({ timeoutMs: 1_000 })).data.length).toBeGreaterThan(0);
      methods.push("models");
      await server.model.open(gate);
    }
    expect(methods.indexOf("models")).toBeLessThan(methods.indexOf("turn/completed"));
    expect((await turn.run()).text).toBe("hello");
  });

  test("lets a tool call the client while run() waits", async () => {
    const gate = fresh("gate");
    const count = tool({
      name: "count_models",
      description: "Counts.",
      input: z.object({}),
      execute: () => {
        const models: unknown = codex.modelList();
        // A blocking client has them already.
        return models instanceof Promise ? models.then(haveSome) : haveSome(models);
      },
    });
    await server.model.enqueue({ call: "count_models", args: {} }, { text: ["done", { gate }] });
    await server.model.open(gate);
    const thread = await codex.threadStart({ tools: [count] });
    expect((await thread.run("count")).text).toBe("done");
    expect((await server.model.requests()).at(-1)?.lastOutput).toBe("true");
  });

  test("sets and reads a thread's name", async () => {
    const thread = await usedThread();
    expect(await thread.setName("Täst 1")).toEqual({});
    expect((await thread.read()).thread.name).toBe("Täst 1");
  });

  test("lists archived and other threads; restores one under the same id", async () => {
    const cwd = path.join(server.cwd, fresh("elsewhere"));
    mkdirSync(cwd);
    const kept = await usedThread("kept", { cwd });
    const gone = await usedThread("gone", { cwd });
    expect(await codex.threadArchive(gone.id)).toEqual({});
    const ids = async (archived: boolean) =>
      (await codex.threadList({ archived, cwd })).data.map(({ id }) => id);
    expect(await ids(false)).toEqual([kept.id]);
    expect(await ids(true)).toEqual([gone.id]);
    const back = await codex.threadUnarchive(gone.id);
    expect(back.id).toBe(gone.id);
    expect((await back.run("again")).text).toBe("echo again");
    const all = await collect(codex.threads({ cwd, limit: 1 }));
    expect(all.map(({ id }) => id).toSorted()).toEqual([kept.id, gone.id].toSorted());
  });

  test("reads user and agent messages with includeTurns", async () => {
    const thread = await usedThread("one");
    await thread.run("two");
    const { turns } = (await thread.read({ includeTurns: true })).thread;
    expect(turns.map(({ items }) => items.map(({ type }) => type))).toEqual([
      ["userMessage", "agentMessage"],
      ["userMessage", "agentMessage"],
    ]);
  });

  test("forks a thread with its history under another id", async () => {
    const thread = await usedThread("before the fork");
    const fork = await thread.fork();
    expect(fork.id).not.toBe(thread.id);
    await fork.run("in the fork");
    const input = JSON.stringify((await server.model.requests()).at(-1)?.body.input);
    expect(input).toContain("before the fork");
  });

  test("compacts a thread with another request to the model", async () => {
    const thread = await usedThread("long story");
    const before = (await server.model.requests()).length;
    await server.model.enqueue({ text: ["the summary"] });
    expect(await thread.compact()).toEqual({});
    expect((await thread.run("and now?")).text).toBe("echo and now?");
    expect((await server.model.requests()).length).toBe(before + 2);
  });

  test("sends a local image as a data URL", async () => {
    writeFileSync(path.join(server.cwd, "pixel.png"), Buffer.from(PIXEL, "base64"));
    expect(await seenByModel([{ type: "localImage", path: "pixel.png" }])).toContain(
      '"image_url":"data:image/png;base64,',
    );
  });

  test("sends a skill with its name, path and body", async () => {
    const folder = path.join(server.home, "skills", "greet");
    const file = path.join(folder, "SKILL.md");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      file,
      "---\nname: greet\ndescription: How to greet\n---\nSay ahoy to everyone.\n",
    );
    const seen = await seenByModel(["hello", { type: "skill", name: "greet", path: file }]);
    expect(seen).toContain("<skill>");
    expect(seen).toContain("<name>greet</name>");
    expect(seen).toContain("Say ahoy to everyone.");
  });

  test("initializes once for calls made at the same time", async () => {
    const { options, pids } = fake("noisy");
    const own = client(options);
    const [thread] = await Promise.all([own.threadStart(), own.modelList()]);
    expect(thread.id).toBe("t1");
    expect(pids()).toHaveLength(1);
    await own.close();
  });

  test("leaves no server after a failed handshake", async () => {
    const { options, pids } = fake("nameless");
    const starting = async () => {
      await client(options).connect();
    };
    await expect(starting()).rejects.toThrow("lacks its user agent");
    await expect(starting()).rejects.toBeInstanceOf(LaunchError);
    expect(pids()).toHaveLength(2);
    await waitUntil("the servers are gone", () => !pids().some(isRunning));
  });

  test.each([
    ["the last final answer wins", ["f:one", "f:two", "c:aside"], "two"],
    ["without one, the last message of no phase", ["-:one", "-:two", "c:aside"], "two"],
    ["a final answer goes before what has no phase", ["f:answer", "-:late"], "answer"],
    ["commentary never counts", ["c:aside"], ""],
  ])("chooses the text of a result by phase: %s", async (_rule, messages, expected) => {
    const phases = { f: "final_answer", c: "commentary" } as Record<string, string>;
    const all = messages.map((message) => {
      const phase = phases[message.charAt(0)];
      return { text: [message.slice(2)], ...(phase ? { phase } : {}) };
    });
    await server.model.enqueue({ all });
    expect((await (await codex.threadStart()).run("hi")).text).toBe(expected);
  });

  test("ignores malformed notifications and streams unknown ones", async () => {
    const own = client(fake("noisy").options);
    const turn = await (await own.threadStart()).turn("hi");
    const methods = (await collect(turn.stream())).map(({ method }): string => method);
    expect(methods).toContain("brand/new");
    expect(methods.at(-1)).toBe("turn/completed");
    expect((await turn.run()).text).toBe("hello");
    await own.close();
  });

  test("answers a server request with what its handler returns or throws", async () => {
    const warned: unknown[] = [];
    const answerOf = async (handler: (params: unknown) => unknown) => {
      const { options } = fake("asking");
      const onWarning = ({ code, cause }: CodexWarning) => warned.push([code, cause]);
      const own = client({ ...options, onWarning, handlers: { "*": handler } });
      const { text } = await (await own.threadStart()).run("hi");
      await own.close();
      return JSON.parse(text);
    };
    const thrown = new Error("not now");
    expect(await answerOf((params) => ({ got: params }))).toEqual({
      got: { threadId: "t1", turnId: "u1" },
    });
    const failing = () => {
      throw thrown;
    };
    expect(await answerOf(failing)).toEqual({ code: -32603, message: "not now" });
    expect(warned).toEqual([["HANDLER_FAILED", thrown]]);
  });

  test("replays notifications that arrive before the turn/start response", async () => {
    const own = client(fake("early").options);
    const turn = await (await own.threadStart()).turn("hi");
    const methods = (await collect(turn.stream())).map(({ method }) => method);
    expect(methods).toEqual(["turn/started", "item/completed", "turn/completed"]);
    expect((await turn.run()).text).toBe("hello");
    await own.close();
  });

  test("resumes a thread with its history in another process", async () => {
    const first = client(server.options);
    const thread = await first.threadStart();
    await thread.run("remember 42");
    await first.close();
    const resumed = await codex.threadResume(thread.id);
    expect(resumed.id).toBe(thread.id);
    expect((await resumed.run("what was it?")).text).toBe("echo what was it?");
    const input = JSON.stringify((await server.model.requests()).at(-1)?.body.input);
    expect(input).toContain("remember 42");
  });

  test("sends an output schema as text.format, and returns the output of the schema", async () => {
    const Answer = z.object({ when: z.string().transform((text) => new Map([[name, text]])) });
    await server.model.enqueue('{"when":"now"}');
    const result = await (await codex.threadStart()).run("When?", { outputSchema: Answer });
    expect(result.output).toEqual({ when: new Map([[name, "now"]]) });
    const format = { type: "json_schema", schema: { properties: { when: { type: "string" } } } };
    expect((await server.model.requests()).at(-1)?.body).toMatchObject({ text: { format } });
  });
});
