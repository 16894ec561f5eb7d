import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { Codex, CodexError, TransportClosedError, unixSocket, websocket } from "codex-app-server";
import { CodexSync } from "codex-app-server/sync";
import { describe, expect, test } from "vitest";
import { bench, fresh, syncClients, thrownBy } from "../../support/both-clients.ts";

const server = bench();
const clients = syncClients(server);

test("notifications() begins with its call", () => {
  const notifications = clients.shared.notifications();
  const { id } = clients.shared.threadStart();
  for (const { method, params } of notifications) {
    if (method !== "thread/started") continue;
    expect(params.thread.id).toBe(id);
    break;
  }
  expect(notifications.next()).toEqual({ value: undefined, done: true });
});

test("notifications() ends when the client is closed", () => {
  const own = clients.client();
  const notifications = own.notifications();
  own.threadStart();
  const methods: string[] = [];
  for (const { method } of notifications) {
    methods.push(method);
    own.close();
  }
  expect(methods).toHaveLength(1);
  expect(notifications.next()).toEqual({ value: undefined, done: true });
});

test("a generator that is thrown into closes its iterator and throws that error", () => {
  const stream = clients.shared.threadStart().turn("hi").stream();
  stream.next();
  const reason = new Error("enough");
  expect(thrownBy(() => stream.throw(reason))).toBe(reason);
  expect(stream.next()).toEqual({ value: undefined, done: true });
});

test("a closed client rejects every call, and can be closed again", () => {
  const own = clients.client();
  const thread = own.threadStart();
  own.close();
  own.close();
  const error = thrownBy(() => thread.run("hi"));
  expect(error).toBeInstanceOf(TransportClosedError);
  expect(error.message).toBe("The client was closed");
  expect(thrownBy(() => own.modelList())).toBeInstanceOf(CodexError);
  expect(own.metadata.codexHome).toBe(server.home);
});

describe("transport", () => {
  test("by WebSocket, with a token from a function", async () => {
    const { env, cwd } = server.options;
    await using served = await Codex.serve({ listen: "ws://127.0.0.1:0", auth: true, env, cwd });
    let asked = 0;
    const tokenProvider = () => {
      asked++;
      return served.token ?? "";
    };
    using own = new CodexSync({ transport: websocket(served.address, { tokenProvider }) });
    expect(own.threadStart().run("hi").text).toBe("echo hi");
    expect(asked).toBe(1);
  });

  test("by Unix socket", async () => {
    const socket = path.join(tmpdir(), `${fresh(`codex-sync-${process.pid}`)}.sock`);
    const { env, cwd } = server.options;
    await using _served = await Codex.serve({ listen: `unix://${socket}`, env, cwd });
    using own = new CodexSync({ transport: unixSocket(socket) });
    expect(own.threadStart().run("hi").text).toBe("echo hi");
    rmSync(socket, { force: true });
  });

  test("of a served server, until it has ended: another one may use its port then", async () => {
    const { env, cwd } = server.options;
    const served = await Codex.serve({ listen: "ws://127.0.0.1:0", env, cwd });
    const transport = served.endpoint();
    using own = new CodexSync({ transport, reconnect: { maxAttempts: 3 } });
    expect(own.threadStart().run("hi").text).toBe("echo hi");
    await served.close();
    await using other = await standIn(Number(new URL(served.address).port));
    // The first call waits for the reconnection.
    const errors = [thrownBy(() => own.models()), thrownBy(() => new CodexSync({ transport }))];
    for (const error of errors) expect(error.message).toContain("has exited");
    await setImmediate();
    expect(other.connections).toBe(0);
  });
});

/** Another program that takes the port of a server that has ended. */
async function standIn(port: number) {
  const taker = createServer((socket) => {
    taken.connections++;
    socket.destroy();
  });
  const taken = {
    connections: 0,
    [Symbol.asyncDispose]: async () => void taker.close(),
  };
  taker.listen(port, "127.0.0.1");
  await once(taker, "listening");
  return taken;
}
