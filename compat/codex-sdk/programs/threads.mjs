import { command, Gate, text } from "../../../dist/testing/index.js";

export const threads = [
  {
    what: "two turns on one thread",
    async run(stage) {
      stage.model.enqueue("One.", "Two.");
      const thread = stage.thread();
      await stage.stream(thread, "One?");
      await stage.stream(thread, "Two?");
    },
  },
  {
    what: "a thread resumed by its id",
    async run(stage) {
      stage.model.enqueue("One.", "Two.");
      const codex = stage.codex();
      const first = codex.startThread(stage.threadOptions());
      await stage.run(first, "One?");
      const resumed = codex.resumeThread(first.id, stage.threadOptions());
      stage.note("id", resumed.id);
      await stage.stream(resumed, "Two?");
    },
  },
  {
    what: "a thread resumed by another `Codex`",
    async run(stage) {
      stage.model.enqueue("One.", "Two.");
      const first = stage.thread();
      await stage.run(first, "One?");
      await stage.settle();
      const resumed = stage.codex().resumeThread(first.id, stage.threadOptions());
      await stage.stream(resumed, "Two?");
    },
  },
  {
    what: "a thread resumed with other options, then with the first ones again",
    async run(stage) {
      stage.model.enqueue("One.", "Two.", "Three.");
      const codex = stage.codex();
      const first = codex.startThread(stage.threadOptions({ modelReasoningEffort: "low" }));
      await stage.run(first, "One?");
      const others = stage.threadOptions({
        sandboxMode: "workspace-write",
        webSearchMode: "disabled",
        modelReasoningEffort: "high",
      });
      await stage.stream(codex.resumeThread(first.id, others), "Two?");
      await stage.stream(first, "Three?");
    },
  },
  {
    what: "a thread resumed without options",
    async run(stage) {
      stage.model.enqueue("One.", "Two.");
      const codex = stage.codex();
      const given = {
        model: "gpt-5.6-sol",
        sandboxMode: "workspace-write",
        modelReasoningEffort: "high",
      };
      const first = codex.startThread(stage.threadOptions(given));
      await stage.run(first, "One?");
      await stage.stream(codex.resumeThread(first.id, { workingDirectory: stage.cwd }), "Two?");
    },
  },
  {
    what: "a thread resumed without options, in a project that the user trusts",
    async run(stage) {
      stage.model.enqueue("One.", "Two.");
      const configOverrides = [`projects={"${stage.cwd}"={trust_level="trusted"}}`];
      const codex = stage.codex({ configOverrides });
      const first = codex.startThread({ workingDirectory: stage.cwd });
      await stage.run(first, "One?");
      await stage.stream(codex.resumeThread(first.id, { workingDirectory: stage.cwd }), "Two?");
    },
  },
  {
    what: "a thread resumed in another directory",
    async run(stage) {
      stage.model.enqueue("One.", command("pwd"), "Two.");
      const codex = stage.codex();
      const first = codex.startThread(stage.threadOptions());
      await stage.run(first, "One?");
      const elsewhere = { workingDirectory: stage.folder(), skipGitRepoCheck: true };
      await stage.stream(codex.resumeThread(first.id, stage.threadOptions(elsewhere)), "Two?");
    },
  },
  {
    what: "an id that no thread has",
    async run(stage) {
      const id = "00000000-0000-7000-8000-000000000000";
      const thread = stage.codex().resumeThread(id, stage.threadOptions());
      await stage.run(thread, "Hello?");
      stage.note("id", thread.id);
    },
  },
  {
    what: "an id that isn't a thread id",
    async run(stage) {
      stage.model.enqueue("New.");
      const thread = stage.codex().resumeThread("nothing", stage.threadOptions());
      await stage.stream(thread, "Hello?");
      stage.note("is new", thread.id !== "nothing");
    },
  },
  {
    what: "two threads at once",
    async run(stage) {
      const codex = stage.codex();
      const gate = new Gate();
      stage.model.respond(({ userText }) => text([gate, `Answer to ${userText}`]));
      const [one, two] = ["one", "two"].map(() => codex.startThread(stage.threadOptions()));
      const results = [one.run("one"), two.run("two")];
      const received = [await stage.model.nextRequest(), await stage.model.nextRequest()];
      gate.open();
      for (const result of results) stage.note("result", await result);
      stage.note("ids differ", one.id !== two.id);
      // Which of the two comes first is random.
      stage.note("received", received.map(({ userText }) => userText).toSorted());
    },
    unordered: true,
  },
  {
    what: "two turns at once on a new thread",
    async run(stage) {
      stage.model.respond(({ userText }) => `Answer to ${userText}`);
      const thread = stage.thread();
      const results = await Promise.all([thread.run("one"), thread.run("two")]);
      stage.note(
        "responses",
        results.map(({ finalResponse }) => finalResponse),
      );
      stage.note("conversations", conversations(stage));
    },
    unordered: true,
  },
  {
    what: "two turns at once on a thread that has an id",
    async run(stage) {
      stage.model.enqueue("Zero.");
      const thread = stage.thread();
      await stage.run(thread, "zero");
      stage.model.respond(({ userText }) => `Answer to ${userText}`);
      const results = await Promise.allSettled([thread.run("one"), thread.run("two")]);
      // With `@openai/codex-sdk` the second can fail, because another process uses the thread.
      stage.note(
        "one runs",
        results.some(({ status }) => status === "fulfilled"),
      );
    },
    unordered: true,
  },
  {
    what: "a stream that is left early, and another turn",
    async run(stage) {
      const never = text([new Gate(), "Never."]);
      stage.model.enqueue(command("echo one"));
      stage.model.respond(({ userText }) => (userText === "One?" ? never : "Two."));
      const thread = stage.thread();
      const { events } = await thread.runStreamed("One?");
      for await (const event of events) {
        stage.note("event", event);
        if (event.type === "item.completed") break;
      }
      await stage.settle();
      // How many tokens of the first turn are counted depends on when it is stopped.
      stage.note("response", (await thread.run("Two?")).finalResponse);
    },
    unordered: true,
  },
  {
    what: "a stream that is never read",
    async run(stage) {
      const thread = stage.thread();
      await thread.runStreamed("One?");
      await new Promise((resolve) => setTimeout(resolve, 300));
      stage.note("id", thread.id);
    },
  },
  {
    what: "ten turns on one thread",
    async run(stage) {
      stage.model.respond(({ userText }) => `Answer to ${userText}`);
      const thread = stage.thread();
      for (let turn = 0; turn < 10; turn++) await stage.run(thread, `turn ${turn}`);
    },
  },
];

function conversations(stage) {
  return stage.model.requests.map(({ userText }) => userText).toSorted();
}
