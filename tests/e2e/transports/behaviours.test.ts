import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { TransportClosedError, tool } from "../../../src/index.ts";
import { command, functionCall, Gate, reply, text, usage } from "../../../src/testing/index.ts";
import { collect, failureOf } from "../../support/e2e.ts";
import { routes } from "../../support/routes.ts";

describe.each(Object.entries(routes))("over %s", (_name, open) => {
  it("a turn streams, and returns its result and usage", async () => {
    await using route = await open([
      reply(text(["he", "llo"]), usage({ inputTokens: 3, outputTokens: 2 })),
    ]);
    const codex = route.client();
    const thread = await codex.threadStart();
    const turn = await thread.turn("go");
    expect((await collect(turn.textStream())).join("")).toBe("hello");
    expect(await turn.run()).toMatchObject({
      status: "completed",
      text: "hello",
      usage: { tokenUsage: { last: { totalTokens: 5 } } },
    });
    expect(codex.metadata.serverInfo.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it("twenty threads run at once, each with its own text, while requests overlap", async () => {
    await using route = await open((request) => text(`echo ${request.userText}`));
    const codex = route.client();
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const thread = await codex.threadStart();
        await codex.modelList();
        return (await thread.run(`${index}`)).text;
      }),
    );
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => `echo ${index}`));
  });

  it("an approval is requested and answered, and a tool runs", async () => {
    await using route = await open([
      command("touch made", { escalate: "because" }),
      functionCall("add", { a: 1, b: 2 }),
      text("done"),
    ]);
    const asked: string[] = [];
    const codex = route.client({
      approvals: {
        command: ({ reason }) => {
          asked.push(String(reason));
          return "decline";
        },
      },
    });
    const add = tool({
      name: "add",
      description: "Adds.",
      input: z.object({ a: z.number(), b: z.number() }),
      execute: ({ a, b }) => a + b,
    });
    const thread = await codex.threadStart({
      tools: [add],
      approvalPolicy: "on-request",
      sandbox: "read-only",
    });
    const result = await thread.run("go");
    expect([asked, result.text]).toEqual([["because"], "done"]);
    expect(route.model.requests.at(-1)?.lastOutput).toBe("3");
    expect(existsSync("made")).toBe(false);
  });

  it("a turn is steered and interrupted", async () => {
    const [gate, other] = [new Gate(), new Gate()];
    await using route = await open([text(["begun", gate]), text(["steered", other])]);
    const codex = route.client();
    const thread = await codex.threadStart();
    const turn = await thread.turn("go");
    await gate.reached;
    await turn.steer("and this");
    await turn.interrupt();
    expect((await turn.run()).status).toBe("interrupted");
    await turn.interrupt();
  });

  it("a thread is resumed by another client with its history", async () => {
    await using route = await open([text("first"), text("second")]);
    const one = route.client();
    const thread = await one.threadStart();
    await thread.run("remember me");
    await one.close();
    const again = await route.client().threadResume(thread.id);
    expect((await again.run("go on")).text).toBe("second");
    expect(JSON.stringify(route.model.requests[1]?.input)).toContain("remember me");
  });

  it("close() rejects pending and later calls", async () => {
    const gate = new Gate();
    await using route = await open([text(["begun", gate])]);
    const codex = route.client();
    const thread = await codex.threadStart();
    const turn = await thread.turn("go");
    await gate.reached;
    const waiting = [turn.run(), collect(turn.stream()), thread.run("next")].map(failureOf);
    await codex.close();
    for (const error of await Promise.all(waiting))
      expect(error).toBeInstanceOf(TransportClosedError);
    expect(await failureOf(codex.modelList())).toBeInstanceOf(TransportClosedError);
    expect(await codex.closed).toBeUndefined();
  });
});
