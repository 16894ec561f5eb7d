import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const range = (length) => Array.from({ length }, (_, n) => n);
const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" };
const UNBOUND = { approvalPolicy: "never", sandbox: "danger-full-access" };

/**
 * What is run in each setup, by the title of its column. The modules are passed in, because each
 * setup loads them in its own way. CODEX_HOME names a model that answers `echo …`.
 */
export const behaviours = {
  async "first program"({ main: { Codex } }) {
    const codex = new Codex();
    try {
      const thread = await codex.threadStart();
      const result = await thread.run("Say hello.", { timeoutMs: 120_000 });
      assert.equal(result.throwIfFailed().text, "echo Say hello.");
    } finally {
      await codex.close();
    }
  },

  async streaming({ testing }) {
    const gate = new testing.Gate();
    const script = [testing.text(["one ", "two ", gate, "three"])];
    await using(await testing.startScripted({ script }), async ({ codex }) => {
      const turn = await (await codex.threadStart()).turn("count");
      const texts = [];
      for await (const text of turn.textStream()) {
        texts.push(text);
        if (texts.join("").endsWith("two ")) gate.open();
      }
      assert.equal(texts.join(""), "one two three");
      assert(texts.length > 1, "the text arrived in one piece");
      const methods = new Set();
      for await (const { method } of turn.stream()) methods.add(method);
      assert(methods.has("turn/started") && methods.has("turn/completed"));
    });
  },

  async approvals({ testing }) {
    const script = [testing.command("echo $((6 * 7))", { escalate: "to see" }), "done"];
    const asked = [];
    const rule = ({ command, reason }) => {
      asked.push([command.includes("6 * 7"), reason]);
      return "accept";
    };
    const options = { script, approvals: { command: rule } };
    await using(await testing.startScripted(options), async ({ codex, model }) => {
      const thread = await codex.threadStart(ASKING);
      assert.equal((await thread.run("do it")).text, "done");
      assert.deepEqual(asked, [[true, "to see"]]);
      assert.match(model.requests[1].lastOutput, /42/);
    });
  },

  async tools({ main, testing }) {
    const forecast = main.tool({
      name: "forecast",
      description: "The weather in a city.",
      input: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
        additionalProperties: false,
      },
      execute: ({ city }) => `Sunny in ${city}`,
    });
    const script = [testing.functionCall("forecast", { city: "Oslo" }), "done"];
    await using(await testing.startScripted({ script }), async ({ codex, model }) => {
      const thread = await codex.threadStart({ tools: [forecast] });
      assert.equal((await thread.run("weather?")).text, "done");
      assert.equal(model.requests[1].lastOutput, "Sunny in Oslo");
    });
  },

  async "ten threads"({ main: { Codex } }) {
    await using(new Codex(), async (codex) => {
      const runs = range(10).map(async (n) => (await codex.threadStart()).run(`number ${n}`));
      const texts = (await Promise.all(runs)).map(({ text }) => text);
      assert.deepEqual(
        texts,
        range(10).map((n) => `echo number ${n}`),
      );
    });
  },

  async WebSocket({ main: { Codex } }) {
    const listen = "ws://127.0.0.1:0";
    await using(await Codex.serve({ listen, auth: true }), async (server) => {
      const clients = [server.endpoint(), server.endpoint()];
      await Promise.all(
        clients.map((transport) =>
          using(new Codex({ transport }), async (codex) => {
            assert.equal((await (await codex.threadStart()).run("hi")).text, "echo hi");
          }),
        ),
      );
    });
  },

  async "Unix socket"({ main: { Codex, unixSocket } }) {
    await onUnixSocket(Codex, (socket) =>
      using(new Codex({ transport: unixSocket(socket) }), async (codex) => {
        assert.equal((await (await codex.threadStart()).run("hi")).text, "echo hi");
      }),
    );
  },

  async "`proxy()`"({ main: { Codex, proxy } }) {
    await onUnixSocket(Codex, (sock) =>
      using(new Codex({ transport: proxy({ sock }) }), async (codex) => {
        assert.equal((await (await codex.threadStart()).run("hi")).text, "echo hi");
      }),
    );
  },

  async "web handler"({ testing, web, browser, serveWeb, origins }) {
    const script = [testing.command("echo $((6 * 7))", { escalate: "to see" }), "done"];
    await using(await testing.startScripted({ script, approvals: "ask" }), async ({ codex }) => {
      const authorization = "Bearer web";
      const handler = web.createHandler(codex, {
        authorize: ({ headers }) => headers.get("authorization") === authorization,
        threadOptions: ASKING,
        origins,
      });
      const server = await serveWeb(handler);
      try {
        await assertRefuses(server.url, authorization);
        const client = new browser.CodexClient({ url: server.url, headers: { authorization } });
        const thread = await client.threadStart();
        const timeline = thread.timeline();
        await thread.turn("do it");
        await shows(timeline, () => timeline.requests.length > 0);
        await client.answer(timeline.requests[0].id, "accept");
        await shows(timeline, ({ turns }) => turns[0].state === "completed");
        const shown = JSON.stringify(timeline.snapshot.turns[0].entries);
        assert(shown.includes("42") && shown.includes("done"), shown);
        timeline.close();
      } finally {
        handler.close();
        await server.close();
      }
    });
  },

  async "`CodexSync`"({ sync: { CodexSync } }) {
    const codex = new CodexSync();
    try {
      const thread = codex.threadStart();
      assert.equal(thread.run("hi").text, "echo hi");
      const methods = [...thread.turn("stream").stream()].map(({ method }) => method);
      assert.equal(methods.at(-1), "turn/completed");
    } finally {
      codex.close();
    }
  },

  /** Leftovers are searched for after the program: see `leftovers`. */
  async "`close()`"({ testing }) {
    const script = [testing.command("sleep 600"), "done"];
    await using(await testing.startScripted({ script }), async ({ codex }) => {
      const turn = await (await codex.threadStart(UNBOUND)).turn("work");
      for await (const { method, params } of turn.stream()) {
        if (method === "item/started" && params.item.type === "commandExecution") break;
      }
      await codex.close();
      await assert.rejects(turn.run(), { name: "TransportClosedError" });
    });
  },
};

/** Asserts that a page of the handler's own origin is admitted, and neither others nor strangers. */
async function assertRefuses(url, authorization) {
  const status = async (headers) => {
    const response = await fetch(`${url}/threads?limit=1`, { headers });
    await response.text();
    return response.status;
  };
  assert.equal(await status({ authorization, origin: new URL(url).origin }), 200);
  assert.equal(await status({ authorization, origin: "https://elsewhere.example" }), 403);
  assert.notEqual(await status({}), 200);
}

/** Resolves as soon as the live timeline fits. */
function shows(timeline, fits) {
  return new Promise((resolve, reject) => {
    let stop = () => {};
    const look = () => {
      if (timeline.status === "closed") reject(timeline.error ?? new Error("it was closed"));
      else if (timeline.snapshot && fits(timeline.snapshot)) resolve();
      else return;
      stop();
    };
    stop = timeline.subscribe(look);
    look();
  });
}

async function onUnixSocket(Codex, use) {
  const folder = mkdtempSync(join(tmpdir(), "s-"));
  const socket = join(folder, "s.sock");
  try {
    await using(await Codex.serve({ listen: `unix://${socket}` }), () => use(socket));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `await using` for runtimes that lack it, some of which lack its symbol too. */
async function using(resource, use) {
  try {
    return await use(resource);
  } finally {
    await resource[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
  }
}
