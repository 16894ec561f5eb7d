/**
 * Creates a turn. Arguments: turn, thread, tenant, "1" to take its place among the thread's turns now.
 *
 * Returns the turn's thread, which is another one if the tenant has submitted the turn before; "" if another tenant has.
 */
export const SUBMIT: string = `
local known = redis.call('HMGET', turnKey(ARGV[2]), 'tenant', 'thread')
if known[1] then return known[1] == ARGV[4] and known[2] or '' end
create(ARGV[2], ARGV[3], ARGV[4])
if ARGV[5] == '1' then enrol(ARGV[2], ARGV[3]) end
return ARGV[3]
`;

/**
 * Sets fields of a turn. Arguments: turn, thread, epoch, field, value, ...
 * Returns 1, or 0 if another worker has the thread.
 */
export const MARK: string = `
local turn, thread, epoch = ARGV[2], ARGV[3], ARGV[4]
if not owns(turn, thread, epoch) then return 0 end
redis.call('HSET', turnKey(turn), unpack(ARGV, 5))
return 1
`;

/**
 * Adds an event to a turn's stream, unless it is there already. Arguments: turn, thread, epoch, number, data.
 * Returns 1, or 0 if another worker has the thread.
 */
export const APPEND: string = `
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
 * Ends the turn and frees its thread. Arguments: turn, thread, tenant, epoch, number, data, keep ms.
 * Returns ok nextOfThread nextOfTenant | fenced.
 */
export const FINISH: string = `
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

/** Finds the turns that can run when a turn has ended. Arguments: thread, tenant. Returns nextOfThread nextOfTenant. */
export const NEXT: string = `
return {redis.call('ZRANGE', P .. 'pending:' .. ARGV[2], 0, 0)[1] or '',
  redis.call('ZRANGE', P .. 'waiting:' .. ARGV[3], 0, 0)[1] or ''}
`;

/**
 * Ends a turn that no worker has claimed. The time for which it is kept begins when its job is delivered, because a job
 * whose turn is unknown would run.
 *
 * Arguments: turn, data. Returns the turn's phase, or "" if the turn is unknown.
 */
export const CANCEL: string = `
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

/** Forgets a turn whose job couldn't be added. Arguments: turn. Returns the next turn of its thread, or "". */
export const WITHDRAW: string = `
local turn = ARGV[2]
local t = redis.call('HMGET', turnKey(turn), 'phase', 'thread')
if t[1] ~= 'queued' then return '' end
redis.call('ZREM', P .. 'pending:' .. t[2], turn)
redis.call('ZREM', P .. 'turns:' .. t[2], turn)
redis.call('DEL', turnKey(turn))
return redis.call('ZRANGE', P .. 'pending:' .. t[2], 0, 0)[1] or ''
`;

/** Lets a cancelled turn whose job is gone expire. Arguments: turn, keep ms. */
export const EXPIRE: string = `
expire(ARGV[2], tonumber(ARGV[3]))
return 1
`;
