import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Codex } from "../../src/index.ts";
import { serverEnvironment } from "../../src/process/environment.ts";
import { findCodexBinary } from "../../src/process/find-binary.ts";
import { isolatedHome } from "../../src/testing/index.ts";

/** An exec server in which commands can run: it has the variable `BOX`. Disposing of it stops it. */
export interface Box extends AsyncDisposable {
  /** Makes the server know it as the environment "box". */
  addTo(codex: Codex): Promise<unknown>;
}

/** The option that makes a thread run its commands in the box. */
export const IN_BOX = { environments: [{ environmentId: "box", cwd: "/tmp" }] };

/** Prints where it runs. */
export const WHERE = 'echo "in $BOX, $PWD"';

export async function startBox(): Promise<Box> {
  const home = await isolatedHome();
  const env = serverEnvironment({ ...home.env, BOX: "the box" });
  const args = ["exec-server", "--listen", "ws://127.0.0.1:0"];
  const server = spawn(findCodexBinary(), args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const [execServerUrl] = (await once(createInterface(server.stdout), "line")) as [string];
  return {
    addTo: (codex) => codex.request("environment/add", { environmentId: "box", execServerUrl }),
    async [Symbol.asyncDispose]() {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
      await home[Symbol.asyncDispose]();
    },
  };
}
