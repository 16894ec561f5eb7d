import { P as errors_exports } from "./checks-CUlVF2ON.js";
import { i as messageOf } from "./describe-_qXpbH4d.js";
import { t as CodexWarning } from "./warning-DAp6LfHQ.js";
import { U as request_errors_exports } from "./options-DLYssPXW.js";
import { d as rpc_errors_exports } from "./rpc-errors-Ck2IiD6l.js";
import { a as TurnAbortedError, l as OutputValidationError, o as TurnTimeoutError, u as TurnFailedError } from "./media-url-iQuN1SmC.js";
// src/sync/packing.ts
function pack(given, toReference, { depth = Number.POSITIVE_INFINITY, ancestors } = {}) {
	const references = [];
	const visit = (value, path) => {
		if (typeof value !== "object" && typeof value !== "function" || value === null) return value;
		if (ancestors?.has(value)) throw new TypeError(`An argument contains itself, at ${path.join(".")}`);
		ancestors?.add(value);
		const copy = visitObject(value, path);
		ancestors?.delete(value);
		return copy;
	};
	const visitObject = (value, path) => {
		const reference = toReference(value, path);
		if (reference !== void 0) {
			references.push({
				path,
				reference
			});
			return;
		}
		if (path.length >= depth) return value;
		if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, `${index}`]));
		if (!isPlainObject(value)) return value;
		const entries = Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]);
		return Object.fromEntries(entries);
	};
	return {
		value: visit(given, []),
		references
	};
}
function unpack({ value, references }, fromReference) {
	const holder = { root: value };
	for (const { path, reference } of references) {
		const keys = ["root", ...path];
		const last = keys.pop();
		const parent = keys.reduce((one, key) => one[key], holder);
		parent[last] = fromReference(reference);
	}
	return holder.root;
}
function isPlainObject(value) {
	const prototype = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
// src/sync/error-data.ts
const CLASSES = new Map(Object.entries({
	...errorClasses({
		...errors_exports,
		...request_errors_exports,
		...rpc_errors_exports
	}),
	CodexWarning,
	OutputValidationError,
	TurnAbortedError,
	TurnFailedError,
	TurnTimeoutError,
	Error,
	TypeError,
	RangeError,
	SyntaxError,
	AggregateError
}));
function errorClasses(exports) {
	const isClass = ([, one]) => typeof one === "function" && one.prototype instanceof Error;
	return Object.fromEntries(Object.entries(exports).filter(isClass));
}
function errorToData(error, pack) {
	const { name, message, stack, cause } = error;
	const members = Object.entries(Object.getOwnPropertyDescriptors(error)).filter(([key]) => ![
		"message",
		"stack",
		"cause"
	].includes(key));
	const pick = (enumerable) => {
		const values = members.filter(([, member]) => member.enumerable === enumerable).map(([key]) => [key, Reflect.get(error, key)]);
		return pack(Object.fromEntries(values.filter(([, value]) => canCross(value))));
	};
	return {
		name,
		message,
		stack,
		cause: cause === void 0 ? void 0 : pack(canCross(cause) ? cause : messageOf(cause)),
		isDomException: error instanceof DOMException,
		fields: pick(true),
		hidden: pick(false)
	};
}
function errorFromData(data, unpack) {
	const { name, stack } = data;
	const error = create(data);
	const hide = (key, value) => Object.defineProperty(error, key, {
		value,
		writable: true,
		configurable: true,
		enumerable: false
	});
	if (data.cause) hide("cause", unpack(data.cause));
	Object.assign(error, unpack(data.fields));
	for (const [key, value] of Object.entries(unpack(data.hidden))) hide(key, value);
	if (error.name !== name) hide("name", name);
	hide("stack", stack);
	return error;
}
function create({ name, message, isDomException }) {
	if (isDomException) return new DOMException(message, name);
	const error = new Error(message);
	const known = CLASSES.get(name);
	return known ? Object.setPrototypeOf(error, known.prototype) : error;
}
function canCross(value) {
	if (value instanceof Error) return true;
	if (value instanceof AbortSignal) return false;
	try {
		structuredClone(value);
		return true;
	} catch {
		return false;
	}
}
// src/sync/messages.ts
const HEARTBEAT_MS = 5e3;
const ASYNC_ITERATOR = "@@asyncIterator";
export { isPlainObject as a, errorToData as i, HEARTBEAT_MS as n, pack as o, errorFromData as r, unpack as s, ASYNC_ITERATOR as t };

//# sourceMappingURL=messages-BcwygvWy.js.map