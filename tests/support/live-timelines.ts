import type { Codex, ThreadTimeline } from "../../src/index.ts";
import type { ThreadView } from "../../src/timeline/index.ts";

/** Resolves with the snapshot as soon as it matches. */
export function shows(
  timeline: ThreadTimeline,
  fits: (view: ThreadView) => boolean,
): Promise<ThreadView> {
  return new Promise((resolve) => {
    const look = () => {
      if (!fits(timeline.snapshot)) return;
      stop();
      resolve(timeline.snapshot);
    };
    const stop = timeline.subscribe(look);
    look();
  });
}

/** Whether this many turns have ended, and none is running. */
export function isOver(count: number): (view: ThreadView) => boolean {
  return ({ turns }) => turns.length >= count && turns.every(({ state }) => state !== "running");
}

/** The parts of a view that the server stores. */
export function stored({ turns, agents }: ThreadView): unknown {
  return {
    turns: turns.map(({ usage: _usage, diff: _diff, ...turn }) => turn),
    agents: agents.map(stored),
  };
}

/** The view of a thread read only from its history, as by a client that opens it later. */
export async function fromHistory(codex: Codex, threadId: string): Promise<ThreadView> {
  const thread = await codex.threadResume(threadId);
  using timeline = await thread.timeline();
  for (const { threadId: agent } of timeline.snapshot.agents) {
    await timeline.loadOlder({ threadId: agent });
  }
  return timeline.snapshot;
}
