import type { Random } from "./random.ts";

/** What no client has any use for, most of which is no message at all. */
export function strayText(random: Random): string {
  const unknown = { threadId: "nobody's", turnId: "never", itemId: "none" };
  return random.pick([
    "not json",
    '{"id":1',
    "[]",
    "null",
    "7",
    '"text"',
    "{}",
    '{"id":99999,"result":{}}',
    '{"id":"x","error":{"code":1,"message":"nobody asked"}}',
    '{"id":null,"result":{}}',
    '{"id":1.5,"error":7}',
    '{"method":5}',
    '{"method":"brand/new"}',
    '{"method":"brand/new","params":[1,2]}',
    '{"method":"turn/started","params":null}',
    '{"method":"turn/completed","params":{"threadId":"thread-1","turn":null}}',
    '{"method":"thread/status/changed","params":{"threadId":"nobody\'s","status":{"type":"active"}}}',
    '{"method":"serverRequest/resolved","params":{"threadId":"nobody\'s","requestId":99999}}',
    '{"method":"item/completed","params":{"threadId":"thread-1","turnId":"never","item":null}}',
    JSON.stringify({ method: "turn/started", params: { ...unknown, turn: { id: "never" } } }),
    JSON.stringify({ method: "item/agentMessage/delta", params: { ...unknown, delta: "stray" } }),
    JSON.stringify({ method: "error", params: { ...unknown, error: { message: "no" } } }),
    '{"id":7,"method":{},"params":{}}',
  ]);
}
