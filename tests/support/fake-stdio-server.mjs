// An app-server on stdio that does only what its scenario says; see the names below. For every
// `initialize`, it writes a line with its pid to the file STARTS.
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [scenario] = process.argv.slice(2);
const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const threadId = "t1";
const turn = { id: "u1", status: "inProgress", items: [], error: null };
const notify = (method, params) =>
  send({ method, params: { threadId, turnId: turn.id, ...params } });
const item = { type: "agentMessage", id: "m1", text: "hello", phase: null };

const turns = {
  // All messages of the turn arrive before the answer to its start.
  early(id) {
    notify("turn/started", { turn });
    notify("item/completed", { item });
    notify("turn/completed", { turn: { ...turn, status: "completed" } });
    send({ id, result: { turn } });
  },
  // Asks the client; its answer becomes the turn's text.
  asking(id) {
    send({ id, result: { turn } });
    notify("turn/started", { turn });
    send({ id: "question", method: "brand/new", params: { threadId, turnId: turn.id } });
  },
  // There is something in between that no client knows.
  noisy(id) {
    send({ id, result: { turn } });
    notify("turn/started", { turn });
    notify("brand/new", { some: "thing" });
    process.stdout.write("this is no JSON\n");
    send({ method: 5 });
    send({ method: "item/started", params: null });
    notify("item/agentMessage/delta", { itemId: "m1", delta: "hello" });
    notify("item/completed", { item });
    notify("turn/completed", { turn: { ...turn, status: "completed" } });
  },
};

function answered(words) {
  notify("item/completed", { item: { ...item, text: JSON.stringify(words) } });
  notify("turn/completed", { turn: { ...turn, status: "completed" } });
}

const answers = {
  initialize: (id) => {
    appendFileSync(process.env.STARTS, `${process.pid}\n`);
    send({ id, result: scenario === "nameless" ? {} : { userAgent: "fake/1.2.3 (stdio)" } });
  },
  "thread/start": (id) =>
    send({ id, result: { thread: { id: threadId, status: { type: "idle" } } } }),
  "model/list": (id) => send({ id, result: { data: [], nextCursor: null } }),
  "turn/start": (id) => turns[scenario](id),
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, result, error } = JSON.parse(line);
    if (id === "question") answered(result ?? error);
    else answers[method]?.(id);
  })
  .on("close", () => process.exit(0));
