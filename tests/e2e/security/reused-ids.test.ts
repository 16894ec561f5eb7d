import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CodexOptions, describeRequest } from "../../../src/index.ts";
import type { ThreadItem } from "../../../src/protocol/index.ts";
import {
  command,
  functionCall,
  Gate,
  patch,
  reply,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import type { ThreadView } from "../../../src/timeline/index.ts";
import { isOver, shows } from "../../support/live-timelines.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";

const adding = (file: string) =>
  patch(`*** Begin Patch\n*** Add File: ${file}\n+text\n*** End Patch\n`, { callId: "call_same" });

const SCRIPTS = {
  "one after the other": ({ index }: { readonly index: number }) =>
    index < 2 ? adding(index === 0 ? "first" : "second") : "done",
  "in one response": ({ index }: { readonly index: number }) =>
    index === 0 ? reply(adding("first"), adding("second")) : "done",
};

test.each(Object.entries(SCRIPTS))(
  "two changes with the id of one call, %s, are shown and decided one by one",
  async (_when, script) => {
    await using directory = await temporaryDirectory("reused-ids");
    const shown: string[] = [];
    const fileChange: NonNullable<Exclude<CodexOptions["approvals"], string>>["fileChange"] = (
      params,
      { method, item, exactNumbers },
    ) => {
      const { sections } = describeRequest(method, params, item, exactNumbers);
      shown.push(sections.map(({ text }) => text).join("\n"));
      return shown.length === 1 ? "accept" : "decline";
    };
    await using s = await startScripted({ script, approvals: { fileChange }, onWarning: () => {} });
    const thread = await s.codex.threadStart({
      ...{ approvalPolicy: "on-request", sandbox: "read-only", cwd: directory.path },
    });
    const { items } = await thread.run("go");
    expect(shown).toHaveLength(2);
    expect(shown[0]).toContain(join(directory.path, "first"));
    expect(shown[1]).toContain(join(directory.path, "second"));
    expect(existsSync(join(directory.path, "first"))).toBe(true);
    expect(existsSync(join(directory.path, "second"))).toBe(false);
    const changes = items.filter((item) => item.type === "fileChange");
    expect(changes.map(({ status }) => status)).toEqual(["completed", "declined"]);
  },
);

test("a client that joins while the second change waits shows that one, or none", async () => {
  await using served = await startServed([adding("first"), adding("second"), "done"]);
  const one = served.client({ approvals: "ask" });
  const thread = await one.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
  const running = thread.run("go");
  const before = await one.requests.next();
  await before?.answer("accept");
  const asked = await one.requests.next();
  expect(JSON.stringify(asked?.detail)).toContain("second");
  const two = served.client({ approvals: "ask" });
  await two.threadResume(thread.id);
  const seen = await two.requests.next();
  const subjects = seen?.detail.filter(({ role }) => role === "subject").map(({ text }) => text);
  expect(subjects?.join("\n")).not.toContain("first");
  expect(subjects?.join("\n") ?? "").toContain("second");
  await seen?.answer("decline");
  await running;
});

test("input for a terminal whose id another one has is shown with a warning", async () => {
  const sessions: number[] = [];
  const shown: { subject: string; warnings: string }[] = [];
  const args = { tty: true, yield_time_ms: 250, login: false };
  await using s = await startScripted({
    config: { features: { write_stdin_approval: true } },
    script: ({ index, lastOutput }) => {
      const [, session] = /session ID (\d+)/.exec(lastOutput ?? "") ?? [];
      if (session) sessions.push(Number(session));
      const start = (cmd: string) =>
        command(cmd, { callId: "call_same", escalate: "to talk", args });
      if (index < 2) return start(index === 0 ? "cat" : "sh -i");
      if (index > 2) return "done";
      return functionCall("write_stdin", { session_id: sessions[1], chars: "touch made\n" });
    },
    approvals: {
      command: (params, { method, item, exactNumbers }) => {
        const { sections } = describeRequest(method, params, item, exactNumbers);
        const texts = (role: string) =>
          sections.filter((one) => one.role === role).map(({ text }) => text);
        shown.push({
          subject: texts("subject").join("\n"),
          warnings: texts("warning").join("\n"),
        });
        return "accept";
      },
    },
    onWarning: () => {},
  });
  const thread = await s.codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
  await thread.run("go");
  const [cat, shell, typed] = shown;
  expect(cat).toEqual({ subject: expect.stringContaining("cat"), warnings: "" });
  expect(shell?.subject).toContain("sh -i");
  expect(typed?.subject).toContain(`--session-id ${sessions[1]}`);
  expect(typed?.warnings).toContain("the input may go to a different one than the one shown");
});

const calling = (cmd: string) =>
  command(cmd, { callId: "call_same", args: { yield_time_ms: 20_000 } });
const commandsIn = ({ turns }: ThreadView) =>
  (turns[0]?.entries ?? []).flatMap((one) => (one.kind === "command" ? [one] : []));
const outputsIn = (items: readonly ThreadItem[]) =>
  items.flatMap((one) => (one.type === "commandExecution" ? [one.aggregatedOutput] : []));

test("a command that runs during a cut isn't taken for the earlier one with its id", async () => {
  await using directory = await temporaryDirectory("reused-ids");
  const second = calling("until [ -e go ]; do sleep 0.02; done; echo second");
  await using served = await startServed([calling("echo first"), second, "done"]);
  await using relay = await startRelay(served.port);
  const codex = served.client({ approvals: "accept" }, relay.port);
  const thread = await codex.threadStart({ cwd: directory.path });
  using timeline = await thread.timeline();
  const turn = await thread.turn("go");
  await shows(timeline, (view) => commandsIn(view).length === 2);
  const back = reconnected(codex);
  relay.cut();
  await back;
  using late = await thread.timeline();
  expect(commandsIn(late.snapshot).at(-1)?.state).toBe("running");
  writeFileSync(join(directory.path, "go"), "");
  const { items } = await turn.run();
  expect(outputsIn(items).toSorted()).toEqual(["first\n", "second\n"]);
  const shown = await shows(timeline, isOver(1));
  expect(commandsIn(shown).map(({ output }) => output.head)).toEqual(["first\n", "second\n"]);
});

test("a command that starts after a cut, with the id of one from before it, is in the result", async () => {
  const gate = new Gate();
  await using served = await startServed([
    calling("echo first"),
    reply(text(["Once ", gate, "more."]), calling("echo second")),
    "done",
  ]);
  await using relay = await startRelay(served.port);
  const codex = served.client({ approvals: "accept" }, relay.port);
  const thread = await codex.threadStart();
  using timeline = await thread.timeline();
  const turn = await thread.turn("go");
  await gate.reached;
  await shows(timeline, (view) => commandsIn(view)[0]?.state === "completed");
  const back = reconnected(codex);
  relay.cut();
  await back;
  gate.open();
  const { items } = await turn.run();
  expect(outputsIn(items).toSorted()).toEqual(["first\n", "second\n"]);
  const shown = await shows(timeline, isOver(1));
  expect(commandsIn(shown).map(({ output }) => output.head)).toEqual(["first\n", "second\n"]);
});
