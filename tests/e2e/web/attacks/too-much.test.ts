import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, it } from "vitest";
import { Gate, text } from "../../../../src/testing/index.ts";
import { toNodeHandler } from "../../../../src/web/index.ts";
import { sharedServer } from "../../../support/e2e.ts";
import { ask, clientOf, ORIGIN, serveHandler, showsInClient } from "../../../support/handler.ts";
import { isOver } from "../../../support/live-timelines.ts";

import { as, usersHandlers } from "../../../support/users-handler.ts";

const server = sharedServer({ approvals: "ask" });
const { handlerForUsers, openHandler } = usersHandlers(server);

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

  it("of large answers that aren't read is refused", async () => {
    const handler = handlerForUsers({ limits: { requestsAtOnce: 2 } });
    const thread = await clientOf(handler, as("alice")).threadStart();
    server.model.enqueue("Long.");
    await thread.turn("x".repeat(300_000));
    const read = (user: string) =>
      handler(new Request(`${ORIGIN}/threads/${thread.id}`, { headers: as(user) }));
    const timeline = thread.timeline();
    await showsInClient(timeline, isOver(1));
    timeline.close();
    const [one, two] = [await read("alice"), await read("alice")];
    expect([one.status, two.status, (await read("alice")).status]).toEqual([200, 200, 429]);
    const bobs = await clientOf(handler, as("bob")).threadList();
    expect(bobs.threads).toEqual([]);
    await one.body?.cancel();
    expect(JSON.parse(await two.text()).view.threadId).toBe(thread.id);
    const [again, third] = [await read("alice"), await read("alice")];
    expect([again.status, third.status]).toEqual([200, 200]);
    await Promise.all([again.text(), third.text()]);
  });

  it("of text is refused, because the server lists threads with their first message", async () => {
    const handler = handlerForUsers();
    const thread = await clientOf(handler, as("alice")).threadStart();
    const refusal = { status: 413, code: "TEXT_TOO_LARGE" };
    const long = "\u65e5".repeat(700_000);
    await expect(thread.turn(long)).rejects.toMatchObject(refusal);
    const parts = [long.slice(350_000), "\x01".repeat(350_000)].map(
      (words) => ({ type: "text", text: words }) as const,
    );
    await expect(thread.turn(parts)).rejects.toMatchObject(refusal);
    await expect(thread.steer(parts)).rejects.toMatchObject(refusal);
  });

  it("of messages to a running turn is refused, because the server lists it in one message", async () => {
    const handler = handlerForUsers({ limits: { bodyBytes: 100_000 } });
    const alice = clientOf(handler, as("alice"));
    const thread = await alice.threadStart();
    const [gate, again] = [new Gate(), new Gate()];
    server.model.enqueue(text(["Wait ", gate, "for me"]), text(["Wait ", again, "again"]));
    await thread.turn("x".repeat(30_000));
    await gate.reached;
    expect(await thread.steer("x".repeat(30_000))).toMatchObject({ steered: true });
    await again.reached; // the server continues with the message
    const refusal = { status: 413, code: "TURN_TOO_LARGE" };
    await expect(thread.steer("x".repeat(60_000))).rejects.toMatchObject(refusal);
    const steering = thread.turn("x".repeat(60_000), { ifRunning: "steer" });
    await expect(steering).rejects.toMatchObject(refusal);
    expect((await thread.interrupt()).turnId).toEqual(expect.any(String));
    gate.open();
    again.open();
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

  it("for a slow reader isn't buffered: the reader receives the newest state when it reads again", async () => {
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
    // The data that was sent before the reader stopped reading, and then the whole state.
    const decoder = new TextDecoder();
    let events: string[] = [];
    for (let all = ""; !events.at(-1)?.includes('"idle"') || events.length < 2; ) {
      all += decoder.decode((await slow.read()).value, { stream: true });
      // The last one is incomplete, or empty.
      events = all.split("\n\n").slice(0, -1);
    }
    expect(events.length).toBeLessThan(6);
    const last = /^data: (.*)$/m.exec(events.findLast((one) => one.includes('{"state"')) ?? "");
    expect(JSON.parse(last?.[1] ?? "").state.view.turns).toEqual(view.turns);
    await slow.cancel();
    timeline.close();
  });
});

it("a connection that accepts no data is cut when its stream is dropped", async () => {
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
