import type { Thread as ThreadRecord, ThreadTokenUsage } from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";
import type { ThreadTools } from "./thread-tools.ts";

/** What is known of a thread when it is started, resumed or forked. */
export interface ThreadOpening {
  readonly tools?: ThreadTools | undefined;
  /** The settings to repeat when another process of the server resumes the thread. */
  readonly settings?: object | undefined;
}

/** How a thread is, whatever runs on it: what the user has given it, and what the server has reported of it. */
export class ThreadProfile {
  tools: ThreadTools | undefined;
  settings: object = {};
  isEphemeral = false;
  cwd: string | undefined;
  /** The tokens that the thread has used, as last reported. */
  usage: ThreadTokenUsage | undefined;

  opened({ tools, settings }: ThreadOpening): void {
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

  /** Nothing refers to the thread any more but requests that may never be answered: they keep no more of it. */
  clear(): void {
    this.tools = undefined;
    this.settings = {};
  }
}
