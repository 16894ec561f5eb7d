import { jsonText } from "../text/json-text.ts";
import { isRecord } from "../util/describe.ts";
import type { Message, RequestRow, Row } from "./rows.ts";
import type { Traffic } from "./traffic.ts";
import type { TurnFacts } from "./turn-facts.ts";

/**
 * Writes a test for `node:test` that replays a trace: it makes the calls of the recorded program, gives
 * the recorded answers, and fails where the client does something else.
 */
export function replayTest(traffic: Traffic, fileName: string): string {
  const names = new Names();
  const steps = stepsOf(traffic).flatMap((step) => linesOf(step, names));
  const answers = answersOf(traffic);
  const options = answers.length > 0 ? ", handlers" : "";
  return [
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    'import { Codex } from "codex-app-server";',
    'import { replay } from "codex-app-server/testing";',
    "",
    `test(${JSON.stringify(`replays ${fileName}`)}, async () => {`,
    ...[`const server = replay(${JSON.stringify(fileName)});`, ...answers].map(indent),
    indent(`const codex = new Codex({ transport: server${options} });`),
    ...steps.map(indent),
    indent("await codex.close();"),
    indent("server.assertNoDivergence();"),
    "});",
    "",
  ].join("\n");
}

type Step =
  | { readonly at: number; readonly kind: "call"; readonly row: RequestRow }
  | { readonly at: number; readonly kind: "end"; readonly turn: TurnFacts };

/** What the program did, in order: it called, and waited for the ends of turns. */
function stepsOf({ rows, turns }: Traffic): Step[] {
  const calls = rows.flatMap((row): Step[] =>
    isCall(row) ? [{ at: row.at, kind: "call", row }] : [],
  );
  const started = new Set(
    calls.flatMap((step) => (step.kind === "call" ? turnIdOf(step.row) : [])),
  );
  const ends = turns.flatMap((turn): Step[] =>
    turn.endedAt !== undefined && started.has(turn.turnId)
      ? [{ at: turn.endedAt, kind: "end", turn }]
      : [],
  );
  return [...calls, ...ends].sort((a, b) => a.at - b.at);
}

function isCall(row: Row): row is RequestRow {
  return row.kind === "request" && !row.byServer && row.method !== "initialize";
}

/**
 * An id that is a complete string in JSON. An id after an escaped quote is only the end of a longer
 * string: replacing it with its quotes would let the rest of the JSON run as code.
 */
const ID = /(?<!\\)"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"(?!:)/g;

/** How the test refers to ids in the recording. */
class Names {
  readonly #expressions = new Map<string, string>();
  #threads = 0;
  #turns = 0;

  thread(id: string): string {
    const name = `thread${++this.#threads}`;
    this.#expressions.set(id, `${name}.id`);
    return name;
  }

  turn(id: string): string {
    const name = `turn${++this.#turns}`;
    this.#expressions.set(id, `${name}.id`);
    return name;
  }

  /** The variable of a thread or turn that the test has made. */
  variable(id: unknown): string | undefined {
    return this.#expressions.get(typeof id === "string" ? id : "")?.replace(/\.id$/, "");
  }

  /** A value as JavaScript. */
  code(value: unknown): string {
    return jsonText(value).replaceAll(ID, (id) => this.#expressions.get(id.slice(1, -1)) ?? id);
  }
}

function linesOf(step: Step, names: Names): string[] {
  if (step.kind === "end") {
    const { turnId, state } = step.turn;
    const turn = names.variable(turnId);
    return [`assert.equal((await ${turn}.run()).status, ${JSON.stringify(state)});`];
  }
  const { row } = step;
  const params = isRecord(row.message.params) ? row.message.params : {};
  const threadId = resultId(row, "thread");
  const [turnId] = turnIdOf(row);
  if (row.method === "thread/start" && threadId !== undefined) {
    const options = names.code(params);
    return [
      `const ${names.thread(threadId)} = await codex.threadStart(${isEmpty(params) ? "" : options});`,
    ];
  }
  if (row.method === "thread/resume" && threadId !== undefined) {
    // The id's form before the test has the thread.
    const id = names.code(threadId);
    return [`const ${names.thread(threadId)} = await codex.threadResume(${id});`];
  }
  const thread = names.variable(params.threadId);
  if (turnId !== undefined && thread !== undefined) {
    const { threadId: _, clientUserMessageId: __, input, ...options } = params;
    const given = isEmpty(options) ? "" : `, ${names.code(options)}`;
    return [
      `const ${names.turn(turnId)} = await ${thread}.turn(${inputCode(input, names)}${given});`,
    ];
  }
  const call = `codex.request(${JSON.stringify(row.method)}, ${names.code(params)})`;
  return [row.state === "succeeded" ? `await ${call};` : `await assert.rejects(${call});`];
}

/** The turn that a request has started. */
function turnIdOf(row: RequestRow): string[] {
  const id = row.method === "turn/start" ? resultId(row, "turn") : undefined;
  return id === undefined ? [] : [id];
}

function resultId({ answer }: RequestRow, member: "thread" | "turn"): string | undefined {
  const result = answer && isRecord(answer.result) ? answer.result[member] : undefined;
  return isRecord(result) && typeof result.id === "string" ? result.id : undefined;
}

function inputCode(input: unknown, names: Names): string {
  const parts = Array.isArray(input) ? input : [];
  const [only] = parts;
  const isText = parts.length === 1 && isRecord(only) && only.type === "text";
  return names.code(isText ? only.text : input);
}

/** The handlers that give the recorded answers, in order. */
function answersOf({ rows }: Traffic): string[] {
  const results = new Map<string, unknown[]>();
  for (const row of rows) {
    if (row.kind !== "request" || !row.byServer || !row.answer || !("result" in row.answer))
      continue;
    const given = results.get(row.method);
    if (given) given.push(row.answer.result);
    else results.set(row.method, [row.answer.result]);
  }
  if (results.size === 0) return [];
  const answers = [...results].map(
    ([method, given]) => `  ${JSON.stringify(method)}: ${jsonText(given)},`,
  );
  return [
    "const answers = {",
    ...answers,
    "};",
    "const handlers = Object.fromEntries(",
    "  Object.entries(answers).map(([method, given]) => [method, () => given.shift()]),",
    ");",
  ];
}

function isEmpty(value: Message): boolean {
  return Object.keys(value).length === 0;
}

function indent(line: string): string {
  return `  ${line}`;
}
