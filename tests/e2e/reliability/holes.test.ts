import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Codex,
  type CodexOptions,
  type Notification,
  type Turn,
  type TurnOptions,
  websocket,
} from "../../../src/index.ts";
import { command, Gate, type Reply, reasoning, reply, text } from "../../../src/testing/index.ts";
import { deferred } from "../../../src/util/deferred.ts";
import { startRelay } from "../../support/relay.ts";
import { startServed } from "../../support/served.ts";

/** The text of an item in three pieces; the client misses the second one. */
interface Case {
  readonly kind: string;
  /** `next` lets the model or the command write the second and the third piece. */
  readonly script: (cwd: string) => { replies: Reply[]; next: [() => void, () => void] };
  readonly turn?: TurnOptions;
  /** The complete text of each part of the item, by the method and the index of its deltas. */
  readonly whole: (item: Record<string, unknown>) => Record<string, unknown>;
}

function gated(say: (gates: [Gate, Gate]) => Reply) {
  const gates: [Gate, Gate] = [new Gate(), new Gate()];
  const next = gates.map((gate) => () => gate.open()) as [() => void, () => void];
  return { replies: [say(gates)], next };
}

const CASES: readonly Case[] = [
  {
    kind: "agentMessage",
    script: () => gated(([one, two]) => reply(text(["one ", one, "two ", two, "three"]))),
    whole: (item) => ({ "item/agentMessage/delta": item.text }),
  },
  {
    kind: "reasoning",
    script: () =>
      gated(([one, two]) =>
        reply(reasoning(["one ", one, "two "], { raw: ["raw ", two, "end"] }), text("done")),
      ),
    whole: ({ summary, content }) => ({
      "item/reasoning/summaryTextDelta 0": (summary as string[])[0],
      "item/reasoning/textDelta 0": (content as string[])[0],
    }),
  },
  {
    kind: "plan",
    script: () =>
      gated(([one, two]) =>
        reply(
          text(["<proposed_plan>\n- one\n", one, "- two\n", two, "- three\n</proposed_plan>\n"]),
        ),
      ),
    turn: {
      collaborationMode: {
        mode: "plan",
        settings: { model: "gpt-5.5", reasoning_effort: null, developer_instructions: null },
      },
    },
    whole: (item) => ({ "item/plan/delta": item.text }),
  },
  {
    kind: "commandExecution",
    script: (cwd) => {
      const wait = (file: string) => `until [ -e ${file} ]; do sleep 0.02; done`;
      // There is no delta for output that a command writes before the server reads it.
      const start = "until [ -e two ]; do echo one; sleep 0.05; done";
      const script = `${start}; echo two; ${wait("three")}; echo three`;
      const touch = (file: string) => () => writeFileSync(path.join(cwd, file), "");
      return {
        replies: [reply(command(script, { args: { yield_time_ms: 30_000 } })), reply(text("done"))],
        next: [touch("two"), touch("three")],
      };
    },
    whole: (item) => ({ "item/commandExecution/outputDelta": item.aggregatedOutput }),
  },
];

/** Resolves when a matching delta arrives. */
function delta(all: AsyncIterable<Notification>, fits: (text: string) => boolean): Promise<void> {
  return (async () => {
    for await (const { params } of all) if ("delta" in params && fits(params.delta)) return;
  })();
}

function ready(codex: Codex): Promise<void> {
  return new Promise((resolve) => {
    codex.onStatus(({ state }) => state === "ready" && resolve());
  });
}

/** The item of this kind, and the deltas of each of its parts, joined. */
async function followed(turn: Turn, kind: string) {
  const parts: Record<string, string> = {};
  for await (const { method, params } of turn.stream()) {
    if ("delta" in params && "itemId" in params) {
      const place = "summaryIndex" in params ? params.summaryIndex : undefined;
      const index = "contentIndex" in params ? params.contentIndex : place;
      const key = index === undefined ? method : `${method} ${index}`;
      parts[key] = (parts[key] ?? "") + params.delta;
    }
    if (method === "item/completed" && params.item.type === kind) {
      return { item: params.item as Record<string, unknown>, parts };
    }
    if (method === "item/completed") for (const key of Object.keys(parts)) delete parts[key];
  }
  throw new Error(`the turn has no item of the kind ${kind}`);
}

describe("a connection that is lost while an item streams", () => {
  it.each(CASES)(
    "leaves no gap in its deltas: $kind",
    async ({ kind, script, turn: options, whole }) => {
      await using served = await startServed();
      await using relay = await startRelay(served.port);
      const { token } = served.server;
      const endpoint = websocket(`ws://127.0.0.1:${relay.port}`, { token });
      let mayConnect = Promise.resolve();
      const transport: CodexOptions["transport"] = {
        ...endpoint,
        connect: async (signal) => {
          await mayConnect;
          return endpoint.connect(signal);
        },
      };
      const codex = served.client({ transport });
      const thread = await codex.threadStart({
        sandbox: "danger-full-access",
        approvalPolicy: "never",
      });
      const { cwd } = (await thread.read()).thread;
      const { replies, next } = script(cwd);
      served.model.enqueue(...replies);
      const turn = await thread.turn("go", options);
      const result = followed(turn, kind);
      await delta(turn.stream(), (piece) => piece.includes("one"));

      const reconnect = deferred<void>();
      mayConnect = reconnect.promise;
      const observer = served.client();
      const others = observer.notifications() as AsyncIterableIterator<Notification>;
      await observer.threadResume(thread.id);
      relay.cut();
      next[0]();
      await delta(others, (piece) => piece.includes("two"));
      const back = ready(codex);
      reconnect.resolve();
      await back;
      next[1]();

      const { item, parts } = await result;
      expect(parts).toEqual(whole(item));
      expect((await turn.run()).status).toBe("completed");
    },
  );
});
