import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { Codex, type CodexOptions, type CodexWarning } from "codex-app-server";
import { CodexSync, type CodexSyncOptions } from "codex-app-server/sync";
import { type IsolatedHome, isolatedHome, scriptedConfig } from "codex-app-server/testing";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { ModelProcess } from "./model-process.ts";

const TEST_LIMIT_MS = 25_000;

/** Creates clients of one of the two kinds. */
export interface Driver {
  readonly name: string;
  /** Typed as `Codex` for both: the tests await every result, and `await` returns other values as they are. */
  client(options: CodexOptions): Codex;
}

export const drivers: readonly Driver[] = [
  { name: "Codex", client: (options) => new Codex(options) },
  {
    name: "CodexSync",
    client: (options) => new CodexSync(options as CodexSyncOptions) as unknown as Codex,
  },
];

/** A model in another process and the options of its clients, for all tests of a file. */
export interface Bench {
  readonly model: ModelProcess;
  readonly home: string;
  readonly cwd: string;
  readonly options: CodexOptions;
}

export function bench(): Bench {
  let model: ModelProcess;
  let home: IsolatedHome;
  let cwd: string;
  endBlockedTests();
  beforeAll(async () => {
    model = await ModelProcess.start();
    home = await isolatedHome(scriptedConfig(model.url));
    cwd = realpathSync(mkdtempSync(path.join(tmpdir(), "codex-cwd-")));
  });
  afterAll(async () => {
    await model[Symbol.asyncDispose]();
    await home[Symbol.asyncDispose]();
    rmSync(cwd, { recursive: true, force: true });
  });
  return {
    get model() {
      return model;
    },
    get home() {
      return home.path;
    },
    get cwd() {
      return cwd;
    },
    get options() {
      return { env: home.env, cwd };
    },
  };
}

/**
 * Ends a test that blocks for too long, as Ctrl-C would: the runner's own time limit needs the
 * blocked thread.
 */
export function endBlockedTests(): void {
  const code = `
    let timer;
    require("node:worker_threads").parentPort.on("message", (ms) => {
      clearTimeout(timer);
      if (ms) timer = setTimeout(() => process.kill(process.pid, "SIGINT"), ms);
    });`;
  const listen = () => {};
  let watch: Worker;
  beforeAll(() => {
    process.on("SIGINT", listen);
    watch = new Worker(code, { eval: true });
  });
  beforeEach(() => watch.postMessage(TEST_LIMIT_MS));
  afterEach(() => watch.postMessage(0));
  afterAll(async () => {
    await watch.terminate();
    process.off("SIGINT", listen);
  });
}

/** Blocking clients of a bench for the tests of a file. */
export interface SyncClients {
  /** A client that all tests share. */
  readonly shared: CodexSync;
  /** The shared client's warnings during this test. */
  readonly warnings: readonly CodexWarning[];
  /** Another client. Close it. */
  client(options?: CodexSyncOptions): CodexSync;
}

export function syncClients(bench: Bench): SyncClients {
  const warnings: CodexWarning[] = [];
  const client = (options: CodexSyncOptions = {}) =>
    new CodexSync({ ...(bench.options as CodexSyncOptions), ...options });
  let shared: CodexSync;
  beforeAll(() => {
    shared = client({ onWarning: (warning) => warnings.push(warning) });
  });
  afterAll(() => shared.close());
  afterEach(async () => {
    warnings.length = 0;
    await bench.model.forget();
  });
  return {
    get shared() {
      return shared;
    },
    warnings,
    client,
  };
}

let names = 0;

/** A name that no other test of the file has used. */
export function fresh(word: string): string {
  return `${word}-${++names}`;
}

/** The error that a blocking call throws. */
export function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`something other than an Error was thrown: ${String(error)}`);
  }
  throw new Error("nothing was thrown");
}
