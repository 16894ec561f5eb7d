import path from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  command,
  cut,
  patch,
  reasoning,
  reply,
  startScripted,
  text,
} from "../../src/testing/index.ts";

/** How long the user thinks about an approval, in milliseconds: long enough to count as slow. */
const THINKING_MS = 1_200;

/** The trace of a real server whose turn was slow because of a pending approval. */
export async function slowTrace(folder: string): Promise<string> {
  const file = path.join(folder, "run.jsonl");
  const script = [
    reply(reasoning("I look at the files first."), command("echo looked; exit 3")),
    cut(),
    patch("*** Begin Patch\n*** Add File: notes.txt\n+one\n+two\n*** End Patch"),
    command("touch outside", { escalate: "needs to write outside of the working directory" }),
    text(["All ", "done."]),
  ];
  await using scripted = await startScripted({
    ...{ script, trace: file, onWarning: () => {} },
    config: { model_providers: { scripted: { stream_max_retries: 1 } } },
    approvals: {
      fileChange: "accept",
      command: () => setTimeout(THINKING_MS, "decline" as const),
    },
  });
  const { codex } = scripted;
  const thread = await codex.threadStart({ sandbox: "read-only", approvalPolicy: "on-request" });
  await thread.run("Fix the failing test, please.");
  await codex.request("no/such/method", {}).catch(() => {});
  return file;
}

/** A trace of many threads, one of which has many entries. */
export function largeTrace({ threads, entries }: { threads: number; entries: number }): string {
  const lines: object[] = [
    {
      ...{ trace: "codex-app-server", version: 1, id: "large", part: 1, client: "0.1.0" },
      ...{ startedAt: "2026-11-26T08:00:00.000Z", runtime: "node", pid: 1 },
      endpoint: { name: "memory", outlivesTransport: false },
    },
  ];
  let at = 0;
  const receive = (method: string, params: object) =>
    lines.push({ at: at++, receive: { method, params } });
  for (let index = 1; index <= threads; index++) {
    const name = index === 500 ? "The long one" : `Thread ${index}`;
    receive("thread/started", {
      thread: { id: `thread-${index}`, name, status: { type: "idle" } },
    });
  }
  const about = { threadId: "thread-500", turnId: "turn" };
  receive("turn/started", { ...about, turn: { id: "turn", items: [], status: "inProgress" } });
  for (let index = 1; index <= entries; index++) {
    const item = { id: `item-${index}`, type: "agentMessage", text: `Message ${index}.` };
    receive("item/completed", { ...about, item });
  }
  receive("turn/completed", { ...about, turn: { id: "turn", items: [], status: "completed" } });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
