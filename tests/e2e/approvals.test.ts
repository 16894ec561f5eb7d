import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { RequestContext, ServerRequestMethod } from "../../src/index.ts";
import {
  command,
  functionCall,
  patch,
  type ScriptedOptions,
  startScripted,
} from "../../src/testing/index.ts";
import { deferred } from "../../src/util/deferred.ts";
import { collectWarnings, nextOf } from "../support/e2e.ts";

const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
const ASKS_USER = {
  features: { default_mode_request_user_input: true },
  suppress_unstable_features_warning: true,
};
const escaping = (cmd: string) => command(cmd, { escalate: "to see what happens" });
const PATCH = "*** Begin Patch\n*** Add File: hello.txt\n+hello\n*** End Patch\n";

/** A separate server, because rules apply to a whole client. */
async function asking(options: ScriptedOptions) {
  const { warnings, onWarning } = collectWarnings();
  const scripted = await startScripted({
    onWarning,
    ...options,
  });
  const thread = await scripted.codex.threadStart(ASKING);
  return { ...scripted, thread, warnings };
}

test("without a rule all are declined, the turn continues, and one warning says so", async () => {
  await using s = await asking({
    script: [escaping("touch a"), escaping("touch b"), patch(PATCH), "done"],
  });
  const result = await s.thread.run("do it");
  expect(result).toMatchObject({ status: "completed", text: "done" });
  expect(result.items.filter((item) => "status" in item)).toMatchObject([
    { type: "commandExecution", status: "declined" },
    { type: "commandExecution", status: "declined" },
    { type: "fileChange", status: "declined" },
  ]);
  expect(s.warnings.map(({ code }) => code)).toEqual(["APPROVAL_DECLINED"]);
  expect(s.warnings[0]?.message).toContain('approvals: "accept"');
  expect(existsSync(path.join(s.cwd, "hello.txt"))).toBe(false);
});

test("the warning goes to process.emitWarning by default", async () => {
  const { promise: heard, resolve } = deferred<Error & { code?: string }>();
  const listen = (warning: Error & { code?: string }) => {
    if (warning.code === "APPROVAL_DECLINED") resolve(warning);
  };
  process.on("warning", listen);
  await using s = await startScripted({ script: [escaping("touch a"), "done"] });
  const thread = await s.codex.threadStart(ASKING);
  await thread.run("do it");
  expect(await heard).toMatchObject({ name: "CodexWarning" });
  process.off("warning", listen);
});

test('"accept" runs the command and changes the file', async () => {
  await using s = await asking({
    approvals: "accept",
    script: [escaping("echo $((6 * 7)) | tee out.txt"), patch(PATCH), "done"],
  });
  const result = await s.thread.run("do it");
  expect(result.items.filter((item) => "status" in item)).toMatchObject([
    { type: "commandExecution", status: "completed", aggregatedOutput: "42\n", exitCode: 0 },
    { type: "fileChange", status: "completed" },
  ]);
  expect(s.model.requests[1]?.lastOutput).toContain("42");
  expect(existsSync(path.join(s.cwd, "hello.txt"))).toBe(true);
  expect(s.warnings).toEqual([]);
});

test('"decline" said by the user is no cause for a warning', async () => {
  await using s = await asking({ approvals: "decline", script: [escaping("true"), "done"] });
  await s.thread.run("do it");
  expect(s.warnings).toEqual([]);
});

test("a rule receives the params and the item, which has a patch's diff", async () => {
  const asked: unknown[] = [];
  await using s = await asking({
    approvals: {
      command: ({ command: line, reason, threadId }, { item, method }) => {
        asked.push({ method, line, reason, threadId, item });
        return "accept";
      },
      fileChange: (_params, { item }) => {
        asked.push(item);
        return "decline";
      },
    },
    script: [escaping("echo hi"), patch(PATCH), "done"],
  });
  const result = await s.thread.run("do it");
  expect(asked).toMatchObject([
    {
      method: "item/commandExecution/requestApproval",
      line: expect.stringContaining("echo hi"),
      reason: "to see what happens",
      threadId: s.thread.id,
      item: { type: "commandExecution", command: expect.stringContaining("echo hi") },
    },
    { type: "fileChange", changes: [{ diff: "hello\n", kind: { type: "add" } }] },
  ]);
  expect(result.items.filter((item) => "status" in item)).toMatchObject([
    { status: "completed" },
    { status: "declined" },
  ]);
});

test("acceptForSession is asked once, and cancel ends the turn as interrupted", async () => {
  const decisions = ["acceptForSession", "cancel"] as const;
  let asked = 0;
  await using s = await asking({
    approvals: { command: () => decisions[asked++] ?? "decline" },
    script: [escaping("echo same"), escaping("echo same"), escaping("echo other"), "done"],
  });
  const result = await s.thread.run("do it");
  expect(asked).toBe(2);
  expect(result.status).toBe("interrupted");
});

test("acceptWithExecpolicyAmendment is passed through unchanged", async () => {
  let asked = 0;
  await using s = await asking({
    approvals: {
      command: ({ proposedExecpolicyAmendment }) => {
        asked++;
        return {
          acceptWithExecpolicyAmendment: {
            execpolicy_amendment: proposedExecpolicyAmendment ?? [],
          },
        };
      },
    },
    script: [escaping("touch made"), escaping("touch made"), "done"],
  });
  await s.thread.run("do it");
  expect(existsSync(path.join(s.cwd, "made"))).toBe(true);
  expect(asked).toBe(1);
});

test("permissions: accept grants everything requested, and a function can grant less", async () => {
  const granted: unknown[] = [];
  const request = { reason: "to look", permissions: { network: { enabled: true } } };
  const less = () => ({ permissions: {}, scope: "session" }) as const;
  for (const rule of ["accept", "decline", () => "accept" as const, less] as const) {
    await using s = await asking({
      approvals: { permissions: rule },
      config: { features: { request_permissions_tool: true } },
      script: [functionCall("request_permissions", request), "done"],
    });
    await s.thread.run("ask");
    granted.push(JSON.parse(s.model.requests[1]?.lastOutput ?? "null").permissions.network);
  }
  expect(granted).toEqual([{ enabled: true }, null, { enabled: true }, null]);
});

test("a handler can be slow and call the client while other threads continue", async () => {
  let release = (): void => {};
  const thinking = new Promise<void>((resolve) => {
    release = resolve;
  });
  let threadName: string | null = null;
  await using s = await asking({
    approvals: {
      command: async ({ threadId }) => {
        const { thread } = await s.codex.request("thread/read", { threadId });
        threadName = thread.name;
        await thinking;
        return "accept" as const;
      },
    },
    script: [escaping("echo hi"), "from another thread", "done"],
  });
  await s.thread.setName("mine");
  const turn = await s.thread.turn("do it");
  await nextOf(s.codex, "thread/status/changed", ({ status }) => "activeFlags" in status);
  const other = await s.codex.threadStart();
  expect((await other.run("hi")).text).toBe("from another thread");
  release();
  expect((await turn.run()).text).toBe("done");
  expect(threadName).toBe("mine");
});

test("a handler that throws: the server gets an error, onWarning is called, the turn continues", async () => {
  const cause = new Error("my fault");
  await using s = await asking({
    approvals: {
      command: () => {
        throw cause;
      },
    },
    script: [escaping("echo hi"), "done"],
  });
  const result = await s.thread.run("do it");
  expect(result).toMatchObject({ status: "completed", text: "done" });
  expect(s.warnings).toMatchObject([{ code: "HANDLER_FAILED", cause }]);
  expect((await s.codex.modelList()).data.length).toBeGreaterThan(0);
});

test("an interrupt aborts the handler's signal", async () => {
  let handling = (_context: RequestContext): void => {};
  const handled = new Promise<RequestContext>((resolve) => {
    handling = resolve;
  });
  await using s = await asking({
    approvals: {
      command: (_params, context) => {
        handling(context);
        return new Promise(() => {});
      },
    },
    script: [escaping("echo hi")],
  });
  const turn = await s.thread.turn("do it");
  const { signal } = await handled;
  expect(signal.aborted).toBe(false);
  await turn.interrupt();
  expect((await turn.run()).status).toBe("interrupted");
  expect(signal.aborted).toBe(true);
});

test("closing the client aborts the handler's signal", async () => {
  let handling = (_signal: AbortSignal): void => {};
  const handled = new Promise<AbortSignal>((resolve) => {
    handling = resolve;
  });
  await using s = await asking({
    approvals: {
      command: (_params, { signal }) => {
        handling(signal);
        return new Promise(() => {});
      },
    },
    script: [escaping("echo hi")],
  });
  const turn = await s.thread.turn("do it");
  const signal = await handled;
  await s.codex.close();
  expect(signal.aborted).toBe(true);
  await expect(turn.run()).rejects.toThrow("closed");
});

test("the approvals option decides, regardless of any handlers", async () => {
  const methods: ServerRequestMethod[] = [];
  await using s = await asking({
    approvals: "decline",
    handlers: {
      "item/commandExecution/requestApproval": () => {
        methods.push("item/commandExecution/requestApproval");
        return { decision: "accept" };
      },
    },
    script: [escaping("echo hi"), "done"],
  });
  const result = await s.thread.run("do it");
  expect(methods).toHaveLength(0);
  expect(result.items.filter((item) => "status" in item)).toMatchObject([{ status: "declined" }]);
});

test("a handler by method decides if the approvals option isn't set", async () => {
  await using s = await asking({
    handlers: { "item/commandExecution/requestApproval": () => ({ decision: "accept" }) },
    script: [escaping("echo hi"), "done"],
  });
  const result = await s.thread.run("do it");
  expect(result.items.filter((item) => "status" in item)).toMatchObject([{ status: "completed" }]);
  expect(s.warnings).toEqual([]);
});

test("questions for the user are answered by a handler", async () => {
  const options = [
    { label: "Red", description: "like roses" },
    { label: "Blue", description: "like violets" },
  ];
  const questions = [{ id: "colour", header: "Colour", question: "Which one?", options }];
  await using s = await asking({
    handlers: {
      "item/tool/requestUserInput": ({ questions: [first] }) => ({
        answers: { [first?.id ?? ""]: { answers: [first?.options?.[1]?.label ?? ""] } },
      }),
    },
    script: [functionCall("request_user_input", { questions }), "done"],
    config: ASKS_USER,
  });
  await s.thread.run("ask me");
  expect(s.model.requests[1]?.lastOutput).toContain("Blue");
  expect(s.warnings).toEqual([]);
});

test("an unanswered question doesn't stop the turn, and one warning says so", async () => {
  const options = [{ label: "Red", description: "like roses" }];
  const questions = [{ id: "colour", header: "Colour", question: "Which one?", options }];
  await using s = await asking({
    script: [functionCall("request_user_input", { questions }), "done"],
    config: ASKS_USER,
  });
  expect((await s.thread.run("ask me")).text).toBe("done");
  expect(s.warnings.map(({ code }) => code)).toEqual(["UNHANDLED_REQUEST"]);
});

test("a request for the current time is answered", async () => {
  await using s = await asking({
    config: {
      features: { current_time_reminder: { enabled: true, clock_source: "external" } },
    },
    script: ["done"],
  });
  const before = Math.floor(Date.now() / 1000) * 1000;
  expect((await s.thread.run("what time is it?")).text).toBe("done");
  const told = /current_time.*?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)/.exec(
    JSON.stringify(s.model.requests[0]?.input),
  );
  expect(Date.parse(`${told?.[1]?.replace(" ", "T")}Z`)).toBeGreaterThanOrEqual(before);
});
