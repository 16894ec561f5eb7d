import { expect, test } from "vitest";
import { Codex, type Turn } from "../../../src/index.ts";
import { Gate, text } from "../../../src/testing/index.ts";
import { sharedServer } from "../../support/e2e.ts";

// The arguments of each call change right after the call.

const server = sharedServer({ script: (request) => `echo ${request.userText}` });

test("turns have the input and the settings that the calls were made with", async () => {
  const before = server.model.requests.length;
  const threads = [await server.codex.threadStart(), await server.codex.threadStart()];
  const item = { type: "text" as const, text: "" };
  const outputSchema = {
    type: "object",
    properties: { answer: { type: "string", description: "" } },
    required: ["answer"],
    additionalProperties: false,
  };
  const runs = threads.map((thread, index) => {
    item.text = `message ${index}`;
    outputSchema.properties.answer.description = `description ${index}`;
    return thread.turn([item], { outputSchema });
  });
  item.text = "changed";
  outputSchema.properties.answer.description = "changed";
  const turns = await Promise.all(runs);
  // The answers don't match the schema.
  await Promise.allSettled(turns.map((turn) => turn.run()));
  const asked = server.model.requests.slice(before);
  const sent = asked.map(({ userText, body }) => [userText, descriptionIn(body)]);
  expect(sent.sort()).toEqual([
    ["message 0", "description 0"],
    ["message 1", "description 1"],
  ]);
});

test("a steered and a queued message are sent as they were when the call was made", async () => {
  const gate = new Gate();
  server.model.enqueue(text(["be", gate, "fore"]));
  const thread = await server.codex.threadStart();
  const turn = await thread.turn("hi");
  await gate.reached;
  const item = { type: "text" as const, text: "steered" };
  const steering = turn.steer([item]);
  item.text = "queued";
  const queueing = thread.queue([item]);
  item.text = "changed";
  await Promise.all([steering, queueing]);
  const queued = new Promise<Turn>((resolve) => thread.onTurn(resolve));
  gate.open();
  await turn.run();
  await (await queued).run();
  const texts = server.model.requests.slice(-2).map(({ userText }) => userText);
  expect(texts).toEqual(["steered", "queued"]);
});

test("clients, threads and raw requests have the options that the calls were made with", async () => {
  const config = { model: "of-the-client" };
  const env = { CODEX_HOME: server.home };
  await using codex = new Codex({ config, env, cwd: server.cwd, onWarning: () => {} });
  config.model = "changed";
  const options = { config: { model: "of-the-thread" } };
  const starting = codex.threadStart(options);
  options.config.model = "changed";
  const params = { config: { model: "of-the-request" } };
  const asking = codex.request("thread/start", params);
  params.config.model = "changed";
  const before = server.model.requests.length;
  await (await starting).run("hi");
  await (await codex.threadStart()).run("hi");
  const models = server.model.requests.slice(before).map(({ body }) => body.model);
  expect(models).toEqual(["of-the-thread", "of-the-client"]);
  expect((await asking).model).toBe("of-the-request");
});

/** The description of the answer in the schema that the model received. */
function descriptionIn(body: Readonly<Record<string, unknown>>): unknown {
  return JSON.stringify(body).match(/"description":"(description \d|changed)"/)?.[1];
}
