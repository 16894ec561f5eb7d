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

/**
 * turn, thread, tenant, "1" to take its place among the thread's turns now → the turn's thread, which is another one
 * if the tenant has submitted the turn before; "" if another tenant has.
 */
const SUBMIT = `
local known = redis.call('HMGET', turnKey(ARGV[2]), 'tenant', 'thread')
if known[1] then return known[1] == ARGV[4] and known[2] or '' end
create(ARGV[2], ARGV[3], ARGV[4])
if ARGV[5] == '1' then enrol(ARGV[2], ARGV[3]) end
return ARGV[3]
`;

/**
 * turn, thread, tenant, worker, nonce, lease ms, max turns of the tenant, max starts per window,
 * window ms, thread lifetime ms, "1" to leave it to the worker that has the thread loaded, keep ms →
 * ended | behind head rank | leased ms | tenant ms | rate ms | warm ms |
 * ok epoch phase attempts previousEpoch interrupted previousWorker losses
 *
 * A turn is offered once. It stays reserved until that worker declines, or until its last report expires.
 */
const CLAIM = `
local turn, thread, tenant, worker, nonce = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local lease, tenantMax = tonumber(ARGV[7]), tonumber(ARGV[8])
local rateMax, rateMs, keepThread = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
if redis.call('EXISTS', turnKey(turn)) == 0 then create(turn, thread, tenant) end
local phase = redis.call('HGET', turnKey(turn), 'phase')
if phase == 'ended' then
  expire(turn, tonumber(ARGV[13]))
  return {'ended'}
end
local pending = P .. 'pending:' .. thread
if not redis.call('ZSCORE', pending, turn) then enrol(turn, thread) end
local head = redis.call('ZRANGE', pending, 0, 0)[1]
if head ~= turn then return {'behind', head, redis.call('ZRANK', pending, turn)} end
local held = redis.call('HMGET', threadKey(thread), 'epoch', 'until', 'nonce', 'turn', 'before', 'was', 'owner')
if held[3] == nonce and held[4] == turn then
  local t = redis.call('HMGET', turnKey(turn), 'attempts', 'interrupt', 'left')
  return {'ok', held[1], held[6], t[1], held[5], t[2] or '', '', t[1] - 1 - (t[3] or 0)}
end
if held[4] and held[4] ~= '' and tonumber(held[2]) > now then
  return {'leased', text(tonumber(held[2]) - now)}
end
local owner = held[7]
if ARGV[12] == '1' and owner and owner ~= worker and held[4] == '' then
  local reserved = redis.call('HGET', turnKey(turn), 'reserved')
  if reserved and tonumber(reserved) > now then return {'warm', text(tonumber(reserved) - now)} end
  local report = not reserved and redis.call('GET', P .. 'worker:' .. owner)
  if report then
    report = cjson.decode(report)
    local load = tonumber(redis.call('HGET', P .. 'load', owner) or '0')
    if not report.isClosing and load < report.capacity
      and redis.call('PUBLISH', P .. 'wk:' .. owner, turn) > 0 then
      local ms = math.max(redis.call('PTTL', P .. 'worker:' .. owner), 1)
      local offers = P .. 'offers:' .. owner
      redis.call('HSET', turnKey(turn), 'reserved', text(now + ms))
      redis.call('ZREMRANGEBYSCORE', offers, '-inf', text(now))
      redis.call('ZADD', offers, text(now + ms), turn)
      redis.call('PEXPIRE', offers, ms)
      return {'warm', text(ms)}
    end
  end
end
local running = P .. 'running:' .. tenant
if tenantMax > 0 then
  redis.call('ZREMRANGEBYSCORE', running, '-inf', now)
  if redis.call('ZCARD', running) >= tenantMax and not redis.call('ZSCORE', running, turn) then
    redis.call('ZADD', P .. 'waiting:' .. tenant, redis.call('HGET', turnKey(turn), 'seq'), turn)
    local first = redis.call('ZRANGE', running, 0, 0, 'WITHSCORES')
    return {'tenant', text(tonumber(first[2]) - now)}
  end
end
if rateMax > 0 then
  local count = tonumber(redis.call('GET', P .. 'rate') or '0')
  if count >= rateMax then
    return {'rate', math.max(1, redis.call('PTTL', P .. 'rate'))}
  end
  redis.call('INCR', P .. 'rate')
  if count == 0 then redis.call('PEXPIRE', P .. 'rate', rateMs) end
end
local before = held[1] or '0'
local epoch = text(math.max(tonumber(before) + 1, now))
local stopAt = text(now + lease)
redis.call('HSET', threadKey(thread), 'epoch', epoch, 'until', stopAt, 'nonce', nonce, 'turn', turn,
  'before', before, 'was', phase, 'owner', worker)
redis.call('PEXPIRE', threadKey(thread), keepThread)
redis.call('PEXPIRE', P .. 'turns:' .. thread, keepThread)
redis.call('ZREMRANGEBYSCORE', P .. 'threads', '-inf', text(now - keepThread))
redis.call('HSET', turnKey(turn), 'worker', worker, 'claimedAt', text(now), 'reserved', '0')
if owner then redis.call('ZREM', P .. 'offers:' .. owner, turn) end
if phase == 'queued' then redis.call('HSET', turnKey(turn), 'phase', 'claimed') end
redis.call('HINCRBY', P .. 'load', worker, 1)
local attempts = redis.call('HINCRBY', turnKey(turn), 'attempts', 1)
redis.call('ZADD', running, stopAt, turn)
redis.call('ZADD', P .. 'active', stopAt, turn)
redis.call('ZREM', P .. 'waiting:' .. tenant, turn)
redis.call('DEL', P .. 'requests:' .. turn)
redis.call('SREM', P .. 'requests', turn)
redis.call('PUBLISH', P .. 'ch.requests', turn)
return {'ok', epoch, phase, attempts, before,
  redis.call('HGET', turnKey(turn), 'interrupt') or '', held[7] or '',
  attempts - 1 - (redis.call('HGET', turnKey(turn), 'left') or 0)}
`;

/**
 * turn, thread, tenant, max turns of the tenant, max starts per window → 1 if a claim may succeed now: a job that was
 * parked in the meantime must be promoted. Checks everything for which a claim is refused, because a job that is
 * promoted too early would be parked and promoted again and again.
 */
const READY = `
local turn, thread, tenant, tenantMax = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local rateMax = tonumber(ARGV[6])
if redis.call('HGET', turnKey(turn), 'phase') == 'ended' then return 1 end
if redis.call('ZRANGE', P .. 'pending:' .. thread, 0, 0)[1] ~= turn then return 0 end
local held = redis.call('HMGET', threadKey(thread), 'until', 'turn')
if held[2] and held[2] ~= '' and tonumber(held[1]) > now then return 0 end
if tonumber(redis.call('HGET', turnKey(turn), 'reserved') or '0') > now then return 0 end
if tenantMax > 0 then
  redis.call('ZREMRANGEBYSCORE', P .. 'running:' .. tenant, '-inf', now)
  if redis.call('ZCARD', P .. 'running:' .. tenant) >= tenantMax then return 0 end
end
if rateMax > 0 and tonumber(redis.call('GET', P .. 'rate') or '0') >= rateMax then return 0 end
return 1
`;

/** turn, worker → ends the turn's reservation for the worker, which doesn't take it. */
const DECLINE = `
local turn, worker = ARGV[2], ARGV[3]
redis.call('ZREM', P .. 'offers:' .. worker, turn)
if redis.call('HEXISTS', turnKey(turn), 'reserved') == 1 then
  redis.call('HSET', turnKey(turn), 'reserved', '0')
end
return 1
`;

/** turn, thread, tenant, epoch, lease ms → 1, or 0 if another worker has the thread. */
const RENEW = `
local turn, thread, tenant, epoch, lease = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
if not owns(turn, thread, epoch) then return 0 end
local stopAt = text(now + lease)
redis.call('HSET', threadKey(thread), 'until', stopAt)
redis.call('ZADD', P .. 'running:' .. tenant, stopAt, turn)
redis.call('ZADD', P .. 'active', stopAt, turn)
return 1
`;

/** turn, thread, epoch, field, value, ... → 1, or 0 if another worker has the thread. */
const MARK = `
local turn, thread, epoch = ARGV[2], ARGV[3], ARGV[4]
if not owns(turn, thread, epoch) then return 0 end
redis.call('HSET', turnKey(turn), unpack(ARGV, 5))
return 1
`;

/** turn, thread, epoch, number, data → 1, or 0 if another worker has the thread. */
const APPEND = `
local turn, thread, epoch, number = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if not owns(turn, thread, epoch) then return 0 end
local events = P .. 'events:' .. turn
local last = redis.call('XREVRANGE', events, '+', '-', 'COUNT', 1)[1]
if last then
  local e, n = string.match(last[1], '(%d+)-(%d+)')
  if e == epoch and tonumber(n) >= number then return 1 end
end
redis.call('XADD', events, epoch .. '-' .. ARGV[5], 'd', ARGV[6])
redis.call('PUBLISH', P .. 'ch:' .. turn, 'e')
return 1
`;

/**
 * turn, thread, tenant, epoch, number, data, keep ms → ok nextOfThread nextOfTenant | fenced.
 * Ends the turn and frees its thread.
 */
const FINISH = `
local turn, thread, tenant, epoch = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local keep = tonumber(ARGV[8])
local pending, running = P .. 'pending:' .. thread, P .. 'running:' .. tenant
local ofTenant = ''
if redis.call('HGET', threadKey(thread), 'epoch') ~= epoch then return {'fenced'} end
if redis.call('HGET', turnKey(turn), 'phase') ~= 'ended' then
  local events = P .. 'events:' .. turn
  redis.call('XADD', events, epoch .. '-' .. ARGV[6], 'd', ARGV[7], 'end', '1')
  redis.call('HSET', turnKey(turn), 'phase', 'ended', 'result', ARGV[7], 'endedAt', text(now))
  redis.call('HSET', threadKey(thread), 'until', '0', 'turn', '', 'nonce', '')
  redis.call('HINCRBY', P .. 'load', redis.call('HGET', threadKey(thread), 'owner'), -1)
  redis.call('ZREM', pending, turn)
  redis.call('ZREM', running, turn)
  redis.call('ZREM', P .. 'active', turn)
  redis.call('DEL', P .. 'requests:' .. turn)
  redis.call('SREM', P .. 'requests', turn)
  for _, key in ipairs({turnKey(turn), events, P .. 'control:' .. turn, P .. 'answers:' .. turn}) do
    redis.call('PEXPIRE', key, keep)
  end
  ended(turn)
  redis.call('PUBLISH', P .. 'ch.requests', turn)
  -- Turns that end at the same time wake different waiting turns. A woken turn that can't be claimed waits again.
  ofTenant = redis.call('ZPOPMIN', P .. 'waiting:' .. tenant)[1] or ''
end
return {'ok', redis.call('ZRANGE', pending, 0, 0)[1] or '', ofTenant}
`;

/** thread, tenant → nextOfThread nextOfTenant: the turns that can run when a turn has ended. */
const NEXT = `
return {redis.call('ZRANGE', P .. 'pending:' .. ARGV[2], 0, 0)[1] or '',
  redis.call('ZRANGE', P .. 'waiting:' .. ARGV[3], 0, 0)[1] or ''}
`;

/**
 * turn, thread, tenant, epoch, "1" if the turn is left to another worker without a failure, window ms of the starts if
 * it hasn't started → gives the thread up before the turn has ended.
 */
const RELEASE = `
local turn, thread, tenant, epoch = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local rateMs = tonumber(ARGV[7])
if not owns(turn, thread, epoch) then return 0 end
redis.call('HSET', threadKey(thread), 'until', '0')
redis.call('ZREM', P .. 'running:' .. tenant, turn)
redis.call('ZREM', P .. 'active', turn)
if ARGV[6] == '1' then redis.call('HINCRBY', turnKey(turn), 'left', 1) end
local rest = redis.call('PTTL', P .. 'rate')
local claimedAt = tonumber(redis.call('HGET', turnKey(turn), 'claimedAt') or '0')
if rateMs > 0 and rest > 0 and claimedAt >= now + rest - rateMs then redis.call('DECR', P .. 'rate') end
return 1
`;

/**
 * turn, data → the turn's phase, "" if it is unknown; ends a turn that no worker has claimed. Its time begins
 * when its job is delivered, because a job whose turn is unknown would run.
 */
const CANCEL = `
local turn = ARGV[2]
local t = redis.call('HMGET', turnKey(turn), 'phase', 'thread', 'tenant')
if t[1] ~= 'queued' then return t[1] or '' end
redis.call('XADD', P .. 'events:' .. turn, text(now) .. '-1', 'd', ARGV[3], 'end', '1')
redis.call('HSET', turnKey(turn), 'phase', 'ended', 'result', ARGV[3], 'endedAt', text(now))
redis.call('ZREM', P .. 'pending:' .. t[2], turn)
redis.call('ZREM', P .. 'waiting:' .. t[3], turn)
redis.call('DEL', P .. 'control:' .. turn)
ended(turn)
return 'ended'
`;

/** turn → forgets a turn that nobody knows, because its job couldn't be added; the next turn of its thread, or "". */
const WITHDRAW = `
local turn = ARGV[2]
local t = redis.call('HMGET', turnKey(turn), 'phase', 'thread')
if t[1] ~= 'queued' then return '' end
redis.call('ZREM', P .. 'pending:' .. t[2], turn)
redis.call('ZREM', P .. 'turns:' .. t[2], turn)
redis.call('DEL', turnKey(turn))
return redis.call('ZRANGE', P .. 'pending:' .. t[2], 0, 0)[1] or ''
`;

/** turn, keep ms → lets a cancelled turn whose job is gone expire. */
const EXPIRE = `
expire(ARGV[2], tonumber(ARGV[3]))
return 1
`;

/** turn, command, "1" for an interrupt → the turn's phase, "" if it is unknown. */
const CONTROL = `
local turn = ARGV[2]
local phase = redis.call('HGET', turnKey(turn), 'phase')
if not phase then return '' end
if phase == 'ended' then return phase end
if ARGV[4] == '1' then redis.call('HSET', turnKey(turn), 'interrupt', '1') end
redis.call('XADD', P .. 'control:' .. turn, '*', 'c', ARGV[3])
redis.call('PUBLISH', P .. 'ctl:' .. turn, 'c')
return phase
`;

/** turn, command's id, reply, keep ms. */
const REPLY = `
local key = P .. 'answers:' .. ARGV[2]
redis.call('HSET', key, ARGV[3], ARGV[4])
if redis.call('HGET', turnKey(ARGV[2]), 'phase') == 'ended' then redis.call('PEXPIRE', key, tonumber(ARGV[5])) end
redis.call('PUBLISH', P .. 'out:' .. ARGV[2], 'a')
return 1
`;

/** turn, thread, epoch, request's id, data ("" removes it) → 1, or 0 if another worker has the thread. */
const REQUEST = `
local turn, thread, epoch, id, data = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
if not owns(turn, thread, epoch) then return 0 end
local key = P .. 'requests:' .. turn
if data == '' then redis.call('HDEL', key, id) else redis.call('HSET', key, id, data) end
if redis.call('HLEN', key) == 0 then redis.call('SREM', P .. 'requests', turn)
else redis.call('SADD', P .. 'requests', turn) end
redis.call('PUBLISH', P .. 'ch.requests', turn)
return 1
`;

/**
 * home, its new user, a user whose claim is over, ms, keep ms → the user that has claimed the home, or "" if it is the
 * new one now; 1 if that claim was renewed in time. Without a new user, the claim of the other one ends.
 */
const HOME = `
local key = P .. 'home:' .. ARGV[2]
local held = redis.call('HMGET', key, 'user', 'until')
if held[1] and held[1] ~= ARGV[3] and held[1] ~= ARGV[4] then
  return {held[1], tonumber(held[2]) > now and 1 or 0}
end
if ARGV[3] == '' then
  redis.call('DEL', key)
else
  redis.call('HSET', key, 'user', ARGV[3], 'until', text(now + tonumber(ARGV[5])))
  redis.call('PEXPIRE', key, tonumber(ARGV[6]))
end
return {'', 1}
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
