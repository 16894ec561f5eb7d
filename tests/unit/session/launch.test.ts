import { describe, expect, test } from "vitest";
import { Codex, LaunchError, TransportClosedError } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/index.ts";
import type { Endpoint } from "../../../src/transport/transport.ts";
import { failureOf } from "../../support/e2e.ts";

/** A client on a fake server, whose connections and their ends are counted. */
function counted(server: FakeAppServer = new FakeAppServer()) {
  const counts = { connected: 0, closed: 0 };
  const transport: Endpoint = {
    ...server.endpoint,
    async connect(signal) {
      counts.connected++;
      const inner = await server.endpoint.connect(signal);
      return {
        listen: (events) => inner.listen(events),
        send: (text) => inner.send(text),
        close: () => {
          counts.closed++;
          return inner.close();
        },
      };
    },
  };
  return { server, counts, codex: new Codex({ transport }) };
}

/** A server that has received `initialize`, and doesn't answer it. */
function silent() {
  const server = new FakeAppServer();
  server.answer("initialize", () => undefined);
  return counted(server);
}

const initialized = (server: FakeAppServer) =>
  server.received.filter(({ method }) => method === "initialize").length;

describe("the start", () => {
  test("is shared by all first calls, and initialize comes before everything", async () => {
    const { server, codex, counts } = counted();
    server.answer("model/list", () => ({ data: [] }));
    expect(counts.connected).toBe(0);
    await Promise.all([codex.modelList(), codex.connect(), codex.modelList()]);
    expect(counts.connected).toBe(1);
    expect(server.received.map(({ method }) => method)).toEqual([
      "initialize",
      "initialized",
      "model/list",
      "model/list",
    ]);
  });

  test("identifies the client", async () => {
    const server = new FakeAppServer();
    const identity = { clientName: "me", clientTitle: "Me!", clientVersion: "9" };
    await Codex.start({ transport: server.endpoint, ...identity, experimentalApi: false });
    expect(server.received[0]?.params).toMatchObject({
      clientInfo: { name: "me", title: "Me!", version: "9" },
      capabilities: { experimentalApi: false },
    });
  });
});

describe("a client that a notification closes during the handshake", () => {
  test.each([0, 1, 2, 3, 4, 5])(
    "leaves no connection, %i steps after the answer",
    async (steps) => {
      const server = new FakeAppServer();
      server.answer("initialize", (_params, request) => {
        request.respond({ userAgent: "fake/1.0" });
        let last = Promise.resolve();
        for (let step = 0; step < steps; step++) last = last.then(() => {});
        void last.then(() => server.notify("skills/changed", {}));
      });
      const { codex, counts } = counted(server);
      codex.on("skills/changed", () => void codex.close());
      const connecting = codex.connect().catch(() => {});
      await codex.closed;
      await connecting;
      expect(counts).toEqual({ connected: 1, closed: 1 });
    },
  );
});

describe("a handshake that fails", () => {
  test("closes once, fails all waiting calls, and the next call tries again", async () => {
    const { server, codex, counts } = counted();
    server.answer("initialize", (_params, request) => request.fail(-32600, "bad name"));
    server.answer("model/list", () => ({ data: [] }));
    const errors = await Promise.all([codex.connect(), codex.modelList()].map(failureOf));
    for (const error of errors) {
      expect(error).toBeInstanceOf(LaunchError);
      expect(error.message).toContain("bad name");
    }
    expect(counts).toEqual({ connected: 1, closed: 1 });
    server.answer("initialize", () => ({ userAgent: "fake/1.0" }));
    expect(await codex.modelList()).toEqual({ data: [] });
    expect(counts).toEqual({ connected: 2, closed: 1 });
    await codex.close();
    expect(counts.closed).toBe(2);
  });

  test("because the server ended says so", async () => {
    const server = new FakeAppServer();
    server.answer("initialize", () => server.disconnect("it fell over"));
    const { codex } = counted(server);
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("it fell over");
  });

  test("because no answer arrives in time says so", async () => {
    const server = new FakeAppServer();
    server.answer("initialize", () => undefined);
    const codex = new Codex({ transport: server.endpoint, requestTimeoutMs: 5 });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("initialize got no response within 5 ms");
  });
});

describe("metadata", () => {
  async function metadataOf(answer: unknown) {
    const server = new FakeAppServer();
    server.answer("initialize", () => answer);
    const codex = await Codex.start({ transport: server.endpoint });
    return codex.metadata.serverInfo;
  }

  test.each([
    [{ userAgent: "me/0.169.0 (Linux; x64) term (me; 1)" }, "me", "0.169.0"],
    [{ userAgent: " spaced name/1.2 x " }, "spaced name", "1.2"],
    [{ userAgent: "codex 3.4 rest" }, "codex", "3.4"],
    [{ userAgent: "a/1", serverInfo: { name: " real ", version: " 2 " } }, "real", "2"],
    [{ userAgent: "a/1", serverInfo: { name: "real" } }, "real", "1"],
    [{ userAgent: "a/1", serverInfo: { name: "", version: null } }, "a", "1"],
  ])("of %j", async (answer, name, version) => {
    expect(await metadataOf(answer)).toEqual({ name, version });
  });

  test.each([
    [{}],
    [{ userAgent: "" }],
    [{ userAgent: "noversion" }],
    [{ userAgent: 5 }],
    [{ serverInfo: { name: "a", version: "1" } }],
    [null],
  ])("that is missing from %j is a LaunchError", async (answer) => {
    const error = await failureOf(metadataOf(answer));
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("lacks its user agent, name or version");
  });
});

describe("a cold start that is aborted", () => {
  test("by one of the waiting calls continues for the others", async () => {
    let greet = (): void => {};
    const server = new FakeAppServer();
    server.answer("initialize", (_params, request) => {
      greet = () => request.respond({ userAgent: "fake/1.0" });
    });
    server.answer("model/list", () => ({ data: [] }));
    const { codex, counts } = counted(server);
    const controller = new AbortController();
    const gone = failureOf(codex.connect({ signal: controller.signal }));
    const stays = codex.modelList();
    await new Promise(setImmediate);
    controller.abort(new Error("not me"));
    expect((await gone).message).toBe("not me");
    greet();
    expect(await stays).toEqual({ data: [] });
    expect(counts).toEqual({ connected: 1, closed: 0 });
  });

  test("by all of them closes the transport; the next call starts again", async () => {
    const { server, codex, counts } = silent();
    const controllers = [new AbortController(), new AbortController()];
    const gone = controllers.map(({ signal }) => failureOf(codex.modelList({ signal })));
    await new Promise(setImmediate);
    expect(counts).toEqual({ connected: 1, closed: 0 });
    controllers[0]?.abort(new Error("one"));
    await gone[0];
    await new Promise(setImmediate);
    expect(counts.closed).toBe(0);
    controllers[1]?.abort(new Error("two"));
    expect((await Promise.all(gone)).map(({ message }) => message)).toEqual(["one", "two"]);
    await new Promise(setImmediate);
    expect(counts.closed).toBe(1);
    server.answer("initialize", () => ({ userAgent: "fake/1.0" }));
    await codex.connect();
    expect(counts.connected).toBe(2);
    expect(initialized(server)).toBe(2);
  });

  test("before it started starts nothing", async () => {
    const { codex, counts } = counted();
    const signal = AbortSignal.abort(new Error("no"));
    await expect(codex.modelList({ signal })).rejects.toThrow("no");
    expect(counts.connected).toBe(0);
  });

  test("by close() closes the transport, and the calls get the closed error", async () => {
    const { codex, counts } = silent();
    const waiting = failureOf(codex.modelList());
    await new Promise(setImmediate);
    await codex.close();
    expect(await waiting).toBeInstanceOf(TransportClosedError);
    expect(counts).toEqual({ connected: 1, closed: 1 });
    expect(await codex.closed).toBeUndefined();
    await expect(codex.connect()).rejects.toThrow(TransportClosedError);
    expect(counts.connected).toBe(1);
  });
});

describe("the end", () => {
  test("by close() before any start doesn't start a server", async () => {
    const { codex, counts } = counted();
    await codex.close();
    await expect(codex.modelList()).rejects.toThrow(TransportClosedError);
    expect(counts).toEqual({ connected: 0, closed: 0 });
  });

  test("by the server is reported by `closed`, and calls don't start another", async () => {
    const { server, codex, counts } = counted();
    await codex.connect();
    server.disconnect("gone");
    const reason = await codex.closed;
    expect(reason).toBeInstanceOf(TransportClosedError);
    expect(reason?.message).toBe("gone");
    await expect(codex.modelList()).rejects.toThrow("gone");
    await codex.close();
    expect(counts.connected).toBe(1);
  });
});

test("a server that never accepts the connection is given up in time", async () => {
  const transport: Endpoint = {
    name: "deaf",
    outlivesTransport: true,
    connect: (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  const codex = new Codex({ transport, requestTimeoutMs: 20 });
  const error = await failureOf(codex.connect());
  expect(error).toBeInstanceOf(LaunchError);
  expect(error.message).toContain("(deaf) did not accept the connection within 20 ms");
  expect(codex.status.state).toBe("idle");
  await codex.close();
});
