import { expect, it } from "vitest";
import { tool } from "../../../src/index.ts";
import { fakeClient } from "../../support/fake.ts";

const greet = tool({
  name: "greet",
  description: "Greets.",
  input: { type: "object" },
  execute: () => "hello",
});

it("sends a thread's tools to the server, and serves them by namespace", async () => {
  const { server, codex } = fakeClient();
  await codex.threadStart({ tools: [greet, { name: "polite", tools: [greet] }] });
  const sent = server.received.find(({ method }) => method === "thread/start");
  expect(sent?.params).toMatchObject({
    dynamicTools: [
      { type: "function", name: "greet" },
      { type: "namespace", name: "polite", tools: [{ type: "function", name: "greet" }] },
    ],
  });
  const call = { threadId: "t1", turnId: "u1", callId: "c1", tool: "greet", arguments: {} };
  const answer = await server.ask("item/tool/call", { ...call, namespace: "polite" });
  expect(answer.result).toMatchObject({ success: true, contentItems: [{ text: "hello" }] });
});
