import assert from "node:assert/strict";
import { CodexError, LaunchError } from "codex-app-server";
import { command, Gate, text } from "codex-app-server/testing";
import { conversation, failureOf, range } from "../support/check.mjs";

/** A command that kills the server that runs it. */
const SUICIDE = command("kill -9 $PPID");
const UNBOUND = { approvalPolicy: "never", sandbox: "danger-full-access" };

export const client = [
  {
    what: "the server reports its version (`codex.metadata`)",
    async run(stage) {
      const { codex, warnings } = await stage.start();
      assert.equal(codex.metadata.serverInfo.version, stage.version);
      assert.equal(codex.metadata.serverInfo.name, "codex-app-server");
      assert.deepEqual(warnings, []);
    },
  },
  {
    what: "two simultaneous first calls start one server",
    async run(stage) {
      const { client: make } = await stage.home();
      const codex = make();
      const states = [];
      codex.onStatus(({ state }) => states.push(state));
      const [one, other] = await Promise.all([codex.modelList(), codex.modelList()]);
      assert(one.data.length > 0);
      assert.deepEqual(one, other);
      assert.deepEqual(states, ["connecting", "ready"]);
    },
  },
  {
    what: "a refused handshake is an error, and leaves no server behind",
    async run(stage) {
      const { client: make } = await stage.home();
      const codex = make({ clientName: "no\nheader" });
      const error = await failureOf(codex.connect());
      assert(error instanceof LaunchError, error.stack);
      assert.equal(codex.status.state, "idle");
    },
  },
  {
    what: "`models()` while a turn streams",
    async run(stage) {
      const { codex, model } = await stage.start();
      const gate = new Gate();
      model.enqueue(text(["held", gate]));
      const thread = await codex.threadStart();
      const turn = await thread.turn("hold");
      await gate.reached;
      const { data } = await codex.modelList({ timeoutMs: 1_000 });
      assert(data.some(({ id }) => id === "gpt-5.5"));
      gate.open();
      assert.equal((await turn.run()).text, "held");
    },
  },
  {
    what: "500 parallel requests are all answered",
    async run(stage) {
      const { codex } = await stage.start();
      const answers = await Promise.all(range(500).map(() => codex.modelList({ limit: 1 })));
      assert(answers.every(({ data }) => data.length === 1));
    },
  },
  {
    what: "20 parallel threads, each with its own text",
    async run(stage) {
      const { codex, warnings } = await stage.start();
      const results = await Promise.all(
        range(20).map(async (n) => {
          const thread = await codex.threadStart();
          return thread.run(`number ${n}`);
        }),
      );
      assert.deepEqual(
        results.map(({ text: said }) => said),
        range(20).map((n) => `echo number ${n}`),
      );
      assert.equal(new Set(results.map(({ turnId }) => turnId)).size, 20);
      assert.deepEqual(warnings, []);
    },
  },
  {
    what: "an unknown method or thread is an error with the server's message",
    async run(stage) {
      const { codex } = await stage.start();
      const unknown = await failureOf(codex.request("no/such/method", {}));
      assert.equal(unknown.name, "MethodNotFoundError", unknown.stack);
      const id = "00000000-0000-7000-8000-000000000000";
      const gone = await failureOf(codex.threadResume(id));
      assert(gone instanceof CodexError && gone.message.includes(id), gone.stack);
    },
  },
  {
    what: "closing the client ends its turns with an error",
    async run(stage) {
      const { codex, model } = await stage.start();
      model.enqueue(text(["held", new Gate()]));
      const turn = await (await codex.threadStart()).turn("hold");
      assert.equal((await turn.textStream().next()).value, "held");
      const running = failureOf(turn.run());
      await codex.close();
      assert.equal((await running).name, "TransportClosedError");
    },
  },
  {
    what: "a server crash ends its turns with an error",
    async run(stage) {
      const { codex } = await stage.start({ script: [SUICIDE] });
      const error = await failureOf((await codex.threadStart(UNBOUND)).run("die"));
      assert.equal(error.name, "TransportClosedError", error.stack);
      assert.equal(error.signal, "SIGKILL");
      assert.equal((await codex.closed).message, error.message);
    },
  },
  {
    what: "a crashed server is restarted (`restart`), and its thread continues",
    async run(stage) {
      const { codex, model } = await stage.start({
        script: ["well", SUICIDE, "again"],
        restart: { initialDelayMs: 10 },
      });
      const thread = await codex.threadStart(UNBOUND);
      await thread.run("first");
      assert.equal((await thread.run("die")).status, "interrupted");
      assert.equal((await thread.run("third")).text, "again");
      assert(conversation(model.requests.at(-1)).includes("assistant: well"));
    },
  },
  {
    what: "the same with `experimentalApi: false`",
    async run(stage) {
      const { codex } = await stage.start({
        script: ["well", SUICIDE, "again", "resumed"],
        restart: { initialDelayMs: 10 },
        experimentalApi: false,
      });
      const thread = await codex.threadStart(UNBOUND);
      await thread.run("first");
      await thread.run("die");
      assert.equal((await thread.run("second")).text, "again");
      assert.equal((await (await codex.threadResume(thread.id)).run("third")).text, "resumed");
    },
  },
];
