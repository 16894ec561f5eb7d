import { C as CodexError, I as dispose, L as __exportAll } from "./checks-CUlVF2ON.js";
import { o as quoteForeign, t as describe } from "./describe-_qXpbH4d.js";
// src/util/timer.ts
const LONGEST_MS = 2 ** 31 - 1;
function startTimer(ms, fire) {
	let remaining = checkedMs(ms);
	let timeout;
	const wait = () => {
		const step = Math.min(remaining, LONGEST_MS);
		remaining -= step;
		timeout = setTimeout(() => remaining > 0 ? wait() : fire(), step);
	};
	if (remaining !== Number.POSITIVE_INFINITY) wait();
	return { cancel: () => clearTimeout(timeout) };
}
function startTicking(ms, tick) {
	if (checkedMs(ms) === Number.POSITIVE_INFINITY) return { cancel: () => {} };
	const parts = Math.max(Math.ceil(ms / LONGEST_MS), 1);
	let passed = 0;
	const interval = setInterval(() => {
		passed = (passed + 1) % parts;
		if (passed === 0) tick();
	}, ms / parts);
	interval.unref();
	return { cancel: () => clearInterval(interval) };
}
function checkedMs(ms, name = "A time") {
	if (typeof ms !== "number") throw new TypeError(`${name} must be a number of milliseconds, not ${typeof ms}`);
	if (!(ms >= 0)) throw new RangeError(`${name} must be 0 or more milliseconds, not ${ms}`);
	return ms;
}
// src/util/abort.ts
function orAborted(promise, signal, discard) {
	if (signal === void 0) return promise;
	return new Promise((resolve, reject) => {
		let over = false;
		const stop = onAbort(signal, () => {
			over = true;
			reject(signal.reason);
		});
		const settle = (value) => {
			if (over) discard?.(value);
			else resolve(value);
		};
		promise.then(settle, reject).finally(stop);
	});
}
function checkSignal(signal) {
	if (signal === void 0 || signal instanceof AbortSignal) return;
	throw new TypeError(`signal must be an AbortSignal, not ${describe(signal)}`);
}
var SharedListener = class SharedListener {
	static #of = /* @__PURE__ */ new WeakMap();
	#signal;
	#waits = /* @__PURE__ */ new Set();
	constructor(signal) {
		this.#signal = signal;
		signal.addEventListener("abort", this.#aborted, { once: true });
	}
	static of(signal) {
		const shared = SharedListener.#of.get(signal) ?? new SharedListener(signal);
		SharedListener.#of.set(signal, shared);
		return shared;
	}
	add(wait) {
		this.#waits.add(wait);
	}
	remove(wait) {
		if (this.#waits.delete(wait) && this.#waits.size === 0) this.#stop();
	}
	#aborted = () => {
		this.#stop();
		for (const wait of this.#waits) {
			this.#waits.delete(wait);
			runApart(wait.run);
		}
	};
	#stop() {
		this.#signal.removeEventListener("abort", this.#aborted);
		SharedListener.#of.delete(this.#signal);
	}
};
function onAbort(signal, listener) {
	if (signal === void 0) return () => {};
	if (signal.aborted) {
		listener();
		return () => {};
	}
	const shared = SharedListener.of(signal);
	const wait = { run: listener };
	shared.add(wait);
	return () => shared.remove(wait);
}
function either(...signals) {
	const controller = new AbortController();
	const stops = signals.map((one) => onAbort(one, () => controller.abort(one?.reason)));
	return {
		signal: controller.signal,
		[dispose]: () => {
			for (const stop of stops) stop();
		}
	};
}
function runApart(listener) {
	try {
		listener();
	} catch (error) {
		process.nextTick(() => {
			throw error;
		});
	}
}
function delay(ms, signal) {
	return new Promise((resolve, reject) => {
		signal?.throwIfAborted();
		const timer = startTimer(ms, () => {
			stop();
			resolve();
		});
		const stop = onAbort(signal, () => {
			timer.cancel();
			reject(signal?.reason);
		});
	});
}
function within(ms, promise) {
	return new Promise((resolve, reject) => {
		const timer = startTimer(ms, () => resolve(void 0));
		promise.then(resolve, reject).finally(() => timer.cancel());
	});
}
// src/errors/rpc-errors.ts
var rpc_errors_exports = /* @__PURE__ */ __exportAll({
	InternalRpcError: () => InternalRpcError,
	InvalidParamsError: () => InvalidParamsError,
	InvalidRequestError: () => InvalidRequestError,
	JsonRpcError: () => JsonRpcError,
	MethodNotFoundError: () => MethodNotFoundError,
	ParseError: () => ParseError,
	RetryLimitExceededError: () => RetryLimitExceededError,
	ServerBusyError: () => ServerBusyError,
	ThreadNotFoundError: () => ThreadNotFoundError,
	rpcError: () => rpcError,
	saysOverloaded: () => saysOverloaded
});
const MAX_QUOTED = 400;
var JsonRpcError = class extends CodexError {
	name = "JsonRpcError";
	code = "RPC_ERROR";
	rpcCode;
	data;
	method;
	serverMessage;
	constructor(method, body) {
		super(`${method}: ${quoteForeign(body.message, MAX_QUOTED)} (${body.code})`);
		this.method = method;
		this.rpcCode = body.code;
		this.data = body.data;
		this.serverMessage = body.message;
	}
};
var ParseError = class extends JsonRpcError {
	name = "ParseError";
	code = "PARSE_ERROR";
};
var InvalidRequestError = class extends JsonRpcError {
	name = "InvalidRequestError";
	code = "INVALID_REQUEST";
};
var ThreadNotFoundError = class extends InvalidRequestError {
	name = "ThreadNotFoundError";
	code = "THREAD_NOT_FOUND";
};
var MethodNotFoundError = class extends JsonRpcError {
	name = "MethodNotFoundError";
	code = "METHOD_NOT_FOUND";
};
var InvalidParamsError = class extends JsonRpcError {
	name = "InvalidParamsError";
	code = "INVALID_PARAMS";
};
var InternalRpcError = class extends JsonRpcError {
	name = "InternalRpcError";
	code = "INTERNAL_ERROR";
};
var ServerBusyError = class extends JsonRpcError {
	name = "ServerBusyError";
	code = "SERVER_BUSY";
};
var RetryLimitExceededError = class extends ServerBusyError {
	name = "RetryLimitExceededError";
	code = "RETRY_LIMIT_EXCEEDED";
};
function rpcError(method, body) {
	return new (classOf(body))(method, body);
}
const NO_SUCH_THREAD = /thread not (?:found|loaded)|no (?:archived )?rollout found for thread/;
function classOf({ code, message, data }) {
	if (code <= -32e3 && code >= -32099) {
		if (/retry limit|too many failed attempts/i.test(message)) return RetryLimitExceededError;
		return code === -32001 || saysOverloaded(data) ? ServerBusyError : JsonRpcError;
	}
	if (NO_SUCH_THREAD.test(message)) return ThreadNotFoundError;
	switch (code) {
		case -32700: return ParseError;
		case -32600: return classOfInvalidRequest(message);
		case -32601: return MethodNotFoundError;
		case -32602: return InvalidParamsError;
		case -32603: return InternalRpcError;
		default: return JsonRpcError;
	}
}
function classOfInvalidRequest(message) {
	if ((/unknown variant `([^`]*)`, expected one of `initialize`/.exec(message)?.[1])?.includes("/")) return MethodNotFoundError;
	if (/missing field|unknown variant|invalid type|invalid value|invalid length/.test(message)) return InvalidParamsError;
	return InvalidRequestError;
}
const MAX_VALUES = 1e4;
function saysOverloaded(data) {
	const rest = [data];
	for (let seen = 0; rest.length > 0 && seen < MAX_VALUES; seen++) {
		const value = rest.pop();
		if (value === "serverOverloaded" || value === "server_overloaded") return true;
		if (typeof value !== "object" || value === null) continue;
		for (const [key, member] of Object.entries(value)) rest.push(key, member);
	}
	return false;
}
export { orAborted as _, MethodNotFoundError as a, startTicking as b, ServerBusyError as c, rpc_errors_exports as d, saysOverloaded as f, onAbort as g, either as h, JsonRpcError as i, ThreadNotFoundError as l, delay as m, InvalidParamsError as n, ParseError as o, checkSignal as p, InvalidRequestError as r, RetryLimitExceededError as s, InternalRpcError as t, rpcError as u, within as v, startTimer as x, checkedMs as y };

//# sourceMappingURL=rpc-errors-Ck2IiD6l.js.map