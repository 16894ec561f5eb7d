import type { Thread as ThreadRecord, ThreadTokenUsage } from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";
import type { ThreadTools } from "./thread-tools.ts";

/** The data of a thread that was started, resumed or forked. */
export interface ThreadOpening {
  readonly tools?: ThreadTools | undefined;
  /** The settings to repeat when another process of the server resumes the thread. */
  readonly settings?: object | undefined;
  /** Whether the thread was created here. */
  readonly isNew?: boolean | undefined;
  /** Whether the thread has no history, unlike a fork. */
  readonly isEmpty?: boolean | undefined;
}

/**
 * The properties of a thread that don't depend on a turn: some set by the user, others reported by
 * the server.
 */
export class ThreadProfile {
  tools: ThreadTools | undefined;
  settings: object = {};
  isNew = false;
  isEphemeral = false;
  cwd: string | undefined;
  /**
   * The sandbox that turns set until the user chooses another one; for servers that can't set it
   * otherwise.
   */
  turnSandbox: object | undefined;
  /** The tokens that the thread has used, as last reported. */
  usage: ThreadTokenUsage | undefined;

  opened({ tools, settings, isNew }: ThreadOpening): void {
    if (isNew) this.isNew = true;
    if (tools) this.tools = tools;
    if (settings) this.settings = settings;
  }

  inform({ ephemeral, cwd }: Partial<ThreadRecord>): void {
    if (typeof cwd === "string") this.cwd = cwd;
    if (typeof ephemeral === "boolean") this.isEphemeral = ephemeral;
  }

  count(usage: unknown): void {
    if (isRecord(usage)) this.usage = usage as ThreadTokenUsage;
  }

  /**
   * Frees what isn't needed any more: only requests that may never be answered still refer to the thread.
   */
  clear(): void {
    this.tools = undefined;
    this.settings = {};
  }
}
