import { join } from "node:path";
import { Codex, type CodexOptions, proxy } from "../../src/index.ts";
import {
  isolatedHome,
  type Reply,
  type Rule,
  ScriptedModel,
  scriptedConfig,
} from "../../src/testing/index.ts";
import { temporaryDirectory } from "../../src/testing/temporary-directory.ts";
import { type Served, startServed } from "./served.ts";

/** A way to reach a real server on a scripted model, over any transport. */
export interface Route extends AsyncDisposable {
  readonly model: ScriptedModel;
  client(options?: CodexOptions): Codex;
}

type Script = Rule | readonly Reply[];

async function overStdio(script?: Script): Promise<Route> {
  const model = await ScriptedModel.start(script);
  const home = await isolatedHome(scriptedConfig(model.url));
  const clients: Codex[] = [];
  return {
    model,
    client(options) {
      const codex = new Codex({ env: home.env, cwd: home.path, ...options });
      clients.push(codex);
      return codex;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await model.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** A server on a Unix socket in a separate directory, and the path of the socket. */
export async function startOnSocket(script?: Script): Promise<Served & { readonly sock: string }> {
  const folder = await temporaryDirectory("codex-sock-");
  const sock = join(folder.path, "s.sock");
  const served = await startServed(script, `unix://${sock}`);
  return {
    ...served,
    sock,
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function overProxy(script?: Script): Promise<Route> {
  const served = await startOnSocket(script);
  const { sock } = served;
  return {
    model: served.model,
    client: (options) => served.client({ transport: proxy({ sock }), ...options }),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

/** Every transport over which a real server can be reached. */
export const routes: Readonly<Record<string, (script?: Script) => Promise<Route>>> = {
  stdio: overStdio,
  websocket: startServed,
  unix: startOnSocket,
  proxy: overProxy,
};
