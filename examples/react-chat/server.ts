// The server of the chat in React: the page's script, and a handler. Any framework can replace it.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Codex } from "codex-app-server";
import { createHandler, toNodeHandler } from "codex-app-server/web";
import { rolldown } from "rolldown";

await using codex = new Codex({ approvals: "ask" });

// The token stands for a login. What its owner may see is decided here, for each request.
const token = randomBytes(32).toString("base64url");
const isOwner = ({ headers }: Request) => {
  const given = Buffer.from(headers.get("authorization") ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
};
using handler = createHandler(codex, {
  authorize: (request) => isOwner(request),
  threadOptions: { approvalPolicy: "on-request", sandbox: "read-only" },
  basePath: "/api/codex",
});
const api = toNodeHandler(handler);

const bundle = await rolldown({
  input: new URL("../../react-chat/page.tsx", import.meta.url).pathname,
  platform: "browser",
  transform: { define: { "process.env.NODE_ENV": '"production"' } },
});
const { output } = await bundle.generate({ format: "esm", minify: true });
await bundle.close();
// Long lines wrap, because a command must be visible as a whole; a question takes no clicks when it has just appeared.
const STYLE = `
pre, button { white-space: pre-wrap; overflow-wrap: anywhere; text-align: start; }
aside { animation: settle 0.5s; }
@keyframes settle { from, to { pointer-events: none; } }`;
const page =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Codex</title><link rel="icon" href="data:,">' +
  '<link rel="stylesheet" href="/page.css"><body><script type="module" src="/page.js"></script></body></html>';

const files: Record<string, [type: string, text: string]> = {
  "/page.js": ["text/javascript", output[0].code],
  "/page.css": ["text/css", STYLE],
};

const server = createServer((request, response) => {
  if (request.url?.startsWith("/api/")) return api(request, response);
  response.setHeader("content-security-policy", "default-src 'self'; img-src data:");
  const [type, text] = files[request.url ?? "/"] ?? ["text/html", page];
  response.setHeader("content-type", type);
  response.end(text);
});
await once(server.listen(0, "127.0.0.1"), "listening"); // this machine only
console.log(`Open http://127.0.0.1:${(server.address() as AddressInfo).port}/#${token}`);

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM"), codex.closed]);
server.close();
server.closeAllConnections();
