import { expect, test } from "vitest";
import { functionCall, Gate, type Reply, reply, text } from "../../../src/testing/index.ts";
import { collectWarnings, nextOf } from "../../support/e2e.ts";
import { startServed } from "../../support/served.ts";
import { NESTED_AGENTS, spawnNested } from "../../support/sub-agents.ts";

const { onWarning } = collectWarnings();
const features = { features: { goals: true } };

/** A client sets a goal while another client's turn is running, which then begins its second message. */
async function goalDuringTheirTurn({ loads }: { readonly loads: "early" | "late" }) {
  const [first, second] = [new Gate(), new Gate()];
  const theirReply = reply(
    text(["One.", first], { phase: "commentary" }),
    text(["Two, ", second, "three."]),
  );
  const served = await startServed([
    "hi",
    theirReply,
    "Working.",
    functionCall("update_goal", { status: "complete" }),
    "Reached.",
  ]);
  const theirs = await served.client({ onWarning }).threadStart({ config: features });
  await theirs.run("first");
  const ours = served.client({ onWarning });
  const load = () => ours.threadResume(theirs.id);
  const early = loads === "early" ? await load() : undefined;
  const turn = await theirs.turn("theirs");
  await first.reached;
  const thread = early ?? (await load());
  const abort = new AbortController();
  const isSet = new Promise((resolve) => ours.on("thread/goal/updated", resolve));
  const running = thread.goal.run("do it", { signal: abort.signal });
  running.catch(() => {});
  await isSet;
  const isSeen = new Promise((resolve) => ours.on("item/agentMessage/delta", resolve));
  first.open();
  await Promise.all([isSeen, second.reached]);
  return { served, thread, turn, running, abort, second };
}

test.each(["early", "late"] as const)(
  "aborting a goal doesn't interrupt another client's turn: the thread was loaded %s",
  async (loads) => {
    const { served, thread, turn, running, abort, second } = await goalDuringTheirTurn({ loads });
    await using _ = served;
    abort.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(await thread.goal.get()).toMatchObject({ status: "paused" });
    second.open();
    expect(await turn.run()).toMatchObject({ status: "completed", text: "Two, three." });
  },
);

test("aborting a goal doesn't interrupt the turn of a message from the server's queue", async () => {
  const [first, second] = [new Gate(), new Gate()];
  const replies: Record<string, Reply> = {
    first: "hi",
    queued: reply(text(["Queued, ", second, "done."])),
  };
  // The server may continue with the goal before it starts the queued message.
  const working = reply(text(["One, ", first, "two."]));
  await using served = await startServed(({ userText }) => replies[userText] ?? working);
  const codex = served.client({ onWarning });
  const thread = await codex.threadStart({ config: features });
  await thread.run("first");
  const isSeen = new Promise<void>((resolve) => {
    codex.on("item/agentMessage/delta", ({ delta }) => delta.startsWith("Queued") && resolve());
  });
  const abort = new AbortController();
  const running = thread.goal.run("do it", { signal: abort.signal });
  running.catch(() => {});
  await first.reached;
  await thread.queue("queued");
  first.open();
  await Promise.all([isSeen, second.reached]);
  const turn = await thread.activeTurn();
  abort.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(await thread.goal.get()).toMatchObject({ status: "paused" });
  second.open();
  expect(await turn?.run()).toMatchObject({ status: "completed", text: "Queued, done." });
});

test("the turns of a goal don't include another client's", async () => {
  const { served, running, second } = await goalDuringTheirTurn({ loads: "early" });
  await using _ = served;
  second.open();
  const { turns } = await running;
  expect(turns.map((turn) => turn.text)).toEqual(["Working.", "Reached."]);
});

test("aborting a goal doesn't interrupt a turn in which an agent works for another client's turn", async () => {
  const [first, second] = [new Gate(), new Gate()];
  let parentId = "";
  const child = [
    () =>
      reply(
        text(["Working, ", first, "done."], { phase: "commentary" }),
        functionCall(
          "send_input",
          { target: parentId, message: "Look." },
          { namespace: "multi_agent_v1" },
        ),
      ),
  ];
  const parent = [
    spawnNested("Do your part."),
    "Spawned.",
    reply(text(["Looking, ", second, "seen."])),
  ];
  await using served = await startServed(({ body }) => {
    const isParent = JSON.stringify(body.input).includes('"go"');
    return (isParent ? parent.shift() : child.shift()?.()) ?? "Done.";
  });
  const theirs = served.client({ onWarning });
  const config = { ...NESTED_AGENTS, features: { ...NESTED_AGENTS.features, goals: true } };
  const theirThread = await theirs.threadStart({ config });
  parentId = theirThread.id;
  const ours = served.client({ onWarning });
  await theirThread.run("go");
  const thread = await ours.threadResume(parentId);
  const isSeen = nextOf(ours, "item/agentMessage/delta", ({ threadId }) => threadId === parentId);
  first.open();
  const { turnId } = await isSeen;
  await second.reached;
  const isSet = nextOf(ours, "thread/goal/updated");
  const abort = new AbortController();
  const running = thread.goal.run("do it", { signal: abort.signal });
  running.catch(() => {});
  await isSet;
  const ended = nextOf(theirs, "turn/completed", ({ turn }) => turn.id === turnId);
  abort.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(await thread.goal.get()).toMatchObject({ status: "paused" });
  second.open();
  expect((await ended).turn.status).toBe("completed");
});
