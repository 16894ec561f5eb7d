import { Codex, type ServedAppServer, type ServeOptions } from "../../src/index.ts";
import { isolatedHome, scriptedConfig } from "../../src/testing/index.ts";

/** A home for servers that listen; `serve` starts one. */
export interface Serving extends AsyncDisposable {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  serve(options?: Partial<ServeOptions>): Promise<ServedAppServer>;
}

export async function serving(
  listen: (home: string) => string = () => "ws://127.0.0.1:0",
): Promise<Serving> {
  const home = await isolatedHome(scriptedConfig("http://127.0.0.1:1/v1"));
  const serve = (options: Partial<ServeOptions> = {}) =>
    Codex.serve({ listen: listen(home.path), env: home.env, cwd: home.path, ...options });
  return {
    home: home.path,
    env: home.env,
    serve,
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}
