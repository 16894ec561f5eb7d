/**
 * Claims a turn for a worker.
 *
 * Arguments: turn, thread, tenant, worker, nonce, lease ms, max turns of the tenant, max starts per window,
 * window ms, thread lifetime ms, "1" to leave it to the worker that has the thread loaded, keep ms.
 *
 * Returns ended | behind head rank | leased ms | tenant ms | rate ms | warm ms |
 * ok epoch phase attempts previousEpoch interrupted previousWorker losses.
 *
 * A turn is offered once. It stays reserved until that worker declines, or until its last report expires.
 */
export const CLAIM: string = `
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
 * Whether a claim may succeed now: then a job that was parked in the meantime must be promoted. Checks everything for which
 * a claim is refused, because a job that is promoted too early would be parked and promoted again and again.
 *
 * Arguments: turn, thread, tenant, max turns of the tenant, max starts per window. Returns 1 or 0.
 */
export const READY: string = `
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

/** Ends the turn's reservation for a worker that doesn't take it. Arguments: turn, worker. */
export const DECLINE: string = `
local turn, worker = ARGV[2], ARGV[3]
redis.call('ZREM', P .. 'offers:' .. worker, turn)
if redis.call('HEXISTS', turnKey(turn), 'reserved') == 1 then
  redis.call('HSET', turnKey(turn), 'reserved', '0')
end
return 1
`;

/**
 * Extends a worker's claim. Arguments: turn, thread, tenant, epoch, lease ms.
 * Returns 1, or 0 if another worker has the thread.
 */
export const RENEW: string = `
local turn, thread, tenant, epoch, lease = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
if not owns(turn, thread, epoch) then return 0 end
local stopAt = text(now + lease)
redis.call('HSET', threadKey(thread), 'until', stopAt)
redis.call('ZADD', P .. 'running:' .. tenant, stopAt, turn)
redis.call('ZADD', P .. 'active', stopAt, turn)
return 1
`;

/**
 * Gives the thread up before the turn has ended. Arguments: turn, thread, tenant, epoch, "1" if the turn is left to
 * another worker without a failure, window ms of the starts if the turn hasn't started.
 * Returns 1, or 0 if another worker has the thread.
 */
export const RELEASE: string = `
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
 * Claims a home for a user, unless another user has claimed it. Without a new user, ends the claim of the other one.
 *
 * Arguments: home, its new user, a user whose claim is over, ms, keep ms. Returns the user that has claimed the home, or ""
 * if it is the new one now; then 1 if that user's claim was renewed in time.
 */
export const HOME: string = `
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
