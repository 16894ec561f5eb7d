import { command, Gate, text } from "../../../dist/testing/index.js";

const aborted = (reason) => {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal;
};

export const aborts = [
  {
    what: "a signal that is already aborted, with `run`",
    async run(stage) {
      const thread = stage.thread();
      await stage.run(thread, "Hello.", { signal: aborted("no more") });
      stage.note("id", thread.id);
    },
  },
  {
    what: "a signal that is already aborted, with `runStreamed`",
    async run(stage) {
      await stage.stream(stage.thread(), "Hello.", { signal: aborted(new Error("no more")) });
    },
  },
  {
    what: "an abort while the model answers, with `run`",
    async run(stage) {
      const gate = new Gate();
      stage.model.enqueue(text(["Hel", gate, "lo"]));
      const controller = new AbortController();
      const running = stage.run(stage.thread(), "Hello.", { signal: controller.signal });
      await gate.reached;
      controller.abort("enough");
      await running;
    },
  },
  {
    what: "an abort in the loop of `runStreamed`",
    async run(stage) {
      const gate = new Gate();
      stage.model.enqueue(text(["Hel", gate, "lo"]));
      const controller = new AbortController();
      await stage.stream(stage.thread(), "Hello.", { signal: controller.signal }, ({ type }) => {
        if (type === "turn.started") controller.abort(new Error("enough"));
      });
    },
    unordered: true,
  },
  {
    what: "an abort while a command runs ends the command",
    async run(stage) {
      stage.model.enqueue(command("sleep 300"));
      const controller = new AbortController();
      await stage.stream(stage.thread(), "Sleep.", { signal: controller.signal }, ({ type }) => {
        if (type === "item.started") controller.abort("enough");
      });
    },
  },
  {
    what: "another turn after an abort",
    async run(stage) {
      const gate = new Gate();
      stage.model.enqueue(text(["Hel", gate, "lo"]));
      const controller = new AbortController();
      const thread = stage.thread();
      const running = stage.run(thread, "Hello.", { signal: controller.signal });
      await gate.reached;
      controller.abort("enough");
      await running;
      await stage.settle();
      stage.model.enqueue("Again.");
      await stage.stream(thread, "Again?");
    },
    differs: [
      {
        where: /^requests\[1\]\.body\.input\[\d+\]/,
        says: "The history tells the model that the turn was interrupted.",
      },
    ],
  },
  {
    what: "an abort after the end",
    async run(stage) {
      stage.model.enqueue("Hello.", "Again.");
      const controller = new AbortController();
      const thread = stage.thread();
      await stage.run(thread, "Hello.", { signal: controller.signal });
      controller.abort("late");
      await stage.run(thread, "Again?");
    },
  },
  {
    what: "a signal that never aborts",
    async run(stage) {
      stage.model.enqueue("Hello.");
      await stage.run(stage.thread(), "Hello.", { signal: new AbortController().signal });
    },
  },
  {
    what: "a signal with a time limit",
    async run(stage) {
      const gate = new Gate();
      stage.model.enqueue(text(["Hel", gate, "lo"]));
      await stage.run(stage.thread(), "Hello.", { signal: AbortSignal.timeout(2_500) });
    },
  },
];
