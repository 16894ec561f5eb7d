import { join } from "node:path";
import { expect, test } from "vitest";
import { Codex, unixSocket } from "../../../src/index.ts";
import {
  Gate,
  isolatedHome,
  reply,
  ScriptedModel,
  scriptedConfig,
  text,
} from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { nextOf } from "../../support/e2e.ts";

// The server lists the turn like one that is just starting or ending. If the client didn't know that this is a new
// server, it would repeat its question for 15 seconds.
test("a shared server that was killed and started again ends its turns as interrupted", async () => {
  const gate = new Gate();
  await using model = await ScriptedModel.start([reply(text(["one ", gate, "two"]))]);
  await using home = await isolatedHome(scriptedConfig(model.url));
  await using folder = await temporaryDirectory("codex-sock-");
  const sock = join(folder.path, "s.sock");
  const start = () => Codex.serve({ listen: `unix://${sock}`, env: home.env, cwd: home.path });
  const first = await start();
  await using codex = new Codex({ transport: unixSocket(sock) });
  const thread = await codex.threadStart();
  const arrived = nextOf(codex, "item/agentMessage/delta");
  const running = thread.run("go");
  await arrived;
  process.kill(first.pid, "SIGKILL");
  await first.exited;
  const second = await start();
  const result = await running;
  expect(result).toMatchObject({ status: "interrupted", text: "one " });
  gate.open();
  await codex.close();
  await second.close();
}, 12_000);
