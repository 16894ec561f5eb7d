import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { Codex } from "../../../src/index.ts";
import {
  functionCall,
  isolatedHome,
  type Part,
  type Rule,
  scriptedConfig,
} from "../../../src/testing/index.ts";
import { isErrno } from "../../../src/util/is-errno.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";
import { spawnNested } from "../../support/sub-agents.ts";

const SOON = { timeoutMs: 25_000 };
const V1 = { namespace: "multi_agent_v1" };

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : []));
}

/** Replies with the parts to the thread whose user said this, one after another. */
function scripted(script: Readonly<Record<string, (() => Part)[]>>): Rule {
  return ({ body }) => {
    const input = JSON.stringify(body.input);
    const said = Object.keys(script).find((text) => input.includes(JSON.stringify(text)));
    return script[said ?? ""]?.shift()?.() ?? "Done.";
  };
}

/** An agent of the fleet gives work to a thread of its worker's home, which is then not loaded any more. */
async function usedByAgent(ofWhom: "a user" | "a user's agent") {
  let theirs = "";
  const uses = [
    () => spawnNested("Do your part."),
    () => functionCall("resume_agent", { id: theirs }, V1),
    () => functionCall("send_input", { target: theirs, message: "Say more." }, V1),
    () => functionCall("wait_agent", { targets: [theirs], timeout_ms: 10_000 }, V1),
  ];
  const script = { "Use that thread.": uses, Start: [() => spawnNested("This is private.")] };
  await using test = await TestFleet.start(scripted(script));
  await using home = await isolatedHome(scriptedConfig(test.model.url));
  const sharedHome = String(home.env.CODEX_HOME);
  const user = await Codex.start({ env: home.env, onWarning: () => {} });
  const thread = await user.threadStart();
  await thread.run(ofWhom === "a user" ? "This is private." : "Start");
  const agentId = async () => (await thread.agents())[0]?.threadId ?? "";
  if (ofWhom === "a user's agent") await expect.poll(agentId).not.toBe("");
  theirs = ofWhom === "a user" ? thread.id : await agentId();
  const { path } = (await user.request("thread/read", { threadId: theirs })).thread;
  await user.close();

  await test.worker({ sharedHome, warmThreads: 1 });
  const fleet = test.fleet();
  const turn = await fleet.run("Use that thread.", { thread: "curious" });
  const { threadId } = (await turn.run(SOON)).throwIfFailed();
  expect(uses).toEqual([]);
  const stored = await allStored(join(test.folder, "threads"));
  // The worker removes the first thread from its server.
  (await (await fleet.run("Hello.", { thread: "other" })).run(SOON)).throwIfFailed();
  const sessions = async () => (await filesIn(join(sharedHome, "sessions"))).join("\n");
  await expect.poll(sessions, { timeout: SOON.timeoutMs }).not.toContain(threadId);
  await expect.poll(sessions).not.toContain(".kept");
  return { isThere: existsSync(String(path)), stored: stored.join("\n"), theirs };
}

/** What the store contains. A worker removes an older save as soon as a newer one is complete. */
async function allStored(folder: string): Promise<string[]> {
  for (;;) {
    try {
      return await Promise.all((await filesIn(folder)).map(readStored));
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
    }
  }
}

async function readStored(file: string): Promise<string> {
  const bytes = await readFile(file);
  return bytes.length === 0 ? "" : gunzipSync(bytes).toString();
}

describeWithRedis("a thread in a worker's home that isn't the fleet's", () => {
  it.each(["a user", "a user's agent"] as const)(
    "of %s is neither deleted nor stored if an agent of the fleet gives it work",
    async (ofWhom) => {
      const { isThere, stored, theirs } = await usedByAgent(ofWhom);
      expect(isThere).toBe(true);
      expect(stored).toContain(theirs);
      expect(stored).not.toContain("This is private.");
    },
  );
});
