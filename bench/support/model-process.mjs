// The scripted model in a separate process, so that its CPU time isn't attributed to any client.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isolatedHome, ScriptedModel, scriptedConfig, text } from "../../dist/testing/index.js";

const ANSWER = ["I", " have", " looked", " at", " it", ".", " All", " is", " well", "."];

/** @returns {Promise<{ url: string } & AsyncDisposable>} */
export async function startModel() {
  const child = fork(fileURLToPath(import.meta.url), ["serve"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [url] = await once(child, "message");
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

/** A new CODEX_HOME whose server uses the model. */
export function homeFor(model) {
  return isolatedHome(scriptedConfig(model.url));
}

if (process.argv[2] === "serve") {
  const model = await ScriptedModel.start(() => text(ANSWER));
  process.send(model.url);
  process.once("disconnect", () => process.exit(0));
}
