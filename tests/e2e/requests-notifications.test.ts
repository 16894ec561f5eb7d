import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Notification } from "../../src/index.ts";
import { sharedServer } from "../support/e2e.ts";
import { withoutMachineWarnings } from "../support/machine-warnings.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });

test("request() takes every method of the protocol, experimental ones included", async () => {
  const { codex, home } = server;
  const { config } = await codex.request("config/read", {});
  expect(config.model).toBe("gpt-5.5");
  const run = await codex.request("command/exec", {
    command: ["echo", "hi"],
    sandboxPolicy: { type: "dangerFullAccess" },
  });
  expect(run).toMatchObject({ exitCode: 0, stdout: "hi\n" });
  const { data } = await codex.request("thread/loaded/list");
  expect(data).toEqual(expect.any(Array));
  const loaded = await codex.request("skills/list", { cwds: [home] });
  expect(loaded.data[0]?.cwd).toBe(home);
});

test("request() takes any string, for methods of newer servers", async () => {
  const method: string = "model/list";
  const answer = await server.codex.request(method, { limit: 1 });
  expect((answer as { data: unknown[] }).data).toHaveLength(1);
});

test("models() returns the entries of all pages", async () => {
  const all = await server.codex.models({ limit: 1 });
  const { data } = await server.codex.modelList();
  expect(all.length).toBeGreaterThan(1);
  expect(all.map(({ id }) => id)).toEqual(data.map(({ id }) => id));
});

test("modelList() has options, and pages", async () => {
  const page = await server.codex.modelList({ limit: 1, includeHidden: undefined });
  expect(page.data).toHaveLength(1);
  const next = await server.codex.modelList({ limit: 1, cursor: page.nextCursor });
  expect(next.data[0]?.id).not.toBe(page.data[0]?.id);
});

test("on() receives every notification of its method until it is disposed of", async () => {
  const { codex } = server;
  const heard: string[] = [];
  const listening = codex.on("turn/completed", ({ threadId }) => heard.push(threadId));
  const twice = codex.on("turn/completed", ({ threadId }) => heard.push(threadId));
  const thread = await codex.threadStart();
  await thread.run("hi");
  expect(heard).toEqual([thread.id, thread.id]);
  listening[Symbol.dispose]();
  twice[Symbol.dispose]();
  await thread.run("hi again");
  expect(heard).toHaveLength(2);
});

test("a listener that throws is reported, and stops nothing", async () => {
  const { codex, warnings } = server;
  using _listening = codex.on("turn/started", () => {
    throw new Error("my fault");
  });
  const thread = await codex.threadStart();
  expect((await thread.run("hi")).text).toBe("echo hi");
  expect(warnings).toMatchObject([{ code: "LISTENER_FAILED", cause: { message: "my fault" } }]);
});

test("notifications() yields the notifications of every thread, and those without a thread", async () => {
  const { codex } = server;
  const all: Notification[] = [];
  const threads = new Set<string>();
  const reading = (async () => {
    for await (const notification of codex.notifications()) {
      all.push(notification);
      if (notification.method === "turn/completed") threads.add(notification.params.threadId);
      if (threads.size === 2) return;
    }
  })();
  const [one, two] = await Promise.all([codex.threadStart(), codex.threadStart()]);
  await Promise.all([one.run("a"), two.run("b")]);
  await reading;
  expect(threads).toEqual(new Set([one.id, two.id]));
  expect(all.map(({ method }) => method)).toContain("thread/started");
});

test("notifications() begins when it is called, even if it is read later", async () => {
  const { codex } = server;
  const notifications = codex.notifications();
  const thread = await codex.threadStart();
  for await (const { method, params } of notifications) {
    if (method === "thread/started" && params.thread.id === thread.id) break;
  }
  expect(await notifications.next()).toEqual({ value: undefined, done: true });
});

test("NODE_DEBUG shows the traffic with secrets masked, and nothing without it", async () => {
  const program = path.join(import.meta.dirname, "../support/log-in.mjs");
  const log = async (NODE_DEBUG: string) => {
    const env = { ...process.env, NODE_DEBUG, KEY: "sk-secret1234567890" };
    return (await promisify(execFile)(process.execPath, [program], { env })).stderr;
  };
  const [shown, silent] = await Promise.all([log("codex-app-server"), log("")]);
  expect(shown).toMatch(/→ .*"method":"account\/login\/start".*"apiKey":"\*\*\*"/);
  expect(shown).toMatch(/← .*"type":"apiKey"/);
  expect(shown).not.toContain("secret1234567890");
  expect(withoutMachineWarnings(silent)).toBe("");
});
