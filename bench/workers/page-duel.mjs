// What the server spends on one patch of a page that shows a thread, by the number of its entries: the
// timeline's snapshot, the difference to the last one, and its encoding.
import { Timeline } from "../../dist/timeline/index.js";
import { interleave } from "../support/interleave.mjs";
import { internal } from "../support/internal.mjs";

/** @type {{ few: number, many: number, patches: number, rounds: number, warmUpRounds: number }} */
const { few, many, patches, rounds, warmUpRounds } = JSON.parse(process.argv[2]);
const { EventLog } = await internal("src/web/event-log.ts");
const LOG_BYTES = 1024 * 1024;
const about = { threadId: "01a2161c-c04e-7110-a83e-7ad8558e7ab9", turnId: "turn" };

const contenders = { few: page(few), many: page(many) };
await interleave(contenders, { rounds: warmUpRounds });
console.log(JSON.stringify(await interleave(contenders, { rounds })));

/** A page with this many entries in one turn. Its function patches the last one, and resolves with the CPU time of a patch in microseconds. */
function page(entries) {
  const timeline = new Timeline(about.threadId);
  const log = new EventLog(state(), LOG_BYTES);
  timeline.apply({
    method: "turn/started",
    params: { ...about, turn: { id: "turn", status: "inProgress" } },
  });
  for (let entry = 1; entry <= entries; entry++) addEntry(`msg_${entry}`, entry === entries);
  log.publish(state());
  let number = log.after(undefined).number;

  return async () => {
    const before = process.cpuUsage();
    for (let count = 0; count < patches; count++) {
      timeline.apply({
        method: "item/agentMessage/delta",
        params: { ...about, itemId: `msg_${entries}`, delta: "some words " },
      });
      log.publish(state());
      const chunk = log.after(number);
      if (chunk?.number !== number + 1) throw new Error("a patch is missing");
      number = chunk.number;
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / patches;
  };

  function state() {
    return { view: timeline.snapshot, requests: [], older: undefined };
  }

  function addEntry(id, isOpen) {
    const item = { type: "agentMessage", id, text: isOpen ? "" : "Some words." };
    timeline.apply({ method: "item/started", params: { ...about, item: { ...item, text: "" } } });
    if (!isOpen) timeline.apply({ method: "item/completed", params: { ...about, item } });
  }
}
