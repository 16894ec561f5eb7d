// A chat in the browser: the page draws a thread and answers its requests through a handler.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Codex } from "codex-app-server";
import { createHandler, toNodeHandler } from "codex-app-server/web";

await using codex = new Codex({
  approvals: { command: "ask", fileChange: "ask", permissions: "ask", mcpTool: "ask" },
});
const [threadId] = process.argv.slice(2); // continues a thread from an earlier run
const options = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
const thread = threadId
  ? await codex.threadResume(threadId, options)
  : await codex.threadStart(options);

// Anyone with the key may use this thread, and nothing else.
using handler = createHandler(codex, {
  authorize: ({ headers }, action) =>
    action.threadId === thread.id && isSame(headers.get("authorization"), `Bearer ${key}`),
});
const api = toNodeHandler(handler);

/** The link contains this token, which can be used once. */
let token = randomBytes(32).toString("base64url");
/** A page gets the key in exchange for the token, and sends it with each request. */
const key = randomBytes(32).toString("base64url");

function logIn(given: unknown): object | undefined {
  if (!isSame(given, token)) return undefined;
  token = randomBytes(32).toString("base64url");
  console.log(`In another window, open ${origin}/#${token}`);
  return { key, threadId: thread.id };
}

function isSame(given: unknown, secret: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function tokenOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 1_000) throw new RangeError("The request is too long");
  }
  return Object(JSON.parse(text)).token;
}

const files = {
  page: new URL("index.html", import.meta.url),
  package: new URL("..", import.meta.resolve("codex-app-server/timeline")),
};

/** What everyone may read: the page without its content, and the package's modules. */
async function serveFile(path: string, response: ServerResponse): Promise<boolean> {
  const [, module] = /^\/package((?:\/[\w-]+)+\.js)$/.exec(path) ?? [];
  if (module === undefined && path !== "/") return false;
  const nonce = randomBytes(16).toString("base64");
  const file = module === undefined ? files.page : new URL(`.${module}`, files.package);
  const text = await readFile(file, "utf8");
  const policy = [
    "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
    `frame-ancestors 'none'; style-src 'nonce-${nonce}'; script-src 'self' 'nonce-${nonce}'`,
  ].join("; ");
  const type = module === undefined ? "text/html" : "text/javascript";
  response.setHeader("content-type", `${type}; charset=utf-8`);
  response.setHeader("content-security-policy", policy);
  response.end(module === undefined ? text.replaceAll("NONCE", nonce) : text);
  return true;
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, headers } = request;
  const { pathname } = new URL(request.url ?? "/", origin);
  // Pages on other sites get no response, even if the name of their site resolves to this machine.
  const isOurs = headers.host === host && (headers.origin ?? origin) === origin;
  if (!isOurs) return void response.writeHead(403).end("Forbidden");
  if (pathname.startsWith("/api/")) return api(request, response);
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  if (method === "GET" && (await serveFile(pathname, response))) return;
  const isLogin = method === "POST" && pathname === "/login";
  const result = isLogin ? logIn(await tokenOf(request)) : undefined;
  if (!result) response.writeHead(isLogin ? 401 : 404);
  response.end(JSON.stringify(result ?? {}));
}

const server = createServer((request, response) => {
  respond(request, response).catch((error: Error) => {
    if (response.headersSent) return void response.destroy();
    response.writeHead(400).end(error.message);
  });
});
await once(server.listen(0, "127.0.0.1"), "listening"); // this machine only
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
const origin = `http://${host}`;
console.log(`Open ${origin}/#${token}`);

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM"), codex.closed]);
server.close();
server.closeAllConnections();
