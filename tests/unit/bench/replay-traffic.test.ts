import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Schema, Validator } from "@cfworker/json-schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  command,
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
} from "../../../src/testing/index.ts";
import { DeltaForm } from "../../../src/turn/delta-line.ts";
import { nativeBinary, RawClient, type WireMessage } from "../../support/raw-client.ts";

const replayServer = path.resolve(import.meta.dirname, "../../../bench/support/replay-server.mjs");

/**
 * Writes output until the test has seen some. The server sends no delta for output that a command writes before the
 * server reads it.
 */
const LONG_COMMAND = command("until [ -e seen ]; do echo out; sleep 0.05; done", {
  args: { yield_time_ms: 30_000 },
});

const responses = [
  ["initialize", "v1/InitializeResponse"],
  ["thread/start", "v2/ThreadStartResponse"],
  ["thread/loaded/list", "v2/ThreadLoadedListResponse"],
  ["turn/start", "v2/TurnStartResponse"],
] as const;

interface Flood {
  readonly kind: "message" | "command";
  readonly deltas: number;
  readonly items?: number;
  readonly bytes?: number;
  readonly together?: number;
}

interface Session {
  readonly answers: Map<string, unknown>;
  readonly notifications: readonly WireMessage[];
}

let schemas: string;
let message: Session;
let output: Session;
/** The messages of a real server in a turn with a message and in one with a command. */
let real: readonly WireMessage[];

beforeAll(async () => {
  schemas = mkdtempSync(path.join(tmpdir(), "codex-schema-"));
  const generate = ["app-server", "generate-json-schema", "--experimental", "--out", schemas];
  execFileSync(nativeBinary(), generate);
  message = await replay({ kind: "message", deltas: 5_000, items: 2 });
  output = await replay({ kind: "command", deltas: 300, bytes: 8192 });
  real = await realTurn();
});

afterAll(() => rmSync(schemas, { recursive: true, force: true }));

function schema(name: string): Validator {
  const text = readFileSync(path.join(schemas, `${name}.json`), "utf8");
  return new Validator(JSON.parse(text) as Schema, "7");
}

/** Starts as many threads as the flood describes, and resolves when all turns have completed. */
async function replay(flood: Flood): Promise<Session> {
  const child = spawn(process.execPath, [replayServer], { stdio: ["pipe", "pipe", "inherit"] });
  const count = flood.together ?? 1;
  const answers = new Map<string, unknown>();
  const notifications: WireMessage[] = [];
  const asked: string[] = [];
  const send = (method: string, params: object = {}) => {
    asked.push(method);
    child.stdin.write(`${JSON.stringify({ id: asked.length - 1, method, params })}\n`);
  };
  send("initialize");
  for (let thread = 0; thread < count; thread++) send("thread/start");
  send("thread/loaded/list");
  let completed = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const received = JSON.parse(line) as WireMessage;
    if (received.id !== undefined) answers.set(asked[received.id] ?? "", received.result);
    else notifications.push(received);
    if (received.method === "thread/started") {
      const input = [{ type: "text", text: JSON.stringify(flood), text_elements: [] }];
      send("turn/start", { threadId: received.params.thread.id, input });
    }
    if (received.method === "turn/completed" && ++completed === count) child.stdin.end();
  }
  if (child.exitCode === null) await once(child, "exit");
  return { answers, notifications };
}

function deltasOf({ notifications }: Pick<Session, "notifications">): WireMessage[] {
  return notifications.filter(({ params }) => params.delta !== undefined);
}

function completedItem({ notifications }: Session, type: string) {
  return notifications.findLast(
    ({ method, params }) => method === "item/completed" && params.item.type === type,
  )?.params.item;
}

/** The members of an object in the order in which they were written, and of the objects in it. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).map(([name, member]) => [name, shape(member)]);
}

function shapes(notifications: readonly WireMessage[]): Map<string, unknown> {
  return new Map(
    notifications.map(({ method, params, ...rest }) => {
      const kind = params.item?.type ?? params.status?.type ?? "";
      return [`${method} ${kind}`, shape({ method, params, ...rest })];
    }),
  );
}

describe("the replay server", () => {
  it("sends notifications of the protocol", () => {
    const validator = schema("ServerNotification");
    const all = [...message.notifications, ...output.notifications];
    const samples = [...new Map(all.map((one) => [JSON.stringify(shape(one)), one])).values()];
    expect(samples.length).toBeGreaterThan(10);
    for (const one of samples) expect([one, validator.validate(one).errors]).toEqual([one, []]);
  });

  it.each(responses)("answers %s as the protocol specifies", (method, name) => {
    const answer = message.answers.get(method);
    expect(answer).toBeDefined();
    expect(schema(name).validate(answer).errors).toEqual([]);
  });

  it("writes the members of its notifications in the order of a real server", () => {
    const known = shapes(real);
    for (const [name, replayed] of shapes([...message.notifications, ...output.notifications])) {
      expect([name, replayed]).toEqual([name, known.get(name)]);
    }
  });

  it("writes deltas in the form that the client reads unparsed, as a real server does", () => {
    for (const one of [...deltasOf({ notifications: real }), ...deltasOf(message)]) {
      const text = JSON.stringify(one);
      expect(DeltaForm.of(text)?.read(text)?.notification()).toEqual(one);
    }
    expect(deltasOf({ notifications: real }).length).toBeGreaterThan(1);
  });

  it("sends the requested number of deltas, which make up the item's text", () => {
    const deltas = deltasOf(message);
    const { id, text } = completedItem(message, "agentMessage");
    const last = deltas.filter(({ params }) => params.itemId === id);
    expect(deltas.length).toBe(10_000);
    expect(last.map(({ params }) => params.delta).join("")).toBe(text);
  });

  it("sends output in pieces of the requested size, and its first MiB at the end", () => {
    const { id, aggregatedOutput } = completedItem(output, "commandExecution");
    const deltas = deltasOf(output)
      .filter(({ params }) => params.itemId === id)
      .map(({ params }) => params.delta as string);
    expect(deltas.map((delta) => delta.length)).toEqual(Array(300).fill(8192));
    expect(deltas.join("").slice(0, 1024 * 1024)).toBe(aggregatedOutput);
  });

  it("interleaves the deltas of the turns that it plays at the same time", async () => {
    const { notifications } = await replay({ kind: "message", deltas: 10, together: 3 });
    const threads = deltasOf({ notifications }).map(({ params }) => params.threadId);
    expect(threads.length).toBe(30);
    expect(new Set(threads.slice(0, 3)).size).toBe(3);
    expect(threads.slice(3, 6)).toEqual(threads.slice(0, 3));
  });
});

async function realTurn(): Promise<readonly WireMessage[]> {
  await using model = await ScriptedModel.start([LONG_COMMAND, "done"]);
  await using home = await isolatedHome(scriptedConfig(model.url));
  const client = await RawClient.start(home.env);
  try {
    const settings = { cwd: home.path, sandbox: "danger-full-access", approvalPolicy: "never" };
    const { thread } = await client.request("thread/start", settings);
    const input = [{ type: "text", text: "go", text_elements: [] }];
    await client.request("turn/start", { threadId: thread.id, input });
    await client.waitFor("item/commandExecution/outputDelta");
    writeFileSync(path.join(home.path, "seen"), "");
    await client.waitFor("turn/completed");
    return client.received;
  } finally {
    await client.close();
  }
}
