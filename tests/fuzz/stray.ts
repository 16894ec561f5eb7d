import type { Random } from "./random.ts";

/** Too deep for any recursive function. */
const DEPTH = 20_000;

/** Data that is useless to any client; most of it isn't even a message. */
export function strayText(random: Random): string {
  const unknown = { threadId: "nobody's", turnId: "never", itemId: "none" };
  if (random.chance(0.005)) return random.pick([deep(), deepRequest()]);
  return random.pick([
    "not json",
    '{"id":1',
    "[]",
    "null",
    "7",
    '"text"',
    "{}",
    '{"id":99999,"result":{}}',
    '{"id":99999,"result":null,"error":null}',
    '{"id":"x","error":{"code":1,"message":"nobody asked"}}',
    '{"id":null,"result":{}}',
    '{"id":1.5,"error":7}',
    '{"method":5}',
    '{"method":"brand/new"}',
    '{"method":"brand/new","params":[1,2]}',
    '{"method":"turn/started","params":null}',
    '{"method":"turn/completed","params":{"threadId":"thread-1","turn":null}}',
    '{"method":"thread/status/changed","params":{"threadId":"nobody\'s","status":{"type":"active"}}}',
    '{"method":"thread/status/changed","params":{"threadId":"thread-1","status":null}}',
    '{"method":"thread/started","params":{"thread":null}}',
    '{"method":"serverRequest/resolved","params":{"threadId":"nobody\'s","requestId":99999}}',
    '{"method":"item/started","params":{"threadId":"thread-1","turnId":"turn-1","item":null}}',
    '{"method":"item/completed","params":{"threadId":"thread-1","turnId":"never","item":null}}',
    '{"method":"item/completed","params":{"threadId":"thread-1","turnId":"turn-1","item":null}}',
    '{"method":"item/agentMessage/delta","params":{"threadId":"thread-1","turnId":"turn-1"}}',
    '{"method":"error","params":{"threadId":"thread-1","turnId":"turn-1","error":null}}',
    JSON.stringify({ method: "turn/started", params: { ...unknown, turn: { id: "never" } } }),
    JSON.stringify({ method: "item/agentMessage/delta", params: { ...unknown, delta: "stray" } }),
    JSON.stringify({ method: "error", params: { ...unknown, error: { message: "no" } } }),
    '{"id":7,"method":{},"params":{}}',
  ]);
}

/**
 * The id of a request that is nested too deeply to be compared, or answered except with an error.
 */
export const DEEP_ID = "deep";

function deep(): string {
  const item = `{"id":"deep","type":"new","data":${nested()}}`;
  return `{"method":"item/completed","params":{"threadId":"thread-1","turnId":"never","item":${item}}}`;
}

function deepRequest(): string {
  return `{"id":"${DEEP_ID}","method":"brand/new","params":{"data":${nested()}}}`;
}

function nested(): string {
  return `${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`;
}
