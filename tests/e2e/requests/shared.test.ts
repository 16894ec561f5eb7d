import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  type Codex,
  type Endpoint,
  type PendingRequest,
  type PendingRequestData,
  websocket,
} from "../../../src/index.ts";
import { command, events, functionCall, patch, type Reply } from "../../../src/testing/index.ts";
import { deferred } from "../../../src/util/deferred.ts";
import { collectWarnings, failureOf } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";

const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
const mcpServer = fileURLToPath(new URL("../../support/mcp-server.mjs", import.meta.url));
const PATCH = "*** Begin Patch\n*** Add File: hello.txt\n+hello\n*** End Patch\n";
const escaping = command("echo approved", { escalate: "because" });

/** The reasons for which requests are settled, in order. */
function settledBy(codex: Codex): string[] {
  const reasons: string[] = [];
  codex.requests.on("settled", (_, reason) => reasons.push(reason));
  return reasons;
}

function settled(codex: Codex): Promise<string> {
  return new Promise((resolve) => {
    const listening = codex.requests.on("settled", (_, reason) => {
      listening[Symbol.dispose]();
      resolve(reason);
    });
  });
}

async function next(codex: Codex): Promise<PendingRequest> {
  const request = await codex.requests.next();
  if (request) return request;
  throw new Error("no request came");
}

test.each([["first"], ["second"]])(
  "two clients have the same request; the %s one answers, and the other's is withdrawn",
  async (who) => {
    await using served = await startServed(["hello", escaping, "done"]);
    const clients = {
      first: served.client({ approvals: "ask" }),
      second: served.client({ approvals: "ask" }),
    };
    const thread = await clients.first.threadStart(ASKING);
    await thread.run("hi");
    await clients.second.threadResume(thread.id);
    const turn = await thread.turn("go");
    const requests = { first: await next(clients.first), second: await next(clients.second) };
    expect(requests.second.id).toBe(requests.first.id);
    const [mine, other] =
      who === "first" ? (["first", "second"] as const) : (["second", "first"] as const);
    const theirs = settled(clients[other]);
    await requests[mine].answer("accept");
    expect(await theirs).toBe("withdrawn");
    await expect(requests[other].answer("accept")).rejects.toMatchObject({
      code: "REQUEST_SETTLED",
      reason: "withdrawn",
    });
    expect((await turn.run()).text).toBe("done");
    expect(served.model.requests[2]?.lastOutput).toContain("approved");
  },
);

test("it stays pending while the connection is lost, isn't added twice, and is answered once", async () => {
  await using served = await startServed([escaping, "done"]);
  await using relay = await startRelay(served.port);
  const codex = served.client({ approvals: "ask" }, relay.port);
  const added: string[] = [];
  codex.requests.on("added", ({ id }) => added.push(id));
  const reasons = settledBy(codex);
  const thread = await codex.threadStart(ASKING);
  const running = thread.run("go");
  const request = await next(codex);
  for (let cut = 0; cut < 3; cut++) {
    const back = reconnected(codex);
    relay.cut();
    await back;
    // The server sends everything about its requests before this answer.
    await codex.threadResume(thread.id);
    await thread.read();
    expect(codex.requests.pending).toEqual([request]);
  }
  await request.answer("accept");
  expect((await running).text).toBe("done");
  expect([added, reasons]).toEqual([[request.id], ["answered"]]);
  expect(served.model.requests[1]?.lastOutput).toContain("approved");
});

test("an answer during a lost connection is sent when the server asks again", async () => {
  await using served = await startServed([escaping, "done"]);
  await using relay = await startRelay(served.port);
  const codex = served.client({ approvals: "ask" }, relay.port);
  const thread = await codex.threadStart(ASKING);
  const running = thread.run("go");
  const request = await next(codex);
  const lost = new Promise<void>((resolve) => {
    codex.onStatus(({ state }) => {
      if (state === "reconnecting") resolve();
    });
  });
  relay.cut();
  await lost;
  await request.answer("accept");
  expect((await running).text).toBe("done");
  expect(served.model.requests[1]?.lastOutput).toContain("approved");
});

test("a request that another client answered during a lost connection is then withdrawn, and answers are errors", async () => {
  await using served = await startServed(["hello", escaping, escaping, "done"]);
  await using relay = await startRelay(served.port);
  const { token } = served.server;
  const endpoint = websocket(`ws://127.0.0.1:${relay.port}`, { token });
  let admitted = Promise.resolve();
  const connect: Endpoint["connect"] = async (signal) => {
    await admitted;
    return endpoint.connect(signal);
  };
  const first = served.client({ approvals: "ask" });
  const second = served.client({
    transport: { name: "gate", outlivesTransport: true, connect },
    approvals: "ask",
    reconnect: { initialDelayMs: 1, jitterRatio: 0 },
  });
  const thread = await first.threadStart(ASKING);
  await thread.run("hi");
  await second.threadResume(thread.id);
  const turn = await thread.turn("go");
  const seen = await next(second);
  const reasons = settledBy(second);
  const { promise, resolve: admit } = deferred<void>();
  admitted = promise;
  const lost = new Promise<void>((resolve) => {
    second.onStatus(({ state }) => {
      if (state === "reconnecting") resolve();
    });
  });
  relay.cut();
  await lost;
  const late = failureOf(seen.answer("decline"));
  await (await next(first)).answer("accept");
  // This request was sent after the server had received the first answer.
  const another = await new Promise<PendingRequest>((resolve) => {
    first.requests.on("added", resolve);
  });
  expect(reasons).toEqual([]);
  admit();
  expect(await late).toMatchObject({ code: "REQUEST_SETTLED", reason: "withdrawn" });
  expect(second.requests.get(seen.id)).toBeUndefined();
  expect((await second.requests.next({ id: another.id }))?.id).toBe(another.id);
  await another.answer("accept");
  expect((await turn.run()).text).toBe("done");
});

test("a restarted program answers days later, with the request that it stored as JSON", async () => {
  const questions = [
    {
      id: "colour",
      header: "Colour",
      question: "Which?",
      options: [
        { label: "Red", description: "" },
        { label: "Blue", description: "" },
      ],
    },
  ];
  await using served = await startServed([
    functionCall("request_user_input", { questions }),
    "done",
  ]);
  const config = { features: { default_mode_request_user_input: true } };
  const before = served.client({ approvals: "ask" });
  const thread = await before.threadStart({ ...ASKING, config });
  const turn = await thread.turn("go");
  const stored = JSON.stringify(await next(before));
  const ended = turn.run().catch(() => {});
  await before.close();
  await ended;

  const after = served.client({ approvals: "ask" });
  const { id, threadId } = JSON.parse(stored) as PendingRequestData;
  await expect(after.requests.answer(id, "accept")).rejects.toThrow("resume its thread first");
  await after.threadResume(threadId ?? "");
  expect(await after.requests.next({ id })).toMatchObject({ id, turnId: turn.id });
  await after.requests.answer(id, "accept", { colour: "Red" });
  const status = new Promise<void>((resolve) => {
    after.on("turn/completed", () => resolve());
  });
  await status;
  expect(served.model.requests[1]?.lastOutput).toContain("Red");
  await expect(after.requests.answer(id, "accept", {})).rejects.toMatchObject({
    code: "REQUEST_SETTLED",
    reason: "answered",
  });
});

const callsTool = events(
  ...["added", "done"].map((what) => ({
    ...{ type: `response.output_item.${what}`, output_index: 0 },
    item: {
      ...{ id: "fc_1", call_id: "call_1", type: "function_call" },
      ...{ namespace: "mcp__odd", name: "go", arguments: JSON.stringify({ where: "here" }) },
    },
  })),
);

test.each<[string, Reply, string[]]>([
  ["fileChange", patch(PATCH), [expect.stringMatching(/hello\.txt$/), "hello\n"]],
  ["mcpToolCall", callsTool, ["go", expect.stringContaining('"here"')]],
])(
  "a program that connects later sees %s approvals completely, and can accept",
  async (kind, reply, subjects) => {
    await using served = await startServed([reply, "done"]);
    const odd = { command: process.execPath, args: [mcpServer] };
    const before = served.client({ approvals: "ask" });
    const thread = await before.threadStart({ ...ASKING, config: { mcp_servers: { odd } } });
    const turn = await thread.turn("go");
    const early = await next(before);
    const { warnings, onWarning } = collectWarnings();
    const after = served.client({ approvals: "ask", onWarning });
    await after.threadResume(thread.id);
    const late = await next(after);
    const { arrivedAt: _early, ...asked } = early.toJSON();
    expect(late).toMatchObject({ ...asked, kind });
    const subject = late.detail.filter(({ role }) => role === "subject");
    expect(subject.map(({ text }) => text)).toEqual(subjects);
    const gone = settled(before);
    await late.answer("accept");
    expect(await gone).toBe("withdrawn");
    expect(warnings).toEqual([]);
    if (kind === "fileChange") {
      const { items } = await turn.run();
      expect(items.find(({ id }) => id === late.entryId)).toMatchObject({ status: "completed" });
    } else {
      expect(await next(before)).toMatchObject({ kind: "form" });
    }
  },
);

test("when the server's process ends, pending requests are lost with it", async () => {
  await using served = await startServed([escaping]);
  const codex = served.client({
    approvals: "ask",
    reconnect: { maxAttempts: 1, initialDelayMs: 1 },
  });
  const thread = await codex.threadStart(ASKING);
  const failing = expect(thread.run("go")).rejects.toThrow();
  await next(codex);
  const reason = settled(codex);
  await served.server.close();
  expect(await reason).toBe("connectionLost");
  await failing;
});
