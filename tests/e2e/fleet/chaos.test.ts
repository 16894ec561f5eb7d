import { expect, it } from "vitest";
import type { Fleet, FleetTurn } from "../../../src/fleet/index.ts";
import type { TurnResult } from "../../../src/index.ts";
import { delay, reply } from "../../../src/testing/index.ts";
import { TestFleet, type WorkerProcess } from "../../support/fleet.ts";
import { randomOf } from "../../support/random.ts";
import { describeWithOwnRedis } from "../../support/redis.ts";
import { type Relay, startRelay } from "../../support/relay.ts";

/** `npm run test:nightly` sets more. */
const RUNS = Number(process.env.CHAOS_RUNS ?? 1);
const TURNS = Number(process.env.CHAOS_TURNS ?? 40);
const SEED = Number(process.env.CHAOS_SEED ?? 1);
const THREADS = Math.ceil(0.3 * TURNS);
const WORKERS = 3;
const LIMIT_MS = 180_000;
/** The longest time between two submissions; chaos continues in the meantime. */
const PACE_MS = 200;

const LOCK = { lockMs: 1_500, concurrency: 6, maxAttempts: 50 };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Submitted {
  readonly thread: string;
  readonly input: string;
  readonly turn: FleetTurn;
}

/** Kills, pauses and disconnects workers until it is stopped. */
class Chaos {
  readonly #test: TestFleet;
  readonly #relay: Relay;
  readonly #below: (limit: number) => number;
  readonly #workers: WorkerProcess[] = [];
  readonly #resuming = new Set<Promise<unknown>>();
  #isOver = false;
  readonly done: Record<string, number> = {};

  constructor(test: TestFleet, relay: Relay, below: (limit: number) => number) {
    this.#test = test;
    this.#relay = relay;
    this.#below = below;
  }

  async run(): Promise<void> {
    for (let count = 0; count < WORKERS; count++) await this.#start();
    for (let round = 1; !this.#isOver; round++) {
      await pause(100 + this.#below(600));
      if (this.#isOver) return;
      // At least once in each run.
      if (round === 4) await this.#restartRedis();
      else if (round === 2) this.#pauseWorker();
      else await this.#anything();
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#resuming);
  }

  async #anything(): Promise<void> {
    switch (this.#below(4)) {
      case 0:
      case 1:
        return this.#kill();
      case 2:
        this.#count("cut");
        this.#relay.cut();
        return;
      default:
        this.#pauseWorker();
    }
  }

  async #start(): Promise<void> {
    const connection = `redis://127.0.0.1:${this.#relay.port}`;
    this.#workers.push(await this.#test.worker({ ...LOCK, connection }));
  }

  async #kill(): Promise<void> {
    const [worker] = this.#workers.splice(this.#below(this.#workers.length), 1);
    this.#count("kill");
    await worker?.end("SIGKILL");
    await this.#start();
  }

  /** Longer than its lock, so other workers take over its turns, and this worker isn't notified. */
  #pauseWorker(): void {
    const worker = this.#workers[this.#below(this.#workers.length)];
    if (!worker) return;
    this.#count("pause");
    worker.child.kill("SIGSTOP");
    const resuming = pause(2_000 + this.#below(2_000)).then(() => {
      worker.child.kill("SIGCONT");
      this.#resuming.delete(resuming);
    });
    this.#resuming.add(resuming);
  }

  async #restartRedis(): Promise<void> {
    this.#count("redis");
    await (this.#below(2) === 0 ? this.#test.redis.stop() : this.#test.redis.kill());
    await pause(this.#below(2_500));
    await this.#test.redis.start();
  }

  #count(what: string): void {
    this.done[what] = (this.done[what] ?? 0) + 1;
  }
}

/** The messages of users and of the model in a thread, as the model received them. */
async function history(test: TestFleet, fleet: Fleet, thread: string): Promise<string[]> {
  const probe = `probe ${thread}`;
  const turn = await fleet.run(probe, { thread, onWorkerLost: "retry" });
  (await turn.run({ timeoutMs: LIMIT_MS })).throwIfFailed();
  const request = test.model.requests.findLast(({ userText }) => userText === probe);
  return (request?.input ?? [])
    .flatMap(({ role, content }) => (role === "developer" ? [] : (content as { text: string }[])))
    .map(({ text }) => text)
    .filter((text) => /^(echo )?turn \d+$/.test(text));
}

async function readToEnd({ turn }: Submitted): Promise<string[]> {
  const ids: string[] = [];
  const methods: string[] = [];
  for await (const { id, method } of turn.stream({ timeoutMs: LIMIT_MS })) {
    ids.push(id);
    methods.push(method);
  }
  const numbers = ids.map((id) => id.split("-").map(Number));
  const sorted = numbers.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
  expect(numbers).toEqual(sorted);
  expect(new Set(ids).size).toBe(ids.length);
  return methods;
}

describeWithOwnRedis("a fleet in chaos", () => {
  for (let run = 0; run < RUNS; run++) {
    const seed = SEED + run;
    it(
      `gives every turn one ending, in order, with complete histories (seed ${seed})`,
      async () => {
        const next = randomOf(seed);
        const below = (limit: number) => Math.floor(limit * next());
        await using test = await TestFleet.start(({ userText }) =>
          reply(delay(below(400)), `echo ${userText}`, delay(below(600))),
        );
        await using relay = await startRelay(test.redis.port);
        const fleet = test.fleet({
          connection: `redis://127.0.0.1:${relay.port}`,
          onWarning: () => {},
        });
        const chaos = new Chaos(test, relay, below);
        const raging = chaos.run();
        const submitted: Submitted[] = [];
        for (let count = 0; count < TURNS; count++) {
          const thread = `thread ${below(THREADS)}`;
          const isRetried = Number(thread.slice(7)) % 2 === 0;
          const input = `turn ${count}`;
          const turn = await fleet.run(input, {
            ...{ thread, onWorkerLost: isRetried ? "retry" : "interrupt" },
          });
          submitted.push({ thread, input, turn });
          await pause(below(PACE_MS));
        }
        const ends = (one: Submitted) =>
          Promise.all([one.turn.run({ timeoutMs: LIMIT_MS }), readToEnd(one)]);
        const results = await Promise.all(submitted.map(ends));
        await chaos.stop();
        await raging;

        const fresh = test.fleet();
        const interrupted = new Set<string>();
        for (const [index, { thread, input, turn }] of submitted.entries()) {
          const [result, methods] = results[index] as [TurnResult, string[]];
          const again = await fresh.turn(turn.id).run({ timeoutMs: LIMIT_MS });
          expect(again).toEqual(result);
          if (result.status === "interrupted") interrupted.add(input);
          else
            expect(result, `${input} on ${thread}`).toMatchObject({
              status: "completed",
              text: `echo ${input}`,
            });
          expect(methods.at(-1)).toBe("turn/completed");
          expect(methods.filter((method) => method === "turn/completed")).toHaveLength(1);
        }
        const checks = [...new Set(submitted.map((one) => one.thread))].map(async (thread) => {
          const said = await history(test, fresh, thread);
          const inputs = submitted.filter((one) => one.thread === thread).map(({ input }) => input);
          const messages = said.filter((text) => text.startsWith("turn"));
          expect(messages, thread).toEqual(inputs);
          const expected = inputs
            .filter((input) => !interrupted.has(input))
            .map((input) => `echo ${input}`);
          const answers = said.filter((text) => expected.includes(text));
          expect(answers, thread).toEqual(expected);
        });
        await Promise.all(checks);
        // The jobs of turns that have ended are done when they are delivered for the last time.
        const idle = { running: 0, waiting: 0, delayed: 0, stuck: [] };
        await expect.poll(() => fresh.status(), { timeout: 60_000 }).toMatchObject(idle);
        console.log(
          `chaos ${seed}: ${TURNS} turns, ${interrupted.size} interrupted;`,
          Object.entries(chaos.done)
            .map(([what, times]) => `${what} ${times}`)
            .join(", "),
        );
      },
      2 * LIMIT_MS,
    );
  }
});
