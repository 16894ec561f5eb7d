import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import {
  command,
  Gate,
  type Reply,
  reply,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { readTrace } from "../../../src/trace/read-trace.ts";
import { replayTest } from "../../../src/traffic/replay-test.ts";
import { Traffic } from "../../../src/traffic/traffic.ts";
import { removeFolders, traceFolder } from "../../support/traces.ts";

removeFolders();

/** Records a program with two threads, an approval, an interrupt, a failed request and another thread. */
async function record(file: string): Promise<void> {
  const gate = new Gate();
  const script: Reply[] = [
    command("touch outside", { escalate: "needs to write" }),
    "Done.",
    text(["Never ", gate, "mind"]),
    reply("And now this."),
  ];
  await using scripted = await startScripted({
    ...{ script, trace: file, onWarning: () => {} },
    approvals: { command: () => "decline" },
  });
  const { codex } = scripted;
  const thread = await codex.threadStart({ sandbox: "read-only", approvalPolicy: "on-request" });
  await thread.run("Do it.");
  await codex.request("thread/name/set", { threadId: thread.id, name: "The work" });
  await codex.request("no/such/method", {}).catch(() => {});
  const turn = await thread.turn("Stop this.");
  await gate.reached;
  await turn.interrupt();
  await turn.run();
  const other = await codex.threadStart();
  await other.run("Another.");
}

/** The package as programs import it, beside the tests of a folder. */
function install(folder: string): void {
  const modules = path.join(folder, "node_modules");
  mkdirSync(modules);
  const root = path.resolve(import.meta.dirname, "../../..");
  symlinkSync(root, path.join(modules, "codex-app-server"), "junction");
}

test("a copied test passes on its trace, and fails where the client does something else", async () => {
  const folder = traceFolder();
  const file = path.join(folder, "run.jsonl");
  await record(file);
  install(folder);
  const code = replayTest(Traffic.of(readTrace(file).entries), "run.jsonl");
  expect(code).toContain('thread1.turn("Do it.")');
  expect(code).toContain('.status, "interrupted")');
  const run = (name: string, content: string) => {
    writeFileSync(path.join(folder, name), content);
    return promisify(execFile)(process.execPath, ["--test", name], { cwd: folder });
  };
  await run("same.test.mjs", code);
  const other = code.replace('"Do it."', '"Do something else."');
  const failed: { readonly stdout: string } = await run("other.test.mjs", other).then(
    () => ({ stdout: "passed" }),
    (error) => error,
  );
  expect(failed.stdout).toContain("The client diverged from the recording");
});
