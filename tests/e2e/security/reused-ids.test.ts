import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CodexOptions, describeRequest, type ThreadStartOptions } from "../../../src/index.ts";
import type { ThreadItem } from "../../../src/protocol/index.ts";
import {
  command,
  functionCall,
  Gate,
  patch,
  type Rule,
  reply,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import type { ThreadView } from "../../../src/timeline/index.ts";
import { toUIMessageStream } from "../../../src/web/index.ts";
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

test("a client that joins while the second change is pending shows that change, or none", async () => {
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

test("on a page, a command with the id of a running one isn't approved as that one", async () => {
  await using s = await startScripted({
    script: ({ index }) => {
      if (index > 1) return "done";
      // It runs until the turn ends.
      if (index === 0) return command("sleep 60", { callId: "x", args: { yield_time_ms: 250 } });
      return command("echo other", { callId: "x", escalate: "to talk" });
    },
    ...{ approvals: "ask", onWarning: () => {} },
  });
  const thread = await s.codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
  const inputs = new Map<string, string>();
  const approved: (string | undefined)[] = [];
  for await (const chunk of toUIMessageStream(await thread.turn("go"))) {
    if (chunk.type === "tool-input-available") {
      inputs.set(chunk.toolCallId, JSON.stringify(chunk.input));
    } else if (chunk.type === "tool-approval-request") {
      approved.push(inputs.get(chunk.toolCallId));
      await s.codex.requests.answer(chunk.approvalId, "accept");
    }
  }
  expect(approved).toEqual([expect.stringContaining("echo other")]);
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
  expect(typed?.warnings).toContain("the input may go to a different terminal than the one shown");
});

const calling = (cmd: string) =>
  command(cmd, { callId: "call_same", args: { yield_time_ms: 20_000 } });
const commandsIn = ({ turns }: ThreadView) =>
  (turns[0]?.entries ?? []).flatMap((one) => (one.kind === "command" ? [one] : []));
const outputsIn = (items: readonly ThreadItem[]) =>
  items.flatMap((one) => (one.type === "commandExecution" ? [one.aggregatedOutput] : []));

/** How a turn shows these commands: in its result, in a timeline and on a page. */
async function shownIn(script: Rule, options: ThreadStartOptions = {}) {
  await using s = await startScripted({ script, approvals: "accept", onWarning: () => {} });
  const thread = await s.codex.threadStart(options);
  using timeline = await thread.timeline();
  const turn = await thread.turn("go");
  const onPage: string[] = [];
  for await (const chunk of toUIMessageStream(turn)) {
    if (chunk.type === "tool-input-available") {
      onPage.push((chunk.input as { command: string }).command);
    }
  }
  const { items } = await turn.run();
  const view = await shows(timeline, isOver(1));
  const inTimeline = commandsIn(view).map(({ output }) => output.head);
  const commands = commandsIn(view).map(({ id, command, state }) => [id, command, state]);
  const inResult = outputsIn(items).toSorted();
  return { inResult, inTimeline: inTimeline.toSorted(), commands, onPage };
}

const ORDERS = [
  ["x", "x", "x"],
  // The second "x" needs its own id in a timeline and on a page.
  ["x:1", "x:2", "x:3", "x:4", "x:5", "x", "x"],
  ["x", "x", "x:1", "x:2", "x:3", "x:4", "x:5"],
];

test.each(ORDERS)("commands with the ids %s, %s, %s, … are all shown", async (...ids) => {
  const names = ids.map((_, index) => `echo ${index}`);
  const { inResult, inTimeline, onPage } = await shownIn(({ index }) =>
    index < ids.length ? command(names[index] ?? "", { callId: ids[index] ?? "" }) : "done",
  );
  const outputs = ids.map((_, index) => `${index}\n`);
  expect(inResult).toEqual(outputs);
  expect(inTimeline).toEqual(outputs);
  expect(onPage.map((one) => names.find((name) => one.includes(name)))).toEqual(names);
});

const AT_ONCE = [
  ["ends first", "echo first; touch go", "until [ -e go ]; do sleep 0.02; done; echo second"],
  ["ends last", "until [ -e go ]; do sleep 0.02; done; echo first", "echo second; touch go"],
] as const;

test.each(AT_ONCE)(
  "of two commands with one id, of which the first %s, both are shown",
  async (_when, first, second) => {
    await using directory = await temporaryDirectory("reused-ids");
    const args = { yield_time_ms: 20_000 };
    const call = (cmd: string) => command(cmd, { callId: "call_same", args });
    const { inResult, inTimeline, onPage } = await shownIn(
      ({ index }) => (index === 0 ? reply(call(first), call(second)) : "done"),
      { cwd: directory.path, sandbox: "workspace-write" },
    );
    expect(inResult).toEqual(["first\n", "second\n"]);
    expect(inTimeline).toEqual(["first\n", "second\n"]);
    expect(onPage.some((one) => one.includes("echo first"))).toBe(true);
    expect(onPage.some((one) => one.includes("echo second"))).toBe(true);
  },
);

test("of four commands at once with one id, all are shown", async () => {
  await using directory = await temporaryDirectory("reused-ids");
  const names = [0, 1, 2, 3];
  const all = names.map((n) => `-e on-${n}`).join(" -a ");
  // They end in this order, once all are running.
  const calls = names.map((n) => {
    const turn = n === 0 ? all : `-e over-${n - 1}`;
    return calling(
      `touch on-${n}; until [ ${turn} ]; do sleep 0.02; done; echo ${n}; touch over-${n}`,
    );
  });
  const { inResult, inTimeline, onPage } = await shownIn(
    ({ index }) => (index === 0 ? reply(...calls) : "done"),
    { cwd: directory.path, sandbox: "workspace-write" },
  );
  const outputs = names.map((n) => `${n}\n`);
  expect(inResult).toEqual(outputs);
  expect(inTimeline).toEqual(outputs);
  for (const n of names) expect(onPage.some((one) => one.includes(`echo ${n}`))).toBe(true);
});

test("a command that runs until the end of the turn isn't replaced by another one with its id", async () => {
  const first = command("sleep 60", { callId: "x", args: { yield_time_ms: 250 } });
  const { commands, onPage } = await shownIn(({ index }) => {
    if (index > 1) return "done";
    return index === 0 ? first : command("echo other", { callId: "x" });
  });
  expect(commands).toEqual([
    ["x:1", expect.stringContaining("echo other"), "completed"],
    ["x", expect.stringContaining("sleep 60"), "interrupted"],
  ]);
  expect(onPage).toEqual([
    expect.stringContaining("sleep 60"),
    expect.stringContaining("echo other"),
  ]);
});

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
