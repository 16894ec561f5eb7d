import { c as safeMessage, o as quoteForeign } from "./describe-_qXpbH4d.js";
// \0rolldown/runtime.js
var __defProp = Object.defineProperty;
var __exportAll = (all, flags) => {
	let target = Object.setPrototypeOf({}, null);
	for (var name in all) __defProp(target, name, {
		get: all[name],
		enumerable: true
	});
	if (!(flags & 1)) __defProp(target, Symbol.toStringTag, { value: "Module" });
	return flags & 2 ? target : Object.preventExtensions(target);
};
// scripts/dispose-symbols.mjs
const { dispose = Symbol.for("Symbol.dispose"), asyncDispose = Symbol.for("Symbol.asyncDispose") } = Symbol;
// src/errors/errors.ts
var errors_exports = /* @__PURE__ */ __exportAll({
	CodexError: () => CodexError,
	InvalidInputError: () => InvalidInputError,
	InvalidSchemaError: () => InvalidSchemaError,
	LaunchError: () => LaunchError,
	LoginError: () => LoginError,
	MessageUnansweredError: () => MessageUnansweredError,
	ModelUnreachableError: () => ModelUnreachableError,
	OutcomeUnknownError: () => OutcomeUnknownError,
	RequestTimeoutError: () => RequestTimeoutError,
	TransportClosedError: () => TransportClosedError,
	TurnLostError: () => TurnLostError
});
var CodexError = class extends Error {
	name = "CodexError";
	code = "CODEX_ERROR";
	constructor(message, options) {
		super(message === void 0 ? void 0 : safeMessage(message), options);
	}
};
var TransportClosedError = class extends CodexError {
	name = "TransportClosedError";
	code = "TRANSPORT_CLOSED";
	exitCode;
	signal;
	stderr;
	constructor(message, details = {}) {
		super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
		this.exitCode = details.exit?.code;
		this.signal = details.exit?.signal;
		this.stderr = details.stderr ?? [];
	}
};
var LaunchError = class extends CodexError {
	name = "LaunchError";
	code = "LAUNCH_FAILED";
	stderr;
	constructor(message, details = {}) {
		super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
		this.stderr = details.stderr ?? [];
	}
};
var LoginError = class extends CodexError {
	name = "LoginError";
	code = "LOGIN_FAILED";
	constructor(why) {
		super(`The login failed: ${quoteForeign(why)}. Start a new one.`);
	}
};
var RequestTimeoutError = class extends CodexError {
	name = "RequestTimeoutError";
	code = "REQUEST_TIMEOUT";
	method;
	timeoutMs;
	constructor(method, timeoutMs, message) {
		super(message ?? `${method} got no answer within ${timeoutMs} ms`);
		this.method = method;
		this.timeoutMs = timeoutMs;
	}
};
var OutcomeUnknownError = class extends CodexError {
	name = "OutcomeUnknownError";
	code = "OUTCOME_UNKNOWN";
	method;
	constructor(method, cause) {
		super(`The connection was lost before ${method} was answered; it may or may not have been carried out (${cause.message})`, { cause });
		this.method = method;
	}
};
var TurnLostError = class extends CodexError {
	name = "TurnLostError";
	code = "TURN_LOST";
	threadId;
	turnId;
	constructor(turn, why, options) {
		super(`Turn ${turn.turnId} of thread ${turn.threadId} is lost: ${why}`, options);
		this.threadId = turn.threadId;
		this.turnId = turn.turnId;
	}
};
var MessageUnansweredError = class extends CodexError {
	name = "MessageUnansweredError";
	code = "MESSAGE_UNANSWERED";
	threadId;
	turnId;
	constructor(turn, why) {
		super(`Turn ${turn.turnId} of thread ${turn.threadId}: ${why}. Run it again.`);
		this.threadId = turn.threadId;
		this.turnId = turn.turnId;
	}
};
var ModelUnreachableError = class extends CodexError {
	name = "ModelUnreachableError";
	code = "MODEL_UNREACHABLE";
	threadId;
	turnId;
	modelRetryMs;
	error;
	constructor(turn, modelRetryMs, error) {
		const { threadId, turnId } = turn;
		super(`Turn ${turnId} of thread ${threadId} was interrupted: the server could not reach the model for ${modelRetryMs} ms. Its last error: ${quoteForeign(error.message)}`);
		this.threadId = threadId;
		this.turnId = turnId;
		this.modelRetryMs = modelRetryMs;
		this.error = error;
	}
};
var InvalidInputError = class extends CodexError {
	name = "InvalidInputError";
	code = "INVALID_INPUT";
};
var InvalidSchemaError = class extends CodexError {
	name = "InvalidSchemaError";
	code = "INVALID_SCHEMA";
	path;
	constructor(message, path, options) {
		super(message, options);
		this.path = path;
	}
};
// src/util/nearest.ts
const MAX_DISTANCE_RATIO = .4;
const MAX_LENGTH = 64;
const MIN_PREFIX = 4;
function nearest(name, known) {
	if (name.length > MAX_LENGTH) return void 0;
	const plain = plainName(name);
	let best;
	let least = Math.floor(plain.length * MAX_DISTANCE_RATIO) + 1;
	for (const candidate of known) {
		const distance = editDistance(plain, plainName(candidate));
		if (distance >= least) continue;
		least = distance;
		best = candidate;
	}
	return best ?? known.find((candidate) => isExtension(plain, plainName(candidate)));
}
function isExtension(one, other) {
	const shorter = Math.min(one.length, other.length);
	return shorter >= MIN_PREFIX && one.slice(0, shorter) === other.slice(0, shorter);
}
function plainName(name) {
	return name.toLowerCase().replace(/[_-]/g, "");
}
function editDistance(from, to) {
	let beforeLast = [];
	let last = Array.from({ length: to.length + 1 }, (_, column) => column);
	for (let row = 1; row <= from.length; row++) {
		const current = [row];
		for (let column = 1; column <= to.length; column++) {
			const same = from[row - 1] === to[column - 1];
			const exchanged = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			current[column] = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1), exchanged ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY);
		}
		beforeLast = last;
		last = current;
	}
	return last[to.length] ?? 0;
}
// src/util/checks.ts
const MAX_QUOTED_CHARS = 60;
function is(what, holds, name = show) {
	return (value) => holds(value) ? void 0 : ` must be ${what}, not ${name(value)}`;
}
function isThing(what, holds) {
	return is(what, holds, kindOf);
}
const string = is("a string", (value) => typeof value === "string");
const nonEmpty = is("a non-empty string", (value) => typeof value === "string" && value !== "");
const boolean = is("a boolean", (value) => typeof value === "boolean");
const func = isThing("a function", (value) => typeof value === "function");
const object = isThing("an object", isObject);
const signal = isThing("an AbortSignal", (value) => value instanceof AbortSignal);
const milliseconds = is("a number of milliseconds, 0 or more", (value) => typeof value === "number" && value >= 0);
const ratio = is("a number from 0 to 1", (value) => typeof value === "number" && value >= 0 && value <= 1);
const strings = is("a non-empty list of strings", (value) => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string"));
function wholeFrom(least) {
	return is(`a whole number of at least ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);
}
const variables = (value) => {
	if (!isObject(value)) return ` must be an object, not ${kindOf(value)}`;
	for (const [name, variable] of Object.entries(value)) {
		if (name === "" || /[=\0]/.test(name)) return ` has no valid name ${show(name)}`;
		if (variable === void 0) continue;
		const fault = typeof variable !== "string" ? `must be a string, not ${typeof variable}` : variable.includes("\0") && "must not hold a NUL character";
		if (fault) return `[${show(name)}] ${fault}`;
	}
};
const anything = () => void 0;
function members(what, holds) {
	return (value) => {
		if (!isObject(value)) return ` must be an object, not ${kindOf(value)}`;
		const wrong = Object.entries(value).find(([, member]) => !holds(member));
		if (wrong) return `[${show(wrong[0])}] must be ${what}, not ${kindOf(wrong[1])}`;
	};
}
function shape(checks) {
	return (value) => {
		if (!isObject(value)) return ` must be an object, not ${kindOf(value)}`;
		for (const [name, member] of Object.entries(value)) {
			const check = Object.hasOwn(checks, name) ? checks[name] : void 0;
			if (check === void 0) return ` has no member ${show(name)}${instead(name, "members", Object.keys(checks))}`;
			const fault = member === void 0 ? void 0 : check(member);
			if (fault !== void 0) return `.${name}${fault}`;
		}
	};
}
function requireOptions(subject, options, checks) {
	if (!isObject(options)) throw new TypeError(`${subject} options must be an object, not ${kindOf(options)}`);
	for (const [name, value] of Object.entries(options)) {
		const check = Object.hasOwn(checks, name) ? checks[name] : void 0;
		if (check === void 0) {
			const known = Object.keys(checks);
			throw new TypeError(`${subject} has no option ${show(name)}${instead(name, "options", known)}`);
		}
		const fault = value === void 0 ? void 0 : check(value);
		if (fault !== void 0) throw new TypeError(`${subject} option ${name}${fault}`);
	}
}
function instead(name, what, known) {
	const meant = nearest(name, known);
	if (meant !== void 0) return `; did you mean ${meant}?`;
	return `; its ${what} are ${known.join(", ")}`;
}
function checkListener(listener) {
	const fault = func(listener);
	if (fault !== void 0) throw new TypeError(`The listener${fault}`);
}
function orBoolean(check) {
	return (value) => {
		if (typeof value === "boolean") return void 0;
		return isObject(value) ? check(value) : ` must be a boolean or an object, not ${kindOf(value)}`;
	};
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function show(value) {
	if (typeof value === "string") return `"${quoteForeign(value, MAX_QUOTED_CHARS)}"`;
	return kindOf(value);
}
function kindOf(value) {
	if (typeof value === "string") return value === "" ? "an empty string" : "a string";
	if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
	return typeof value === "object" && value !== null ? "an object" : String(value);
}
export { OutcomeUnknownError as A, CodexError as C, LoginError as D, LaunchError as E, asyncDispose as F, dispose as I, __exportAll as L, TransportClosedError as M, TurnLostError as N, MessageUnansweredError as O, errors_exports as P, wholeFrom as S, InvalidSchemaError as T, show as _, is as a, strings as b, kindOf as c, nonEmpty as d, object as f, shape as g, requireOptions as h, func as i, RequestTimeoutError as j, ModelUnreachableError as k, members as l, ratio as m, boolean as n, isObject as o, orBoolean as p, checkListener as r, isThing as s, anything as t, milliseconds as u, signal as v, InvalidInputError as w, variables as x, string as y };

//# sourceMappingURL=checks-CUlVF2ON.js.map