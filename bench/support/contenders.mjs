// The clients that run turns on a real server, all under the same conditions: each with its own
// CODEX_HOME and working directory, and the same native binary.
import { Codex } from "../../dist/index.js";
import { CodexSync } from "../../dist/sync/index.js";
import { BareClient } from "./bare-client.mjs";
import { appServer, codexBinary } from "./server.mjs";

const INPUT = "Have a look at it.";

/**
 * A client with a thread: `turn()` runs a turn on it, `newThread()` the first turn of another
 * thread.
 */
export async function ours({ home }) {
  const codex = await Codex.start({ env: home.env, cwd: home.path });
  const thread = await codex.threadStart();
  return {
    turn: () => thread.run(INPUT),
    newThread: async () => (await codex.threadStart()).run(INPUT),
    close: () => codex.close(),
  };
}

/** The same with the blocking client. */
export function blocking({ home }) {
  const codex = new CodexSync({ env: home.env, cwd: home.path });
  const thread = codex.threadStart();
  return {
    turn: () => thread.run(INPUT),
    newThread: () => codex.threadStart().run(INPUT),
    close: async () => codex.close(),
  };
}

export async function bare({ home }) {
  const client = await BareClient.start({ ...appServer, env: home.env, cwd: home.path });
  const threadId = await client.startThread();
  return {
    turn: () => client.runTurn(threadId, INPUT),
    newThread: async () => client.runTurn(await client.startThread(), INPUT),
    close: () => client.close(),
  };
}

/** `@openai/codex-sdk`: one process per turn. */
export function codexSdkOn({ home, sdk }) {
  const env = { ...process.env, ...home.env };
  const client = new sdk.Codex({ codexPathOverride: codexBinary, env });
  const options = { workingDirectory: home.path, skipGitRepoCheck: true };
  const thread = client.startThread(options);
  return {
    turn: () => thread.run(INPUT),
    newThread: () => client.startThread(options).run(INPUT),
    close: async () => {},
  };
}
