import { expect, test } from "vitest";
import type { CodexOptions } from "../../../src/index.ts";
import {
  command,
  events,
  functionCall,
  Gate,
  type ModelEvent,
  type Rule,
  reply,
  startScripted,
} from "../../../src/testing/index.ts";
import {
  type RunInterrupt,
  type TurnAGUIEvent,
  toAGUI,
  toUIMessageStream,
} from "../../../src/web/index.ts";
import { collect } from "../../support/e2e.ts";

const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" } as const;

async function startAsking(script: Rule, features: Record<string, boolean> = {}) {
  const config: CodexOptions["config"] = { features };
  const s = await startScripted({ script, config, approvals: "ask", onWarning: () => {} });
  return { s, thread: await s.codex.threadStart(ASKING) };
}

/** What the page shows as the input of the calls that it is asked to approve. Each request is declined. */
async function approvedInputs(script: Rule, features: Record<string, boolean> = {}) {
  const { s, thread } = await startAsking(script, features);
  await using _server = s;
  const inputs = new Map<string, unknown>();
  const approved: string[] = [];
  for await (const chunk of toUIMessageStream(await thread.turn("go"))) {
    if (chunk.type === "tool-input-available") inputs.set(chunk.toolCallId, chunk.input);
    if (chunk.type !== "tool-approval-request" || chunk.isAutomatic) continue;
    approved.push(JSON.stringify(inputs.get(chunk.toolCallId)));
    await s.codex.requests.answer(chunk.approvalId, "decline");
  }
  return approved;
}

const WANTED = { network: { enabled: true }, file_system: { write: ["/etc"] } };

test("a command that asks for additional permissions isn't approved as the command alone", async () => {
  const args = {
    ...{ sandbox_permissions: "with_additional_permissions", justification: "to look" },
    additional_permissions: WANTED,
  };
  const approved = await approvedInputs(
    ({ index }) => (index === 0 ? command("echo hi", { args }) : "done"),
    { exec_permission_approvals: true },
  );
  expect(approved).toEqual([expect.stringMatching(/With these additional permissions.*\/etc/)]);
});

test("permissions aren't approved as the running command whose id the model gives them", async () => {
  const approved = await approvedInputs(
    ({ index }) => {
      if (index > 1) return "done";
      if (index === 0) return command("sleep 60", { callId: "x", args: { yield_time_ms: 250 } });
      const wanted = { reason: "to look", permissions: WANTED };
      return functionCall("request_permissions", wanted, { callId: "x" });
    },
    { request_permissions_tool: true },
  );
  expect(approved).toEqual([expect.stringMatching(/Grant these permissions.*\/etc/)]);
});

test("a command with characters that a page wouldn't show is approved with escapes", async () => {
  const escalated = { sandbox_permissions: "require_escalated", justification: "to look" };
  const commands = ["echo '\u202e\u200b'", "touch x #\rls", "printf 'a\\tb\\n\t\\\\'\nls"];
  const approved = await approvedInputs(({ index }) => {
    const next = commands[index];
    return next === undefined ? "done" : command(next, { args: escalated });
  });
  expect(approved).toEqual([
    expect.stringContaining(String.raw`\\u{202e}\\u{200b}`),
    expect.stringContaining(String.raw`touch x #\\rls`),
    expect.stringContaining(JSON.stringify(commands[2])),
  ]);
});

/** A patch that the model streams as the call "x". */
function streamedPatch(place: number, file: string): ModelEvent[] {
  const input = `*** Begin Patch\n*** Add File: ${file}\n+text\n*** Add File: z\n+z\n*** End Patch\n`;
  const half = input.indexOf("*** Add File: z");
  const call = { type: "custom_tool_call", id: `ctc_${place}`, call_id: "x", name: "apply_patch" };
  const about = { output_index: place, item_id: call.id, call_id: "x" };
  const parts = [input.slice(0, half), input.slice(half)];
  const item = { ...call, input: "", status: "in_progress" };
  return [
    { type: "response.output_item.added", output_index: place, item },
    ...parts.map((delta) => ({
      ...{ type: "response.custom_tool_call_input.delta", ...about },
      delta,
    })),
    {
      ...{ type: "response.output_item.done", output_index: place },
      item: { ...call, input, status: "completed" },
    },
  ];
}

test("a change that waits for approval stays the same while the model streams another with its id", async () => {
  const gate = new Gate();
  const { s, thread } = await startAsking(
    ({ index }) =>
      index > 0
        ? "done"
        : reply(events(...streamedPatch(0, "first"), gate, ...streamedPatch(1, "second"))),
    { apply_patch_streaming_events: true },
  );
  await using _server = s;
  const turn = await thread.turn("go");
  const updated: unknown[] = [];
  const done = (async () => {
    for await (const { method, params } of turn.stream()) {
      if (method !== "item/fileChange/patchUpdated") continue;
      updated.push(params.changes);
      // The second patch is complete.
      if (updated.length === 4) await s.codex.requests.pending[0]?.answer("decline");
    }
  })();
  const shown: string[] = [];
  const approved: number[] = [];
  for await (const chunk of toUIMessageStream(turn)) {
    if (chunk.type === "tool-input-available" && chunk.toolCallId === "x") {
      shown.push(JSON.stringify(chunk.input));
    }
    if (chunk.type !== "tool-approval-request" || chunk.isAutomatic) continue;
    approved.push(shown.length);
    if (approved.length === 1) gate.open();
    else await s.codex.requests.answer(chunk.approvalId, "decline");
  }
  await done;
  expect(approved).toEqual([1, 1]);
  expect(shown).toEqual([expect.stringContaining("first")]);
});

/** The events of a turn for an AG-UI front end, until a request ends the run. */
async function run(thread: Awaited<ReturnType<typeof startAsking>>["thread"], messages: unknown[]) {
  return collect(toAGUI(await thread.turn("go"), { interrupts: true, messages }));
}

/** What the run waits for, from its last event. */
function interruptsIn(last: TurnAGUIEvent | undefined): readonly RunInterrupt[] {
  if (last?.type !== "RUN_FINISHED" || last.outcome.type !== "interrupt") return [];
  return last.outcome.interrupts;
}

/** The front end's messages after these events. */
function messagesAfter(seen: readonly TurnAGUIEvent[]): unknown[] {
  return seen.flatMap((event): unknown[] => {
    if (event.type === "TOOL_CALL_START") {
      const call = { id: event.toolCallId, type: "function", function: { name: "command" } };
      return [{ id: event.toolCallId, role: "assistant", toolCalls: [call] }];
    }
    if (event.type !== "TOOL_CALL_RESULT") return [];
    return [{ id: event.messageId, role: "tool", toolCallId: event.toolCallId, content: "" }];
  });
}

test("in AG-UI, a command with the id of an earlier turn's call isn't approved as that call", async () => {
  const { s, thread } = await startAsking(({ index }) => {
    if (index === 0) return command("echo first", { callId: "x" });
    return index === 2 ? command("echo second", { callId: "x", escalate: "to talk" }) : "done";
  });
  await using _server = s;
  const before = messagesAfter(await run(thread, []));
  const shown = await run(thread, before);
  const interrupts = interruptsIn(shown.at(-1));
  expect(interrupts).toHaveLength(1);
  const id = interrupts[0]?.toolCallId;
  expect(JSON.stringify(before)).not.toContain(`"${id}"`);
  expect(shown.filter((event) => event.type === "TOOL_CALL_ARGS")).toEqual([
    { type: "TOOL_CALL_ARGS", toolCallId: id, delta: expect.stringContaining("echo second") },
  ]);
});

test("in AG-UI, a page can't choose an answer that the server stores for all threads", async () => {
  const option = "acceptWithExecpolicyAmendment";
  const args = { prefix_rule: ["touch"] };
  const { s, thread } = await startAsking(({ index }) =>
    index === 0 ? command("touch made", { escalate: "to write", args }) : "done",
  );
  await using _server = s;
  const turn = await thread.turn("go");
  const interruptsOf = async (resume: unknown[], lastingAnswers?: boolean) => {
    const last = (await collect(toAGUI(turn, { interrupts: true, resume, lastingAnswers }))).at(-1);
    return interruptsIn(last);
  };
  const [asked] = await interruptsOf([]);
  expect(asked).toBeDefined();
  expect(JSON.stringify(asked)).not.toContain(option);
  const resume = [{ interruptId: asked?.id, status: "resolved", payload: { option } }];
  expect(await interruptsOf(resume)).toEqual([asked]);
  expect(await interruptsOf(resume, true)).toEqual([]);
  await turn.run();
});
