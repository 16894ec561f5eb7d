import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { webSocketEndpoint } from "../../../src/transport/websocket-endpoint.ts";

test("a stream that ended before the WebSocket handshake rejects the connection immediately", async () => {
  const stream = new Duplex();
  stream.destroy();
  const endpoint = webSocketEndpoint("ws://localhost/", {
    url: "ws://localhost/",
    maxMessageBytes: undefined,
    carrier: async () => ({ stream, close: async () => {} }),
    recipe: { maker: "websocket", args: [] },
  });
  await expect(endpoint.connect(new AbortController().signal)).rejects.toThrow(
    "Couldn't connect to the app-server at ws://localhost/",
  );
});
