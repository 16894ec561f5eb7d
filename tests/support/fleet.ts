import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Fleet, type FleetOptions } from "../../src/fleet/index.ts";
import { type Reply, type Rule, ScriptedModel } from "../../src/testing/index.ts";
import { startRedis, type TestRedis } from "./redis.ts";

const program = fileURLToPath(new URL("./fleet-worker.mjs", import.meta.url));

export interface WorkerSettings {
  readonly id?: string;
  readonly connection?: string;
  readonly concurrency?: number;
  readonly lockMs?: number;
  readonly tenantTurns?: number;
  readonly rateLimit?: { readonly max: number; readonly durationMs: number };
  readonly maxAttempts?: number;
  readonly keepMs?: number;
  readonly encryptionKey?: string;
  /** One server for each tenant, instead of one for all. */
  readonly isPooled?: boolean;
  /** How many servers the pool runs at once. Default 8. */
  readonly maxServers?: number;
  readonly deadlineMs?: number;
  /** How many threads stay loaded after their turns. */
  readonly warmThreads?: number;
  /** The home of its server, instead of one of its own. */
  readonly sharedHome?: string;
  /** Each turn works in a clone of this repository, on its branch "work". */
  readonly repository?: string;
}

/** A worker process. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly id: string;
  readonly warnings: { code: string; message: string }[] = [];

  constructor(child: ChildProcess, id: string) {
    this.child = child;
    this.id = id;
    child.on("message", (message: { warning?: { code: string; message: string } }) => {
      if (message.warning) this.warnings.push(message.warning);
    });
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.isRunning) return this.child.exitCode;
    const exited = once(this.child, "exit");
    this.child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
}

/** A Redis, a scripted model and any number of worker processes, which die with the test. */
export class TestFleet implements AsyncDisposable {
  readonly redis: TestRedis;
  readonly model: ScriptedModel;
  readonly folder: string;
  readonly name: string;
  readonly workers: WorkerProcess[] = [];
  readonly #fleets: Fleet[] = [];

  private constructor(redis: TestRedis, model: ScriptedModel, folder: string) {
    this.redis = redis;
    this.model = model;
    this.folder = folder;
    this.name = `t${process.pid}-${folder.slice(-6)}`;
  }

  static async start(script?: Rule | readonly Reply[]): Promise<TestFleet> {
    const folder = await mkdtemp(join(tmpdir(), "codex-fleet-"));
    const model = await ScriptedModel.start(script);
    return new TestFleet(await startRedis(), model, folder);
  }

  fleet(options: Partial<FleetOptions> = {}): Fleet {
    const fleet = new Fleet({ connection: this.redis.url, name: this.name, ...options });
    this.#fleets.push(fleet);
    return fleet;
  }

  async worker(settings: WorkerSettings = {}): Promise<WorkerProcess> {
    const { isPooled = false, deadlineMs = 1_000, ...options } = settings;
    const given = {
      ...{
        connection: this.redis.url,
        name: this.name,
        model: this.model.url,
        folder: this.folder,
      },
      ...(isPooled ? { homes: join(this.folder, "homes") } : {}),
      ...options,
    };
    const child = fork(program, [JSON.stringify(given)], {
      execArgv: [],
      env: { ...process.env, TMPDIR: this.folder, FLEET_DEADLINE_MS: String(deadlineMs) },
    });
    const failed = once(child, "exit").then(() =>
      Promise.reject(new Error("the worker has ended")),
    );
    const ready = new Promise<string>((resolve) => {
      child.on("message", (message: { ready?: string }) => message.ready && resolve(message.ready));
    });
    const worker = new WorkerProcess(child, await Promise.race([ready, failed]));
    failed.catch(() => {});
    this.workers.push(worker);
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#fleets.map((fleet) => fleet.close()));
    await Promise.all(this.workers.map((worker) => worker.end("SIGKILL")));
    await this.model[Symbol.asyncDispose]();
    await this.redis[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
