// A million deltas for several readers, some of which sleep. Run with --expose-gc; prints the
// result as one line of JSON. The heap is measured in a separate process, with the built package.
import { Codex } from "codex-app-server";
import { FakeAppServer } from "codex-app-server/testing";

const DELTAS = 1_000_000;
const about = { threadId: "t1", turnId: "u1" };

const server = new FakeAppServer();
server.answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
server.answer("turn/start", () => ({ turn: { id: "u1" } }));
const codex = new Codex({ transport: server.endpoint });
const thread = await codex.threadStart();
const turn = await thread.turn("go");
server.notify("turn/started", { ...about, turn: { id: "u1", status: "inProgress", items: [] } });

const sleeping = turn.stream();
const first = await sleeping.next();
const everything = codex.notifications();
const awake = count(turn.textStream());
const heap = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

const before = heap();
for (let index = 0; index < DELTAS; index++) {
  const delta = `${String(index).padStart(9, "0")}\n`;
  server.notify("item/agentMessage/delta", { ...about, itemId: "m1", delta });
  // Lets the readers that are awake read.
  if (index % 1_000 === 999) await new Promise(setImmediate);
}
const grown = heap() - before;
const readByAwake = awake.parts;
server.notify("turn/completed", { ...about, turn: { id: "u1", status: "completed", items: [] } });
await awake.done;

const woken = [];
for await (const one of sleeping) woken.push(one);
const text = woken
  .filter(({ method }) => method === "item/agentMessage/delta")
  .map(({ params }) => params.delta)
  .join("");
const lines = text.split("\n");
const inOrder = lines.every((line, index) => index === DELTAS || Number(line) === index);
let ofAllLength = 0;
while (ofAllLength < text.length)
  ofAllLength += (await everything.next()).value.params.delta.length;
await codex.close();

console.log(
  JSON.stringify({
    grown,
    textLength: text.length,
    lines: lines.length - 1,
    inOrder,
    methods: [first.value.method, ...woken.map(({ method }) => method)],
    readByAwake,
    ofAllLength,
  }),
);

function count(stream) {
  const counted = { parts: 0, done: undefined };
  counted.done = (async () => {
    for await (const _ of stream) counted.parts++;
  })();
  return counted;
}
