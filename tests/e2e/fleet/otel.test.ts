import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { Queue } from "bullmq";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { Fleet, FleetWorker, folderStore } from "../../../src/fleet/index.ts";
import { instrument } from "../../../src/otel/index.ts";
import { reply, startScripted } from "../../../src/testing/index.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../../support/redis.ts";

const SOON = { timeoutMs: 20_000 };

describeWithRedis("telemetry of a fleet", () => {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spans)],
  });
  const name = `otel-${process.pid}`;
  let redis: TestRedis;
  let scripted: Awaited<ReturnType<typeof startScripted>>;
  let folder: string;
  let fleet: Fleet;
  let worker: FleetWorker;

  beforeAll(async () => {
    tracerProvider.register();
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), "codex-fleet-otel-"));
    scripted = await startScripted({ script: () => reply("done") });
    const { codex } = scripted;
    fleet = new Fleet({ connection: redis.url, name });
    worker = await FleetWorker.start({
      ...{ connection: redis.url, name, id: "w1", lockMs: 600, codex, store: folderStore(folder) },
    });
  });
  beforeEach(() => spans.reset());
  afterAll(async () => {
    await worker?.close();
    await fleet?.close();
    await scripted?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
    await tracerProvider.shutdown();
    for (const api of [trace, context, propagation]) api.disable();
  });

  const named = (span: string): ReadableSpan[] =>
    spans.getFinishedSpans().filter(({ name: own }) => own === span);

  it("puts what the caller and the worker do into the caller's trace", async () => {
    using _recording = instrument();
    const tracer = trace.getTracer("test");
    const turn = await tracer.startActiveSpan("route", async (span) => {
      const secret = propagation.createBaggage({ token: { value: "hunter2" } });
      const run = () => fleet.run("go", { thread: "traced", tenant: "ada" });
      const submitted = await context.with(propagation.setBaggage(context.active(), secret), run);
      span.end();
      return submitted;
    });
    (await turn.run(SOON)).throwIfFailed();
    await expect.poll(() => named(`process ${name}`)).toHaveLength(1);
    const path: string[] = [];
    let at = named("turn/start")[0];
    while (at) {
      path.unshift(at.name);
      const parent: string | undefined = at.parentSpanContext?.spanId;
      at = spans.getFinishedSpans().find((span) => span.spanContext().spanId === parent);
    }
    expect(path).toEqual([
      ...["route", `send ${name}`, `process ${name}`, "invoke_agent codex", "turn/start"],
    ]);
    expect(named(`send ${name}`)[0]).toMatchObject({
      kind: 3,
      attributes: { "messaging.message.id": turn.id, "codex.fleet.tenant": "ada" },
    });
    expect(named(`process ${name}`)[0]).toMatchObject({
      kind: 4,
      attributes: {
        "messaging.system": "bullmq",
        "messaging.destination.name": name,
        "codex.fleet.thread": "traced",
        "codex.fleet.worker": "w1",
        "codex.fleet.attempt": 1,
        "codex.fleet.wait_ms": expect.any(Number),
        "codex.turn.status": "completed",
      },
      status: { code: 0 },
    });
    const { data } = await jobOf(turn.id);
    expect(data.trace).toEqual({ traceparent: expect.stringMatching(/^00-/) });
    expect(JSON.stringify(data)).not.toContain("hunter2");
  });

  it("marks the turn that no server could run", async () => {
    using _recording = instrument();
    const turn = await fleet.run("go", { tools: ["nobody_has_it"] });
    await expect(turn.run(SOON)).rejects.toThrow("nobody_has_it");
    await expect.poll(() => named(`process ${name}`)).toHaveLength(1);
    expect(named(`process ${name}`)[0]).toMatchObject({
      attributes: { "codex.turn.status": "failed" },
      status: { code: 2, message: expect.stringContaining("nobody_has_it") },
    });
  });

  it("measures waiting times, durations and the queue", async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const meterProvider = new MeterProvider({ readers: [reader] });
    using _recording = instrument({ meterProvider });
    (await (await fleet.run("go")).run(SOON)).throwIfFailed();
    const late = await fleet.run("later", { delayMs: 60_000 });
    await expect.poll(() => metric("codex.fleet.turn.duration")).toHaveLength(1);
    expect(await metric("codex.fleet.wait.duration")).toMatchObject([
      { attributes: { "codex.fleet.name": name }, value: { count: 1 } },
    ]);
    expect(await metric("codex.fleet.turn.duration")).toMatchObject([
      { attributes: { "codex.turn.status": "completed" }, value: { count: 1 } },
    ]);
    // The worker measures on its own.
    await expect
      .poll(() => metric("codex.fleet.turns"), { timeout: 5_000 })
      .toMatchObject([
        { attributes: { "codex.fleet.state": "running" }, value: 0 },
        { attributes: { "codex.fleet.state": "waiting" }, value: 0 },
        { attributes: { "codex.fleet.state": "delayed" }, value: 1 },
      ]);
    await late.interrupt(SOON);
    await meterProvider.shutdown();

    async function metric(wanted: string) {
      await reader.forceFlush();
      const newest = exporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics }) => metrics);
      return newest?.find(({ descriptor }) => descriptor.name === wanted)?.dataPoints ?? [];
    }
  });

  it("adds nothing to a job while nothing is recorded", async () => {
    const turn = await fleet.run("go");
    (await turn.run(SOON)).throwIfFailed();
    expect(Object.keys((await jobOf(turn.id)).data)).not.toContain("trace");
    expect(spans.getFinishedSpans()).toEqual([]);
  });

  async function jobOf(id: string) {
    const { port } = new URL(redis.url);
    const connection = { host: "127.0.0.1", port: Number(port) };
    const queue = new Queue(name, { connection, prefix: "{codex}" });
    try {
      const job = await queue.getJob(`turn.${id}`);
      if (!job) throw new Error("no such job");
      return job;
    } finally {
      await queue.close();
    }
  }
});
