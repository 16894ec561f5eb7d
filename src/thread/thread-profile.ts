import type { Thread as ThreadRecord, ThreadTokenUsage } from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";
import { changedBy, type KeptSettings, reportedBy } from "./kept-settings.ts";
import type { ThreadTools } from "./thread-tools.ts";

/** The data of a thread that was started, resumed or forked. */
export interface ThreadOpening {
  readonly tools?: ThreadTools | undefined;
  /** The settings to repeat when another process of the server resumes the thread. */
  readonly settings?: KeptSettings | undefined;
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
  settings: KeptSettings = {};
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

  /** A request with these params has changed settings. */
  changed(params: object): void {
    this.settings = changedBy(this.settings, params as KeptSettings);
  }

  /** A notification about the thread. */
  accept(method: string, { tokenUsage, threadSettings }: Readonly<Record<string, unknown>>): void {
    if (method === "thread/tokenUsage/updated" && isRecord(tokenUsage)) {
      this.usage = tokenUsage as ThreadTokenUsage;
    } else if (method === "thread/settings/updated" && isRecord(threadSettings)) {
      // Any client may have changed them.
      this.settings = reportedBy(this.settings, threadSettings);
    }
  }

  inform({ ephemeral, cwd }: Partial<ThreadRecord>): void {
    if (typeof cwd === "string") this.cwd = cwd;
    if (typeof ephemeral === "boolean") this.isEphemeral = ephemeral;
  }

  /**
   * Frees what isn't needed any more: only requests that may never be answered still refer to the thread.
   */
  clear(): void {
    this.tools = undefined;
    this.settings = {};
  }
}
