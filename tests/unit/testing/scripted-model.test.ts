import { afterEach, beforeEach, expect, test } from "vitest";
import { Gate, reply, ScriptedModel, text } from "../../../src/testing/index.ts";
import { ask, deltas, eventsOf, userMessage } from "../../support/responses-api.ts";

let model: ScriptedModel;
beforeEach(async () => {
  model = await ScriptedModel.start();
});
afterEach(() => model.close());

const answer = async (userText?: string): Promise<string> =>
  deltas(await eventsOf(await ask(model, userText))).join("");

async function failureMessage(userText: string): Promise<string> {
  return (await eventsOf(await ask(model, userText))).at(-1)?.response.error.message;
}

test("the queue goes first, in order, then the rule", async () => {
  model.respond((request) => `${request.index} ${request.userText}`);
  model.enqueue("one", "two");
  expect([await answer(), await answer(), await answer("a"), await answer("b")]).toEqual([
    "one",
    "two",
    "2 a",
    "3 b",
  ]);
});

test.each([
  ["a rule", async () => "by rule"],
  ["replies", ["queued"]],
])("start takes %s", async (_name, script) => {
  await using started = await ScriptedModel.start(script);
  const said = deltas(await eventsOf(await ask(started)));
  expect(said).toEqual(Array.isArray(script) ? script : ["by rule"]);
});

test("a missing reply fails the response, and the error names the request", async () => {
  const message = await failureMessage("what now?");
  expect(message).toContain("no reply for request 1");
  expect(message).toContain("what now?");
});

test("a rule that throws fails the response with its message", async () => {
  model.respond(() => {
    throw new Error("rule broke");
  });
  expect(await failureMessage("hi")).toContain("rule broke");
});

test("a request has its headers, user text, tools and call outputs", async () => {
  model.enqueue("ok", "ok");
  const output = { type: "custom_tool_call_output", call_id: "c2" };
  await ask(model, "", {
    headers: { "x-test": "1" },
    body: JSON.stringify({
      tools: [{ type: "function", name: "look" }, { type: "web_search" }],
      input: [
        userMessage("first"),
        { type: "message", role: "user", content: [{ type: "input_text", text: "second" }] },
        { type: "function_call_output", call_id: "c1", output: "one" },
        { ...output, output: [{ type: "input_text", text: "two" }, { type: "input_image" }] },
      ],
    }),
  });
  const request = await model.nextRequest();
  expect(request.headers["x-test"]).toBe("1");
  expect(request.userText).toBe("second");
  expect(request.tools).toEqual(["look", "web_search"]);
  expect([...request.outputs]).toEqual([
    ["c1", "one"],
    ["c2", "two"],
  ]);
  expect(request.lastOutput).toBe("two");
  await ask(model);
  expect((await model.nextRequest()).lastOutput).toBeUndefined();
});

test("a request without input has an empty one", async () => {
  model.enqueue("ok");
  await ask(model, "", { body: "{}" });
  const { input, userText, tools } = await model.nextRequest();
  expect({ input, userText, tools }).toEqual({ input: [], userText: "", tools: [] });
});

test("nextRequest returns each request once, whether it has arrived or not", async () => {
  model.respond(() => "ok");
  await answer("a");
  const waiting = [model.nextRequest(), model.nextRequest(), model.nextRequest()];
  await answer("b");
  await answer("c");
  const texts = (await Promise.all(waiting)).map((request) => request.userText);
  expect(texts).toEqual(["a", "b", "c"]);
  expect(model.requests).toHaveLength(3);
});

test("simultaneous requests have their own indexes", async () => {
  model.respond((request) => request.userText);
  const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
  expect(await Promise.all(names.map(answer))).toEqual(names);
  expect(model.requests.map((request) => request.index)).toEqual(names.map((_, n) => n));
});

test("a gate lets everything before it through, and the rest once it opens", async () => {
  const gate = new Gate();
  model.enqueue(text(["before", gate, "after"]));
  const response = await ask(model);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let received = "";
  const readUntil = async (word: string): Promise<void> => {
    while (!received.includes(word)) received += (await reader?.read())?.value ?? "";
  };
  await gate.reached;
  await readUntil("before");
  expect(received).not.toContain("after");
  gate.open();
  await readUntil("response.completed");
  expect(received).toContain("after");
  expect(await model.requests[0]?.ended).toBe("answered");
});

test("an open gate pauses nothing, and a gate can be a separate part", async () => {
  const gate = new Gate();
  gate.open();
  model.enqueue(reply("a", gate, "b"));
  expect(await answer()).toBe("ab");
});

test("a client that disconnects releases the reply from its gate", async () => {
  const gate = new Gate();
  model.enqueue(text(["before", gate, "after"]));
  const client = new AbortController();
  const response = await ask(model, "hi", { signal: client.signal });
  await gate.reached;
  const request = await model.nextRequest();
  expect(request.signal.aborted).toBe(false);
  client.abort();
  expect(await request.ended).toBe("aborted");
  expect(request.signal.aborted).toBe(true);
  await expect(response.text()).rejects.toThrow();
});

test("a rule that is still running notices that the client has disconnected", async () => {
  const seen = new Gate();
  model.respond(
    ({ signal }) => new Promise(() => signal.addEventListener("abort", () => seen.open())),
  );
  const client = new AbortController();
  const asked = ask(model, "hi", { signal: client.signal });
  const request = await model.nextRequest();
  client.abort();
  await expect(asked).rejects.toThrow();
  await seen.wait(AbortSignal.timeout(10_000));
  expect(await request.ended).toBe("aborted");
});

test("close ends paused replies, and calls that wait for a request", async () => {
  model.enqueue(new Gate());
  model.respond(() => new Promise(() => {}));
  const asked = [ask(model).then((response) => response.text()), ask(model)];
  const requests = [await model.nextRequest(), await model.nextRequest()];
  const waiting = model.nextRequest();
  const outcomes = Promise.allSettled([...asked, waiting]);
  await model.close();
  await model.close();
  expect((await outcomes).map((outcome) => outcome.status)).toEqual(
    Array.from({ length: 3 }, () => "rejected"),
  );
  await expect(waiting).rejects.toThrow("was closed");
  await expect(model.nextRequest()).rejects.toThrow("was closed");
  expect(await Promise.all(requests.map((request) => request.ended))).toEqual([
    "aborted",
    "aborted",
  ]);
});

test("a closed port refuses connections; replies in progress continue", async () => {
  const gate = new Gate();
  model.enqueue(text([gate, "late"]), "again");
  const underWay = ask(model);
  await gate.reached;
  model.stopListening();
  gate.open();
  expect(deltas(await eventsOf(await underWay))).toEqual(["late"]);
  await expect(ask(model)).rejects.toThrow("fetch failed");
  await expect(ask(model)).rejects.toThrow("fetch failed");
  const { port } = model;
  await model.startListening();
  expect(model.port).toBe(port);
  expect(await answer()).toBe("again");
});

test("close works on a closed port, and with a reply in progress", async () => {
  const gate = new Gate();
  model.enqueue(gate);
  const asked = ask(model).then((response) => response.text());
  await gate.reached;
  model.stopListening();
  const outcome = expect(asked).rejects.toThrow();
  await model.close();
  await outcome;
});

test("another path or method gets a 404 and isn't a request", async () => {
  const response = await fetch(`${model.url}/models`);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain("GET /v1/models");
  expect(model.requests).toEqual([]);
});

test("a body that isn't JSON breaks only its own connection", async () => {
  model.enqueue("ok");
  await expect(ask(model, "", { body: "{" })).rejects.toThrow();
  expect(await answer()).toBe("ok");
});

test("replies that no request has used are counted, and can fail a test", async () => {
  model.enqueue("one", "two", "three");
  await answer();
  expect(model.unusedReplies).toBe(2);
  expect(() => model.assertAllRepliesUsed()).toThrow(
    "The scripted model has 2 unused replies after 1 request",
  );
  await answer();
  await answer();
  expect(() => model.assertAllRepliesUsed()).not.toThrow();
});
