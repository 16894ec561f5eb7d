import { Codex } from "../client/codex.ts";
import type { CodexOptions } from "../client/options.ts";
import { isolatedHome } from "./isolated-home.ts";
import type { Reply } from "./reply.ts";
import { scriptedConfig } from "./scripted-config.ts";
import { type Rule, ScriptedModel } from "./scripted-model.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** The options of a `Codex`, and the script of its model. */
export interface ScriptedOptions extends CodexOptions {
  /** Replies to queue, or a rule that returns them; more can be added to the model later. */
  readonly script?: Rule | readonly Reply[];
}

/**
 * A `Codex` with a scripted model. Closing it or disposing of it stops both and removes their
 * directories. The same happens when the process exits.
 */
export interface Scripted extends AsyncDisposable {
  readonly codex: Codex;
  readonly model: ScriptedModel;
  /** The `CODEX_HOME` of the server. */
  readonly home: string;
  /** The working directory: an empty one, unless the options set another. */
  readonly cwd: string;
  close(): Promise<void>;
}

/**
 * Starts a real app-server with a scripted model, isolated from the user's configuration and login,
 * and without the environment variables that it doesn't need (see `IsolatedHome.env`). The options
 * take precedence over these settings: `env: { MY_VARIABLE: "value" }` adds a variable.
 *
 * @throws LaunchError if the server can't be started; in that case, nothing is left behind.
 *
 * @example
 * await using scripted = await startScripted({ script: ["Hello!"] });
 * const thread = await scripted.codex.threadStart();
 * const { text } = await thread.run("Say hello.");
 */
export async function startScripted(options: ScriptedOptions = {}): Promise<Scripted> {
  const { script, ...given } = options;
  const made: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(resource: T): T => {
    made.unshift(resource);
    return resource;
  };
  try {
    const model = keep(await ScriptedModel.start(script));
    const home = keep(await isolatedHome(scriptedConfig(model.url)));
    const cwd = given.cwd ?? keep(await temporaryDirectory("codex-cwd-")).path;
    const env = { ...home.env, ...given.env };
    const codex = keep(await Codex.start({ ...given, cwd, env }));
    const close = () => dispose(made);
    return { codex, model, home: home.path, cwd, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await dispose(made);
    throw error;
  }
}

/** Disposes of all resources in order, even if one fails. */
async function dispose([first, ...rest]: readonly AsyncDisposable[]): Promise<void> {
  try {
    await first?.[Symbol.asyncDispose]();
  } finally {
    if (rest.length > 0) await dispose(rest);
  }
}
