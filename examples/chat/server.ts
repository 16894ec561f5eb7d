// A chat in the browser: the page draws a thread and answers its requests; this server connects it to Codex.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Codex, CodexError, JsonRpcError, type Notification } from "codex-app-server";

await using codex = new Codex({
  approvals: { command: "ask", fileChange: "ask", permissions: "ask", mcpTool: "ask" },
});
const [threadId] = process.argv.slice(2); // continues a thread of an earlier run
const options = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
const thread = threadId
  ? await codex.threadResume(threadId, options)
  : await codex.threadStart(options);

/** The open pages: each is a response that doesn't end, with one JSON value per line. */
const pages = new Set<ServerResponse>();
/** The notifications of the last turn, for a page that is opened while it runs. */
let recent: Notification[] = [];

function send(page: ServerResponse, event: object): void {
  page.write(`${JSON.stringify(event)}\n`);
  if (page.writableLength > 32_000_000) page.destroy(); // too slow: it opens again
}

async function forward(): Promise<void> {
  for await (const notification of codex.notifications()) {
    const { method, params } = notification;
    if (method === "turn/started" && params.threadId === thread.id) recent = [];
    if (recent.push(notification) > 20_000) recent.splice(0, 10_000);
    for (const page of pages) send(page, { notification });
  }
}

function showRequests(): void {
  for (const page of pages) send(page, { requests: codex.requests.pending });
}

/** A page of stored turns, newest first. Before its first turn, a thread has none. */
async function history(cursor: string | null): Promise<object> {
  const params = { threadId: thread.id, cursor, limit: 20 };
  const listing = codex.api.thread.turns.list({
    ...params,
    ...{ sortDirection: "desc", itemsView: "full" },
  });
  const { data, nextCursor } = await listing.catch((error) => {
    if (error instanceof JsonRpcError && cursor === null) return { data: [], nextCursor: null };
    throw error;
  });
  return { turns: data, cursor: nextCursor };
}

/** A page gets what is known, in any order, and then what happens. */
async function open(page: ServerResponse): Promise<void> {
  page.writeHead(200, { "content-type": "application/x-ndjson" });
  send(page, { threadId: thread.id, requests: codex.requests.pending });
  for (const notification of recent) send(page, { notification });
  pages.add(page);
  page.on("close", () => pages.delete(page));
  send(page, await history(null));
}

/** Goes into the link, and can be used once. */
let token = randomBytes(32).toString("base64url");
/** What a page gets for the token, and shows with each request. */
const key = randomBytes(32).toString("base64url");

function logIn(given: unknown): object | undefined {
  if (!isSame(given, token)) return undefined;
  token = randomBytes(32).toString("base64url");
  console.log(`In another window, open ${origin}/#${token}`);
  return { key };
}

function isSame(given: unknown, secret: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What a page asks for; undefined if there is no such thing. */
async function answer(
  route: string,
  query: URLSearchParams,
  body: Body,
): Promise<object | undefined> {
  switch (route) {
    case "GET /turns":
      return await history(query.get("cursor"));
    case "POST /messages": {
      const running = await thread.activeTurn();
      await (running ? running.steer(String(body.text)) : thread.turn(String(body.text)));
      return {};
    }
    case "POST /interrupt":
      await (await thread.activeTurn())?.interrupt();
      return {};
    case "POST /answers":
      // Both are checked against what was asked.
      await codex.requests.answer(String(body.id), String(body.optionId));
      return {};
    default:
      return undefined;
  }
}

type Body = Readonly<Record<string, unknown>>;

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 1_000_000) throw new RangeError("The request is too long");
  }
  return text === "" ? {} : Object(JSON.parse(text));
}

const files = {
  page: new URL("index.html", import.meta.url),
  package: new URL("..", import.meta.resolve("codex-app-server/timeline")),
};

/** What everybody may read: the page without its content, and the package's modules. */
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
  const { pathname, searchParams } = new URL(request.url ?? "/", origin);
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  // No other site's page gets an answer, even if its name leads to this machine.
  const isOurs = headers.host === host && (headers.origin ?? origin) === origin;
  if (!isOurs) return void response.writeHead(403).end("Forbidden");
  if (method === "GET" && (await serveFile(pathname, response))) return;

  const body = method === "POST" ? await bodyOf(request) : {};
  const isLogin = method === "POST" && pathname === "/login";
  if (!isLogin && !isSame(headers.authorization, `Bearer ${key}`)) {
    return void response.writeHead(401).end("Open the link that the server has printed");
  }
  if (method === "GET" && pathname === "/events") return open(response);
  const result = isLogin
    ? logIn(body.token)
    : await answer(`${method} ${pathname}`, searchParams, body);
  if (!result) response.writeHead(isLogin ? 401 : 404);
  response.end(JSON.stringify(result ?? {}));
}

const server = createServer((request, response) => {
  respond(request, response).catch((error: Error) => {
    if (response.headersSent) return void response.destroy();
    // Such as an answer that came too late.
    response.writeHead(error instanceof CodexError ? 409 : 400).end(error.message);
  });
});
await once(server.listen(0, "127.0.0.1"), "listening"); // this machine only
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
const origin = `http://${host}`;
console.log(`Open ${origin}/#${token}`);

const forwarding = forward();
codex.requests.on("added", showRequests);
codex.requests.on("settled", showRequests);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM"), forwarding]);
server.close();
server.closeAllConnections();
