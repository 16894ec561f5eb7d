import { I as dispose } from "../chunks/checks-CUlVF2ON.js";
import { C as Login, _ as FileWatch, a as unixSocket, c as Thread, i as websocket, r as servedEndpoint, t as Codex, w as ExecCommand } from "../chunks/codex-_cu9Lv9r.js";
import { g as onAbort } from "../chunks/rpc-errors-Ck2IiD6l.js";
import { d as deferred, t as Turn } from "../chunks/turn-28f5MJi6.js";
import { i as messageOf, r as isRecord } from "../chunks/describe-_qXpbH4d.js";
import { i as errorToData, o as pack, s as unpack } from "../chunks/messages-BcwygvWy.js";
import { t as ThreadTimeline } from "../chunks/thread-timeline-DK_9WsGQ.js";
import { t as tool } from "../chunks/tool-Cj019dou.js";
import { j as PendingRequest } from "../chunks/options-DLYssPXW.js";
import { t as proxy } from "../chunks/proxy-BBTaUVKi.js";
import { d as TurnResult } from "../chunks/media-url-iQuN1SmC.js";
import { writeSync } from "node:fs";
// src/sync/abortable-call.ts
var AbortableCall = class {
	#controller = new AbortController();
	#stopFollowing = () => {};
	withSignal(args) {
		const options = args.at(-1);
		if (!isRecord(options)) return [...args];
		const { signal } = options;
		if (signal !== void 0 && !(signal instanceof AbortSignal)) return [...args];
		this.#stopFollowing = onAbort(signal, () => this.#controller.abort(signal?.reason));
		return [...args.slice(0, -1), {
			...options,
			signal: this.#controller.signal
		}];
	}
	abort() {
		this.#controller.abort();
	}
	[dispose]() {
		this.#stopFollowing();
	}
};
// src/sync/worker-packing.ts
const DEPTH = 2;
const MAKERS = {
	websocket,
	unixSocket,
	proxy,
	served: servedEndpoint
};
const HANDLES = [
	ExecCommand,
	FileWatch,
	Login
];
var CallerValue = class {
	handle;
	constructor(handle) {
		this.handle = handle;
	}
};
var WorkerPacking = class {
	#host;
	#handlesOfErrors = /* @__PURE__ */ new WeakMap();
	#collected = new FinalizationRegistry((handle) => this.#host.releaseHandle(handle));
	#outerErrors = /* @__PURE__ */ new Set();
	constructor(host) {
		this.#host = host;
	}
	pack(value, numberOf) {
		return pack(value, (one) => this.#toReference(one, numberOf), { depth: DEPTH });
	}
	unpack(packed) {
		return unpack(packed, (reference) => this.#fromReference(reference));
	}
	#toReference(value, numberOf) {
		if (value instanceof CallerValue) return {
			type: "handle",
			handle: value.handle
		};
		if (value instanceof Error) return this.#errorReference(value);
		if (value instanceof TurnResult) return {
			type: "result",
			fields: this.pack({ ...value })
		};
		if (value instanceof AbortSignal) return numberOf && {
			type: "signal",
			signal: numberOf(value)
		};
		if (value instanceof Thread) return this.#object("thread", value, { id: value.id });
		if (value instanceof Turn) return this.#object("turn", value, {
			id: value.id,
			threadId: value.threadId
		});
		if (value instanceof ThreadTimeline) return this.#object("timeline", value, { threadId: value.threadId });
		if (value instanceof PendingRequest) return this.#object("request", value, { data: JSON.stringify(value) });
		if (HANDLES.some((one) => value instanceof one)) return this.#object("object", value, textsOf(value));
		if (Symbol.asyncIterator in value) return this.#object("iterator", value, {});
		return dispose in value ? this.#object("disposable", value, {}) : void 0;
	}
	#object(type, object, fields) {
		return {
			type,
			target: this.#host.register(object),
			fields
		};
	}
	#errorReference(error) {
		const handle = this.#handlesOfErrors.get(error);
		return handle === void 0 ? {
			type: "error",
			error: this.#errorData(error)
		} : {
			type: "handle",
			handle
		};
	}
	#errorData(error) {
		if (this.#outerErrors.has(error)) {
			const { name, message } = error;
			return errorToData(Object.assign(new Error(message), { name }), (value) => this.pack(value));
		}
		this.#outerErrors.add(error);
		try {
			return errorToData(error, (value) => this.pack(value));
		} finally {
			this.#outerErrors.delete(error);
		}
	}
	#fromReference(reference) {
		switch (reference.type) {
			case "function": return this.#function(reference.handle);
			case "signal": return this.#host.callerSignal(reference.signal);
			case "schema": return this.#schema(reference);
			case "tool": {
				const definition = this.unpack(reference.definition);
				return tool({
					...definition,
					execute: this.#function(reference.execute)
				});
			}
			case "endpoint": {
				const make = MAKERS[reference.maker];
				return make(...this.unpack(reference.args));
			}
			case "instance": return this.#instance(reference);
			case "handle": return this.#callerValue(reference.handle, reference.error);
		}
	}
	#function(handle) {
		const run = (...args) => {
			const running = this.#host.run(handle, args);
			running.catch(() => {});
			return running;
		};
		this.#collected.register(run, handle);
		return run;
	}
	#schema(reference) {
		const { vendor, json, failure } = reference;
		const error = failure && this.unpack(failure);
		const input = () => {
			if (failure) throw error;
			return structuredClone(json?.value);
		};
		const jsonSchema = json || failure ? {
			input,
			output: input
		} : void 0;
		return { "~standard": {
			version: 1,
			vendor,
			validate: this.#function(reference.validate),
			jsonSchema
		} };
	}
	#instance(reference) {
		const { className, fields, json } = reference;
		const members = { constructor: { name: className } };
		if (json) {
			const value = this.unpack(json);
			members.toJSON = () => value;
		}
		return Object.assign(Object.create(members), this.unpack(fields));
	}
	#callerValue(handle, error) {
		const stub = error && Object.assign(new Error(error.message), { name: error.name });
		if (stub) this.#handlesOfErrors.set(stub, handle);
		const value = stub ?? new CallerValue(handle);
		this.#collected.register(value, handle);
		return value;
	}
};
function textsOf(object) {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => typeof value === "string"));
}
// src/sync/call-server.ts
var CallServer = class {
	#port;
	#counters;
	#packing = new WorkerPacking(this);
	#objects = /* @__PURE__ */ new Map();
	#signals = /* @__PURE__ */ new Map();
	#running = /* @__PURE__ */ new Map();
	#abortable = /* @__PURE__ */ new Map();
	#lastId = 0;
	constructor({ port, counters }) {
		this.#port = port;
		this.#counters = counters;
		port.on("message", (message) => this.#accept(message));
	}
	get sizes() {
		return {
			objects: this.#objects.size,
			signals: this.#signals.size,
			running: this.#running.size,
			abortable: this.#abortable.size
		};
	}
	fail(error) {
		this.#post({
			kind: "failed",
			error: this.#packing.pack(error)
		});
	}
	async run(handle, args) {
		const id = ++this.#lastId;
		const following = [];
		const packed = this.#packing.pack(args, (signal) => this.#follow(signal, following));
		const result = deferred();
		const stopFollowing = () => {
			for (const stop of following) stop();
		};
		this.#running.set(id, {
			result,
			stopFollowing
		});
		try {
			this.#post({
				kind: "run",
				id,
				handle,
				args: packed
			});
		} catch (error) {
			this.#running.delete(id);
			stopFollowing();
			throw error;
		}
		return result.promise;
	}
	callerSignal(signal) {
		const controller = this.#signals.get(signal) ?? new AbortController();
		this.#signals.set(signal, controller);
		return controller.signal;
	}
	register(object) {
		const id = ++this.#lastId;
		this.#objects.set(id, object);
		return id;
	}
	releaseHandle(handle) {
		this.#post({
			kind: "releaseHandle",
			handle
		});
	}
	#follow(signal, following) {
		const id = ++this.#lastId;
		let stop = () => {};
		following.push(() => {
			stop?.();
			stop = void 0;
		});
		queueMicrotask(() => {
			if (stop === void 0) return;
			stop = onAbort(signal, () => {
				this.#post({
					kind: "abort",
					signal: id,
					reason: this.#packing.pack(signal.reason)
				});
			});
		});
		return id;
	}
	#accept(message) {
		switch (message.kind) {
			case "open":
			case "call":
				this.#answer(message);
				break;
			case "settled":
				this.#settle(message);
				break;
			case "abort": {
				const reason = this.#packing.unpack(message.reason);
				this.#signals.get(message.signal)?.abort(reason);
				this.#signals.delete(message.signal);
				break;
			}
			case "abortCall":
				this.#abortable.get(message.id)?.abort();
				break;
			case "release":
				this.#release(message.target);
				break;
			case "releaseSignal":
				this.#signals.delete(message.signal);
				break;
			case "ping": break;
			case "end": process.exit();
		}
	}
	#settle({ id, outcome, value: packed }) {
		const value = this.#packing.unpack(packed);
		const running = this.#running.get(id);
		this.#running.delete(id);
		running?.stopFollowing();
		if (outcome === "returned") running?.result.resolve(value);
		else running?.result.reject(value);
	}
	async #answer(request) {
		const { id } = request;
		let settled;
		try {
			settled = ["returned", await this.#do(request)];
		} catch (error) {
			settled = ["thrown", error];
		} finally {
			this.#abortable.get(id)?.[dispose]();
			this.#abortable.delete(id);
		}
		const lastId = this.#lastId;
		try {
			this.#postSettled(id, ...settled);
		} catch (error) {
			for (let target = lastId + 1; target <= this.#lastId; target++) this.#release(target);
			const why = `The result can't be copied to the calling thread: ${messageOf(error)}`;
			this.#postSettled(id, "thrown", new TypeError(why));
		}
	}
	#postSettled(id, outcome, value) {
		this.#post({
			kind: "settled",
			id,
			outcome,
			value: this.#packing.pack(value)
		});
	}
	async #do(request) {
		if (request.kind === "open") return this.#open(this.#packing.unpack(request.options));
		const args = this.#argsOf(request);
		const object = this.#objects.get(request.target);
		if (object === void 0) throw new TypeError("This object was released");
		const { owner, member } = memberOf(object, request.member);
		return typeof member === "function" ? Reflect.apply(member, owner, args) : member;
	}
	#argsOf({ id, args, abortable }) {
		const unpacked = this.#packing.unpack(args);
		if (!abortable) return unpacked;
		const call = new AbortableCall();
		this.#abortable.set(id, call);
		return call.withSignal(unpacked);
	}
	async #open(options) {
		const codex = new Codex(options);
		this.#objects.set(0, codex);
		try {
			await codex.connect({ signal: options.signal });
		} catch (error) {
			await codex.close();
			throw error;
		}
	}
	#release(target) {
		const object = this.#objects.get(target);
		this.#objects.delete(target);
		object?.return?.().catch(() => {});
		object?.[dispose]?.();
	}
	#post(message) {
		this.#port.postMessage(message);
		Atomics.add(this.#counters, 0, 1);
		Atomics.notify(this.#counters, 0);
	}
};
function memberOf(object, path) {
	let owner;
	let member = object;
	for (const name of path.split(".")) {
		owner = member;
		member = Reflect.get(owner, name === "@@asyncIterator" ? Symbol.asyncIterator : name);
	}
	return {
		owner,
		member
	};
}
// src/sync/worker.ts
function serveCalls(start) {
	const server = new CallServer(start);
	process.on("uncaughtException", (error) => {
		try {
			server.fail(error);
		} finally {
			process.exit(1);
		}
	});
	writeStderrDirectly();
}
function writeStderrDirectly() {
	process.stderr.write = (chunk, ...rest) => {
		try {
			writeSync(2, chunk);
		} catch {}
		const written = rest.at(-1);
		if (typeof written === "function") process.nextTick(written);
		return true;
	};
}
export { serveCalls };

//# sourceMappingURL=worker.js.map