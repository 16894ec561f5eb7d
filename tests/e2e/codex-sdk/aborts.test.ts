import { expect, test, vi } from "vitest";
import type { ThreadEvent } from "../../../src/codex-sdk/index.ts";
import type { Thread as NativeThread } from "../../../src/index.ts";
import { command, Gate, text } from "../../../src/testing/index.ts";
import { dropIn } from "../../support/codex-sdk.ts";
import { failureOf } from "../../support/e2e.ts";

const ABORTED = { name: "AbortError", code: "ABORT_ERR", message: "The operation was aborted" };

test("run rejects immediately if the signal has already aborted", async () => {
  const { thread, model } = await dropIn(["Hi!"]);
  const conversation = thread();
  const error = await failureOf(conversation.run("Hello", { signal: AbortSignal.abort("stop") }));
  expect(error).toMatchObject({ ...ABORTED, cause: "stop" });
  expect(conversation.id).toBeNull();
  expect(model.requests).toHaveLength(0);
});

test("runStreamed yields nothing if the signal has already aborted", async () => {
  const { thread } = await dropIn(["Hi!"]);
  const { events } = await thread().runStreamed("Hello", { signal: AbortSignal.abort() });
  expect(await failureOf(events.next())).toMatchObject(ABORTED);
});

test("an abort while the model answers interrupts the turn", async () => {
  const gate = new Gate();
  const { thread, model } = await dropIn([text(["Hel", gate, "lo"])]);
  const controller = new AbortController();
  const running = failureOf(thread().run("Hello", { signal: controller.signal }));
  await gate.reached;
  controller.abort(new Error("enough"));
  expect(await running).toMatchObject({ ...ABORTED, cause: new Error("enough") });
  expect(await model.requests[0]?.ended).toBe("aborted");
});

test("an abort in the loop ends it", async () => {
  const { thread } = await dropIn([text(["Hel", new Gate(), "lo"])]);
  const controller = new AbortController();
  const { events } = await thread().runStreamed("Hello", { signal: controller.signal });
  const seen: ThreadEvent[] = [];
  const reading = (async () => {
    for await (const event of events) {
      seen.push(event);
      if (seen.length === 1) controller.abort("enough");
    }
  })();
  expect(await failureOf(reading)).toMatchObject(ABORTED);
  expect(seen[0]?.type).toBe("thread.started");
});

test("an abort ends the running command, and the thread continues", async () => {
  const { thread, model } = await dropIn([command("sleep 300")]);
  const controller = new AbortController();
  const conversation = thread({ sandboxMode: "danger-full-access" });
  const { events } = await conversation.runStreamed("Sleep", { signal: controller.signal });
  const reading = (async () => {
    for await (const { type } of events) if (type === "item.started") controller.abort();
  })();
  expect(await failureOf(reading)).toMatchObject(ABORTED);
  model.enqueue("Awake.");
  expect((await conversation.run("Wake up")).finalResponse).toBe("Awake.");
});

test("leaving the loop interrupts the turn, and the thread continues", async () => {
  const gate = new Gate();
  const { thread, model } = await dropIn([text(["Hel", gate, "lo"])]);
  const conversation = thread();
  for await (const { type } of (await conversation.runStreamed("Hello")).events) {
    if (type !== "turn.started") continue;
    await gate.reached;
    break;
  }
  expect(await model.requests[0]?.ended).toBe("aborted");
  model.enqueue("Again.");
  expect((await conversation.run("Again?")).finalResponse).toBe("Again.");
});

test("a signal that doesn't abort, or aborts after the end, changes nothing", async () => {
  const { thread } = await dropIn(["Hi!", "Again."]);
  const controller = new AbortController();
  const conversation = thread();
  const { signal } = controller;
  expect((await conversation.run("Hello", { signal })).finalResponse).toBe("Hi!");
  controller.abort();
  expect((await conversation.run("Again?")).finalResponse).toBe("Again.");
});

test.each(["threadStart", "threadResume"] as const)(
  "an abort during %s leaves no thread loaded",
  async (method) => {
    const { codex, cwd } = await dropIn(["One."]);
    const settings = { workingDirectory: cwd };
    const first = codex();
    const stored = first.startThread(settings);
    await stored.run("one");
    await first.native().close();
    const client = codex();
    const native = client.native();
    const closed = new Promise((resolve) => native.on("thread/closed", resolve));
    const controller = new AbortController();
    const open = native[method].bind(native) as (...args: unknown[]) => Promise<NativeThread>;
    vi.spyOn(native, method).mockImplementation((...args: unknown[]) => {
      setImmediate(() => controller.abort());
      return open(...args);
    });
    const thread =
      method === "threadStart"
        ? client.startThread(settings)
        : client.resumeThread(String(stored.id), settings);
    const error = await failureOf(thread.run("two", { signal: controller.signal }));
    expect(error).toMatchObject(ABORTED);
    await closed;
  },
);
