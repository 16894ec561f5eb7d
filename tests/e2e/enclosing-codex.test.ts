import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { Codex } from "../../src/index.ts";
import { spawnAppServer } from "../../src/process/app-server-process.ts";
import { command, startScripted } from "../../src/testing/index.ts";
import { serving } from "../support/serving.ts";

/** The variables that a server sets for its commands, read from the environment of one command. */
async function setForCommands(): Promise<Record<string, string>> {
  await using scripted = await startScripted({ script: [command("env"), "done"] });
  const thread = await scripted.codex.threadStart({
    sandbox: "read-only",
    approvalPolicy: "never",
  });
  await thread.run("go");
  const lines = scripted.model.requests[1]?.lastOutput?.split("\n") ?? [];
  const variables = lines.flatMap((line) => {
    const [, name = "", value = ""] = /^(CODEX_\w+)=(.*)$/.exec(line) ?? [];
    return name === "" ? [] : [[name, value]];
  });
  return Object.fromEntries(variables);
}

const PRINT = "console.log(JSON.stringify(process.env))";
const OWN = ["CODEX_HOME", "CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG"];

describe("a program that runs inside a Codex", () => {
  it("passes none of that Codex's variables to its own server", async () => {
    const set = Object.keys(await setForCommands()).filter((name) => !OWN.includes(name));
    expect(set).toContain("CODEX_THREAD_ID");
    const launched = [
      "CODEX_INTERNAL_ORIGINATOR_OVERRIDE",
      "CODEX_SANDBOX",
      "CODEX_MANAGED_BY_NPM",
    ];
    const all = [...set, ...launched, "CODEX_SANDBOX_NETWORK_DISABLED"];
    for (const name of all) vi.stubEnv(name, `outer ${name}`);
    const server = await spawnAppServer({ command: process.execPath, args: ["-e", PRINT] });
    const env = JSON.parse(await text(server.stdout));
    expect(all.filter((name) => name in env)).toEqual([]);
    expect(env.PATH).toBe(process.env.PATH);

    await using place = await serving();
    const plain = { CODEX_HOME: place.home };
    await using real = await Codex.start({ env: plain });
    expect(real.metadata.serverInfo.name).toBe("codex-app-server");
    const named = { ...plain, CODEX_INTERNAL_ORIGINATOR_OVERRIDE: "mine" };
    await using asked = await Codex.start({ env: named });
    expect(asked.metadata.serverInfo.name).toBe("mine");
  });

  it.each(["a command of the agent", "command/exec"])("%s sees none of it", async (way) => {
    for (const name of ["CODEX_SANDBOX", "CODEX_INTERNAL_ORIGINATOR_OVERRIDE", "CODEX_THREAD_ID"])
      vi.stubEnv(name, "outer");
    await using scripted = await startScripted({ script: [command("env"), "done"] });
    // The test kit's own client passes on almost none of this process's variables.
    await using codex = new Codex({ env: { CODEX_HOME: scripted.home } });
    if (way === "command/exec") {
      const { stdout } = await codex.request("command/exec", { command: ["env"] });
      expect(stdout).not.toContain("=outer");
    } else {
      const thread = await codex.threadStart({
        sandbox: "danger-full-access",
        approvalPolicy: "never",
      });
      await thread.run("go");
      expect(scripted.model.requests[1]?.lastOutput).not.toContain("=outer");
    }
  });
});
