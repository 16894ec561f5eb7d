/**
 * Adds a command for the worker that runs the turn. Arguments: turn, command, "1" for an interrupt.
 * Returns the turn's phase, or "" if the turn is unknown.
 */
export const CONTROL: string = `
local turn = ARGV[2]
local phase = redis.call('HGET', turnKey(turn), 'phase')
if not phase then return '' end
if phase == 'ended' then return phase end
if ARGV[4] == '1' then redis.call('HSET', turnKey(turn), 'interrupt', '1') end
redis.call('XADD', P .. 'control:' .. turn, '*', 'c', ARGV[3])
redis.call('PUBLISH', P .. 'ctl:' .. turn, 'c')
return phase
`;

/** Stores a worker's reply to a command. Arguments: turn, command's id, reply, keep ms. */
export const REPLY: string = `
local key = P .. 'answers:' .. ARGV[2]
redis.call('HSET', key, ARGV[3], ARGV[4])
if redis.call('HGET', turnKey(ARGV[2]), 'phase') == 'ended' then redis.call('PEXPIRE', key, tonumber(ARGV[5])) end
redis.call('PUBLISH', P .. 'out:' .. ARGV[2], 'a')
return 1
`;

/**
 * Adds a pending request of a turn, or removes one. Arguments: turn, thread, epoch, request's id, data ("" to remove it).
 * Returns 1, or 0 if another worker has the thread.
 */
export const REQUEST: string = `
local turn, thread, epoch, id, data = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
if not owns(turn, thread, epoch) then return 0 end
local key = P .. 'requests:' .. turn
if data == '' then redis.call('HDEL', key, id) else redis.call('HSET', key, id, data) end
if redis.call('HLEN', key) == 0 then redis.call('SREM', P .. 'requests', turn)
else redis.call('SADD', P .. 'requests', turn) end
redis.call('PUBLISH', P .. 'ch.requests', turn)
return 1
`;
