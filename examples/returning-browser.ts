// Stores events, and sends them again to a browser that reconnects: server-sent events with
// Last-Event-ID.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Codex, JsonRpcError } from "codex-app-server";
import { type ThreadView, Timeline, toText } from "codex-app-server/timeline";

await using codex = new Codex();
const thread = await codex.threadStart();

// The back end stores the latest events; it ignores ids of an earlier run. It accepts every user of
// this machine, but no pages from other sites: the example chat shows how to require a key.
const KEPT = 100;
const run = randomUUID();
const kept: { readonly number: number; readonly event: object }[] = [];
const browsers = new Set<ServerResponse>();
let last = 0;

async function forward(): Promise<void> {
  for await (const notification of codex.notifications()) {
    const event = { notification };
    if (kept.push({ number: ++last, event }) > KEPT) kept.shift();
    for (const browser of browsers) send(browser, event, last);
  }
}

function send(browser: ServerResponse, event: object, number?: number): void {
  if (number !== undefined) browser.write(`id: ${run}/${number}\n`);
  browser.write(`data: ${JSON.stringify(event)}\n\n`); // JSON has no line breaks
}

const backEnd = createServer((request, response) => {
  // The domain name of another site can resolve to this machine.
  if (`http://${request.headers.host}` !== url) return void response.writeHead(403).end();
  open(request, response).catch(() => response.destroy());
});
await once(backEnd.listen(0, "127.0.0.1"), "listening");
const url = `http://127.0.0.1:${(backEnd.address() as AddressInfo).port}`;

async function open(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.flushHeaders(); // there may be nothing to send for a while
  const [itsRun, seen] = String(request.headers["last-event-id"]).split("/");
  const next = Number(seen) + 1;
  const hasRest = itsRun === run && next >= (kept[0]?.number ?? last + 1);
  // Events that are no longer stored are in the history. The timeline accepts both in any order,
  // and repeatedly.
  if (!hasRest) send(response, { threadId: thread.id, turns: await history() });
  for (const { number, event } of kept) {
    if (!hasRest || number >= next) send(response, event, number);
  }
  browsers.add(response);
  response.on("close", () => browsers.delete(response));
}

async function history(): Promise<object[]> {
  const turns: object[] = [];
  try {
    for await (const turn of thread.turns()) turns.push(turn);
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error; // before its first turn, a thread has no history
  }
  return turns;
}

/** Does what a page in a browser does with `EventSource`, which sends the last id automatically. */
class Page {
  #timeline = new Timeline("");
  #lastEventId = "";
  /** How many times it received everything instead of only what it had missed. */
  beginnings = 0;

  get view(): ThreadView {
    return this.#timeline.snapshot;
  }

  /** Shows events as they arrive, and disconnects when the view matches. */
  async visit(until: (view: ThreadView) => boolean): Promise<void> {
    if (until(this.view)) return;
    const { body } = await fetch(url, { headers: { "last-event-id": this.#lastEventId } });
    let rest = "";
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) this.#take(block);
      if (until(this.view)) return;
    }
  }

  #take(block: string): void {
    const [, id] = /^id: (.*)/m.exec(block) ?? [];
    const { threadId, turns, notification } = JSON.parse(/^data: (.*)/m.exec(block)?.[1] ?? "{}");
    if (id) this.#lastEventId = id;
    if (threadId) {
      this.#timeline = new Timeline(threadId);
      this.#timeline.merge(turns);
      this.beginnings++;
    }
    if (notification) this.#timeline.apply(notification);
  }
}

const forwarding = forward();
const [stays, leaves] = [new Page(), new Page()];
const textOf = ({ turns }: ThreadView) => turns.map((turn) => toText(turn)).join("\n");
const report = (what: string) => {
  const isSame = textOf(leaves.view) === textOf(stays.view);
  console.log(`${what}: the same: ${isSame}; beginnings: ${leaves.beginnings}`);
};
const ended = (count: number, words: string) => (view: ThreadView) =>
  view.turns.filter(({ state }) => state === "completed").length === count &&
  textOf(view).includes(words);

// A page that disconnects in the middle of a message, and reconnects, gets what it missed.
const toTheEnd = stays.visit(ended(13, "after number 11."));
const first = thread.run("Count to three.");
await leaves.visit((view) => textOf(view).includes("One"));
await first;
await leaves.visit(ended(1, "three."));
report("Away for a moment");

// If it was away for longer than events are stored, the history fills the gap.
for (let month = 1; month <= 12; month++) await thread.run(`Which month has number ${month}?`);
await leaves.visit(ended(13, "after number 11."));
await toTheEnd;
report("Away for a long time");

backEnd.close();
backEnd.closeAllConnections();
await codex.close();
await forwarding;
