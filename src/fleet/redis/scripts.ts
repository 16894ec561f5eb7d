import { CLAIM, DECLINE, HOME, READY, RELEASE, RENEW } from "./lua/claims.ts";
import { CONTROL, REPLY, REQUEST } from "./lua/control.ts";
import { APPEND, CANCEL, EXPIRE, FINISH, MARK, NEXT, SUBMIT, WITHDRAW } from "./lua/turns.ts";

/**
 * The state of turns and threads changes only in these scripts, each of which Redis runs
 * atomically. All are idempotent: a client sends a command again if the connection was lost before
 * the reply.
 *
 * Each claim of a thread has an epoch, a number that only increases. Writes under an older epoch
 * are refused, so a worker that was presumed dead and continues can't change anything.
 */
const PRELUDE = `
local P = ARGV[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function turnKey(turn) return P .. 'turn:' .. turn end
local function threadKey(thread) return P .. 'thread:' .. thread end
local function text(number) return string.format('%.0f', number) end
local function create(turn, thread, tenant)
  redis.call('HSET', turnKey(turn), 'thread', thread, 'tenant', tenant, 'phase', 'queued',
    'at', text(now))
end
local function enrol(turn, thread)
  local seq = redis.call('INCR', P .. 'seq')
  redis.call('HSET', turnKey(turn), 'seq', seq)
  redis.call('ZADD', P .. 'pending:' .. thread, seq, turn)
  local turns = P .. 'turns:' .. thread
  for _, old in ipairs(redis.call('ZRANGE', turns, 0, 1)) do
    if redis.call('EXISTS', turnKey(old)) == 0 then redis.call('ZREM', turns, old) end
  end
  redis.call('ZADD', turns, seq, turn)
  redis.call('PEXPIRE', turns, 604800000)
  redis.call('ZADD', P .. 'threads', text(now), thread)
  redis.call('PUBLISH', P .. 'th:' .. thread, turn)
end
local function expire(turn, keep)
  for _, key in ipairs({turnKey(turn), P .. 'events:' .. turn}) do
    if redis.call('PTTL', key) == -1 then redis.call('PEXPIRE', key, keep) end
  end
end
local function ended(turn)
  redis.call('PUBLISH', P .. 'out:' .. turn, 'x')
  redis.call('PUBLISH', P .. 'ch:' .. turn, 'x')
end
local function owns(turn, thread, epoch)
  return redis.call('HGET', threadKey(thread), 'epoch') == epoch
    and redis.call('HGET', turnKey(turn), 'phase') ~= 'ended'
end
`;

export type ScriptName =
  | "submit"
  | "claim"
  | "ready"
  | "decline"
  | "renew"
  | "mark"
  | "append"
  | "finish"
  | "next"
  | "release"
  | "cancel"
  | "withdraw"
  | "expire"
  | "control"
  | "reply"
  | "request"
  | "home";

const BODIES: Readonly<Record<ScriptName, string>> = {
  submit: SUBMIT,
  claim: CLAIM,
  ready: READY,
  decline: DECLINE,
  renew: RENEW,
  mark: MARK,
  append: APPEND,
  finish: FINISH,
  next: NEXT,
  release: RELEASE,
  cancel: CANCEL,
  withdraw: WITHDRAW,
  expire: EXPIRE,
  control: CONTROL,
  reply: REPLY,
  request: REQUEST,
  home: HOME,
};

/** The scripts by the name of the command that runs them. */
export const SCRIPTS: Readonly<Record<ScriptName, string>> = Object.fromEntries(
  Object.entries(BODIES).map(([name, body]) => [name, PRELUDE + body]),
) as Record<ScriptName, string>;
