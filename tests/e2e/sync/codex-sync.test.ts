import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  Codex,
  CodexError,
  type CodexWarning,
  InvalidInputError,
  InvalidRequestError,
  InvalidSchemaError,
  LaunchError,
  OutputValidationError,
  RequestTimeoutError,
  TransportClosedError,
  TurnFailedError,
  tool,
  unixSocket,
  websocket,
} from "codex-app-server";
import { CodexSync, type CodexSyncOptions } from "codex-app-server/sync";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { bench } from "../../support/both-clients.ts";

const server = bench();
const warnings: CodexWarning[] = [];
let codex: CodexSync;
let count = 0;
const fresh = (word: string) => `${word}-${++count}`;

beforeAll(() => {
  codex = client({ onWarning: (warning) => warnings.push(warning) });
});
afterAll(() => codex.close());
afterEach(async () => {
  warnings.length = 0;
  await server.model.forget();
});

function client(options: CodexSyncOptions = {}): CodexSync {
  return new CodexSync({ ...(server.options as CodexSyncOptions), ...options });
}

function failureOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`not an Error was thrown: ${String(error)}`);
  }
  throw new Error("nothing was thrown");
}

const lastOutput = async () => (await server.model.requests()).at(-1)?.lastOutput;
const escalated = { command: "true", escalate: "to see" };

describe("an error", () => {
  test("has its class, its fields, and the stack of the caller", () => {
    const id = "00000000-0000-7000-8000-000000000000";
    function askForNobody() {
      codex.threadResume(id);
    }
    const error = failureOf(askForNobody);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      name: "InvalidRequestError",
      code: -32600,
      method: "thread/resume",
      serverMessage: expect.stringContaining(id),
    });
    const [head, first] = error.stack?.split("\n") ?? [];
    expect(head).toBe(`InvalidRequestError: ${error.message}`);
    expect(first).toContain("askForNobody");
  });

  test("of a stream has the stack of the loop", async () => {
    const own = client();
    await server.model.enqueue({ text: ["be", { gate: fresh("gate") }, "fore"] });
    const turn = own.threadStart().turn("hi");
    function readOn() {
      for (const _event of turn.stream()) own.close();
    }
    const error = failureOf(readOn);
    expect(error).toBeInstanceOf(TransportClosedError);
    expect(error.stack?.split("\n").find((line) => line.includes("/"))).toContain("readOn");
  });

  test.each([
    ["an empty input", InvalidInputError, () => codex.threadStart().run("")],
    ["an input of another type", TypeError, () => codex.threadStart().run(5 as never)],
    [
      "a schema that strict mode refuses",
      InvalidSchemaError,
      () => codex.threadStart().run("hi", { outputSchema: { type: "object" } }),
    ],
    [
      "a schema that gives no JSON Schema",
      InvalidSchemaError,
      () => codex.threadStart().run("hi", { outputSchema: z.object({ at: z.date() }) }),
    ],
    ["a wrong option", TypeError, () => client({ cwd: "" })],
    ["a server that is not there", LaunchError, () => client({ codexBin: "/no/such/codex" })],
    ["an argument that is no data", TypeError, () => codex.request("a/b", { now: new WeakMap() })],
  ])("for %s is the same as of Codex", (_what, type, run) => {
    expect(failureOf(run)).toBeInstanceOf(type);
  });

  test("for an answer that does not fit has the result and the issues", async () => {
    await server.model.enqueue('{"n":"x"}');
    const thread = codex.threadStart();
    const error = failureOf(() => thread.run("hi", { outputSchema: z.object({ n: z.number() }) }));
    expect(error).toBeInstanceOf(OutputValidationError);
    expect(error).toMatchObject({ issues: [{ path: ["n"] }], result: { text: '{"n":"x"}' } });
    const { result } = error as OutputValidationError;
    expect(result.throwIfFailed()).toBe(result);
    expect(result.completedAt).toBeInstanceOf(Date);
  });
});

describe("functions of the calling thread", () => {
  test("approve, and may call the client meanwhile", async () => {
    const asked: unknown[] = [];
    using own = client({
      approvals: {
        command: ({ command }, { item, signal }) => {
          asked.push([command, item?.type, signal.aborted, own.models().data.length > 0]);
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

  test("that throw are warned of with what they threw, and decline", async () => {
    const own: CodexWarning[] = [];
    const thrown = new Error("no idea");
    using asking = client({
      onWarning: (warning) => own.push(warning),
      approvals: {
        command: () => {
          throw thrown;
        },
      },
    });
    await server.model.enqueue(escalated, "done");
    expect(asking.threadStart({ approvalPolicy: "on-request" }).run("go").status).toBe("completed");
    expect(own).toMatchObject([{ code: "HANDLER_FAILED" }]);
    expect(own[0]?.cause).toBe(thrown);
    expect(own[0]?.message).toContain("no idea");
  });

  test("that return a promise are told that they can't", async () => {
    const own: CodexWarning[] = [];
    using asking = client({
      onWarning: (warning) => own.push(warning),
      approvals: { command: (async () => "accept") as never },
    });
    await server.model.enqueue(escalated, "done");
    asking.threadStart({ approvalPolicy: "on-request" }).run("go");
    expect(own[0]?.message).toContain("approvals.command returned a promise");
  });

  test("hear of declined approvals, of notifications and of the status", async () => {
    await server.model.enqueue(escalated, "done");
    const thread = codex.threadStart({ approvalPolicy: "on-request" });
    const ended: string[] = [];
    const listening = codex.on("turn/completed", ({ turn }) => ended.push(turn.id));
    const { turnId } = thread.run("go");
    codex.models();
    expect(ended).toEqual([turnId]);
    expect(warnings).toMatchObject([{ code: "APPROVAL_DECLINED" }]);
    expect(warnings[0]).toBeInstanceOf(Error);
    listening[Symbol.dispose]();
    thread.run("again");
    codex.models();
    expect(ended).toHaveLength(1);

    const own = client();
    const states: string[] = [];
    own.onStatus(({ state }) => states.push(state));
    expect(own.status).toEqual({ state: "ready" });
    own.close();
    expect(states).toEqual(["closed"]);
    expect(own.status).toEqual({ state: "closed", reason: undefined });
  });

  test("listen, and are warned of when they throw", () => {
    const thrown = new Error("not this one");
    using _listening = codex.on("thread/started", () => {
      throw thrown;
    });
    codex.threadStart();
    codex.models();
    expect(warnings).toMatchObject([{ code: "LISTENER_FAILED", cause: thrown }]);
  });

  test("are tools, whose schemas make of the arguments what is no data", async () => {
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
    const thread = codex.threadStart({ tools: [{ name: "mind", tools: [remember] }] });
    await server.model.enqueue({ call: "mind.remember", args: { key: "a" } }, "done");
    thread.run("go");
    const bare = codex.threadStart({ tools: [remember] });
    await server.model.enqueue({ call: "remember", args: { key: "a" } }, "done");
    bare.run("go");
    expect(seen).toContain("a");
    expect(await lastOutput()).toBe('"remembered"');
    await server.model.enqueue({ call: "remember", args: { key: 5 } }, "done");
    bare.run("go");
    expect(await lastOutput()).toContain("The arguments of remember do not fit its schema");
  });

  test("are refused where they could not be run", () => {
    const mine = { spec: { name: "mine" }, call: async () => ({}) };
    expect(failureOf(() => codex.threadStart({ tools: [mine as never] })).message).toContain(
      'Tool "mine" was not made by tool()',
    );
    const transport = { name: "mine", outlivesTransport: false, connect: () => ({}) as never };
    const error = failureOf(() => client({ transport }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain("Use websocket(), unixSocket() or proxy()");
  });
});

describe("an end before the end", () => {
  test("by timeoutMs interrupts the turn", async () => {
    await server.model.enqueue({ text: ["be", { gate: fresh("gate") }, "fore"] });
    const thread = codex.threadStart();
    const error = failureOf(() => thread.run("hi", { timeoutMs: 300 }));
    expect(error).toBeInstanceOf(RequestTimeoutError);
    expect(error).toMatchObject({ method: "turn", timeoutMs: 300 });
    expect(thread.run("next").text).toBe("echo next");
  });

  test("by a signal that has aborted throws its reason", () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    expect(failureOf(() => codex.threadStart().run("hi", { signal }))).toBe(reason);
    expect(failureOf(() => codex.models({ signal }))).toBe(reason);
    expect(failureOf(() => client({ signal }))).toBe(reason);
  });

  test("by a signal that aborts between two events interrupts the turn", async () => {
    await server.model.enqueue({ text: ["be", { gate: fresh("gate") }, "fore"] });
    const controller = new AbortController();
    const reason = new Error("enough");
    const turn = codex.threadStart().turn("hi", { signal: controller.signal });
    const read = () => {
      for (const { method } of turn.stream()) {
        if (method === "item/agentMessage/delta") controller.abort(reason);
      }
    };
    expect(failureOf(read)).toBe(reason);
    expect(failureOf(() => turn.run())).toBe(reason);
  });

  test("by a signal that aborts in a handler ends the call that waits", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    using own = client({
      approvals: {
        command: () => {
          controller.abort(reason);
          return "decline";
        },
      },
    });
    await server.model.enqueue(escalated, { text: [{ gate: fresh("gate") }] });
    const thread = own.threadStart({ approvalPolicy: "on-request" });
    expect(failureOf(() => thread.run("hi", { signal: controller.signal }))).toBe(reason);
  });

  test("by interrupt() is a result, and throwIfFailed() throws", async () => {
    await server.model.enqueue({ text: ["be", { gate: fresh("gate") }, "fore"] });
    const turn = codex.threadStart().turn("hi");
    expect(turn.interrupt()).toEqual({});
    const result = turn.run();
    expect(result.status).toBe("interrupted");
    expect(failureOf(() => result.throwIfFailed())).toBeInstanceOf(TurnFailedError);
  });

  test("of a loop leaves the turn going on", async () => {
    const gate = fresh("gate");
    await server.model.enqueue({ text: ["be", { gate }, "fore"] });
    const turn = codex.threadStart().turn("hi");
    for (const words of turn.textStream()) {
      expect(words).toBe("be");
      break;
    }
    await server.model.open(gate);
    expect(turn.run().text).toBe("before");
  });
});

test("notifications() begins with its call", () => {
  const notifications = codex.notifications();
  const { id } = codex.threadStart();
  for (const { method, params } of notifications) {
    if (method !== "thread/started") continue;
    expect(params.thread.id).toBe(id);
    break;
  }
});

test("a closed client refuses all, and closes again in silence", () => {
  const own = client();
  const thread = own.threadStart();
  own.close();
  own.close();
  const error = failureOf(() => thread.run("hi"));
  expect(error).toBeInstanceOf(TransportClosedError);
  expect(error.message).toBe("The client was closed");
  expect(failureOf(() => own.models())).toBeInstanceOf(CodexError);
  expect(own.metadata.codexHome).toBe(server.home);
});

describe("transport", () => {
  test("by WebSocket, its token given by a function", async () => {
    const { env, cwd } = server.options;
    await using served = await Codex.serve({ listen: "ws://127.0.0.1:0", auth: true, env, cwd });
    let asked = 0;
    const tokenProvider = () => {
      asked++;
      return served.token ?? "";
    };
    using own = new CodexSync({ transport: websocket(served.address, { tokenProvider }) });
    expect(own.threadStart().run("hi").text).toBe("echo hi");
    expect(asked).toBe(1);
  });

  test("by Unix socket", async () => {
    const socket = path.join(tmpdir(), `${fresh(`codex-sync-${process.pid}`)}.sock`);
    const { env, cwd } = server.options;
    await using _served = await Codex.serve({ listen: `unix://${socket}`, env, cwd });
    using own = new CodexSync({ transport: unixSocket(socket) });
    expect(own.threadStart().run("hi").text).toBe("echo hi");
    rmSync(socket, { force: true });
  });
});
