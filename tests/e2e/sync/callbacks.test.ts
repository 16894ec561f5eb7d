import { type CodexWarning, tool } from "codex-app-server";
import { expect, test } from "vitest";
import { z } from "zod";
import { bench, fresh, syncClients, thrownBy } from "../../support/both-clients.ts";

const server = bench();
const clients = syncClients(server);

const lastOutput = async () => (await server.model.requests()).at(-1)?.lastOutput;
/** The warnings with this code, without those from the server. */
const ofCode = (warnings: readonly CodexWarning[], wanted: CodexWarning["code"]) =>
  warnings.filter(({ code }) => code === wanted);
const escalated = { command: "true", escalate: "to see" };

test("an approval rule runs in the calling thread, and can call the client", async () => {
  const asked: unknown[] = [];
  using own = clients.client({
    approvals: {
      command: ({ command }, { item, signal }) => {
        asked.push([command, item?.type, signal.aborted, own.modelList().data.length > 0]);
        return "accept";
      },
    },
  });
  await server.model.enqueue({ command: "echo approved", escalate: "to see" }, "done");
  const thread = own.threadStart({ approvalPolicy: "on-request" });
  expect(thread.run("go").text).toBe("done");
  expect(asked).toEqual([
    [expect.stringContaining("echo approved"), "commandExecution", false, true],
  ]);
  expect(await lastOutput()).toContain("approved");
});

test("an approval rule that throws declines, and onWarning gets the error itself", async () => {
  const warnings: CodexWarning[] = [];
  const thrown = new Error("no idea");
  using asking = clients.client({
    onWarning: (warning) => warnings.push(warning),
    approvals: {
      command: () => {
        throw thrown;
      },
    },
  });
  await server.model.enqueue(escalated, "done");
  expect(asking.threadStart({ approvalPolicy: "on-request" }).run("go").status).toBe("completed");
  const [warning, ...others] = ofCode(warnings, "HANDLER_FAILED");
  expect(warning?.cause).toBe(thrown);
  expect(warning?.message).toContain("no idea");
  expect(others).toEqual([]);
});

test("a function that returns a promise fails with an error that says why", async () => {
  const warnings: CodexWarning[] = [];
  using asking = clients.client({
    onWarning: (warning) => warnings.push(warning),
    approvals: { command: (async () => "accept") as never },
  });
  await server.model.enqueue(escalated, "done");
  asking.threadStart({ approvalPolicy: "on-request" }).run("go");
  const [warning] = ofCode(warnings, "HANDLER_FAILED");
  expect(warning?.message).toContain("approvals.command returned a promise");
});

test("onWarning and listeners of notifications run during calls", async () => {
  await server.model.enqueue(escalated, "done");
  const thread = clients.shared.threadStart({ approvalPolicy: "on-request" });
  const ended: string[] = [];
  const listening = clients.shared.on("turn/completed", ({ turn }) => ended.push(turn.id));
  const { turnId } = thread.run("go");
  clients.shared.modelList();
  expect(ended).toEqual([turnId]);
  const declined = ofCode(clients.warnings, "APPROVAL_DECLINED");
  expect(declined).toHaveLength(1);
  expect(declined[0]).toBeInstanceOf(Error);
  listening[Symbol.dispose]();
  listening[Symbol.dispose]();
  thread.run("again");
  clients.shared.modelList();
  expect(ended).toHaveLength(1);
});

test("listeners that make calls get every event of a flood, in order", async () => {
  const words = Array.from({ length: 2_000 }, (_, index) => `${index} `);
  await server.model.enqueue({ text: words }, "done");
  const thread = clients.shared.threadStart();
  const deltas: string[] = [];
  let running = 0;
  let deepest = 0;
  using _listening = clients.shared.on("item/agentMessage/delta", ({ delta }) => {
    deltas.push(delta);
    deepest = Math.max(deepest, ++running);
    clients.shared.loadedThreads().next();
    running--;
  });
  expect(thread.run("go").text).toBe(words.join(""));
  expect(deltas).toEqual(words);
  expect(deepest).toBeGreaterThan(1);
  expect(deepest).toBeLessThanOrEqual(16);
  expect(thread.run("again").text).toBe("done");
});

test("listeners of the status run during calls", () => {
  const own = clients.client();
  const states: string[] = [];
  own.onStatus(({ state }) => states.push(state));
  expect(own.status).toEqual({ state: "ready" });
  own.close();
  expect(states).toEqual(["closed"]);
  expect(own.status).toEqual({ state: "closed", reason: undefined });
});

test("a listener that throws causes a warning", () => {
  const thrown = new Error("not this one");
  using _listening = clients.shared.on("thread/started", () => {
    throw thrown;
  });
  clients.shared.threadStart();
  clients.shared.modelList();
  expect(ofCode(clients.warnings, "LISTENER_FAILED")).toMatchObject([{ cause: thrown }]);
});

test("a tool receives the output of its schema, which can be any value", async () => {
  const seen: unknown[] = [];
  const remember = tool({
    name: "remember",
    description: "Remembers.",
    input: z.object({ key: z.string().transform((key) => new Map([[key, () => key]])) }),
    execute: ({ key }) => {
      seen.push(key.get("a")?.());
      return { toJSON: () => "remembered" };
    },
  });
  const thread = clients.shared.threadStart({ tools: [{ name: "mind", tools: [remember] }] });
  await server.model.enqueue({ call: "mind.remember", args: { key: "a" } }, "done");
  thread.run("go");
  const bare = clients.shared.threadStart({ tools: [remember] });
  await server.model.enqueue({ call: "remember", args: { key: "a" } }, "done");
  bare.run("go");
  expect(seen).toContain("a");
  expect(await lastOutput()).toBe('"remembered"');
  await server.model.enqueue({ call: "remember", args: { key: 5 } }, "done");
  bare.run("go");
  expect(await lastOutput()).toContain("The arguments of remember don't match its schema");
});

test("a thrown value or the reason of an abort needn't be an error", async () => {
  const fail = tool({
    name: "fail",
    description: "Fails.",
    input: z.object({}),
    execute: () => {
      throw "no luck";
    },
  });
  const thread = clients.shared.threadStart({ tools: [fail] });
  await server.model.enqueue({ call: "fail", args: {} }, "done");
  thread.run("go");
  expect(await lastOutput()).toBe("Tool fail failed: no luck");

  const controller = new AbortController();
  using _listening = clients.shared.on("turn/started", () => controller.abort("no time"));
  await server.model.enqueue({ text: ["be", { gate: fresh("gate") }, "fore"] });
  const error = thrownBy(() => thread.run("go", { signal: controller.signal }));
  expect(error).toMatchObject({
    message: expect.stringContaining("aborted: no time"),
    cause: "no time",
  });
});

test("a tool can throw a value that can't be read", async () => {
  const refuse = () => {
    throw new Error("not readable");
  };
  const thrown = [
    new Proxy({}, { get: refuse, getPrototypeOf: refuse }),
    Object.defineProperty(new Error("odd"), "name", { get: refuse }),
    Object.assign(new Error("odd"), { name: () => {} }),
  ];
  const fail = tool({
    name: "fail",
    description: "Fails.",
    input: z.object({}),
    execute: () => {
      throw thrown.shift();
    },
  });
  const thread = clients.shared.threadStart({ tools: [fail] });
  for (const message of ["an object that can't be read", "odd", "odd"]) {
    await server.model.enqueue({ call: "fail", args: {} }, "done");
    expect(thread.run("go", { timeoutMs: 10_000 }).text).toBe("done");
    expect(await lastOutput()).toBe(`Tool fail failed: ${message}`);
  }
});

test("tools and endpoints that this package didn't create are rejected", () => {
  const mine = { spec: { name: "mine" }, call: async () => ({}) };
  const start = () => clients.shared.threadStart({ tools: [mine as never] });
  expect(thrownBy(start).message).toContain(`Tool "mine" wasn't created with tool()`);
  const transport = { name: "mine", outlivesTransport: false, connect: () => ({}) as never };
  const error = thrownBy(() => clients.client({ transport }));
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toContain("Use websocket(), unixSocket() or proxy()");
});
