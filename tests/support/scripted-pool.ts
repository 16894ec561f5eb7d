import path from "node:path";
import { onTestFinished } from "vitest";
import type { CodexOptions } from "../../src/index.ts";
import { CodexPool, type CodexPoolOptions } from "../../src/pool/index.ts";
import { isolatedHome, type Rule, ScriptedModel, scriptedConfig } from "../../src/testing/index.ts";
import { temporaryDirectory } from "../../src/testing/temporary-directory.ts";
import { collectWarnings } from "./e2e.ts";

export interface ScriptedPool {
  readonly pool: CodexPool;
  readonly model: ScriptedModel;
  /** The folder of the homes. */
  readonly homes: string;
  /** The working directory of the servers. */
  readonly cwd: string;
}

interface ScriptedPoolOptions extends Partial<CodexPoolOptions> {
  /** Further options of the clients; `config` is added to that of the scripted model. */
  readonly codexOptions?: (key: string, home: string) => CodexOptions;
}

/** A pool of real servers on one scripted model, until the test has ended. */
export async function scriptedPool(
  script: Rule,
  { codexOptions = () => ({}), ...options }: ScriptedPoolOptions = {},
): Promise<ScriptedPool> {
  const model = await ScriptedModel.start(script);
  const directory = await temporaryDirectory("pool-");
  const other = await isolatedHome();
  const homes = path.join(directory.path, "homes");
  const cwd = directory.path;
  const { CODEX_HOME: _, ...env } = other.env;
  const { onWarning } = collectWarnings();
  const codex = (key: string, home: string) => {
    const given = codexOptions(key, home);
    const config = { ...scriptedConfig(model.url), ...given.config };
    return { env, cwd, onWarning, ...given, config };
  };
  const pool = new CodexPool({ home: homes, codex, ...options });
  onTestFinished(async () => {
    await pool.close();
    await Promise.all([model.close(), directory.close(), other.close()]);
  });
  return { pool, model, homes, cwd };
}
