import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import type { ClientThread } from "../../../src/browser/index.ts";
import { presets } from "../../../src/index.ts";
import { command, type Scripted, startScripted } from "../../../src/testing/index.ts";
import type { ThreadView } from "../../../src/timeline/index.ts";
import { createHandler } from "../../../src/web/index.ts";
import { collect, nextOf } from "../../support/e2e.ts";
import { clientOf, showsInClient } from "../../support/handler.ts";
import { isOver } from "../../support/live-timelines.ts";
import {
  family,
  type Script,
  SUB_AGENTS,
  spawnAgent,
  waitForAgents,
} from "../../support/sub-agents.ts";
import { waitUntil } from "../../support/wait-until.ts";

it("an unused thread is unloaded, and loaded again when it is opened", async () => {
  await using scripted = await startScripted({ config: { thread_unload_delay_secs: 1 } });
  using handler = createHandler(scripted.codex, { authorize: () => true, lingerMs: 100 });
  const client = clientOf(handler);
  const [used, fresh] = [await client.threadStart(), await client.threadStart()];
  scripted.model.enqueue("One.", "Two.");
  const timeline = used.timeline();
  await used.turn("Count.");
  await showsInClient(timeline, isOver(1));
  const closed = nextOf(scripted.codex, "thread/closed", ({ threadId }) => threadId === used.id);
  timeline.close();
  await closed;
  // Before its first turn, a thread couldn't be loaded again.
  const loaded = await collect(scripted.codex.loadedThreads());
  expect(loaded).toContain(fresh.id);
  expect(loaded).not.toContain(used.id);
  const again = used.timeline();
  await used.turn("Count on.");
  const view = await showsInClient(again, isOver(2));
  expect(view.turns).toHaveLength(2);
  again.close();
});

it("a thread that the program itself uses stays loaded", async () => {
  await using scripted = await startScripted({ config: { thread_unload_delay_secs: 1 } });
  using handler = createHandler(scripted.codex, { authorize: () => true, lingerMs: 50 });
  const thread = await scripted.codex.threadStart();
  scripted.model.enqueue("One.");
  await thread.run("Count.");
  const timeline = clientOf(handler).thread(thread.id).timeline();
  await showsInClient(timeline, isOver(1));
  timeline.close();
  const other = await clientOf(handler).threadStart();
  // As long as it takes the handler to unload another one.
  scripted.model.enqueue("Another one.", "Two.");
  const closed = nextOf(scripted.codex, "thread/closed", ({ threadId }) => threadId === other.id);
  await other.turn("Count.");
  await closed;
  expect((await thread.run("Count on.")).throwIfFailed().text).toBe("Two.");
});

it("a sub-agent's turns and requests appear in the thread that it works for", async () => {
  await using scripted = await startScripted({ approvals: "ask", config: SUB_AGENTS });
  using handler = createHandler(scripted.codex, {
    authorize: (_request, { threadId }) => threadId === undefined || threadId === thread.id,
  });
  const thread = await scripted.codex.threadStart();
  const client = clientOf(handler);
  const timeline = client.thread(thread.id).timeline();
  const all = client.requests();
  await showsInClient(timeline, () => true);
  const parent: Script = ({ outputs }) =>
    [spawnAgent("helper"), waitForAgents()][outputs.size] ?? "All done.";
  const replies = [command("echo hello", { escalate: "to show it" }), "The agent is done."];
  const child: Script = () => replies.shift() ?? "Nothing more.";
  scripted.model.respond(family(parent, child));
  await client.thread(thread.id).turn("Delegate.");
  await showsInClient(timeline, (_view, { requests }) => requests.length > 0);
  const [request] = timeline.requests;
  expect(request?.threadId).not.toBe(thread.id);
  await waitUntil("the request is in the list of all", () => all.pending.length > 0);
  expect(all.pending).toEqual(timeline.requests);
  await client.answer(request?.id ?? "", "accept");
  const view = await showsInClient(
    timeline,
    (view: ThreadView) => isOver(1)(view) && view.agents.every(isOver(1)),
  );
  const [agent] = view.agents;
  expect(JSON.stringify(agent?.turns)).toContain("The agent is done.");
  expect(await timeline.loadOlder({ threadId: agent?.threadId })).toBe(true);
  expect(timeline.snapshot?.agents[0]?.turns).toHaveLength(1);
  timeline.close();
  all.close();
});

it("a loaded thread has the reviewer that the handler's options name", async () => {
  await using scripted = await startScripted({ config: { thread_unload_delay_secs: 1 } });
  const { codex } = scripted;
  const stored = await codex.threadStart(presets.autoReview);
  scripted.model.enqueue("One.", "Two.");
  await stored.run("Count.");
  const closed = nextOf(codex, "thread/closed");
  await stored.unsubscribe();
  await closed;
  using handler = createHandler(codex, { authorize: () => true, threadOptions: presets.ask });
  const client = clientOf(handler).thread(stored.id);
  const timeline = client.timeline();
  await client.turn("Count on.");
  await showsInClient(timeline, isOver(2));
  timeline.close();
  const params = { threadId: stored.id, excludeTurns: true };
  expect(await codex.request("thread/resume", params)).toMatchObject({ approvalsReviewer: "user" });
});

/** Runs a turn. Resolves when the server has unloaded the thread, because no page shows it. */
async function runAndUnload({ codex, model }: Scripted, thread: ClientThread): Promise<void> {
  const timeline = thread.timeline();
  model.enqueue("One.");
  await thread.turn("Count.");
  await showsInClient(timeline, isOver(1));
  const closed = nextOf(codex, "thread/closed");
  timeline.close();
  await closed;
}

it("a thread that is loaded again has the environments of the handler's options", async () => {
  await using scripted = await startScripted({ config: { thread_unload_delay_secs: 1 } });
  const { codex, model } = scripted;
  const threadOptions = { environments: [] };
  using handler = createHandler(codex, { authorize: () => true, lingerMs: 100, threadOptions });
  const thread = await clientOf(handler).threadStart();
  await runAndUnload(scripted, thread);
  const again = thread.timeline();
  model.enqueue(command("echo it ran"), "Two.");
  await thread.turn("Count on.");
  await showsInClient(again, isOver(2));
  again.close();
  expect(model.requests.at(-1)?.lastOutput).toContain("No usable execution environment");
});

it("a thread that a reader loads has the settings of its owner", async () => {
  const options = { approvals: "ask", config: { thread_unload_delay_secs: 1 } } as const;
  await using scripted = await startScripted(options);
  const { codex, cwd } = scripted;
  const userOf = ({ headers }: Request) => headers.get("authorization");
  const owners = new Map<string, string | null>();
  using handler = createHandler(codex, {
    authorize: (request, { kind, threadId }) =>
      threadId === undefined || owners.get(threadId) === userOf(request) || kind === "thread.read",
    onThreadStart: (request, threadId) => void owners.set(threadId, userOf(request)),
    threadOptions: (request, _asked, threadId) => {
      const owner = threadId === undefined ? userOf(request) : owners.get(threadId);
      return { cwd: owner === "owner" ? cwd : tmpdir() };
    },
    lingerMs: 100,
  });
  const thread = await clientOf(handler, { authorization: "owner" }).threadStart();
  await runAndUnload(scripted, thread);
  const read = clientOf(handler, { authorization: "reader" }).thread(thread.id).timeline();
  await showsInClient(read, isOver(1));
  const params = { threadId: thread.id, excludeTurns: true };
  expect(await codex.request("thread/resume", params)).toMatchObject({ cwd });
  read.close();
});
