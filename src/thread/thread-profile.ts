import type { Thread as ThreadRecord, ThreadTokenUsage } from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";
import {
  changedBy,
  choosesSandbox,
  type KeptSettings,
  keptSettings,
  reportedBy,
} from "./kept-settings.ts";
import { reportedEnvironments } from "./reported-environments.ts";
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

/** Settings that `turn/start` can change on every server. */
export interface TurnSettings {
  readonly sandboxPolicy?: unknown;
  readonly cwd?: string | undefined;
}

/** The settings, except those that these params set too. */
export function withoutChosen({ sandboxPolicy, cwd }: TurnSettings, params: object): TurnSettings {
  const given = params as KeptSettings;
  return {
    ...(choosesSandbox(given) || sandboxPolicy === undefined ? {} : { sandboxPolicy }),
    ...(given.cwd != null || cwd === undefined ? {} : { cwd }),
  };
}

/**
 * The properties of a thread that don't depend on a turn: some set by the user, others reported by
 * the server.
 */
export class ThreadProfile {
  tools: ThreadTools | undefined;
  #settings: KeptSettings = {};
  /** The settings without changes that a request may have made. */
  #certain: KeptSettings | undefined;
  /** Resolves when it is known which settings the thread has. */
  certainty: Promise<void> = Promise.resolve();
  isNew = false;
  isEphemeral = false;
  /** Whether the server has loaded the thread, but may have selected its own machine for its commands. */
  isElsewhere = false;
  cwd: string | undefined;
  /** Where the directory `of` led when a client first used the thread: an agent may replace it with a link later. */
  realCwd: { readonly of: string; readonly path: Promise<string | undefined> } | undefined;
  /** Where the thread's commands run, as last reported, if that isn't the server's own machine. */
  reportedEnvironments: unknown;
  /**
   * The sandbox and the directory that the next turn sets unless it chooses others, for servers and clients that can't
   * set them otherwise.
   */
  turnSettings: TurnSettings = {};
  /** The tokens that the thread has used, as last reported. */
  usage: ThreadTokenUsage | undefined;

  /** The settings to repeat when another process of the server resumes the thread. */
  get settings(): KeptSettings {
    return this.#settings;
  }

  /** Whether a request may have changed the settings. */
  get areInDoubt(): boolean {
    return this.#certain !== undefined;
  }

  /**
   * Applies the answer that opened the thread. `isLoaded`: the server had the thread loaded, so it
   * has ignored the settings, except the environments.
   */
  opened(answer: unknown, { tools, settings, isNew }: ThreadOpening, isLoaded: boolean): void {
    if (isNew) this.isNew = true;
    if (tools) this.tools = tools;
    if (settings) {
      const { environments } = settings;
      this.#change((kept) => (isLoaded ? keptSettings({ ...kept, environments }) : settings));
    }
    if (!isRecord(answer)) return;
    // The environments are selected in a later request.
    this.#reported({ ...answer, sandboxPolicy: answer.sandbox, environments: undefined });
  }

  /** Takes over the environments of the thread whose sub-agent this one is: it has started in them. */
  inherit({ settings: { environments } }: ThreadProfile): void {
    if (environments == null || this.settings.environments != null) return;
    this.#change((kept) => ({ ...kept, environments }));
  }

  /** Notes that a request with these params has changed settings. */
  changed(params: object): void {
    const settings = params as KeptSettings;
    this.#change((kept) => changedBy(kept, settings));
    this.#took(settings);
  }

  #took(settings: KeptSettings): void {
    this.turnSettings = withoutChosen(this.turnSettings, settings);
    if (typeof settings.cwd === "string") this.cwd = settings.cwd;
  }

  /**
   * Notes that a request with these params may have changed settings. They count as changed, unless `undo` restores the earlier
   * ones, with what else has changed since. Must be disposed of. There is one such request at a time.
   */
  presume(params: object): Disposable & { undo(): void } {
    let isUndone = false;
    let resolve = () => {};
    this.certainty = new Promise((certain) => {
      resolve = certain;
    });
    this.#certain = this.#settings;
    this.#settings = changedBy(this.#settings, params as KeptSettings);
    return {
      undo: () => {
        isUndone = true;
        this.#settings = this.#certain ?? this.#settings;
      },
      [Symbol.dispose]: () => {
        this.#certain = undefined;
        if (!isUndone) this.#took(params as KeptSettings);
        resolve();
      },
    };
  }

  /** The params of `turn/start` with `turnSettings`, unless they set others. */
  withTurnSettings<P extends object>(params: P): P {
    return { ...params, ...withoutChosen(this.turnSettings, params) };
  }

  /** Takes a notification about the thread. */
  accept(method: string, { tokenUsage, threadSettings }: Readonly<Record<string, unknown>>): void {
    if (method === "thread/tokenUsage/updated" && isRecord(tokenUsage)) {
      this.usage = tokenUsage as ThreadTokenUsage;
    } else if (method === "thread/settings/updated" && isRecord(threadSettings)) {
      this.#reported(threadSettings);
    }
  }

  /** Takes the settings in effect, which any client may have changed. */
  #reported(settings: KeptSettings): void {
    this.#change((kept) => reportedBy(kept, settings));
    this.#reportedElsewhere(settings.environments);
    if (typeof settings.cwd === "string") this.cwd = settings.cwd;
  }

  #reportedElsewhere(environments: unknown): void {
    this.reportedEnvironments = reportedEnvironments(this.reportedEnvironments, environments);
  }

  inform({ ephemeral, cwd, environments }: Partial<ThreadRecord>): void {
    this.#reportedElsewhere(environments);
    // Until a turn has run in another directory, the thread's record has the old one.
    if (typeof cwd === "string") this.cwd ??= cwd;
    if (typeof ephemeral === "boolean") this.isEphemeral = ephemeral;
  }

  /**
   * Frees what isn't needed any more: only requests that may never be answered still refer to the thread.
   */
  clear(): void {
    this.tools = undefined;
    this.#change(() => ({}));
    this.reportedEnvironments = undefined;
  }

  #change(change: (kept: KeptSettings) => KeptSettings): void {
    this.#settings = change(this.#settings);
    this.#certain &&= change(this.#certain);
  }
}
