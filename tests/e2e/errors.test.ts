import { describe, expect, test } from "vitest";
import {
  InvalidParamsError,
  InvalidRequestError,
  isRetryableError,
  JsonRpcError,
  MethodNotFoundError,
  retryOnOverload,
  TurnFailedError,
} from "../../src/index.ts";
import { cut, failure, type Reply, reply } from "../../src/testing/index.ts";
import { collect, failureOf, sharedServer } from "../support/e2e.ts";

const server = sharedServer({ script: () => "fine" });

describe("a turn that fails", () => {
  test.each<[string, Reply, unknown, boolean]>([
    ["500", failure(500), "internalServerError", false],
    ["429", failure(429), { responseTooManyFailedAttempts: { httpStatusCode: 429 } }, false],
    ["401", failure(401), { httpConnectionFailed: { httpStatusCode: 401 } }, false],
    ["overload", failure.serverOverloaded(), "serverOverloaded", true],
    ["usage limit", failure.usageLimitExceeded(), "usageLimitExceeded", false],
    ["context window", failure.contextWindowExceeded(), "contextWindowExceeded", false],
    ["a cut stream", reply("half", cut()), "other", false],
  ])(
    "on %s returns, and throwIfFailed throws a distinguishable error",
    async (_what, script, info, retryable) => {
      server.model.enqueue(script);
      const thread = await server.codex.threadStart();
      const turn = await thread.turn("hi");
      const result = await turn.run();
      expect(result).toMatchObject({ status: "failed", error: { codexErrorInfo: info } });
      expect((await collect(turn.stream())).at(-1)?.method).toBe("turn/completed");
      const error = await failureOf(turn.run().then((again) => again.throwIfFailed()));
      expect(error).toBeInstanceOf(TurnFailedError);
      expect(error).toMatchObject({ code: "TURN_FAILED", error: { codexErrorInfo: info }, result });
      expect(error.message).toContain(result.error?.message);
      expect(isRetryableError(error)).toBe(retryable);
      expect((await thread.run("again")).text).toBe("fine");
    },
  );

  test("of overload can be retried by retryOnOverload", async () => {
    server.model.enqueue(failure.serverOverloaded(), failure.serverOverloaded(), "at last");
    const thread = await server.codex.threadStart();
    const { text } = await retryOnOverload(async () => (await thread.run("hi")).throwIfFailed(), {
      initialDelayMs: 1,
    });
    expect(text).toBe("at last");
  });
});

describe("a request that is refused", () => {
  const strange = "no/such/method" as string;
  const badParams = { threadId: 5 } as unknown as { threadId: string };

  test("for its method, its params or its state has its own class, with the server's message", async () => {
    const { codex } = server;
    const unknown = await failureOf(codex.request(strange, {}));
    expect(unknown).toBeInstanceOf(MethodNotFoundError);
    expect(unknown).toMatchObject({ method: strange, rpcCode: -32600 });
    const wrong = await failureOf(codex.request("thread/read", badParams));
    expect(wrong).toBeInstanceOf(InvalidParamsError);
    expect(wrong.message).toMatch(/^thread\/read: .*invalid type/);
    const missing = await failureOf(codex.request("thread/read", {} as typeof badParams));
    expect(missing).toBeInstanceOf(InvalidParamsError);
    const repeated = await failureOf(
      codex.request("initialize", {
        clientInfo: { name: "again", title: null, version: "1" },
        capabilities: null,
      }),
    );
    expect(repeated).toBeInstanceOf(InvalidRequestError);
    expect((repeated as JsonRpcError).serverMessage).toBe("Already initialized");
    for (const error of [unknown, wrong, missing, repeated]) {
      expect(error).toBeInstanceOf(JsonRpcError);
      expect(isRetryableError(error)).toBe(false);
    }
  });

  test.each([
    ["threadResume", (id: string) => server.codex.threadResume(id)],
    ["threadFork", (id: string) => server.codex.threadFork(id)],
    ["threadArchive", (id: string) => server.codex.threadArchive(id)],
    ["request", (threadId: string) => server.codex.request("thread/read", { threadId })],
    ["api", (threadId: string) => server.codex.api.thread.read({ threadId })],
    ["files", (path: string) => server.codex.files.read(`/${path}`)],
    ["exec", (path: string) => server.codex.exec([`/${path}`], UNCONFINED).run()],
  ])("shows the caller's line: %s", async (_, ask) => {
    const askWhatIsNotThere = async () => {
      await ask("no-such-thing");
    };
    const error = await failureOf(askWhatIsNotThere());
    expect(error.stack).toContain("errors.test.ts");
  });
});

const UNCONFINED = { sandboxPolicy: { type: "dangerFullAccess" } } as const;
