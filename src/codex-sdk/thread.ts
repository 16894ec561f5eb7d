import { setSandbox } from "../client/start-sandbox.ts";
import type { Thread as NativeThread } from "../client/thread.ts";
import type { JsonValue } from "../protocol/index.ts";
import { checkSignal } from "../util/abort.ts";
import type { ThreadEvent, Usage } from "./events.ts";
import { execFailure } from "./failures.ts";
import { findThread } from "./find-thread.ts";
import type { ThreadItem } from "./items.ts";
import type { CyberAccessProgram, Input, ThreadOptions, TurnOptions } from "./options.ts";
import { promptOf } from "./prompt.ts";
import { runTurn } from "./run-turn.ts";
import type { Server } from "./server.ts";
import { threadSettings } from "./thread-settings.ts";

/** A turn that has completed. */
export interface Turn {
  items: ThreadItem[];
  /** The text of the agent's last message. */
  finalResponse: string;
  /** The tokens that the thread has used so far. */
  usage: Usage | null;
}

export type RunResult = Turn;

export interface StreamedTurn {
  /** Reading the first event starts the turn; leaving the loop interrupts it. */
  events: AsyncGenerator<ThreadEvent>;
}

export type RunStreamedResult = StreamedTurn;

/** The parts of a `Codex` that a thread needs; not public. */
export interface ThreadInternals {
  readonly server: Server;
  /** JavaScript programs also pass null. */
  readonly options: ThreadOptions | null;
  readonly id: string | null;
}

/**
 * A conversation with the agent, as in `@openai/codex-sdk`. Created by `Codex.startThread` and
 * `Codex.resumeThread`.
 */
export class Thread {
  readonly #server: Server;
  readonly #options: ThreadOptions;
  #id: string | null;
  /** A pending call to `native`. Concurrent calls share it, so that they start only one thread. */
  #opening: Promise<NativeThread> | undefined;

  constructor({ server, options, id }: ThreadInternals) {
    this.#server = server;
    this.#options = options ?? {};
    this.#id = id;
  }

  /** Null until the first turn has started. */
  get id(): string | null {
    return this.#id;
  }

  /**
   * Runs a turn, and yields its events as they arrive. Nothing happens until the first event is
   * read.
   */
  async runStreamed(input: Input, turnOptions: TurnOptions = {}): Promise<StreamedTurn> {
    return { events: this.#events(input, turnOptions) };
  }

  /**
   * Runs a turn, and resolves when it has completed.
   * @throws Error with the server's message if the turn fails; AbortError if the signal aborts.
   */
  async run(input: Input, turnOptions: TurnOptions = {}): Promise<Turn> {
    const turn: Turn = { items: [], finalResponse: "", usage: null };
    for await (const event of this.#events(input, turnOptions)) {
      if (event.type === "item.completed") {
        turn.items.push(event.item);
        if (event.item.type === "agent_message") turn.finalResponse = event.item.text;
      }
      if (event.type === "turn.completed") turn.usage = event.usage;
      if (event.type === "turn.failed") throw new Error(event.error.message);
    }
    return turn;
  }

  /**
   * Returns the thread of the underlying client, for everything that this class doesn't have:
   * approvals, tools, input for a running turn, history. It is started or resumed if necessary, and
   * stays loaded.
   */
  native(): Promise<NativeThread> {
    this.#opening ??= this.#openNative().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #openNative(): Promise<NativeThread> {
    const { client, threads } = this.#server.running;
    const settings = threadSettings(this.#options);
    const id = this.#id === null ? undefined : await findThread(client, this.#id, settings);
    const lease =
      id === undefined
        ? await threads.start(settings, this.#source, undefined)
        : await threads.resume(id, settings, undefined);
    this.#id = lease.thread.id;
    threads.pin(lease.thread.id);
    const { thread, sandbox } = lease;
    try {
      await setSandbox(thread, sandbox);
      return thread;
    } finally {
      lease.release();
    }
  }

  get #source(): string {
    return this.#options.threadSource ?? "user";
  }

  async *#events(input: Input, options: TurnOptions): AsyncGenerator<ThreadEvent, void> {
    const { outputSchema, cyberAccessProgram, signal } = options;
    checkSignal(signal);
    const schema = outputSchema === undefined ? undefined : plainSchema(outputSchema);
    const settings = threadSettings(this.#options);
    const turn = {
      input: promptOf(input),
      cwd: settings.cwd,
      approvalPolicy: "never" as const,
      turnTrigger: "exec",
      ...(schema !== undefined && { outputSchema: schema }),
      ...(cyberAccessProgram !== undefined && {
        cyberAccessProgram: cyberAccess(cyberAccessProgram),
      }),
    };
    const events = runTurn({
      server: this.#server,
      threadId: this.#id,
      settings,
      threadSource: this.#source,
      turn,
      signal,
    });
    for await (const event of events) {
      if (event.type === "thread.started") this.#id = event.thread_id;
      yield event;
    }
  }
}

const CYBER_ACCESS = {
  standard: "standard",
  daybreak_blue: "daybreakBlue",
  daybreak_red: "daybreakRed",
} as const;

function cyberAccess(program: CyberAccessProgram): (typeof CYBER_ACCESS)[CyberAccessProgram] {
  if (Object.hasOwn(CYBER_ACCESS, program)) return CYBER_ACCESS[program];
  const known = Object.keys(CYBER_ACCESS).join(", ");
  throw execFailure(`cyberAccessProgram must be one of ${known}, not ${program}`, "code 2");
}

/** @throws TypeError if the schema can't be represented as JSON. */
function plainSchema(schema: unknown): JsonValue {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    throw new Error("outputSchema must be a plain JSON object");
  }
  return JSON.parse(JSON.stringify(schema)) as JsonValue;
}
