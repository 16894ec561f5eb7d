import { afterAll, afterEach, beforeAll } from "vitest";
import type { Codex, CodexWarning, NotificationMethod, protocol } from "../../src/index.ts";
import {
  type Scripted,
  type ScriptedModel,
  type ScriptedOptions,
  startScripted,
} from "../../src/testing/index.ts";

/** One server with a scripted model for all the tests of a file. */
export interface SharedServer {
  readonly codex: Codex;
  readonly model: ScriptedModel;
  readonly home: string;
  readonly cwd: string;
  /** The client's warnings. */
  readonly warnings: CodexWarning[];
}

export function sharedServer(options: ScriptedOptions = {}): SharedServer {
  const { warnings, onWarning } = collectWarnings();
  let scripted: Scripted | undefined;
  const get = (): Scripted => {
    if (scripted) return scripted;
    throw new Error("the shared server runs only while the tests do");
  };
  beforeAll(async () => {
    scripted = await startScripted({ onWarning, ...options });
  });
  // The next test would get the reply of this one.
  afterEach(() => scripted?.model.assertAllRepliesUsed());
  afterAll(async () => {
    await scripted?.[Symbol.asyncDispose]();
  });
  return {
    get codex() {
      return get().codex;
    },
    get model() {
      return get().model;
    },
    get home() {
      return get().home;
    },
    get cwd() {
      return get().cwd;
    },
    warnings,
  };
}

/**
 * Collects warnings, except one about the machine that the tests run on, which may lack a sandbox.
 */
export function collectWarnings() {
  const warnings: CodexWarning[] = [];
  const onWarning = (warning: CodexWarning): void => {
    const { code, message } = warning;
    if (code !== "CONFIG_WARNING" || !message.includes("bubblewrap")) warnings.push(warning);
  };
  return { warnings, onWarning };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The params of the next notification of this method that matches. */
export function nextOf<M extends NotificationMethod>(
  codex: Codex,
  method: M,
  fits: (params: protocol.NotificationParams[M]) => boolean = () => true,
): Promise<protocol.NotificationParams[M]> {
  return new Promise((resolve) => {
    const listening = codex.on(method, (params) => {
      if (!fits(params)) return;
      listening[Symbol.dispose]();
      resolve(params);
    });
  });
}

/** Resolves when the server reports to this client that a thread waits for an approval. */
export function waitsForApproval(codex: Codex): Promise<unknown> {
  return nextOf(
    codex,
    "thread/status/changed",
    ({ status }) => "activeFlags" in status && status.activeFlags.includes("waitingOnApproval"),
  );
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`something other than an Error was thrown: ${String(error)}`);
  }
  throw new Error("nothing was thrown");
}
