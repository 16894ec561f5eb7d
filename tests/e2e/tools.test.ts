import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Codex, tool } from "../../src/index.ts";
import {
  functionCall,
  Gate,
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
} from "../../src/testing/index.ts";
import { failureOf, sharedServer } from "../support/e2e.ts";
import { png } from "../support/sample-images.ts";
import { startServed } from "../support/served.ts";

const server = sharedServer();
const city = z.object({ city: z.string(), days: z.coerce.number().int().default(1) });

function forecasts() {
  const calls: z.infer<typeof city>[] = [];
  const forecast = tool({
    name: "forecast",
    description: "The weather to come",
    input: city,
    execute: (args) => {
      calls.push(args);
      return { sky: "blue", days: args.days };
    },
  });
  return { calls, forecast };
}

/** The result of the model's last call, as the model received it. */
const lastOutput = () => server.model.requests.at(-1)?.lastOutput;

describe("a tool", () => {
  test("is offered to the model, gets validated arguments, and its result is read", async () => {
    const { calls, forecast } = forecasts();
    server.model.enqueue(functionCall("forecast", { city: "Oslo", days: "3" }), "done");
    const thread = await server.codex.threadStart({ tools: [forecast] });
    const result = await thread.run("weather?");
    expect(server.model.requests.at(-1)?.tools).toContain("forecast");
    expect(calls).toEqual([{ city: "Oslo", days: 3 }]);
    expect(JSON.parse(lastOutput() ?? "")).toEqual({ sky: "blue", days: 3 });
    expect(result.items[1]).toMatchObject({
      type: "dynamicToolCall",
      tool: "forecast",
      status: "completed",
      success: true,
    });
  });

  test("isn't run if its arguments are invalid; the model reads why", async () => {
    const { calls, forecast } = forecasts();
    server.model.enqueue(functionCall("forecast", { days: 2 }), "done");
    const thread = await server.codex.threadStart({ tools: [forecast] });
    const result = await thread.run("weather?");
    expect(calls).toEqual([]);
    expect(lastOutput()).toMatch(/forecast don't match its schema:\n- city: /);
    expect(result.items[1]).toMatchObject({ type: "dynamicToolCall", success: false });
    expect(result.status).toBe("completed");
  });

  test("that throws is a failure that the model reads", async () => {
    const input = { type: "object", properties: {} } as const;
    const broken = tool({
      name: "broken",
      description: "Fails",
      input,
      execute: () => Promise.reject(new Error("out of order")),
    });
    server.model.enqueue(functionCall("broken"), "done");
    const thread = await server.codex.threadStart({ tools: [broken] });
    const result = await thread.run("try");
    expect(lastOutput()).toBe("Tool broken failed: out of order");
    expect(result.items[1]).toMatchObject({ success: false });
    expect(server.warnings).toEqual([]);
  });

  test("gets the context of its call, can call the client, and is notified of an interrupt", async () => {
    const reached = new Gate();
    const seen: unknown[] = [];
    let signal: AbortSignal | undefined;
    const slow = tool({
      name: "slow",
      description: "Takes its time",
      input: { type: "object", properties: {} },
      execute: async (_args, context) => {
        seen.push(context, (await server.codex.modelList()).data.length > 0);
        signal = context.signal;
        await reached.wait(context.signal);
      },
    });
    server.model.enqueue(functionCall("slow", {}, { callId: "call_1" }));
    const thread = await server.codex.threadStart({ tools: [slow] });
    const turn = await thread.turn("go");
    await reached.reached;
    expect(seen).toMatchObject([{ threadId: thread.id, turnId: turn.id, callId: "call_1" }, true]);
    await turn.interrupt();
    expect((await turn.run()).status).toBe("interrupted");
    expect(signal?.aborted).toBe(true);
  });

  test("in a namespace is called by its own name", async () => {
    const { calls, forecast } = forecasts();
    const namespace = { name: "weather", description: "All of it", tools: [forecast] };
    const call = functionCall("forecast", { city: "Rome" });
    server.model.enqueue(
      {
        *steps(draft) {
          for (const step of call.steps(draft)) {
            if (typeof step === "object" && "item" in step) {
              yield { ...step, item: { ...(step.item as object), namespace: "weather" } };
            } else yield step;
          }
        },
      },
      "done",
    );
    const thread = await server.codex.threadStart({ tools: [namespace] });
    await thread.run("weather?");
    expect(calls).toEqual([{ city: "Rome", days: 1 }]);
  });

  test("is copied into a fork, where others can replace it", async () => {
    const { calls, forecast } = forecasts();
    const thread = await server.codex.threadStart({ tools: [forecast] });
    server.model.enqueue("hello", functionCall("forecast", { city: "Bonn" }), "done");
    await thread.run("hi");
    const fork = await thread.fork();
    await fork.run("weather?");
    expect(calls).toEqual([{ city: "Bonn", days: 1 }]);
    const other = forecasts();
    const second = await thread.fork({ tools: [other.forecast] });
    server.model.enqueue(functionCall("forecast", { city: "Kiel" }), "done");
    await second.run("weather?");
    expect(other.calls).toHaveLength(1);
    expect(calls).toHaveLength(1);
  });
});

describe("what a tool returns", () => {
  const input = { type: "object", properties: {} } as const;
  const returning = (result: unknown) =>
    tool({ name: "probe", description: "d", input, execute: () => result });

  test("reaches the model completely: Maps as JSON, bytes as an image", async () => {
    const readings = new Map([["oslo", new Set([1, 2])]]);
    server.model.enqueue(functionCall("probe"), "done", functionCall("probe"), "done");
    const first = await server.codex.threadStart({ tools: [returning(readings)] });
    await first.run("go");
    expect(JSON.parse(lastOutput() ?? "")).toEqual({ oslo: [1, 2] });
    const second = await server.codex.threadStart({ tools: [returning(["see", png()])] });
    await second.run("go");
    expect(server.model.requests.at(-1)?.input.at(-1)?.output).toMatchObject([
      { type: "input_text", text: "see" },
      { type: "input_image", image_url: expect.stringMatching(/^data:image\/png;base64,/) },
    ]);
  });

  test("that can't be sent is a failed call, which the model reads, and a warning", async () => {
    for (const [result, message] of [
      [
        "x".repeat(70_000_000),
        /its result is 70\d+ bytes long, but the server accepts at most 60000000/,
      ],
      [{ shot: png() }, /\.shot in its result is an instance of Buffer/],
      [
        { type: "inputImage", imageUrl: "data:image/png;base64,AAAA" },
        /has content that isn't a PNG/,
      ],
    ] as const) {
      server.model.enqueue(functionCall("probe"), "done");
      const thread = await server.codex.threadStart({ tools: [returning(result)] });
      const turn = await thread.run("go");
      expect(turn.text).toBe("done");
      expect(turn.items[1]).toMatchObject({ type: "dynamicToolCall", success: false });
      expect(lastOutput()).toMatch(message);
      expect(server.warnings.at(-1)).toMatchObject({
        code: "TOOL_RESULT_UNUSABLE",
        message: expect.stringMatching(message),
      });
    }
  });

  test("that is too large for a WebSocket doesn't hang the turn", async () => {
    await using served = await startServed();
    served.model.enqueue(functionCall("probe"), "done");
    const codex = served.client({ onWarning: () => {} });
    const thread = await codex.threadStart({ tools: [returning("x".repeat(70_000_000))] });
    expect((await thread.run("go")).text).toBe("done");
    expect(served.model.requests.at(-1)?.lastOutput).toMatch(/accepts at most 60000000/);
  });
});

test("members of arguments that are named __proto__ never reach a tool", async () => {
  let given: unknown;
  const probe = tool({
    name: "probe",
    description: "d",
    input: { type: "object", properties: {} },
    execute: (args) => {
      given = args;
    },
  });
  server.model.enqueue(functionCall("probe", '{"a":{"__proto__":{"admin":true},"b":1}}'), "done");
  const thread = await server.codex.threadStart({ tools: [probe] });
  await thread.run("go");
  expect(JSON.stringify(given)).toBe('{"a":{"b":1}}');
});

test("two tools with one name are refused before anything is sent", async () => {
  const { forecast } = forecasts();
  const error = await failureOf(server.codex.threadStart({ tools: [forecast, forecast] }));
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toContain('"forecast" is defined twice');
});

test("a new client that resumes the thread serves its tools, or reports that it has none", async () => {
  await using model = await ScriptedModel.start(["hello"]);
  await using home = await isolatedHome(scriptedConfig(model.url));
  const first = forecasts();
  let threadId: string;
  {
    await using codex = new Codex({ env: home.env });
    const thread = await codex.threadStart({ tools: [first.forecast] });
    await thread.run("hi");
    threadId = thread.id;
  }
  const call = functionCall("forecast", { city: "Oslo" });
  {
    model.enqueue(call, "done");
    await using codex = new Codex({ env: home.env });
    const thread = await codex.threadResume(threadId);
    expect((await thread.run("weather?")).text).toBe("done");
    expect(model.requests.at(-1)?.lastOutput).toContain('no tool named "forecast"');
  }
  const second = forecasts();
  model.enqueue(call, "done");
  await using codex = new Codex({ env: home.env });
  const thread = await codex.threadResume(threadId, { tools: [second.forecast] });
  expect((await thread.run("weather?")).text).toBe("done");
  expect([first.calls.length, second.calls.length]).toEqual([0, 1]);
});
