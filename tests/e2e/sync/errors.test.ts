import {
  Codex,
  type CodexOptions,
  InvalidInputError,
  InvalidSchemaError,
  LaunchError,
  OutputValidationError,
  ThreadNotFoundError,
  TransportClosedError,
  websocket,
} from "codex-app-server";
import type { CodexSync } from "codex-app-server/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { bench, fresh, syncClients, thrownBy } from "../../support/both-clients.ts";
import { failureOf } from "../../support/e2e.ts";

const server = bench();
const clients = syncClients(server);

test("has its class, its members, and the stack of the caller", () => {
  const id = "00000000-0000-7000-8000-000000000000";
  function askForNobody() {
    clients.shared.threadResume(id);
  }
  const error = thrownBy(askForNobody);
  expect(error).toBeInstanceOf(ThreadNotFoundError);
  expect(error).toMatchObject({
    name: "ThreadNotFoundError",
    code: "THREAD_NOT_FOUND",
    rpcCode: -32600,
    method: "thread/resume",
    serverMessage: expect.stringContaining(id),
  });
  const [head, first] = error.stack?.split("\n") ?? [];
  expect(head).toBe(`ThreadNotFoundError: ${error.message}`);
  expect(first).toContain("askForNobody");
});

test("of a stream has the stack of the loop", async () => {
  const own = clients.client();
  await server.model.enqueue({ text: ["be", { gate: fresh("gate") }, "fore"] });
  const turn = own.threadStart().turn("hi");
  function readOn() {
    for (const _event of turn.stream()) own.close();
  }
  const error = thrownBy(readOn);
  expect(error).toBeInstanceOf(TransportClosedError);
  expect(error.stack?.split("\n").find((line) => line.includes("/"))).toContain("readOn");
});

test.each([
  ["an empty input", InvalidInputError, () => clients.shared.threadStart().run("")],
  ["an input of another type", TypeError, () => clients.shared.threadStart().run(5 as never)],
  [
    "a schema that strict mode rejects",
    InvalidSchemaError,
    () => clients.shared.threadStart().run("hi", { outputSchema: { type: "object" } }),
  ],
  [
    "a schema that has no JSON Schema",
    InvalidSchemaError,
    () => clients.shared.threadStart().run("hi", { outputSchema: z.object({ at: z.date() }) }),
  ],
  ["a wrong option", TypeError, () => clients.client({ cwd: "" })],
  ["a missing server program", LaunchError, () => clients.client({ codexBin: "/no/such/codex" })],
  [
    "an argument that can't be copied",
    TypeError,
    () => clients.shared.request("a/b", { now: new WeakMap() }),
  ],
  [
    "an argument that contains itself",
    TypeError,
    () => {
      const params: Record<string, unknown> = { list: [] };
      (params.list as unknown[]).push(params);
      clients.shared.request("a/b", params);
    },
  ],
])("for %s has the right class", (_what, type, run) => {
  expect(thrownBy(run)).toBeInstanceOf(type);
});

test("for an answer that doesn't fit its schema has the result and the issues", async () => {
  await server.model.enqueue('{"n":"x"}');
  const thread = clients.shared.threadStart();
  const error = thrownBy(() => thread.run("hi", { outputSchema: z.object({ n: z.number() }) }));
  expect(error).toBeInstanceOf(OutputValidationError);
  expect(error).toMatchObject({ issues: [{ path: ["n"] }], result: { text: '{"n":"x"}' } });
  const { result } = error as OutputValidationError;
  expect(result.throwIfFailed()).toBe(result);
  expect(result.completedAt).toBeInstanceOf(Date);
});

/** Everything that can be read from an error, without its stack and values that differ each time. */
const CHANCE = /[0-9a-f]{8}-[0-9a-f-]{27}|msg_[0-9a-f]{32}|pid \d+/g;

function readable(value: unknown): unknown {
  if (typeof value === "string") return value.replace(CHANCE, "…");
  if (Array.isArray(value)) return value.map(readable);
  if (value instanceof Date) return "a date";
  if (typeof value !== "object" || value === null) return value;
  if (!(value instanceof Error)) {
    const known = Object.entries(value).filter(([name]) => !name.endsWith("AtMs"));
    return Object.fromEntries(known.map(([name, member]) => [name, readable(member)]));
  }
  const members = Object.getOwnPropertyNames(value).filter((name) => name !== "stack");
  const entries = members.toSorted().map((name) => [name, readable(Reflect.get(value, name))]);
  return [value.constructor.name, value.name, Object.fromEntries(entries)];
}

class Options {
  readonly timeoutMs = "soon";
}

describe("is the same as from Codex", () => {
  let codex: Codex;
  beforeAll(() => {
    codex = new Codex({ ...server.options, onWarning: () => {} });
  });
  afterAll(() => codex.close());

  const id = "00000000-0000-7000-8000-000000000000";
  type Client = Pick<Codex, "threadStart" | "modelList" | "request" | "threadResume" | "threads">;
  const run = async (client: Client, input: unknown, ...options: unknown[]) =>
    (await client.threadStart()).run(input as never, ...(options as [])) as Promise<unknown>;

  const failures: Record<string, (client: Client) => unknown> = {
    "an unknown thread": (client) => client.threadResume(id),
    "an unknown method": (client) => client.request("no/such/method", {}),
    "wrong params": (client) => client.request("thread/read", { threadId: 5 } as never),
    "a time limit": async (client) => {
      await server.model.enqueue({ text: ["one ", { gate: fresh("gate") }] });
      const turn = await (await client.threadStart()).turn("hi");
      // Both have the same items from here on.
      for await (const { method } of turn.stream()) if (method === "item/agentMessage/delta") break;
      return turn.run({ timeoutMs: 1 });
    },
    "an input that is a number": (client) => run(client, 5),
    "an input that is an instance of a class": (client) => run(client, new Options()),
    "options that are null": (client) => run(client, "hi", null),
    "an output schema that is a function": (client) =>
      run(client, "hi", { outputSchema: () => {} }),
    "an output schema that is a Map": (client) => run(client, "hi", { outputSchema: new Map() }),
    "an output schema that is an instance": (client) =>
      run(client, "hi", { outputSchema: new Options() }),
    "an output schema that throws": (client) =>
      run(client, "hi", { outputSchema: z.object({ at: z.date() }) }),
    "tools that aren't a list": (client) => client.threadStart({ tools: 5 as never }),
    "a tool that is a text": (client) => client.threadStart({ tools: ["x"] as never }),
    "a signal of the wrong type": (client) => run(client, "hi", { signal: 5 }),
    "a signal of models() that is an object": (client) => client.modelList({ signal: {} as never }),
  };

  test.each(Object.keys(failures))("%s", async (what) => {
    const fail = failures[what] as (client: Client) => unknown;
    const expected = await failureOf((async () => fail(codex))());
    const blocking = clients.shared as CodexSync as unknown as Client;
    const actual = await failureOf((async () => fail(blocking))());
    expect(readable(actual)).toEqual(readable(expected));
  });

  const unreachable: Record<string, CodexOptions> = {
    "a refused connection": { transport: websocket("ws://localhost:1") },
    "a missing program": { codexBin: "/no/such/codex" },
    "a program that exits": {
      launchArgs: [process.execPath, "-e", "console.error('no'); process.exit(3)"],
    },
    "an unknown option": { colour: "blue" } as CodexOptions,
  };

  test.each(Object.keys(unreachable))("%s", async (what) => {
    const options = { ...server.options, reconnect: false, ...unreachable[what] } as const;
    const expected = await failureOf(Codex.start(options));
    const actual = thrownBy(() => clients.client(options as object));
    expect(readable(actual)).toEqual(readable(expected));
  });
});
