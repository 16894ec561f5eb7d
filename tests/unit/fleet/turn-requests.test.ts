import { expect, test } from "vitest";
import type { Codex } from "../../../src/client/codex.ts";
import type { Thread } from "../../../src/client/thread.ts";
import type { Claim } from "../../../src/fleet/worker/claim.ts";
import type { WorkerContext } from "../../../src/fleet/worker/context.ts";
import { TurnRequests } from "../../../src/fleet/worker/turn-requests.ts";

interface Asked {
  readonly id: string;
  readonly threadId: string;
  readonly parentThreadId?: string;
}

/** A server with a family of threads, and the requests that a worker shows for them. */
function worker(agents: Thread["agents"]) {
  const shown: unknown[] = [];
  const pending = new Map<string, object>();
  const listeners = new Map<string, (request: object) => Promise<void> | void>();
  const context = {
    id: "w1",
    codec: { encode: (value: { data: unknown }) => value.data },
    redis: {
      persist: (write: () => Promise<unknown>) => write(),
      run: async (_script: string, _turn: string, _key: string, _epoch: string, ...of: unknown[]) =>
        shown.push(of),
    },
  } as unknown as WorkerContext;
  const codex = {
    requests: {
      pending: [],
      get: (id: string) => pending.get(id),
      on: (name: string, listener: () => void) => {
        listeners.set(name, listener);
        return { [Symbol.dispose]: () => {} };
      },
    },
  } as unknown as Codex;
  const thread = { id: "root", agents } as unknown as Thread;
  const job = { turn: "t", key: "k", thread: "k", tenant: "x" };
  const requests = new TurnRequests(context, job, { epoch: "1" } as Claim, { codex, thread });
  const ask = async (asked: Asked) => {
    const request = { ...asked, toJSON: () => asked.id };
    pending.set(asked.id, request);
    await listeners.get("added")?.(request);
  };
  return { shown, ask, requests };
}

const agent = (threadId: string, agents: unknown[] = []) => ({ threadId, agents });

test("a sub-agent's sub-agent is shown with the turn that it works for", async () => {
  const family = [agent("child", [agent("grandchild")])];
  const { shown, ask } = worker((async () => family) as unknown as Thread["agents"]);
  await ask({ id: "deep", threadId: "grandchild", parentThreadId: "child" });
  await ask({ id: "own", threadId: "root" });
  await ask({ id: "theirs", threadId: "other child", parentThreadId: "other root" });
  expect(shown).toEqual([
    ["deep", "deep"],
    ["own", "own"],
  ]);
});

test("a thread of another turn isn't shown, nor looked up", async () => {
  let asked = 0;
  const { shown, ask } = worker(async () => {
    asked++;
    return [];
  });
  await ask({ id: "theirs", threadId: "other" });
  expect([shown, asked]).toEqual([[], 0]);
});
