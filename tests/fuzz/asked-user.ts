import type { Codex, PendingRequest } from "../../src/index.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { Policy } from "./policy.ts";
import type { Random } from "./random.ts";

interface Parts {
  readonly random: Random;
  readonly server: MisbehavingServer;
  readonly client: () => Codex;
}

/** The options that the server counts as an acceptance or a refusal. */
const CLEAR: readonly string[] = ["accept", "acceptWithExecpolicyAmendment", "decline", "cancel"];

/** A user who answers pending requests: soon, late, twice, wrongly or never. */
export class AskedUser {
  readonly #parts: Parts;
  readonly #decided: Policy["decided"];
  /** The user's first choice, by request: a second answer is refused, even while the first waits. */
  readonly #chosen = new Map<string, "accept" | "decline">();
  #isListening = false;

  constructor(parts: Parts, decided: Policy["decided"]) {
    this.#parts = parts;
    this.#decided = decided;
  }

  /** The return value of a rule that leaves a request to the user, who listens from now on. */
  ask(): "ask" {
    if (!this.#isListening) this.#listen();
    return "ask";
  }

  #listen(): void {
    this.#isListening = true;
    const { requests } = this.#parts.client();
    requests.on("added", (request) => this.#plan(request));
    requests.on("settled", (request, reason) => {
      const chosen = this.#chosen.get(request.id);
      this.#chosen.delete(request.id);
      // Before the answer is sent.
      if (reason === "answered") this.#decided.set(askIdOf(request), chosen);
    });
  }

  #plan(request: PendingRequest): void {
    const { random, server } = this.#parts;
    const askId = askIdOf(request);
    this.#decided.set(askId, undefined);
    // It may never be answered: it then waits until the server withdraws it.
    server.asks.hangs(askId);
    const times = random.weighted({ 0: 1, 1: 5, 2: 2 });
    for (let n = 0; n < Number(times); n++) {
      const ms = random.between(0, 400);
      server.clock.after(ms, () => void this.#answer(request).catch(() => {}));
    }
  }

  async #answer(request: PendingRequest): Promise<void> {
    const { random, server, client } = this.#parts;
    const { requests } = client();
    const copy = JSON.parse(JSON.stringify(request)) as PendingRequest;
    if (random.chance(0.2)) await requests.answer(copy.id, "yes").catch(() => {});
    const clear = copy.options.filter(({ id }) => CLEAR.includes(id));
    const option = random.pick(clear);
    const isPending = requests.get(copy.id) !== undefined;
    if (!this.#chosen.has(copy.id)) {
      this.#chosen.set(copy.id, option.effect === "accept" ? "accept" : "decline");
    }
    try {
      await requests.answer(copy.id, option.id);
      if (!isPending) server.fault(`[pending] ${copy.id} was answered although it is settled`);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== "REQUEST_SETTLED") server.fault(`[pending] ${copy.id}: ${String(error)}`);
    }
  }
}

/**
 * The server puts the id of its request into a member that no description knows, so every
 * description shows it.
 */
function askIdOf({ detail }: PendingRequest): unknown {
  return JSON.parse(detail.find(({ label }) => label === "askId")?.text ?? "null");
}
