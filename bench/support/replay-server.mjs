// A simulated app-server on stdio that floods its client as fast as the pipe accepts data. The text
// of a turn's input describes the flood; see `Flood`. Blocks of lines are prepared before the
// flood and written repeatedly, which needs hardly any CPU here: the client is the bottleneck.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as traffic from "./replay-traffic.mjs";

/**
 * @typedef {object} Flood
 * @property {"message" | "command"} kind What is streamed: the agent's message, or a command's output.
 * @property {number} deltas For each item.
 * @property {number} [items] Default 1.
 * @property {number} [bytes] Size of a delta; default that of a token.
 * @property {number} [together] Waits for this many turns, each of its own thread, and then streams them interleaved. Default 1.
 */

const BLOCK_BYTES = 512 * 1024;

/** A turn of commands ends with a message, as real ones do. */
const CONCLUSION = { kind: "message", pieces: traffic.TOKENS, deltas: 10 };

const threads = [];
let waiting = [];
let playing = Promise.resolve();

const answers = {
  initialize: (id) => send({ id, result: traffic.initializeResult() }),
  initialized: () => {},
  "thread/start": (id) => {
    const threadId = randomUUID();
    threads.push(threadId);
    send({ id, result: traffic.threadStartResult(threadId) });
    send(traffic.threadStarted(threadId));
  },
  "thread/read": (id, { threadId }) => send({ id, result: { thread: { id: threadId } } }),
  "thread/turns/list": (id) => send({ id, result: { data: [], nextCursor: null } }),
  "thread/loaded/list": (id) =>
    send({ id, result: { data: threads.slice(0, 10), nextCursor: null } }),
  "turn/start": (id, { threadId, input: [{ text }] }) => {
    const turnId = randomUUID();
    send({ id, result: traffic.turnStartResult(turnId) });
    join({ threadId, turnId, text });
  },
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    const answer = answers[method] ?? (() => send({ id, error: unknownMethod(method) }));
    answer(id, params);
  })
  .on("close", () => process.exit(0));

function join(turn) {
  waiting.push(turn);
  const flood = JSON.parse(turn.text);
  if (waiting.length < (flood.together ?? 1)) return;
  const turns = waiting;
  waiting = [];
  playing = playing.then(() => play(turns, flood));
}

async function play(turns, { kind, deltas, items = 1, bytes }) {
  const pieces = bytes === undefined ? traffic.TOKENS : [outputOf(bytes)];
  await write(block(turns.flatMap((turn) => traffic.opening(turn))));
  let last;
  for (let index = 0; index < items; index++)
    last = await playItem(turns, { kind, pieces, deltas });
  if (kind === "command") last = await playItem(turns, CONCLUSION);
  const ends = turns.flatMap((turn, place) => traffic.closing({ ...turn, finalItem: last[place] }));
  await write(block(ends));
}

/** Writes one item of each turn, from start to completion. Returns the completed items. */
async function playItem(turns, { kind, pieces, deltas }) {
  const streams = turns.map((turn) => ({ turn, item: traffic.streamedItem(kind) }));
  await write(block(streams.map(({ turn, item }) => traffic.itemStarted(turn, item.started))));
  const text = await flood(streams, pieces, deltas);
  const completed = streams.map(({ item }) => item.completed(text));
  await write(block(turns.map((turn, place) => traffic.itemCompleted(turn, completed[place]))));
  return completed;
}

/**
 * Writes this many deltas of each stream, alternating between streams. Returns the text of each.
 */
async function flood(streams, pieces, deltas) {
  const line = ({ turn, item }, piece) => traffic.delta(turn, item, piece);
  const step = Buffer.byteLength(JSON.stringify(line(streams[0], pieces[0]))) * streams.length;
  const inBlock = Math.max(1, Math.min(deltas, Math.floor(BLOCK_BYTES / step)));
  const texts = Array.from({ length: inBlock }, (_, index) => pieces[index % pieces.length]);
  const blockOf = (some) => block(some.flatMap((piece) => streams.map((one) => line(one, piece))));
  const whole = blockOf(texts);
  const rest = texts.slice(0, deltas % inBlock);
  const times = Math.floor(deltas / inBlock);
  for (let count = 0; count < times; count++) await write(whole);
  if (rest.length > 0) await write(blockOf(rest));
  return texts.join("").repeat(times) + rest.join("");
}

/** Lines of a log with this many bytes in total. */
function outputOf(bytes) {
  const line = "2026-01-31T12:00:00Z INFO build: compiled module 'src/index.ts' in 12 ms\n";
  return line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes);
}

function block(messages) {
  return Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
}

async function write(bytes) {
  if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
}

function send(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function unknownMethod(method) {
  return { code: -32600, message: `The replay server doesn't implement ${method}` };
}
