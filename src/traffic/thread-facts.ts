import { isRecord } from "../util/describe.ts";
import type { Message } from "./rows.ts";

/** What the traffic shows about a thread. */
export class ThreadFacts {
  readonly threadId: string;
  /**
   * When the thread or its first turn began, in milliseconds since the trace began; undefined if
   * neither has begun.
   */
  activeAt: number | undefined;
  /** Whether the traffic contains the thread's record, or anything that names the thread. */
  isNamed = false;
  name: string | null = null;
  preview = "";
  status: "notLoaded" | "idle" | "active" | "systemError" | null = null;
  /** Whether the server is waiting for an answer. */
  isWaiting = false;
  model: string | undefined;
  cwd: string | null = null;
  parentThreadId: string | null = null;
  nickname: string | null = null;
  totalTokens = 0;
  turnCount = 0;
  /** Unix time in seconds; null until it is known. */
  updatedAt: number | null = null;

  constructor(threadId: string) {
    this.threadId = threadId;
  }

  /** Takes the thread's record. */
  inform(record: Message): void {
    this.isNamed = true;
    const { name, preview, cwd, parentThreadId, agentNickname, status, updatedAt } = record;
    if (typeof name === "string") this.name = name;
    if (typeof preview === "string" && preview !== "") this.preview = preview;
    if (typeof cwd === "string") this.cwd = cwd;
    if (typeof parentThreadId === "string") this.parentThreadId = parentThreadId;
    if (typeof agentNickname === "string") this.nickname = agentNickname;
    if (typeof updatedAt === "number") this.updatedAt = updatedAt;
    if (status !== undefined) this.#status(status);
  }

  /** Takes the answer that came with the thread's record. */
  settings({ model }: Message): void {
    if (typeof model === "string") this.model = model;
  }

  apply(method: string, params: Message, at: number): void {
    if (method === "turn/started" || method === "thread/started") this.activeAt ??= at;
    if (method === "turn/started") this.turnCount++;
    else if (method === "thread/status/changed") this.#status(params.status);
    else if (method === "thread/name/updated")
      this.name = typeof params.threadName === "string" ? params.threadName : null;
    else if (method === "thread/tokenUsage/updated") this.#usage(params.tokenUsage);
    else if (method === "model/rerouted" && typeof params.toModel === "string")
      this.model = params.toModel;
    else if (method === "item/started" && this.preview === "") this.#preview(params.item);
  }

  #status(status: unknown): void {
    if (!isRecord(status)) return;
    const { type, activeFlags } = status;
    if (type === "notLoaded" || type === "idle" || type === "active" || type === "systemError") {
      this.status = type;
    }
    this.isWaiting = Array.isArray(activeFlags) && activeFlags.length > 0;
  }

  #usage(usage: unknown): void {
    const total = isRecord(usage) && isRecord(usage.total) ? usage.total.totalTokens : undefined;
    if (typeof total === "number") this.totalTokens = total;
  }

  #preview(item: unknown): void {
    if (!isRecord(item) || item.type !== "userMessage" || !Array.isArray(item.content)) return;
    const text: unknown = item.content.find((part) => isRecord(part) && part.type === "text")?.text;
    if (typeof text !== "string") return;
    this.preview = text;
    this.isNamed = true;
  }
}
