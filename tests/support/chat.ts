import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Codex } from "../../src/index.ts";
import {
  isolatedHome,
  type Reply,
  ScriptedModel,
  scriptedConfig,
} from "../../src/testing/index.ts";
import { chatServer } from "./examples.ts";

/** The example chat on a scripted model. */
export interface Chat extends AsyncDisposable {
  readonly model: ScriptedModel;
  /** The address of the page, without the token. */
  readonly origin: string;
  /** The next link that the server prints. */
  link(): Promise<string>;
}

/** Starts an example chat; with turns, it continues a thread that has run them. */
export async function startChat(
  script: readonly Reply[],
  turns: readonly string[] = [],
  server: string = chatServer,
): Promise<Chat> {
  const model = await ScriptedModel.start();
  const home = await isolatedHome(scriptedConfig(model.url));
  const threadIds = turns.length > 0 ? [await runTurns(turns, model, home.env)] : [];
  model.enqueue(...script);
  const child = spawn(process.execPath, [server, ...threadIds], {
    cwd: home.path,
    env: home.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const link = async () => {
    const { value = "" } = await lines.next();
    return /http:\S+/.exec(value)?.[0] ?? "";
  };
  const first = await link();
  const links = [first];
  return {
    model,
    origin: new URL(first).origin,
    link: async () => links.pop() ?? (await link()),
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      child.kill();
      await ended;
      await model.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

async function runTurns(turns: readonly string[], model: ScriptedModel, env: Env): Promise<string> {
  await using codex = new Codex({ env });
  const thread = await codex.threadStart();
  for (const text of turns) {
    model.enqueue(`Answer to ${text}`);
    await thread.run(text);
  }
  return thread.id;
}

type Env = Readonly<Record<string, string | undefined>>;
