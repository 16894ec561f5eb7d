import { Codex, type CodexOptions, type ServedAppServer, websocket } from "../../src/index.ts";
import {
  type ConfigTable,
  isolatedHome,
  type Reply,
  type Rule,
  ScriptedModel,
  scriptedConfig,
} from "../../src/testing/index.ts";

/** A real app-server that listens, on a scripted model. Disposing of it stops everything. */
export interface Served extends AsyncDisposable {
  readonly server: ServedAppServer;
  readonly model: ScriptedModel;
  readonly port: number;
  /** A client of it, through another port if one is given. */
  client(options?: CodexOptions, port?: number): Codex;
}

export async function startServed(
  script?: Rule | readonly Reply[],
  listen = "ws://127.0.0.1:0",
  config: ConfigTable = {},
): Promise<Served> {
  const model = await ScriptedModel.start(script);
  const home = await isolatedHome({ ...scriptedConfig(model.url), ...config });
  const server = await Codex.serve({ listen, env: home.env, cwd: home.path });
  const clients: Codex[] = [];
  const ownPort = Number(/:(\d+)$/.exec(server.address)?.[1] ?? 0);
  return {
    server,
    model,
    port: ownPort,
    client(options, port) {
      const { token } = server;
      const transport = port ? websocket(`ws://127.0.0.1:${port}`, { token }) : server.endpoint();
      const codex = new Codex({ transport, ...options });
      clients.push(codex);
      return codex;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await server.close();
      await model.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Resolves when the client is connected again. */
export function reconnected(codex: Codex): Promise<void> {
  return new Promise((resolve) => {
    const listening = codex.onStatus(({ state }) => {
      if (state !== "ready") return;
      listening[Symbol.dispose]();
      resolve();
    });
  });
}
