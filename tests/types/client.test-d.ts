import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  Codex,
  type CodexOptions,
  type CompletedTurnResult,
  type Notification,
  type PendingRequest,
  type PendingRequestData,
  type SettledReason,
  type Thread,
  type TurnError,
  type TurnResult,
  tool,
} from "../../src/index.ts";
import type {
  CommandExecutionRequestApprovalParams,
  ConfigReadResponse,
  DynamicToolCallParams,
  FileChangeRequestApprovalParams,
  ModelListResponse,
  ThreadItem,
  Thread as ThreadRecord,
  ToolRequestUserInputParams,
  TurnCompletedNotification,
} from "../../src/protocol/index.ts";

declare const codex: Codex;
declare const thread: Thread;

describe("request()", () => {
  test("is typed by its method, params and result", () => {
    expectTypeOf(codex.request("config/read", {})).resolves.toEqualTypeOf<ConfigReadResponse>();
    codex.request("thread/read", { threadId: "t", includeTurns: true }, { timeoutMs: 5 });
    // @ts-expect-error a thread id is a string
    codex.request("thread/read", { threadId: 5 });
    // @ts-expect-error no such param
    codex.request("thread/read", { threadId: "t", includeTurn: true });
  });

  test("can omit only params that aren't required", () => {
    expectTypeOf(codex.request("model/list")).resolves.toEqualTypeOf<ModelListResponse>();
    codex.request("memory/reset");
    codex.request("memory/reset", undefined, { timeoutMs: 5 });
    // @ts-expect-error the thread is needed
    codex.request("thread/read");
  });

  test("takes any other method, with any params, and returns unknown", () => {
    expectTypeOf(codex.request("brand/new", { a: 1 })).resolves.toBeUnknown();
    expectTypeOf(codex.request("brand/new")).resolves.toBeUnknown();
    const method: string = "model/list";
    expectTypeOf(codex.request(method, {})).resolves.toBeUnknown();
  });
});

describe("notifications", () => {
  test("of on() are typed by their method, unknown for any other", () => {
    codex.on("turn/completed", (params) => {
      expectTypeOf(params).toEqualTypeOf<TurnCompletedNotification>();
    });
    codex.on("brand/new", (params) => expectTypeOf(params).toBeUnknown());
    expectTypeOf(codex.on("turn/started", () => {})).toEqualTypeOf<Disposable>();
  });

  test("of a stream narrow by method", async () => {
    for await (const notification of (await thread.turn("hi")).stream()) {
      expectTypeOf(notification).toEqualTypeOf<Notification>();
      if (notification.method === "item/agentMessage/delta") {
        expectTypeOf(notification.params.delta).toEqualTypeOf<string>();
      }
      if (
        notification.method === "item/completed" &&
        notification.params.item.type === "fileChange"
      ) {
        expectTypeOf(notification.params.item.changes).toBeArray();
      }
    }
    for await (const { method, params } of codex.notifications()) {
      if (method === "turn/completed") expectTypeOf(params.turn.id).toEqualTypeOf<string>();
    }
  });
});

describe("a turn's output", () => {
  const city = z.object({ city: z.string(), size: z.string().transform(Number) });
  type City = { city: string; size: number };

  test("is inferred from the schema through run, turn and throwIfFailed", async () => {
    const result = await thread.run("hi", { outputSchema: city });
    expectTypeOf(result).toEqualTypeOf<TurnResult<City>>();
    expectTypeOf(result.output).toEqualTypeOf<City | undefined>();
    expectTypeOf(result.throwIfFailed()).toEqualTypeOf<CompletedTurnResult<City>>();
    expectTypeOf(result.throwIfFailed().output).toEqualTypeOf<City>();
    const turn = await thread.turn("hi", { outputSchema: city, effort: "high" });
    expectTypeOf(turn.run()).resolves.toEqualTypeOf<TurnResult<City>>();
  });

  test("is undefined without a schema, unknown for a plain JSON Schema", async () => {
    const result = await thread.run("hi");
    expectTypeOf(result.output).toEqualTypeOf<undefined>();
    expectTypeOf(result.error).toEqualTypeOf<TurnError | null>();
    expectTypeOf(result.items).toEqualTypeOf<readonly ThreadItem[]>();
    const plain = await thread.run("hi", { outputSchema: { type: "object" } });
    expectTypeOf(plain.output).toBeUnknown();
  });

  test("options of a turn are those of the protocol", () => {
    thread.run("hi", { model: undefined, sandboxPolicy: { type: "dangerFullAccess" } });
    // @ts-expect-error no such option
    thread.run("hi", { modell: "x" });
    // @ts-expect-error the thread is known
    thread.run("hi", { threadId: "x" });
    // @ts-expect-error no input
    thread.run(5);
  });
});

describe("server requests", () => {
  test("rules know the params and decisions of their kind", () => {
    const options: CodexOptions = {
      approvals: {
        command: (params, { item, signal }) => {
          expectTypeOf(params).toEqualTypeOf<CommandExecutionRequestApprovalParams>();
          expectTypeOf(item).toEqualTypeOf<ThreadItem | undefined>();
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          return "acceptForSession";
        },
        fileChange: async (params) => {
          expectTypeOf(params).toEqualTypeOf<FileChangeRequestApprovalParams>();
          return params.reason ? "accept" : "cancel";
        },
        permissions: ({ permissions }) => ({
          permissions: { network: permissions.network ?? { enabled: false } },
          scope: "session",
        }),
        mcpTool: "decline",
      },
    };
    new Codex(options);
    // @ts-expect-error no such decision
    new Codex({ approvals: { command: () => "perhaps" } });
    // @ts-expect-error no such kind
    new Codex({ approvals: { commands: "accept" } });
  });

  test("handlers know the params and the result of their method", () => {
    new Codex({
      handlers: {
        "item/tool/requestUserInput": (params) => {
          expectTypeOf(params).toEqualTypeOf<ToolRequestUserInputParams>();
          return { answers: {} };
        },
        "item/tool/call": async (params) => {
          expectTypeOf(params).toEqualTypeOf<DynamicToolCallParams>();
          return { success: true, contentItems: [] };
        },
        "*": (params, { method }) => {
          expectTypeOf(params).toBeUnknown();
          expectTypeOf(method).toEqualTypeOf<string>();
        },
      },
    });
    // @ts-expect-error no answers
    new Codex({ handlers: { "item/tool/requestUserInput": () => ({ answer: "A" }) } });
  });
});

describe("requests as data", () => {
  test("come from rules that ask, with data that can be sent as JSON", async () => {
    new Codex({ approvals: "ask" });
    new Codex({ approvals: { command: "ask", fileChange: () => "ask", questions: "ask" } });
    // @ts-expect-error questions have no decision
    new Codex({ approvals: { questions: "accept" } });
    const { requests } = codex;
    expectTypeOf(requests.pending).toEqualTypeOf<readonly PendingRequest[]>();
    expectTypeOf(requests.next({ timeoutMs: 5 })).resolves.toEqualTypeOf<
      PendingRequest | undefined
    >();
    requests.on("added", (request) => expectTypeOf(request).toEqualTypeOf<PendingRequest>());
    requests.on("settled", (_request, reason) =>
      expectTypeOf(reason).toEqualTypeOf<SettledReason>(),
    );
    // @ts-expect-error no such event
    requests.on("removed", () => {});
    expectTypeOf<PendingRequest>().toExtend<PendingRequestData>();
    for await (const { id } of requests) expectTypeOf(id).toBeString();
  });
});

test("threads take the options of the protocol, tools and namespaces", () => {
  const look = tool({ name: "look", description: "d", input: z.object({}), execute: () => "x" });
  codex.threadStart({ tools: [look, { name: "more", tools: [look] }], sandbox: "read-only" });
  codex.threadResume("t", { tools: [look], signal: undefined });
  expectTypeOf(codex.threads({ archived: true })).toEqualTypeOf<
    AsyncGenerator<ThreadRecord, undefined>
  >();
  // @ts-expect-error no such sandbox
  codex.threadStart({ sandbox: "readOnly" });
  expectTypeOf(codex).toExtend<AsyncDisposable>();
});
