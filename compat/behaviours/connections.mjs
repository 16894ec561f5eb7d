import assert from "node:assert/strict";
import path from "node:path";
import { Codex, proxy, websocket } from "codex-app-server";
import { command, Gate, reply, text, usage } from "codex-app-server/testing";
import { collect, filtered, stateOf } from "../support/check.mjs";
import { startRelay } from "../support/relay.mjs";

const HANGS_UP =
  "This server closes every connection to its Unix socket during the WebSocket handshake.";

/** A client whose connection can be cut. */
async function throughRelay(stage, { script, ...options } = {}) {
  const { server, model } = await stage.serve("ws://127.0.0.1:0", script && { script });
  const relay = stage.keep(await startRelay(Number(/:(\d+)$/.exec(server.address)[1])));
  const codex = stage.keep(
    new Codex({
      transport: websocket(`ws://127.0.0.1:${relay.port}`, { token: server.token }),
      ...options,
    }),
  );
  return { codex, model, relay };
}

async function unixServer(stage) {
  const { home } = await stage.home();
  const socket = path.join(home.path, "s.sock");
  return { socket, ...(await stage.serve(`unix://${socket}`, { timeoutMs: 10_000 })) };
}

export const connections = [
  {
    what: "WebSocket (`Codex.serve`), two clients",
    async run(stage) {
      const { client } = await stage.serve("ws://127.0.0.1:0");
      const [one, other] = [client(), client()];
      const results = await Promise.all(
        [one, other].map(async (codex, n) => (await codex.threadStart()).run(`client ${n}`)),
      );
      assert.deepEqual(
        results.map(({ text: said }) => said),
        ["echo client 0", "echo client 1"],
      );
    },
  },
  {
    what: "two clients that start turns of one thread at the same time each get a result",
    async run(stage) {
      const { client } = await stage.serve("ws://127.0.0.1:0");
      const [one, other] = [client(), client()];
      const thread = await one.threadStart();
      await thread.run("begin");
      const same = await other.threadResume(thread.id);
      const runs = [thread.run("a"), same.run("b"), thread.run("c"), same.run("d")];
      for (const { status, text: said } of await Promise.all(runs)) {
        assert.equal(status, "completed");
        assert.match(said, /^echo [abcd]$/);
      }
    },
  },
  {
    what: "WebSocket, an ephemeral thread",
    async run(stage) {
      const { client } = await stage.serve("ws://127.0.0.1:0");
      const thread = await client().threadStart({ ephemeral: true });
      assert.equal((await thread.run("one")).text, "echo one");
      assert.equal((await thread.run("two")).text, "echo two");
    },
  },
  {
    what: "WebSocket with a bearer token",
    async run(stage) {
      const { server, client } = await stage.serve("ws://127.0.0.1:0", { auth: true });
      const { data } = await client().modelList();
      assert(data.length > 0);
      const stranger = client({ transport: websocket(server.address), reconnect: false });
      await assert.rejects(stranger.connect(), /401|token/);
    },
  },
  {
    what: "Unix socket",
    async run(stage) {
      const { client } = await unixServer(stage);
      assert.equal((await (await client().threadStart()).run("hi")).text, "echo hi");
    },
    lacks: {
      "0.125.0": {
        says: HANGS_UP,
        async shown(stage) {
          const { client } = await unixServer(stage);
          await assert.rejects(client().connect(), /socket hang up/);
        },
      },
    },
  },
  {
    what: "Unix socket through `proxy()`",
    async run(stage) {
      const { socket, client } = await unixServer(stage);
      const codex = client({ transport: proxy({ sock: socket, codexBin: stage.codexBin }) });
      assert.equal((await (await codex.threadStart()).run("hi")).text, "echo hi");
    },
    lacks: {
      "0.125.0": {
        says: HANGS_UP,
        async shown(stage) {
          const { socket, client } = await unixServer(stage);
          const transport = proxy({ sock: socket, codexBin: stage.codexBin });
          const codex = client({ transport, requestTimeoutMs: 2_000 });
          await assert.rejects(codex.connect(), { name: "LaunchError" });
        },
      },
    },
  },
  {
    what: "an approval that is pending when the connection is lost is answered on the next one",
    async run(stage) {
      let asked = 0;
      const { codex, relay } = await throughRelay(stage, {
        script: [command("touch made", { escalate: "to see" }), "done"],
        approvals: {
          command: async () => {
            asked++;
            const ready = stateOf(codex, "ready");
            relay.cut();
            await ready;
            return "accept";
          },
        },
      });
      const thread = await codex.threadStart({
        approvalPolicy: "on-request",
        sandbox: "read-only",
      });
      const result = await thread.run("do it");
      assert.deepEqual([result.status, result.text, asked], ["completed", "done", 1]);
      assert.equal(
        result.items.find(({ type }) => type === "commandExecution").status,
        "completed",
      );
    },
  },
  {
    what: "a connection lost in the middle of a message is re-established, without gaps in the text",
    async run(stage) {
      const { codex, model, relay } = await throughRelay(stage);
      const gate = new Gate();
      const spent = usage({ inputTokens: 7, outputTokens: 3 });
      model.enqueue(reply(text(["one ", "two ", gate, "three ", "four"]), spent));
      const thread = await codex.threadStart();
      const turn = await thread.turn("go");
      const streamed = collect(turn.textStream());
      await gate.reached;
      const ready = stateOf(codex, "ready");
      relay.cut();
      await ready;
      gate.open();
      const result = await turn.run();
      assert.deepEqual([result.status, result.text], ["completed", "one two three four"]);
      assert.deepEqual(
        result.items.map(({ type }) => type),
        ["userMessage", "agentMessage"],
      );
      assert.equal(result.usage?.tokenUsage.last.totalTokens, 10);
      assert.equal((await streamed).join(""), "one two three four");
      assert.equal((await thread.run("next")).text, "echo next");
    },
  },
  {
    what: "a connection lost while a turn ends",
    async run(stage) {
      const { codex, model, relay } = await throughRelay(stage);
      const gate = new Gate();
      model.enqueue(text(["one ", gate, "two"]));
      const turn = await (await codex.threadStart()).turn("go");
      await gate.reached;
      relay.pause();
      gate.open();
      assert.equal(await model.requests[0].ended, "answered");
      relay.resume();
      const result = await turn.run();
      assert.deepEqual([result.status, result.text], ["completed", "one two"]);
    },
  },
  {
    what: "a `turn/start` whose response is lost with the connection runs once, not twice",
    async run(stage) {
      const { server, model } = await stage.serve("ws://127.0.0.1:0");
      const relay = stage.keep(await startRelay(Number(/:(\d+)$/.exec(server.address)[1])));
      let lose = false;
      const starts = new Set();
      const transport = filtered(
        websocket(`ws://127.0.0.1:${relay.port}`, { token: server.token }),
        {
          sent: ({ id, method }) => {
            if (lose && method === "turn/start") starts.add(id);
          },
          received: ({ id, method }) => {
            if (!lose || (!starts.has(id) && !method?.match(/^(turn|item)\//))) return true;
            lose = false;
            relay.cut();
            return false;
          },
        },
      );
      const codex = stage.keep(new Codex({ transport }));
      const thread = await codex.threadStart();
      await thread.run("first");
      lose = true;
      const result = await thread.run("second");
      assert.deepEqual([result.status, result.text], ["completed", "echo second"]);
      assert.equal((await thread.run("third")).text, "echo third");
      assert.deepEqual(
        model.requests.map(({ userText }) => userText),
        ["first", "second", "third"],
      );
    },
  },
  {
    what: "a turn whose end the server doesn't report still ends (`turnIdleMs`)",
    async run(stage) {
      const { server, model } = await stage.serve("ws://127.0.0.1:0");
      let silent = false;
      const transport = filtered(websocket(server.address, { token: server.token }), {
        received: ({ method }) => !(silent && method !== undefined),
      });
      const codex = stage.keep(new Codex({ transport, turnIdleMs: 400 }));
      const gate = new Gate();
      model.enqueue(text(["be", gate, "fore"]));
      const thread = await codex.threadStart();
      const turn = await thread.turn("go");
      await gate.reached;
      silent = true;
      gate.open();
      const result = await turn.run();
      assert.deepEqual([result.status, result.text], ["completed", "before"]);
      silent = false;
      assert.equal((await thread.run("next")).text, "echo next");
    },
  },
];
