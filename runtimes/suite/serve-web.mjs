import { once } from "node:events";
import { createServer } from "node:http";

/**
 * Serves a handler on loopback with the server of the runtime. `toNodeHandler` is for Node.
 *
 * @returns {Promise<{ url: string, close(): unknown }>}
 */
export function serveWeb(handler, toNodeHandler) {
  if (globalThis.Bun) return onBun(handler);
  if (globalThis.Deno) return onDeno(handler);
  return onNode(toNodeHandler(handler));
}

async function onBun(fetch) {
  const server = globalThis.Bun.serve({ port: 0, hostname: "127.0.0.1", fetch });
  return { url: `http://127.0.0.1:${server.port}/api/codex`, close: () => server.stop(true) };
}

async function onDeno(handler) {
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
  const server = globalThis.Deno.serve(options, (request) => handler(request));
  return {
    url: `http://127.0.0.1:${server.addr.port}/api/codex`,
    close: () => server.shutdown(),
  };
}

async function onNode(listener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/api/codex`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
