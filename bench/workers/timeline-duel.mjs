// Adds parsed deltas to one timeline entry, and to the client's record of a turn.
import { Timeline } from "../../dist/timeline/index.js";
import { interleave } from "../support/interleave.mjs";
import { internal } from "../support/internal.mjs";

/**
 * A slice fills `entries` one after another.
 * @type {{ deltas: number, entries: number, rounds: number, warmUpRounds: number, everyDelta: number }}
 */
const task = JSON.parse(process.argv[2]);
const { deltas, entries, rounds, warmUpRounds, everyDelta } = task;
const { TurnRecord } = await internal("src/turn/turn-record.ts");
const about = { threadId: "01a2161c-c04e-7110-a83e-7ad8558e7ab9", turnId: "turn" };
const item = { type: "agentMessage", id: "msg_686c280aa75945829f0b25556db47186", text: "" };
const started = [
  { method: "turn/started", params: { ...about, turn: { id: "turn", status: "inProgress" } } },
  { method: "item/started", params: { ...about, item } },
];
const line = JSON.stringify({
  method: "item/agentMessage/delta",
  params: { ...about, itemId: item.id, delta: "some words " },
});

/** Few enough to fit into the CPU cache, whatever the number of deltas. */
const notifications = Array.from({ length: 500 }, () => JSON.parse(line));

const contenders = {
  fold: slice(() => {
    const events = { ended() {}, retrying() {} };
    const record = new TurnRecord(about.threadId, about.turnId, events, { retain: true });
    return flood(
      (one) => record.accept(one),
      () => record.state.text.length,
    );
  }),
  timeline: slice(() => {
    const timeline = new Timeline(about.threadId);
    const entry = () => timeline.snapshot.turns[0].entries[0];
    return flood(
      (one) => timeline.apply(one),
      () => entry().text.length,
      entry,
    );
  }),
};
await interleave(contenders, { rounds: warmUpRounds });
console.log(JSON.stringify(await interleave(contenders, { rounds })));

/** CPU time for each delta, in microseconds. */
function slice(fill) {
  return async () => {
    let spent = 0;
    for (let entry = 0; entry < entries; entry++) spent += fill();
    return spent / entries / deltas;
  };
}

/** The timeline is read after every `everyDelta` deltas. Returns the CPU time. */
function flood(accept, length, look = () => {}) {
  for (const one of started) accept(one);
  const before = process.cpuUsage();
  for (let index = 0; index < deltas; index++) {
    accept(notifications[index % notifications.length]);
    if (index % everyDelta === 0) look();
  }
  if (length() !== deltas * "some words ".length) throw new Error("a delta was lost");
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
