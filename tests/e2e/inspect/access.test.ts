import { once } from "node:events";
import { get, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Scripted, startScripted } from "../../../src/testing/index.ts";
import { deferred } from "../../../src/util/deferred.ts";

let scripted: Scripted;
let address: URL;
/** The cookie of the browser that has opened the first link. */
let cookie: string;

beforeAll(async () => {
  const found = deferred<string>();
  scripted = await startScripted({
    ...{ script: () => "Hello.", onWarning: () => {}, approvals: "ask" },
    inspect: { onLink: found.resolve },
  });
  address = new URL(await found.promise);
  cookie = await cookieOf(address.href);
});

afterAll(async () => {
  await scripted?.close();
});

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A request that any program on this machine can send, without a browser's headers. */
async function ask(path: string, { headers, body }: Asked = {}) {
  return await new Promise<{ status?: number; headers: IncomingHttpHeaders; text: string }>(
    (resolve, reject) => {
      const url = new URL(path, address);
      const sent = request(url, {
        agent: false,
        method: body ? "POST" : "GET",
        headers: { ...(body && { "content-type": "application/json" }), ...headers },
      });
      sent.on("error", reject);
      sent.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        const { statusCode: status, headers } = response;
        response.on("end", () => resolve({ ...(status && { status }), headers, text }));
      });
      sent.end(body && JSON.stringify(body));
    },
  );
}

/** The cookie for a link. */
async function cookieOf(given: string): Promise<string> {
  const { headers } = await ask("login", { body: { token: new URL(given).hash.slice(1) } });
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}

const PRIVATE = ["info", "trace", "events", "api/threads", "api/events", "api/requests"];

/** A link that wasn't opened. */
async function newLink(): Promise<string> {
  const { text } = await ask("link", { headers: { cookie }, body: {} });
  return JSON.parse(text).link;
}

test("only someone who has opened a link gets more than the empty page, and each link opens once", async () => {
  expect(address.hostname).toBe("127.0.0.1");
  expect((await ask("")).status).toBe(200);
  const link = await newLink();
  const token = new URL(link).hash.slice(1);
  const bad = ["", "codex-inspector=", "codex-inspector=undefined", `codex-inspector=${token}`];
  for (const path of PRIVATE) {
    for (const cookie of bad) expect((await ask(path, { headers: { cookie } })).status).toBe(401);
  }
  expect((await ask("link", { body: {} })).status).toBe(401);
  expect((await ask("api/threads", { body: {} })).status).toBe(401);
  for (const given of ["", "x", null, [], token.slice(1), address.hash.slice(1)]) {
    expect((await ask("login", { body: { token: given } })).status).toBe(401);
  }
  const { headers } = await ask("login", { body: { token } });
  const [set = ""] = headers["set-cookie"] ?? [];
  expect(set).toMatch(/^codex-inspector=[\w-]{43}; Path=\/[\w-]{11}\/; HttpOnly; SameSite=Strict$/);
  expect((await ask("login", { body: { token } })).status).toBe(401);
  const admitted = { headers: { cookie: set.split(";")[0] ?? "" } };
  expect(JSON.parse((await ask("info", admitted)).text).kind).toBe("live");
  expect((await ask("api/threads", admitted)).status).toBe(200);
  expect((await ask("../info", admitted)).status).toBe(404);
  expect((await ask("elsewhere", admitted)).status).toBe(404);
});

test("requests from other sites are refused, with and without the cookie", async () => {
  const foreign = [
    { origin: "https://example.com" },
    { origin: "null" },
    { origin: `http://localhost:${address.port}` },
    { origin: "http://127.0.0.1:1" },
    { host: "example.com" },
    { host: `localhost:${address.port}` },
    { host: "127.0.0.1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const headers of foreign) {
    for (const path of ["", "app.js", ...PRIVATE]) {
      expect((await ask(path, { headers: { ...headers, cookie } })).status, path).toBe(403);
    }
    const body = { token: "x" };
    expect((await ask("login", { headers, body })).status).toBe(403);
    expect((await ask("api/threads", { headers: { ...headers, cookie }, body })).status).toBe(403);
  }
  const own = { origin: address.origin, cookie };
  expect((await ask("info", { headers: own })).status).toBe(200);
  const asForm = { cookie, "content-type": "text/plain" };
  expect((await ask("api/threads", { headers: asForm, body: {} })).status).toBe(415);
});

test("every response forbids what the page doesn't need", async () => {
  for (const path of ["", "app.js", "app.css", "icon.svg", "info", "nothing"]) {
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'none'; script-src 'self'"),
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
    expect(headers["content-security-policy"]).not.toContain("unsafe");
  }
  const { text } = await ask("");
  expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|https?:\/\//);
});

test("a body that never ends, or is too large, isn't collected", async () => {
  expect((await ask("login", { body: { token: "x".repeat(100_000) } })).status).toBe(401);
});

test("the stream of messages continues where a page has left it", async () => {
  await scripted.codex.request("model/list", {});
  const first = await eventsUntil((text) => text.includes('"model/list"'));
  expect(first).toMatch(/^event: begin\ndata: {"header":{"trace":"codex-app-server"/);
  const ids = [...first.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  expect(ids).toEqual(ids.map((_, index) => index));
  const last = ids.at(-3) ?? 0;
  const rest = await eventsUntil((text) => text.includes("data: "), last);
  expect(rest).not.toContain("event: begin");
  expect(rest).toMatch(new RegExp(`^id: ${last + 1}\n`));
});

/** Reads the events of a stream until there are enough. */
async function eventsUntil(isEnough: (text: string) => boolean, after?: number) {
  const headers = { cookie, ...(after !== undefined && { "last-event-id": String(after) }) };
  const sent = get(new URL("events", address), { headers });
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    if (isEnough(text)) break;
  }
  sent.destroy();
  return text;
}

test("other users of the machine can't use up the program's files with connections", async () => {
  const port = Number(address.port);
  const sockets = Array.from({ length: 300 }, () => connect(port, "127.0.0.1"));
  let closed = 0;
  await new Promise<void>((resolve) => {
    for (const socket of sockets) {
      socket.on("error", () => {});
      socket.once("close", () => ++closed === 100 && resolve());
    }
  });
  for (const socket of sockets) socket.destroy();
  await Promise.all(sockets.map((socket) => socket.closed || once(socket, "close")));
  // Waits until the server has noticed.
  const status = (): Promise<unknown> =>
    ask("info", { headers: { cookie } }).then((answer) => answer.status, status);
  expect(await status()).toBe(200);
});
