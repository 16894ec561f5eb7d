import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { Codex, LaunchError, TransportClosedError, websocket } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { flood, frame, header, startRawWebSocket } from "../../support/raw-websocket.ts";
import { listenTo, shakeHands } from "../../support/transports.ts";

const MIB = 2 ** 20;
const TOO_MUCH = "more than 1048576 bytes before it answered initialize";

describe("before the handshake is complete", () => {
  const unfinished = [
    ["one frame", TOO_MUCH, header(200 * MIB), Buffer.alloc(64 * 1024, "x")],
    [
      "many fragments",
      TOO_MUCH,
      frame("x", { fin: false }),
      frame("x".repeat(60_000), { first: false, fin: false }),
    ],
    [
      "empty fragments",
      "Too many message fragments",
      frame("x", { fin: false }),
      header(0, { first: false, fin: false }),
    ],
  ] as const;

  it.each(unfinished)(
    "an unfinished message of %s costs 1 MiB",
    async (_what, why, start, chunk) => {
      await using server = await startRawWebSocket((socket) => {
        socket.write(start);
        flood(socket, Buffer.concat(Array(64).fill(chunk)));
      });
      const before = process.memoryUsage.rss();
      const { closed, messages, transport } = await listenTo(websocket(server.url));
      expect((await closed).message).toContain(why);
      expect(process.memoryUsage.rss() - before).toBeLessThan(200 * MIB);
      expect(messages).toEqual([]);
      await transport.close();
    },
  );

  it("many complete messages are too much as well, and connect() says so", async () => {
    await using server = await startRawWebSocket((socket) =>
      flood(socket, frame(`{"method":"x","params":"${"x".repeat(100)}"}`)),
    );
    await using codex = new Codex({ transport: websocket(server.url), onWarning: () => {} });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain(TOO_MUCH);
  });
});

describe("a message that is too large", () => {
  it.each([
    ["in one frame", [header(2 * MIB)]],
    ["in fragments", [frame("x".repeat(MIB), { fin: false }), header(MIB, { first: false })]],
  ])("%s ends the transport at once, with the reason", async (_what, frames) => {
    await using server = await startRawWebSocket((socket) => {
      socket.once("data", () => {
        for (const bytes of frames) socket.write(bytes);
      });
    });
    const endpoint = websocket(server.url, { maxMessageBytes: 2 * MIB - 1 });
    const { closed, transport, ends } = await listenTo(endpoint);
    shakeHands(transport);
    const reason = await closed;
    expect(reason).toBeInstanceOf(TransportClosedError);
    expect(reason.message).toContain(`sent a message of more than ${2 * MIB - 1} bytes`);
    await transport.close();
    expect(ends()).toBe(1);
  });

  it("isn't an error up to the limit, which is far above 100 MiB by default", async () => {
    const text = `"${"x".repeat(120 * MIB)}"`;
    await using server = await startRawWebSocket((socket) => {
      socket.once("data", () => socket.write(frame(text)));
    });
    const { got, transport } = await listenTo(websocket(server.url));
    shakeHands(transport);
    expect((await got(1))[0]?.length).toBe(text.length);
    await transport.close();
  });

  it("includes one with too many fragments, which cost memory themselves", async () => {
    await using server = await startRawWebSocket((socket) => {
      socket.once("data", () => {
        socket.write(frame("x", { fin: false }));
        flood(socket, Buffer.concat(Array(8_192).fill(frame("x", { first: false, fin: false }))));
      });
    });
    const before = process.memoryUsage.rss();
    const { closed, transport } = await listenTo(websocket(server.url));
    shakeHands(transport);
    expect((await closed).message).toContain("Too many message fragments");
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * MIB);
    await transport.close();
  });
});

describe("a message that the layer above can't handle", () => {
  it("ends the transport, but not the process", async () => {
    await using server = await startRawWebSocket((socket) => socket.write(frame("{}")));
    const { closed, transport } = await listenTo(websocket(server.url), () => {
      throw new RangeError("too deep");
    });
    expect((await closed).message).toContain("couldn't be handled: too deep");
    await transport.close();
  });
});

describe("an abort, and close()", () => {
  /** Accepts connections and never sends anything. */
  async function startDeaf() {
    const server = createServer((socket) => void socket.on("error", () => {}).resume());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const url = `ws://127.0.0.1:${port}`;
    return { url, [Symbol.asyncDispose]: async () => void server.close() };
  }

  it.each([
    ["a token provider that never settles", () => new Promise<string>(() => {})],
    ["a server that never answers the handshake", () => "token"],
  ])("end %s", async (_what, tokenProvider) => {
    await using deaf = await startDeaf();
    const endpoint = websocket(deaf.url, { tokenProvider });
    const controller = new AbortController();
    const connecting = failureOf(endpoint.connect(controller.signal));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await connecting).toBe(reason);

    const codex = new Codex({ transport: endpoint });
    const waiting = failureOf(codex.connect());
    await codex.close();
    expect(await waiting).toBeInstanceOf(TransportClosedError);
  });

  it("take bounded time with a peer that never answers the close frame", async () => {
    await using server = await startRawWebSocket(() => {});
    const { transport, closed } = await listenTo(websocket(server.url));
    const started = performance.now();
    await transport.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    await closed;
  });

  it("a server that sends a close frame, but stays connected, counts as disconnected", async () => {
    const closeFrame = Buffer.from([0x88, 2, 0x03, 0xe9]);
    await using server = await startRawWebSocket((socket) => socket.write(closeFrame));
    const { closed, transport } = await listenTo(websocket(server.url));
    expect((await closed).message).toContain("has closed (code 1001)");
    await transport.close();
  }, 10_000);

  it("a failing token provider's error reaches the caller", async () => {
    const tokenProvider = async () => {
      throw new Error("no token today");
    };
    const codex = new Codex({ transport: websocket("ws://127.0.0.1:1", { tokenProvider }) });
    expect((await failureOf(codex.connect())).message).toContain("no token today");
    await codex.close();
  });
});
