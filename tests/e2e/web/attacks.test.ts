import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { command, functionCall, Gate, text } from "../../../src/testing/index.ts";
import {
  createHandler,
  type Handler,
  type HandlerOptions,
  toNodeHandler,
} from "../../../src/web/index.ts";
import { sharedServer } from "../../support/e2e.ts";
import {
  type Asked,
  ask,
  clientOf,
  ORIGIN,
  serveHandler,
  showsInClient,
} from "../../support/handler.ts";
import { isOver } from "../../support/live-timelines.ts";

const server = sharedServer({ approvals: "ask" });
const handlers: Handler[] = [];

afterEach(() => {
  for (const handler of handlers.splice(0)) handler.close();
});

/** A handler that lets each user see and do what concerns the user's own threads. */
function handlerForUsers(options: Partial<HandlerOptions> = {}): Handler {
  const owners = new Map<string, string>();
  const userOf = ({ headers }: Request) =>
    /^Bearer (alice|bob)$/.exec(headers.get("authorization") ?? "")?.[1];
  const handler = createHandler(server.codex, {
    authorize: async (request, { threadId }) => {
      const user = userOf(request);
      return user !== undefined && (threadId === undefined || owners.get(threadId) === user);
    },
    onThreadStart: (request, threadId) => {
      owners.set(threadId, userOf(request) ?? "");
    },
    ...options,
  });
  handlers.push(handler);
  return handler;
}

function openHandler(options: Partial<HandlerOptions> = {}): Handler {
  return handlerForUsers({ authorize: () => true, ...options });
}

const as = (user: string) => ({ authorization: `Bearer ${user}` });

/** Every request about a thread and a request of its. */
function everything(threadId: string, requestId: string): [path: string, asked: Asked][] {
  return [
    [`/threads/${threadId}`, {}],
    [`/threads/${threadId}/events`, {}],
    [`/threads/${threadId}/turns`, {}],
    [`/threads/${threadId}/turns`, { body: { input: "Hi" } }],
    [`/threads/${threadId}/turns`, { body: { input: "Hi", ifRunning: "steer" } }],
    [`/threads/${threadId}/steer`, { body: { input: "Hi" } }],
    [`/threads/${threadId}/interrupt`, { body: {} }],
    [`/requests/${requestId}`, { body: { optionId: "accept" } }],
  ];
}

const NO_THREAD = "01a216ca-45fc-75f0-982f-02814905fbbf";

describe("another user's thread", () => {
  it("can't be seen, used or distinguished from one that doesn't exist", async () => {
    const handler = handlerForUsers();
    const alice = clientOf(handler, as("alice"));
    const thread = await alice.threadStart();
    const timeline = thread.timeline();
    const bobsEvents = await handler(new Request(`${ORIGIN}/events`, { headers: as("bob") }));
    const bobSaw = bobsEvents.text();
    const gate = new Gate();
    server.model.enqueue(
      command("echo secret", { escalate: "the secret plan" }),
      text(["The secret ", gate, "plan."]),
    );
    await thread.turn("A secret.");
    await showsInClient(timeline, (_view, { requests }) => requests.length > 0);
    const [request] = timeline.requests;
    const requestId = request?.id ?? "";

    for (const [index, [path, asked]] of everything(thread.id, requestId).entries()) {
      const answer = await ask(handler, path, { ...asked, headers: as("bob") });
      const [other = "", same] = everything(NO_THREAD, "none")[index] ?? [];
      const unknown = await ask(handler, other, { ...same, headers: as("bob") });
      expect(answer.status, path).toBe(path.startsWith("/requests") ? 404 : 403);
      expect(JSON.stringify(answer.body).replace(requestId, "none")).toBe(
        JSON.stringify(unknown.body),
      );
    }
    const get = async (path: string) => {
      const { body } = await ask(handler, path, { headers: as("bob") });
      return JSON.stringify(body);
    };
    expect(await get("/requests")).toBe('{"requests":[]}');
    for (const path of ["/threads", "/threads?search=secret", "/threads?limit=100"]) {
      expect(await get(path), path).toBe('{"threads":[],"cursor":null}');
    }
    expect((await alice.threadList({ search: "secret" })).threads.map(({ id }) => id)).toEqual([
      thread.id,
    ]);

    await alice.answer(requestId, "accept");
    await gate.reached;
    gate.open();
    await showsInClient(timeline, isOver(1));
    const late = await ask(handler, `/requests/${requestId}`, {
      ...{ headers: as("bob"), body: { optionId: "accept" } },
    });
    expect(late.body).toMatchObject({ error: { code: "UNKNOWN_REQUEST" } });
    const cursor = await ask(handler, `/threads/${thread.id}/turns?limit=1`, {
      headers: as("alice"),
    });
    timeline.close();
    handler.close();
    expect(cursor.status).toBe(200);
    expect(await bobSaw).toMatch(/^:\n\nid: \S+\.0\ndata: {"state":{"requests":\[\]}}\n\n$/);
  });

  it("isn't reached by the cursor of its history", async () => {
    const handler = handlerForUsers();
    const [alice, bob] = [clientOf(handler, as("alice")), clientOf(handler, as("bob"))];
    const [theirs, own] = [await alice.threadStart(), await bob.threadStart()];
    for (const thread of [theirs, own]) {
      for (const count of [1, 2]) {
        server.model.enqueue(thread === theirs ? "A secret." : "Nothing.");
        const timeline = thread.timeline();
        await thread.turn("Speak.");
        await showsInClient(timeline, isOver(count));
        timeline.close();
      }
    }
    const page = await ask(handler, `/threads/${theirs.id}/turns?limit=1`, {
      headers: as("alice"),
    });
    const { cursor } = page.body as { cursor: string };
    expect(cursor).toEqual(expect.any(String));
    const path = `/threads/${own.id}/turns?cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await ask(handler, path, { headers: as("bob") });
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(status).toBe(400);
    const agent = await ask(handler, `/threads/${own.id}/turns?agent=${theirs.id}`, {
      headers: as("bob"),
    });
    expect(agent.status).toBe(404);
  });
});

describe("a list of threads", () => {
  it("doesn't tell whether those of others contain what is searched for", async () => {
    const handler = handlerForUsers();
    const [alice, bob] = [clientOf(handler, as("alice")), clientOf(handler, as("bob"))];
    const say = async (client: typeof alice, words: string) => {
      const thread = await client.threadStart();
      const timeline = thread.timeline();
      server.model.enqueue("Noted.");
      await thread.turn(words);
      await showsInClient(timeline, isOver(1));
      timeline.close();
      return thread.id;
    };
    await say(alice, "My password is zebra-c");
    const first = await say(bob, "zebra-a zebra-b");
    await say(alice, "My password is zebra-a");
    const last = await say(bob, "zebra-a zebra-b zebra-c");
    const found = async (search: string, cursor?: string) => {
      const page = await bob.threadList({ search, limit: 1, cursor });
      return { ids: page.threads.map(({ id }) => id), cursor: page.cursor };
    };
    expect(await found("zebra-c")).toEqual({ ids: [last], cursor: null });
    for (const search of ["zebra-a", "zebra-b"]) {
      const page = await found(search);
      expect(page).toEqual({ ids: [last], cursor: expect.stringMatching(/^[\w-]{379}$/) });
      expect(await found(search, page.cursor ?? "")).toEqual({ ids: [first], cursor: null });
    }
    const { cursor } = await found("zebra-a");
    for (const wrong of ["", "nonsense", `A${cursor}`, "2026-11-26T09:50:02Z|x"]) {
      await expect(found("zebra-a", wrong), wrong).rejects.toMatchObject({ status: 400 });
    }
    await expect(found("zebra-b", cursor ?? "")).rejects.toMatchObject({ status: 400 });
  });
});

describe("another user's thread that a prompt makes the agent name", () => {
  it("doesn't become a sub-agent: nothing of it is shown, and nothing it asks can be answered", async () => {
    const handler = handlerForUsers();
    const [alice, bob] = [clientOf(handler, as("alice")), clientOf(handler, as("bob"))];
    const [theirs, own] = [await alice.threadStart(), await bob.threadStart()];
    const [theirView, ownView] = [theirs.timeline(), own.timeline()];
    server.model.enqueue("Hello.");
    await theirs.turn("Hi.");
    await showsInClient(theirView, isOver(1));

    const call = { namespace: "multi_agent_v1" };
    server.model.enqueue(
      functionCall("wait_agent", { targets: [theirs.id], timeout_ms: 10_000 }, call),
      "Done.",
    );
    await own.turn("Look at that thread.");
    const seen = await showsInClient(ownView, isOver(1));
    expect(seen.turns[0]?.entries).toContainEqual(
      expect.objectContaining({ kind: "subAgent", action: "wait", threadIds: [theirs.id] }),
    );

    server.model.enqueue(command("echo secret", { escalate: "the secret plan" }), "Done.");
    await theirs.turn("A secret.");
    await showsInClient(theirView, (_view, { requests }) => requests.length > 0);
    const requestId = theirView.requests[0]?.id ?? "";
    const asBob = { headers: as("bob") };
    expect((await ask(handler, "/requests", asBob)).body).toEqual({ requests: [] });
    const { body } = await ask(handler, `/threads/${own.id}`, asBob);
    expect(body).toMatchObject({ view: { agents: [] }, requests: [] });
    const turns = `/threads/${own.id}/turns?agent=${theirs.id}`;
    expect((await ask(handler, turns, asBob)).status).toBe(404);
    const answer = { ...asBob, body: { optionId: "accept" } };
    expect((await ask(handler, `/requests/${requestId}`, answer)).status).toBe(404);

    await alice.answer(requestId, "decline");
    await showsInClient(theirView, isOver(2));
    theirView.close();
    ownView.close();
  });
});

describe("a request without a token", () => {
  it("gets nothing, and its body isn't read", async () => {
    const handler = handlerForUsers();
    const { id } = await clientOf(handler, as("alice")).threadStart();
    const paths: [string, Asked][] = [
      ...everything(id, "none"),
      ["/threads", {}],
      ["/threads", { body: {} }],
      ["/requests", {}],
      ["/events", {}],
    ];
    const wrong = [{}, as("mallory"), as(""), { authorization: "alice" }, { cookie: "alice" }];
    for (const [path, asked] of paths) {
      for (const headers of wrong) {
        const { status, body } = await ask(handler, path, { ...asked, headers });
        expect([status, body]).toEqual([
          403,
          { error: { code: "FORBIDDEN", message: "This request isn't allowed" } },
        ]);
      }
    }
    let read = 0;
    const body = new ReadableStream(
      {
        pull(controller) {
          read++;
          controller.enqueue(new Uint8Array(1_000));
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", body, duplex: "half", headers } as RequestInit;
    const response = await handler(new Request(`${ORIGIN}/threads`, init));
    expect([response.status, read]).toEqual([403, 0]);
  });

  it("is refused when authorize throws, or returns anything but true", async () => {
    const reported: unknown[] = [];
    const returned = [false, undefined, null, 1, "yes", {}, () => true];
    const answers = [
      () => {
        throw new Error("no database");
      },
      () => Promise.reject(new Error("no database")),
      ...returned.map((value) => () => value as boolean),
    ];
    for (const authorize of answers) {
      const handler = openHandler({ authorize, onError: (error) => reported.push(error) });
      expect((await ask(handler, "/threads")).status).toBe(403);
    }
    expect(reported).toEqual([new Error("no database"), new Error("no database")]);
  });

  it("is refused when authorize and onError throw", async () => {
    const fail = () => {
      throw new Error("no database");
    };
    const handler = openHandler({ authorize: fail, onError: fail });
    expect((await ask(handler, "/threads")).status).toBe(403);
  });
});

describe("a page on another site", () => {
  it("can't use the handler, no matter what it sends", async () => {
    const handler = openHandler();
    const { id } = await clientOf(handler).threadStart();
    const foreign = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "" },
      { origin: "http://app.test.evil.example" },
      { origin: "http://app.test:81" },
      { origin: "file://app.test" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of foreign) {
      for (const [path, asked] of everything(id, "none")) {
        const answer = await ask(handler, path, { ...asked, headers });
        expect(answer.body, path).toMatchObject({ error: { code: "FOREIGN_ORIGIN" } });
        expect([...answer.headers.keys()].filter((name) => /allow/.test(name))).toEqual([]);
      }
      const preflight = await ask(handler, "/threads", { method: "OPTIONS", headers });
      expect(preflight.status).toBe(403);
    }
    for (const headers of [{ origin: ORIGIN }, { origin: "https://app.test" }, {}]) {
      expect((await ask(handler, "/threads", { headers })).status).toBe(200);
    }
  });

  it("can't send a form in its user's name", async () => {
    const handler = openHandler();
    const { id } = await clientOf(handler).threadStart();
    const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""];
    for (const type of [...types, "application/json-patch", "text/plain; application/json"]) {
      const path = `/threads/${id}/interrupt`;
      const answer = await ask(handler, path, { body: {}, headers: { "content-type": type } });
      expect([type, answer.status]).toEqual([type, 415]);
    }
  });

  it("can if the handler lists its origin", async () => {
    const origin = "https://app.example.com";
    const handler = openHandler({ origins: [origin] });
    const preflight = await ask(handler, "/threads", { method: "OPTIONS", headers: { origin } });
    expect(preflight.status).toBe(204);
    const answer = await ask(handler, "/threads", {
      headers: { origin, "sec-fetch-site": "cross-site" },
    });
    expect(answer.status).toBe(200);
    for (const { headers } of [preflight, answer]) {
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("vary")).toBe("Origin");
    }
    expect(() => openHandler({ origins: ["app.example.com"] })).toThrow("must list origins");
    expect(() => openHandler({ origins: ["https://app.example.com/"] })).toThrow("must list");
  });

  it("can't reach a server on this machine through its own host name", async () => {
    const handler = openHandler({ origins: ["https://app.example.com"] });
    await using served = await serveHandler(handler);
    const statusOf = (host: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(served.port, "127.0.0.1");
        socket.on("error", reject);
        socket.on("data", (data) => {
          resolve(data.toString().split("\r\n")[0] ?? "");
          socket.destroy();
        });
        socket.write(`GET /threads HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      });
    for (const host of ["evil.example", `evil.example:${served.port}`, "127.0.0.1.evil.example"]) {
      expect([host, await statusOf(host)]).toEqual([host, "HTTP/1.1 403 Forbidden"]);
    }
    for (const host of ["localhost:1", "127.0.0.1", "[::1]:3000", "app.example.com"]) {
      expect([host, await statusOf(host)]).toEqual([host, "HTTP/1.1 200 OK"]);
    }
    expect(await statusOf("bad host")).toBe("HTTP/1.1 403 Forbidden");
  });
});

describe("too much", () => {
  it("of a body is refused before it is read, or as soon as it is", async () => {
    const handler = openHandler({ limits: { bodyBytes: 1_000, bodyMs: 50 } });
    const { id } = await clientOf(handler).threadStart();
    const path = `/threads/${id}/turns`;
    const large = await ask(handler, path, { body: { input: "x".repeat(1_000) } });
    expect(large).toMatchObject({ status: 413, body: { error: { code: "BODY_TOO_LARGE" } } });
    let [read, isCancelled] = [0, false];
    const send = async (pull: (controller: ReadableStreamDefaultController) => void) => {
      const cancel = () => {
        isCancelled = true;
      };
      const body = new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
      const headers = { "content-type": "application/json" };
      const init = { method: "POST", body, duplex: "half", headers } as RequestInit;
      return (await handler(new Request(ORIGIN + path, init))).status;
    };
    const endless = await send((controller) => {
      read++;
      controller.enqueue(new TextEncoder().encode('{"input":"'.padEnd(400, "x")));
    });
    expect([endless, read, isCancelled]).toEqual([413, 3, true]);
    isCancelled = false;
    expect([await send(() => {}), isCancelled]).toEqual([408, true]);
  });

  it("of a body over the network leaves the server in order", async () => {
    await using served = await serveHandler(openHandler({ limits: { bodyBytes: 100_000 } }));
    const post = (body: RequestInit["body"]) =>
      fetch(`${served.origin}/threads`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: body ?? null,
        ...({ duplex: "half" } as object),
      }).then(
        ({ status }) => status,
        () => "cut off",
      );
    const megabyte = new Uint8Array(2 ** 20).fill(32);
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent++;
        controller.enqueue(megabyte);
      },
    });
    expect([413, "cut off"]).toContain(await post(endless));
    expect(sent).toBeLessThan(100);
    expect([413, "cut off"]).toContain(await post(new Uint8Array(50 * 2 ** 20)));
    expect(await post("{}")).toBe(200);
  });

  it("of requests is refused, and says when to try again", async () => {
    const handler = handlerForUsers({ limits: { requestsPerMinute: 100 } });
    const list = (user: string) => ask(handler, "/requests", { headers: as(user) });
    const answers = await Promise.all(Array.from({ length: 150 }, () => list("alice")));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(49);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await list("bob")).status).toBe(200);
  });

  it("of messages that wait for a turn is refused", async () => {
    const handler = handlerForUsers({ limits: { requestsAtOnce: 3 } });
    const alice = clientOf(handler, as("alice"));
    const thread = await alice.threadStart();
    const gate = new Gate();
    server.model.enqueue(text(["Wait ", gate, "for me"]));
    await thread.turn("Go.");
    await gate.reached;
    const leaving = new AbortController();
    const waiting = ["One?", "Two?", "Three?"].map((input) =>
      thread.turn(input, { signal: leaving.signal }).catch(() => "left"),
    );
    await expect(thread.turn("Four?")).rejects.toMatchObject({ status: 429 });
    const bob = await clientOf(handler, as("bob")).threadStart();
    expect(await bob.interrupt()).toEqual({ turnId: null });
    leaving.abort();
    expect(await Promise.all(waiting)).toEqual(["left", "left", "left"]);
    expect((await thread.interrupt()).turnId).toEqual(expect.any(String));
    gate.open();
  });

  it("of event streams is refused, at any client and in all", async () => {
    const limits = { streams: 1_000, streamsPerClient: 700, requestsPerMinute: 100_000 };
    const handler = handlerForUsers({ limits });
    const alice = clientOf(handler, as("alice"));
    const thread = await alice.threadStart();
    const bodies: (ReadableStream | null)[] = [];
    const open = async (user: string, path: string) => {
      const response = await handler(new Request(ORIGIN + path, { headers: as(user) }));
      bodies.push(response.body);
      return response.status;
    };
    const counts = async (user: string, path: string, count: number) => {
      const all = await Promise.all(Array.from({ length: count }, () => open(user, path)));
      return Object.fromEntries(
        [200, 429, 503].map((status) => [status, all.filter((one) => one === status).length]),
      );
    };
    const hers = await counts("alice", `/threads/${thread.id}/events`, 10_000);
    expect(hers).toEqual({ 200: 700, 429: 9_300, 503: 0 });
    expect(await counts("bob", "/events", 10_000)).toEqual({ 200: 300, 429: 0, 503: 9_700 });
    await Promise.all(bodies.map((body) => body?.cancel()));
    expect(await counts("alice", "/events", 700)).toEqual({ 200: 700, 429: 0, 503: 0 });
  }, 120_000);

  it("10,000 open streams are served, if that many may be open", async () => {
    const count = 10_000;
    const limits = { streams: count, streamsPerClient: count, requestsPerMinute: 100_000 };
    const handler = openHandler({ limits });
    const thread = await clientOf(handler).threadStart();
    const url = `${ORIGIN}/threads/${thread.id}/events`;
    const open = async () => (await handler(new Request(url))).body as ReadableStream<Uint8Array>;
    const bodies = await Promise.all(Array.from({ length: count }, open));
    server.model.enqueue("All of you.");
    await thread.turn("Whom do you greet?");
    const some = bodies.filter((_, index) => index % 1_000 === 0);
    const read = async (body: ReadableStream<Uint8Array>) => {
      let seen = "";
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        seen += chunk;
        if (seen.includes("All of you.") && seen.includes('"completed"')) return "greeted";
      }
      return "left alone";
    };
    expect(await Promise.all(some.map(read))).toEqual(some.map(() => "greeted"));
    expect((await handler(new Request(url))).status).toBe(200);
    handler.close();
  }, 120_000);

  it("for a slow reader isn't kept for it: it receives the newest state when it reads again", async () => {
    const handler = openHandler({ limits: { logBytes: 10_000 } });
    const thread = await clientOf(handler).threadStart();
    const url = `${ORIGIN}/threads/${thread.id}/events`;
    const { body } = await handler(new Request(url));
    const slow = body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    await slow.read();
    const timeline = thread.timeline();
    const gates = Array.from({ length: 50 }, () => new Gate());
    server.model.enqueue(text(gates.flatMap((gate) => [gate, "many words ".repeat(500)])));
    await thread.turn("Talk.");
    for (const [index, gate] of gates.entries()) {
      await gate.reached;
      gate.open();
      const chars = (index + 1) * 5_500;
      await showsInClient(timeline, ({ turns }) => JSON.stringify(turns).length > chars);
    }
    const view = await showsInClient(timeline, (view) => isOver(1)(view) && view.status === "idle");
    // What it was sent before it stopped reading, and then the whole state.
    const events: string[] = [];
    while (!events.at(-1)?.includes('"idle"') || events.length < 2) {
      events.push(new TextDecoder().decode((await slow.read()).value));
    }
    expect(events.length).toBeLessThan(6);
    const last = /^data: (.*)$/m.exec(events.findLast((one) => one.includes('{"state"')) ?? "");
    expect(JSON.parse(last?.[1] ?? "").state.view.turns).toEqual(view.turns);
    await slow.cancel();
    timeline.close();
  });
});

it("a connection that takes no data is cut when its stream is dropped", async () => {
  let drop = () => {};
  const body = new ReadableStream({
    start(controller) {
      drop = () => controller.error(new Error("dropped"));
    },
    pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20)),
  });
  const answer = async () => new Response(body);
  const handler = Object.assign(answer, { origins: [], close() {}, [Symbol.dispose]() {} });
  const listening = createServer(toNodeHandler(handler));
  const closed = new Promise((resolve) => {
    listening.on("connection", (socket) => socket.once("close", resolve));
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const socket = connect((listening.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await new Promise<void>((resolve) => socket.once("readable", resolve));
  drop();
  await closed;
  socket.destroy();
  listening.close();
});

it("a handler that was closed leaves no stream open, and says so", async () => {
  const handler = openHandler();
  const { id } = await clientOf(handler).threadStart();
  const response = await handler(new Request(`${ORIGIN}/threads/${id}/events`));
  handler.close();
  expect(await response.text()).toBe(":\n\n");
  expect(await ask(handler, `/threads/${id}`)).toMatchObject({
    status: 503,
    body: { error: { code: "CLOSED" } },
  });
});
