import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { failure, Gate, reply, text, usage } from "codex-app-server/testing";
import { collect, failureOf, pendingAfter } from "../support/check.mjs";
import { rawRequest } from "../support/raw-request.mjs";

/** A turn whose model has said "be" and waits. */
async function heldTurn(stage) {
  const { codex, model } = await stage.start();
  const gate = new Gate();
  model.enqueue(text(["be", gate, "fore"]));
  const thread = await codex.threadStart();
  const turn = await thread.turn("hi");
  return { codex, model, gate, thread, turn };
}

const PHANTOM = {
  says:
    "This server answers a second `turn/start` on an active thread with the id of a turn that never " +
    "starts, and steers the first turn with its input. The SDK delays the second start until the first turn has ended.",
  async shown(stage) {
    const { server, client, model } = await stage.serve("ws://127.0.0.1:0");
    const gate = new Gate();
    model.enqueue(text(["be", gate, "fore"]));
    const thread = await client().threadStart();
    const turn = await thread.turn("hi");
    await gate.reached;
    const input = [{ type: "text", text: "second", text_elements: [] }];
    const second = await rawRequest(server, "turn/start", { threadId: thread.id, input });
    assert.notEqual(second.turn.id, turn.id);
    gate.open();
    assert.equal((await turn.run()).text, "echo second");
    const { turns: listed } = (await thread.read({ includeTurns: true })).thread;
    assert.deepEqual(
      listed.map(({ id }) => id),
      [turn.id],
    );
  },
};

const SILENT = {
  says:
    "This server never answers `turn/interrupt` when no turn is active. " +
    "The SDK doesn't send it for a turn that has ended.",
  async shown(stage) {
    const { codex } = await stage.start();
    const thread = await codex.threadStart();
    const { turnId } = await thread.run("hi");
    const params = { threadId: thread.id, turnId };
    assert(await pendingAfter(1_000, codex.request("turn/interrupt", params)));
  },
};

export const turns = [
  {
    what: "text is streamed as it arrives",
    async run(stage) {
      const { gate, turn } = await heldTurn(stage);
      assert.equal((await turn.textStream().next()).value, "be");
      const streamed = collect(turn.stream());
      const words = collect(turn.textStream());
      gate.open();
      const { status, text: said, items } = await turn.run();
      assert.deepEqual([status, said], ["completed", "before"]);
      assert.deepEqual(
        items.map(({ type }) => type),
        ["userMessage", "agentMessage"],
      );
      assert.equal((await words).join(""), "before");
      const methods = (await streamed).map(({ method }) => method);
      assert.equal(methods.filter((method) => method === "turn/completed").length, 1);
      assert.equal(methods.at(-1), "turn/completed");
    },
  },
  {
    what: "token usage of the turn",
    async run(stage) {
      const spent = usage({ inputTokens: 7, outputTokens: 3 });
      const { codex } = await stage.start({ script: [reply("well", spent)] });
      const result = await (await codex.threadStart()).run("hi");
      assert.equal(result.usage?.tokenUsage.last.totalTokens, 10);
    },
  },
  {
    what: "when the turn started and ended (`startedAt`, `completedAt`, `durationMs`)",
    async run(stage) {
      const { codex } = await stage.start();
      const result = await (await codex.threadStart()).run("hi");
      assert(result.startedAt instanceof Date, `startedAt is ${result.startedAt}`);
      assert(result.completedAt instanceof Date, `completedAt is ${result.completedAt}`);
      assert.equal(typeof result.durationMs, "number");
    },
  },
  {
    what: "the final answer, not the commentary, is the text",
    async run(stage) {
      const script = [
        reply(
          text("One moment.", { phase: "commentary" }),
          text("The answer.", { phase: "final_answer" }),
          text("Something else.", { phase: "commentary" }),
        ),
      ];
      const { codex } = await stage.start({ script });
      const result = await (await codex.threadStart()).run("hi");
      assert.equal(result.text, "The answer.");
      assert.equal(result.items.filter(({ type }) => type === "agentMessage").length, 3);
    },
  },
  {
    what: "parallel turns of two threads don't mix",
    async run(stage) {
      const { codex, model } = await stage.start();
      const gates = [new Gate(), new Gate()];
      model.respond(({ userText }) => text([`${userText} `, gates[Number(userText)], userText]));
      const turnOf = async (name) => (await codex.threadStart()).turn(name);
      const both = await Promise.all([turnOf("0"), turnOf("1")]);
      const words = both.map((turn) => collect(turn.textStream()));
      await Promise.all(gates.map((gate) => gate.reached));
      gates[1].open();
      assert.equal((await both[1].run()).text, "1 1");
      gates[0].open();
      assert.equal((await both[0].run()).text, "0 0");
      assert.deepEqual(await Promise.all(words.map(async (one) => (await one).join(""))), [
        "0 0",
        "1 1",
      ]);
    },
  },
  {
    what: "a second turn of a thread waits for the first",
    async run(stage) {
      const { model, gate, thread, turn } = await heldTurn(stage);
      await gate.reached;
      const second = thread.run("second");
      // By then, a start that didn't wait would have reached the model, or steered the first turn.
      assert(await pendingAfter(300, second));
      assert.equal(model.requests.length, 1);
      gate.open();
      const [one, other] = await Promise.all([turn.run(), second]);
      assert.deepEqual([one.text, other.text], ["before", "echo second"]);
      assert.notEqual(one.turnId, other.turnId);
    },
    notes: { "0.125.0": PHANTOM, "0.144.0": PHANTOM },
  },
  {
    what: "steer, even right after `turn()`",
    async run(stage) {
      const { model, gate, turn } = await heldTurn(stage);
      await turn.steer("and in French");
      gate.open();
      const result = await turn.run();
      assert.deepEqual([result.status, result.text], ["completed", "echo and in French"]);
      assert.equal(model.requests.at(-1).userText, "and in French");
    },
  },
  {
    what: "steering a turn that has ended is an error",
    async run(stage) {
      const { codex } = await stage.start();
      const turn = await (await codex.threadStart()).turn("hi");
      await turn.run();
      assert.match((await failureOf(turn.steer("late"))).message, /has ended/);
    },
  },
  {
    what: "interrupt right after `turn()`",
    async run(stage) {
      const { gate, thread, turn } = await heldTurn(stage);
      await turn.interrupt();
      assert.equal((await turn.run()).status, "interrupted");
      gate.open();
      assert.equal((await thread.run("next")).status, "completed");
    },
  },
  {
    what: "interrupt in the middle of a message",
    async run(stage) {
      const { thread, turn } = await heldTurn(stage);
      assert.equal((await turn.textStream().next()).value, "be");
      const words = collect(turn.textStream());
      await turn.interrupt();
      assert.equal((await turn.run()).status, "interrupted");
      assert.equal((await words).join(""), "be");
      assert.equal((await thread.run("next")).text, "echo next");
    },
  },
  {
    what: "interrupting a turn that has ended has no effect",
    async run(stage) {
      const { codex } = await stage.start();
      const turn = await (await codex.threadStart()).turn("hi");
      await turn.run();
      assert.deepEqual(await Promise.all([turn.interrupt(), turn.interrupt()]), [{}, {}]);
    },
    notes: { "0.125.0": SILENT },
  },
  {
    what: "a model error fails the turn, and the next turn works",
    async run(stage) {
      const { codex } = await stage.start({ script: [failure(500), "well again"] });
      const thread = await codex.threadStart();
      const result = await thread.run("hi");
      assert.equal(result.status, "failed");
      assert.equal(result.error.codexErrorInfo, "internalServerError");
      assert.throws(() => result.throwIfFailed());
      assert.equal((await thread.run("again")).text, "well again");
    },
  },
  {
    what: "structured output",
    async run(stage) {
      const { codex, model } = await stage.start({ script: ['{"ok":true}', "plain"] });
      const outputSchema = {
        type: "object",
        properties: { ok: { type: "boolean" } },
        required: ["ok"],
        additionalProperties: false,
      };
      const thread = await codex.threadStart();
      assert.deepEqual((await thread.run("well?", { outputSchema })).output, { ok: true });
      const { format } = model.requests[0].body.text;
      assert.equal(format.type, "json_schema");
      assert.deepEqual(format.schema, outputSchema);
      await thread.run("and now?");
      assert.equal(model.requests[1].body.text?.format, undefined);
    },
  },
  {
    what: "a local image, a skill",
    async run(stage) {
      const { codex, model, cwd, home } = await stage.start();
      const pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
      await writeFile(path.join(cwd, "pixel.png"), Buffer.from(pixel, "base64"));
      const file = path.join(home, "skills", "greet", "SKILL.md");
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, "---\nname: greet\ndescription: How to greet\n---\nSay ahoy.\n");
      const thread = await codex.threadStart();
      await thread.run([
        "look",
        { type: "localImage", path: "pixel.png" },
        { type: "skill", name: "greet", path: file },
      ]);
      const seen = JSON.stringify(model.requests[0].input);
      assert(seen.includes('"image_url":"data:image/png;base64,'), seen);
      assert(seen.includes("<skill>\\n<name>greet</name>"), seen);
      assert(seen.includes(`<path>${file}</path>`) && seen.includes("Say ahoy."), seen);
    },
  },
];
