import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Codex, unixSocket } from "../../../src/index.ts";
import {
  command,
  functionCall,
  isolatedHome,
  type ModelRequest,
  type Reply,
  ScriptedModel,
  scriptedConfig,
} from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { type Box, IN_BOX, startBox, WHERE } from "../../support/box.ts";
import { failureOf, nextOf } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";
import { NESTED_AGENTS, spawnNested } from "../../support/sub-agents.ts";

const UNLIMITED = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;
const V1 = { namespace: "multi_agent_v1" };
const TASK = /Do your part\.|Do more\./g;

/** The agent starts a sub-agent after the message "go", and gives it more work after "again". */
function agentWithHelper() {
  const places: string[] = [];
  const tasks = { helper: "", isStarted: false, hasMore: false };
  const script = ({ body, lastOutput }: ModelRequest): Reply => {
    const input = JSON.stringify(body.input);
    if (!input.includes('"go"')) {
      const outputs = input.match(/"function_call_output"/g)?.length ?? 0;
      return outputs < (input.match(TASK)?.length ?? 0) ? command(WHERE) : "done";
    }
    if (!tasks.isStarted) {
      tasks.isStarted = true;
      return spawnNested("Do your part.");
    }
    if (!input.includes('"again"') || tasks.hasMore) return lastOutput ?? "done";
    tasks.hasMore = true;
    return functionCall("send_input", { target: tasks.helper, message: "Do more." }, V1);
  };
  /** Starts the agent and its helper. */
  const start = async (codex: Codex) => {
    codex.on("item/completed", ({ item }) => {
      if (item.type === "commandExecution") places.push((item.aggregatedOutput ?? "").trim());
    });
    const thread = await codex.threadStart({ ...UNLIMITED, ...IN_BOX, config: NESTED_AGENTS });
    const isHelper = ({ threadId }: { readonly threadId: string }) => threadId !== thread.id;
    const ended = nextOf(codex, "turn/completed", isHelper);
    await thread.run("go");
    tasks.helper = (await ended).threadId;
    expect(places).toEqual(["in the box, /tmp"]);
    const again = async () => {
      const over = nextOf(codex, "turn/completed", isHelper);
      await thread.run("again");
      await over;
    };
    return { thread, again };
  };
  return { script, start, places };
}

describe.skipIf(process.platform === "win32")("a sub-agent whose commands run in a box", () => {
  let box: Box;

  beforeAll(async () => {
    box = await startBox();
  });
  afterAll(() => box[Symbol.asyncDispose]());

  it("stays there after a lost connection", async () => {
    const { script, start, places } = agentWithHelper();
    await using served = await startServed(script, undefined, { thread_unload_delay_secs: 0 });
    await using relay = await startRelay(served.port);
    const codex = served.client({ onWarning: () => {} }, relay.port);
    const observer = served.client({ onWarning: () => {} });
    await box.addTo(codex);
    const { again } = await start(codex);
    const loaded = async () => (await observer.request("thread/loaded/list", {})).data.length;
    const back = reconnected(codex);
    relay.isOpen = false;
    relay.cut();
    await expect.poll(loaded, { timeout: 10_000 }).toBe(0);
    relay.isOpen = true;
    await back;
    await expect.poll(loaded, { timeout: 10_000 }).toBe(2);
    await again();
    expect(places).toEqual(["in the box, /tmp", "in the box, /tmp"]);
  });

  it("gets no work elsewhere after its server was started again", async () => {
    const { script, start, places } = agentWithHelper();
    await using model = await ScriptedModel.start(script);
    await using home = await isolatedHome(scriptedConfig(model.url));
    await using folder = await temporaryDirectory("codex-sock-");
    const sock = join(folder.path, "s.sock");
    const serve = () => Codex.serve({ listen: `unix://${sock}`, env: home.env, cwd: home.path });
    await using first = await serve();
    await using codex = new Codex({ transport: unixSocket(sock), onWarning: () => {} });
    await box.addTo(codex);
    const { again } = await start(codex);
    const back = reconnected(codex);
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    await using _second = await serve();
    await back;
    const loaded = async () => (await codex.request("thread/loaded/list", {})).data.length;
    await expect.poll(loaded, { timeout: 10_000 }).toBe(2);
    expect((await failureOf(again())).message).toContain("unknown turn environment id");
    await box.addTo(codex);
    await again();
    expect(places).toEqual(["in the box, /tmp", "in the box, /tmp"]);
  });
});
