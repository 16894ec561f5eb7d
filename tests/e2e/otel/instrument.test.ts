import { context, propagation, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { tool } from "../../../src/index.ts";
import { instrument } from "../../../src/otel/index.ts";
import {
  command,
  failure,
  functionCall,
  Gate,
  type Reply,
  reply,
  startScripted,
  text,
  usage,
} from "../../../src/testing/index.ts";
import { agentOf, SUB_AGENTS, spawnAgent, waitForAgents } from "../../support/sub-agents.ts";

const spans = new InMemorySpanExporter();
const tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });

beforeAll(() => {
  tracerProvider.register();
});

afterEach(() => {
  spans.reset();
});

afterAll(async () => {
  await tracerProvider.shutdown();
  for (const api of [trace, context, propagation]) api.disable();
});

/** Runs in a span of the caller. */
async function inSpan<T>(name: string, run: () => Promise<T>): Promise<T> {
  return trace.getTracer("test").startActiveSpan(name, async (span) => {
    try {
      return await run();
    } finally {
      span.end();
    }
  });
}

/** The finished spans as a tree of names, each level in the order of their starts. */
function tree(of: (span: ReadableSpan) => string = ({ name }) => name): unknown[] {
  const all = spans.getFinishedSpans();
  const below = (parent: string | undefined): unknown[] =>
    all
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .toSorted(
        (one, other) =>
          Number(one.startTime[0] - other.startTime[0]) || one.startTime[1] - other.startTime[1],
      )
      .flatMap((span) => {
        const inner = below(span.spanContext().spanId);
        return inner.length > 0 ? [of(span), inner] : [of(span)];
      });
  return below(undefined);
}

const named = (name: string) => spans.getFinishedSpans().find((span) => span.name === name);

const look = tool({
  name: "look",
  description: "Looks.",
  input: { type: "object", properties: {} },
  execute: () => inSpan("own work", async () => "seen"),
});

const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" } as const;

test("a turn has a span in the caller's trace, and calls, approvals and requests have theirs below it", async () => {
  using _recording = instrument();
  await using s = await startScripted({
    approvals: "accept",
    script: [
      command("echo hi", { escalate: "to see" }),
      command("exit 3"),
      functionCall("look"),
      reply(
        text("done"),
        usage({
          inputTokens: 100,
          cachedInputTokens: 7,
          outputTokens: 20,
          reasoningOutputTokens: 3,
        }),
      ),
    ],
  });
  const thread = await s.codex.threadStart({ ...ASKING, tools: [look] });
  spans.reset();
  const result = await inSpan("route", () => thread.run("go"));
  expect(tree()).toEqual([
    "route",
    [
      "invoke_agent codex",
      [
        "turn/start",
        ...["execute_tool command", ["approval command"]],
        "execute_tool command",
        ...["execute_tool look", ["own work"]],
      ],
    ],
  ]);
  expect(named("invoke_agent codex")).toMatchObject({
    kind: 2,
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "openai",
      "gen_ai.agent.name": "codex",
      "gen_ai.conversation.id": thread.id,
      "gen_ai.request.model": "gpt-5.5",
      "gen_ai.usage.input_tokens": 130,
      "gen_ai.usage.cache_read.input_tokens": 7,
      "gen_ai.usage.output_tokens": 35,
      "gen_ai.usage.reasoning.output_tokens": 3,
      "codex.turn.id": result.turnId,
      "codex.turn.status": "completed",
    },
    status: { code: 0 },
  });
  const calls = spans.getFinishedSpans().filter(({ name }) => name.startsWith("execute_tool"));
  expect(calls).toMatchObject([
    {
      attributes: { "gen_ai.tool.type": "extension", "process.exit.code": 0 },
      status: { code: 0 },
    },
    { attributes: { "process.exit.code": 3, "error.type": "failed" }, status: { code: 2 } },
    { attributes: { "gen_ai.tool.name": "look", "gen_ai.tool.type": "function" } },
  ]);
  expect(JSON.stringify(calls.map(({ attributes }) => attributes))).not.toContain("echo hi");
  expect(named("approval command")?.attributes).toMatchObject({
    "codex.request.decision": "accept",
  });
});

test("durations and tokens are measured", async () => {
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: measured })],
  });
  using _recording = instrument({ meterProvider });
  await using s = await startScripted({ script: [command("exit 3"), "done"] });
  await (await s.codex.threadStart()).run("go");
  await meterProvider.shutdown();
  const all = measured.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  const points = all
    .flatMap((scope) => scope.metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => ({
        name: `${descriptor.name} ${descriptor.unit}`,
        attributes,
        value: value as { count: number; sum: number },
      })),
    );
  const turn = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5.5",
  };
  expect(points).toEqual([
    {
      name: "gen_ai.client.token.usage {token}",
      attributes: { ...turn, "gen_ai.token.type": "input" },
      value: expect.objectContaining({ count: 1, sum: 20 }),
    },
    {
      name: "gen_ai.client.token.usage {token}",
      attributes: { ...turn, "gen_ai.token.type": "output" },
      value: expect.objectContaining({ count: 1, sum: 10 }),
    },
    {
      name: "gen_ai.invoke_agent.duration s",
      attributes: turn,
      value: expect.objectContaining({ count: 1 }),
    },
    {
      name: "gen_ai.execute_tool.duration s",
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "command",
        "error.type": "failed",
      },
      value: expect.objectContaining({ count: 1 }),
    },
  ]);
});

test("the server continues the trace, and so does its request to the model", async () => {
  using _recording = instrument();
  const otel = {
    ...{ environment: "test", exporter: "none" },
    trace_exporter: { "otlp-http": { endpoint: "http://127.0.0.1:9/v1/traces", protocol: "json" } },
  };
  await using s = await startScripted({ script: ["one"], config: { otel } });
  const thread = await s.codex.threadStart();
  const traceId = await inSpan("route", async () => {
    await thread.run("go");
    return trace.getActiveSpan()?.spanContext().traceId;
  });
  expect(s.model.requests[0]?.headers.traceparent).toMatch(new RegExp(`^00-${traceId}-`));
});

test("a failed turn, an interrupted one and one whose connection is lost end their spans", async () => {
  using _recording = instrument();
  await using s = await startScripted({
    approvals: "ask",
    script: [
      failure(500, { message: "oops" }),
      text(["a", new Gate()]),
      command("echo hi", { escalate: "to see" }),
    ],
  });
  const thread = await s.codex.threadStart(ASKING);
  spans.reset();
  await thread.run("fail");
  const interrupted = await thread.turn("stop");
  for await (const { method } of interrupted.stream()) {
    if (method === "item/agentMessage/delta") await interrupted.interrupt();
  }
  const lost = await thread.turn("ask");
  const running = lost.run().catch((error: Error) => error.name);
  await s.codex.requests.next();
  await s.codex.close();
  expect(await running).toBe("TransportClosedError");
  const turns = spans.getFinishedSpans().filter(({ name }) => name.startsWith("invoke_agent"));
  expect(turns).toMatchObject([
    {
      attributes: { "codex.turn.status": "failed", "error.type": "internalServerError" },
      status: { code: 2, message: expect.any(String) },
    },
    { attributes: { "codex.turn.status": "interrupted" }, status: { code: 0 } },
    { attributes: { "error.type": "TRANSPORT_CLOSED" }, status: { code: 2 } },
  ]);
  expect(named("execute_tool command")).toMatchObject({
    attributes: { "error.type": "interrupted" },
  });
  expect(named("approval command")?.status.code).toBe(2);
});

test("what a sub-agent does belongs to the turn that it works for", async () => {
  using _recording = instrument({ requests: false });
  const root: Reply[] = [spawnAgent("helper"), waitForAgents(), "all done"];
  const child: Reply[] = [command("echo child", { escalate: "to see" }), "child done"];
  await using s = await startScripted({
    approvals: "accept",
    config: { ...SUB_AGENTS, suppress_unstable_features_warning: true },
    script: (request) => (agentOf(request) === "/root" ? root : child).shift() ?? "",
  });
  const thread = await s.codex.threadStart(ASKING);
  await thread.run("go");
  const [turn, ...others] = tree();
  expect([turn, others.length]).toEqual(["invoke_agent codex", 1]);
  expect(others[0]).toEqual(
    expect.arrayContaining(["execute_tool command", ["approval command"], "execute_tool wait"]),
  );
});

test("contents are recorded only on request, and nothing is recorded after the end", async () => {
  const recording = instrument({ captureContent: true, requests: false });
  await using s = await startScripted({ script: [command("echo hi"), "done", command("ls"), "x"] });
  const thread = await s.codex.threadStart();
  await inSpan("route", () => thread.run("go"));
  expect(tree()).toEqual(["route", ["invoke_agent codex", ["execute_tool command"]]]);
  expect(named("execute_tool command")?.attributes).toMatchObject({
    "gen_ai.tool.call.arguments": expect.stringContaining("echo hi"),
    "gen_ai.tool.call.result": "hi\n",
  });
  spans.reset();
  recording[Symbol.dispose]();
  await thread.run("again");
  expect(spans.getFinishedSpans()).toEqual([]);
});

test("requests of the caller have spans, and those of the client itself don't", async () => {
  using _recording = instrument();
  await using s = await startScripted({ script: [] });
  expect(tree()).toEqual([]);
  const gone = inSpan("route", () => s.codex.threadResume("01a216d6-a586-7e22-97ce-b626c369bef9"));
  await expect(gone).rejects.toThrow();
  expect(tree(({ name, attributes }) => `${name} ${attributes["error.type"]}`)).toEqual([
    "route undefined",
    ["thread/resume THREAD_NOT_FOUND"],
  ]);
});

test("unknown options are refused", () => {
  expect(() => instrument({ captureContents: true } as object)).toThrow(
    "did you mean captureContent?",
  );
  expect(() => instrument({ tracerProvider: {} as never })).toThrow("getTracer");
});
