import { writeFileSync } from "node:fs";
import path from "node:path";
import { delay, reasoning, reply, text, usage } from "../../../dist/testing/index.js";
import { PNG } from "../support/png.mjs";

const schema = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};

export const answers = [
  {
    what: "text, with `run`",
    async run(stage) {
      stage.model.enqueue("Hello!");
      const thread = stage.thread();
      stage.note("id before", thread.id);
      await stage.run(thread, "Say hello.");
      stage.note("id after", thread.id);
    },
  },
  {
    what: "text, with `runStreamed`",
    async run(stage) {
      stage.model.enqueue("Hello!");
      await stage.stream(stage.thread(), "Say hello.");
    },
  },
  {
    what: "text that arrives in many deltas",
    async run(stage) {
      stage.model.enqueue(text(["Hel", delay(20), "lo, ", delay(20), "world", "!"]));
      await stage.stream(stage.thread(), "Say hello.");
    },
  },
  {
    what: "several messages: the last is the final response, regardless of its phase",
    async run(stage) {
      stage.model.enqueue(
        reply(
          text("The answer.", { phase: "final_answer" }),
          text("A remark.", { phase: "commentary" }),
        ),
      );
      await stage.run(stage.thread(), "Answer.");
    },
  },
  {
    what: "an empty answer",
    async run(stage) {
      stage.model.enqueue(text(""));
      await stage.run(stage.thread(), "Say nothing.");
    },
  },
  {
    what: "reasoning, including with an empty summary",
    async run(stage) {
      stage.model.enqueue(reply(reasoning("I think."), reasoning(""), "Done."));
      await stage.stream(stage.thread(), "Think.");
    },
  },
  {
    what: "usage, over two turns",
    async run(stage) {
      const tokens = {
        inputTokens: 42,
        cachedInputTokens: 12,
        outputTokens: 7,
        reasoningOutputTokens: 3,
      };
      stage.model.enqueue(reply("One.", usage(tokens)), reply("Two.", usage(tokens)));
      const thread = stage.thread();
      await stage.run(thread, "One?");
      await stage.run(thread, "Two?");
    },
  },
  {
    what: "structured output, with `run`",
    async run(stage) {
      stage.model.enqueue('{"answer":"42"}');
      await stage.run(stage.thread(), "Answer.", { outputSchema: schema });
    },
  },
  {
    what: "structured output, with `runStreamed`, and the next turn without it",
    async run(stage) {
      stage.model.enqueue('{"answer":"42"}', "Plain.");
      const thread = stage.thread();
      await stage.stream(thread, "Answer.", { outputSchema: schema });
      await stage.stream(thread, "Again.");
    },
  },
  {
    what: "a schema with optional keys, and an answer that doesn't match it",
    async run(stage) {
      const loose = { type: "object", properties: { a: { const: 1 }, b: {} } };
      stage.model.enqueue("not JSON");
      await stage.run(stage.thread(), "Answer.", { outputSchema: loose });
    },
  },
  {
    what: "several text parts",
    async run(stage) {
      stage.model.enqueue("Done.");
      await stage.run(stage.thread(), [
        { type: "text", text: "Describe the changes." },
        { type: "text", text: "Look at the tests." },
      ]);
    },
  },
  {
    what: "an image between two text parts",
    async run(stage) {
      const image = path.join(stage.cwd, "dot.png");
      writeFileSync(image, PNG);
      stage.model.enqueue("A dot.");
      await stage.run(stage.thread(), [
        { type: "text", text: "What is" },
        { type: "local_image", path: image },
        { type: "text", text: "this?" },
      ]);
    },
  },
  {
    what: "an image that doesn't exist",
    async run(stage) {
      stage.model.enqueue("I see nothing.");
      const image = path.join(stage.cwd, "missing.png");
      await stage.run(stage.thread(), [
        { type: "text", text: "What is this?" },
        { type: "local_image", path: image },
      ]);
    },
  },
  {
    what: "text with control characters, quotes and emoji",
    async run(stage) {
      stage.model.enqueue('“Quoted” \u0007 "text" 👩‍💻\n\tend');
      await stage.stream(stage.thread(), ' \u001b[31mred "quoted" 👩‍💻 \\ \n\n');
    },
  },
];
