import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type {
  Codex,
  CodexStatus,
  Notification,
  Thread,
  Turn,
  TurnResult,
} from "../../src/index.ts";
import type {
  ConfigReadResponse,
  ModelListResponse,
  ThreadReadResponse,
  Thread as ThreadRecord,
  TurnCompletedNotification,
  TurnSteerResponse,
} from "../../src/protocol/index.ts";
import { CodexSync, type ThreadSync, type TurnSync } from "../../src/sync/index.ts";
import type { omittedMembers } from "../../src/sync/omitted-members.ts";

declare const codex: CodexSync;
declare const thread: ThreadSync;
declare const turn: TurnSync;

/** The names of a class's members, as its mirror has them. */
type Names<T> = Exclude<keyof T, keyof typeof omittedMembers | typeof Symbol.asyncDispose>;

describe("the mirror", () => {
  test("has the members of the asynchronous classes, and no other", () => {
    expectTypeOf<Exclude<keyof CodexSync, typeof Symbol.dispose>>().toEqualTypeOf<Names<Codex>>();
    expectTypeOf<keyof ThreadSync>().toEqualTypeOf<keyof Thread>();
    expectTypeOf<keyof TurnSync>().toEqualTypeOf<keyof Turn>();
  });

  test("takes the same arguments, and returns results instead of promises", () => {
    expectTypeOf(codex.models).parameters.toEqualTypeOf<Parameters<Codex["models"]>>();
    expectTypeOf(codex.modelList()).toEqualTypeOf<ModelListResponse>();
    expectTypeOf(codex.threadStart()).toEqualTypeOf<ThreadSync>();
    expectTypeOf(codex.threads()).toEqualTypeOf<Generator<ThreadRecord, undefined>>();
    expectTypeOf(codex.notifications()).toEqualTypeOf<IterableIterator<Notification, undefined>>();
    expectTypeOf(codex.status).toEqualTypeOf<CodexStatus>();
    expectTypeOf(codex.close()).toBeVoid();
    expectTypeOf(thread.read()).toEqualTypeOf<ThreadReadResponse>();
    expectTypeOf(thread.fork()).toEqualTypeOf<ThreadSync>();
    expectTypeOf(thread.turn("hi")).toEqualTypeOf<TurnSync<undefined>>();
    expectTypeOf(turn.steer("hi")).toEqualTypeOf<TurnSteerResponse>();
    expectTypeOf(turn.stream()).toEqualTypeOf<Generator<Notification, undefined>>();
    expectTypeOf(turn.run()).toEqualTypeOf<TurnResult>();
  });

  test("infers as they do", () => {
    expectTypeOf(codex.request("config/read", {})).toEqualTypeOf<ConfigReadResponse>();
    // @ts-expect-error a thread id is a string
    codex.request("thread/read", { threadId: 5 });
    codex.on("turn/completed", (params) => {
      expectTypeOf(params).toEqualTypeOf<TurnCompletedNotification>();
    });
    const outputSchema = z.object({ n: z.number() });
    const result = thread.run("hi", { outputSchema });
    expectTypeOf(result.throwIfFailed().output).toEqualTypeOf<{ n: number }>();
    expectTypeOf(thread.turn("hi", { outputSchema }).run()).toEqualTypeOf<
      TurnResult<{ n: number }>
    >();
  });
});

test("functions among the options are synchronous", () => {
  new CodexSync({
    approvals: { command: ({ command }) => (command === "ls" ? "accept" : "decline") },
    handlers: { "item/tool/requestUserInput": () => ({ answers: {} }), "*": () => null },
  });
  new CodexSync({ approvals: "accept" });
  // @ts-expect-error a promise can't settle while the thread waits
  new CodexSync({ approvals: { command: async () => "accept" } });
  // @ts-expect-error neither here
  new CodexSync({ handlers: { "item/tool/requestUserInput": async () => ({ answers: {} }) } });
});
