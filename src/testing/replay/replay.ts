import { readTrace } from "../../trace/read-trace.ts";
import type { Endpoint, Transport } from "../../transport/transport.ts";
import { is, milliseconds, requireOptions } from "../../util/checks.ts";
import { type Deferred, deferred } from "../../util/deferred.ts";
import { MadeIds } from "./compare.ts";
import { type Divergence, describeDivergence } from "./divergence.ts";
import { Player } from "./player.ts";
import { connectionsIn, type Step } from "./recording.ts";

export interface ReplayOptions {
  /**
   * How fast the server answers: 1 is the recorded speed, 2 is twice as fast.
   * Default `Infinity`: no pauses.
   */
  readonly speed?: number | undefined;
  /**
   * How long to wait for a message that the client sent in the recording, before it counts as
   * missing and the replay continues. In milliseconds; default 5,000.
   */
  readonly waitMs?: number | undefined;
  /** Names of members that can differ at any depth, such as "cwd" and "model". */
  readonly ignore?: readonly string[] | undefined;
}

const CHECKS = {
  speed: is("a number greater than 0", (value) => typeof value === "number" && value > 0),
  waitMs: milliseconds,
  ignore: is(
    "a list of strings",
    (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  ),
};

const DEFAULT_WAIT_MS = 5_000;
/** Members that may differ: the client's identity may have changed since the recording. */
const MAY_DIFFER = ["clientInfo"];

/**
 * The server of a recording: pass it to a client as `transport`. Ids that the client generates in
 * each run, and values that are masked in the recording, can differ.
 */
export class Replay implements Endpoint {
  readonly name: string;
  readonly outlivesTransport: boolean;
  /** False, because the paths in the recording may be from another machine. */
  readonly sharesFiles = false;
  readonly #connections: readonly (readonly Step[])[];
  readonly #options: ReplayOptions;
  readonly #ids = new MadeIds();
  readonly #divergences: Divergence[] = [];
  readonly #finished: Deferred<void> = deferred();
  #next = 0;

  /** Called by `replay`. */
  constructor(file: string, options: ReplayOptions) {
    requireOptions("replay", options, CHECKS);
    const { header, entries, isCut } = readTrace(file);
    if (isCut) {
      throw new Error(
        `${file} can't be replayed: its beginning was deleted because the trace had reached its maximum size. Record with a larger maxBytes`,
      );
    }
    this.#options = options;
    this.name = `replay of ${header.endpoint.name}`;
    this.outlivesTransport = header.endpoint.outlivesTransport;
    this.#connections = connectionsIn(entries);
  }

  /**
   * The differences between the client and the recording, in the order in which they were found.
   */
  get divergences(): readonly Divergence[] {
    return this.#divergences;
  }

  /** Resolves when the whole recording has been played. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /**
   * Checks that the client did the same as in the recording.
   * @throws Error that lists the divergences, if there are any.
   */
  assertNoDivergence(): void {
    if (this.#divergences.length === 0) return;
    const lines = this.#divergences.map((one) => `- ${describeDivergence(one)}`);
    throw new Error(`The client diverged from the recording:\n${lines.join("\n")}`);
  }

  async connect(signal: AbortSignal): Promise<Transport> {
    signal.throwIfAborted();
    const steps = this.#connections[this.#next++];
    if (steps === undefined)
      throw new Error("The client opened more connections than the recording has");
    const {
      speed = Number.POSITIVE_INFINITY,
      waitMs = DEFAULT_WAIT_MS,
      ignore = [],
    } = this.#options;
    const isLast = this.#next === this.#connections.length;
    return new Player({
      ...{ steps, speed, waitMs, ids: this.#ids },
      ignored: new Set([...MAY_DIFFER, ...ignore]),
      diverged: (divergence) => this.#divergences.push(divergence),
      finished: () => isLast && this.#finished.resolve(),
    });
  }
}

/**
 * Plays the server's part of a trace that a client wrote with the `trace` option: sends the same
 * messages in the same order, each once the client has sent everything that came before it.
 *
 * @throws Error if the file isn't a trace, or its first part was deleted.
 *
 * @example
 * const server = replay("run.jsonl");
 * await using codex = new Codex({ transport: server });
 * const thread = await codex.threadStart();
 * await thread.run("Say hello.");
 * server.assertNoDivergence();
 */
export function replay(file: string, options: ReplayOptions = {}): Replay {
  return new Replay(file, options);
}
