import { execFileSync } from "node:child_process";
import { onTestFinished } from "vitest";
import {
  Codex,
  type CodexOptions,
  type Thread,
  type ThreadEvent,
} from "../../src/codex-sdk/index.ts";
import type { ThreadOptions } from "../../src/codex-sdk/options.ts";
import {
  type ConfigTable,
  isolatedHome,
  type Reply,
  type Rule,
  ScriptedModel,
  scriptedConfig,
} from "../../src/testing/index.ts";
import { temporaryDirectory } from "../../src/testing/temporary-directory.ts";

/** Everything for programs of the drop-in: a scripted model, a home, and a Git repository. */
export interface DropIn {
  readonly model: ScriptedModel;
  readonly home: string;
  readonly cwd: string;
  readonly env: Record<string, string>;
  codex(options?: CodexOptions): Codex;
  thread(options?: ThreadOptions, codexOptions?: CodexOptions): Thread;
}

/** Starts them for one test; the servers are closed after it. */
export async function dropIn(
  script: Rule | readonly Reply[] = [],
  config: ConfigTable = {},
): Promise<DropIn> {
  const model = await ScriptedModel.start(script);
  onTestFinished(() => model.close());
  const home = await isolatedHome({ ...scriptedConfig(model.url), ...config });
  onTestFinished(() => home[Symbol.asyncDispose]());
  const folder = await temporaryDirectory("codex-sdk-");
  onTestFinished(() => folder[Symbol.asyncDispose]());
  execFileSync("git", ["init", "-q"], { cwd: folder.path });
  const all = Object.entries({ ...process.env, ...home.env });
  const env = Object.fromEntries(
    all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const codex = (options: CodexOptions = {}) => {
    const made = new Codex({ env, ...options });
    onTestFinished(() => made.native().close());
    return made;
  };
  const thread = (options: ThreadOptions = {}, codexOptions: CodexOptions = {}) =>
    codex(codexOptions).startThread({ workingDirectory: folder.path, ...options });
  return { model, home: home.path, cwd: folder.path, env, codex, thread };
}

/** All events of one run. */
export async function eventsOf(
  thread: Thread,
  ...args: Parameters<Thread["runStreamed"]>
): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of (await thread.runStreamed(...args)).events) events.push(event);
  return events;
}
