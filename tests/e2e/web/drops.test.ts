import { expect, it } from "vitest";
import { CodexClient } from "../../../src/browser/index.ts";
import { command, Gate, patch, reply, text } from "../../../src/testing/index.ts";
import type { ThreadView } from "../../../src/timeline/index.ts";
import { createHandler } from "../../../src/web/index.ts";
import { sharedServer } from "../../support/e2e.ts";
import { serveHandler, showsInClient } from "../../support/handler.ts";
import { isOver } from "../../support/live-timelines.ts";
import { startRelay } from "../../support/relay.ts";

const server = sharedServer({ approvals: "accept" });
const isIdle = (view: ThreadView) => isOver(1)(view) && view.status === "idle";

it.each([
  ["from a log that has it all", 2 ** 20],
  ["from a log that has next to nothing", 500],
])(
  "a client that drops its connection 50 times ends with the same timeline, %s",
  async (_, logBytes) => {
    using handler = createHandler(server.codex, {
      authorize: () => true,
      limits: { logBytes, streamsPerClient: 1_000 },
    });
    await using served = await serveHandler(handler);
    await using relay = await startRelay(served.port);
    const stays = new CodexClient({ url: served.origin });
    const leaves = new CodexClient({ url: `http://127.0.0.1:${relay.port}` });
    const thread = await stays.threadStart();
    const [stay, leave] = [thread.timeline(), leaves.thread(thread.id).timeline()];
    await Promise.all([showsInClient(stay, () => true), showsInClient(leave, () => true)]);

    const gates = Array.from({ length: 50 }, () => new Gate());
    server.model.enqueue(
      reply(
        text(["Look: ", ...gates.slice(0, 20).flatMap((gate, at) => [gate, `${at} `])]),
        command("echo hello"),
      ),
      patch("*** Begin Patch\n*** Add File: poem.txt\n+The reed bows.\n*** End Patch\n"),
      text(["Done: ", ...gates.slice(20).flatMap((gate, at) => [gate, `${at} `.repeat(50)])]),
    );
    await thread.turn("Go.");
    for (const [cuts, gate] of gates.entries()) {
      await gate.reached;
      await showsInClient(leave, (_view, { status }) => status === "open");
      relay.cut();
      gate.open();
      await showsInClient(leave, () => relay.taken > cuts + 1);
    }
    const [view, other] = await Promise.all([
      showsInClient(stay, isIdle),
      showsInClient(leave, isIdle),
    ]);
    expect(view.turns[0]?.entries.map(({ kind }) => kind)).toEqual([
      ...["userMessage", "assistant", "command", "fileChange", "assistant"],
    ]);
    expect(other).toEqual(view);
    expect(relay.taken).toBeGreaterThanOrEqual(51);
    stay.close();
    leave.close();
  },
);
