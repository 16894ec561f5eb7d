// A chat with `useChat` of the AI SDK. The page is page.tsx, bundled to page.js beside this file.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { Codex, CodexError } from "codex-app-server";
import {
  messageInput,
  type PageMessage,
  toUIMessageStreamResponse,
  toUIMessages,
} from "codex-app-server/web";

await using codex = new Codex({ approvals: "ask" });
const thread = await codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
const token = randomBytes(32).toString("base64url");

async function answer(route: string, body: unknown): Promise<Response> {
  switch (route) {
    case "POST /api/chat": {
      const { messages } = body as { messages: PageMessage[] };
      return toUIMessageStreamResponse(await thread.turn(messageInput(messages.at(-1))));
    }
    case "GET /api/messages":
      return Response.json(await toUIMessages(thread));
    case "GET /api/chat/main/stream": {
      const turn = await thread.activeTurn();
      return turn ? toUIMessageStreamResponse(turn) : new Response(null, { status: 204 });
    }
    case "POST /api/answer": {
      const { id, option } = body as { id: string; option: string };
      // Every request of this client belongs to the one user of this page.
      await codex.requests.answer(id, option);
      return new Response(null, { status: 204 });
    }
    case "POST /api/stop":
      await (await thread.activeTurn())?.interrupt();
      return new Response(null, { status: 204 });
    default:
      return new Response("Not found", { status: 404 });
  }
}

// Long lines wrap, because a command must be visible as a whole; a question takes no clicks when it has just appeared.
const STYLE = `
pre, button { white-space: pre-wrap; overflow-wrap: anywhere; text-align: start; }
aside { animation: settle 0.5s; }
@keyframes settle { from, to { pointer-events: none; } }`;
const PAGE = `<!doctype html><meta charset="utf-8"><title>Codex</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">
<main id="root"></main>
<script type="module" src="/page.js"></script>`;

/** The page's files contain nothing secret; everything else needs the token. */
async function respond(request: IncomingMessage): Promise<Response> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const route = `${request.method} ${pathname}`;
  if (route === "GET /") return new Response(PAGE, { headers: { "content-type": "text/html" } });
  if (route === "GET /page.css")
    return new Response(STYLE, { headers: { "content-type": "text/css" } });
  if (route === "GET /page.js") {
    const script = await readFile(new URL("page.js", import.meta.url), "utf8");
    return new Response(script, { headers: { "content-type": "text/javascript" } });
  }
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  const isKnown = given.length === wanted.length && timingSafeEqual(given, wanted);
  if (!isKnown) return new Response("Unauthorized", { status: 401 });
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 20_000_000) return new Response("Too large", { status: 413 });
  }
  return answer(route, text === "" ? undefined : JSON.parse(text));
}

const server = createServer(async (request, page) => {
  const response = await respond(request).catch((error: unknown) => {
    const isKnown = error instanceof CodexError || error instanceof SyntaxError;
    return new Response(isKnown ? error.message : "Failed", { status: isKnown ? 400 : 500 });
  });
  page.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) page.end();
  else Readable.fromWeb(response.body as ReadableStream).pipe(page);
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Open http://127.0.0.1:${port}/#${token}`);
});
await codex.closed;
