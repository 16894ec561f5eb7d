import { t as tool } from "../chunks/tool-Cj019dou.js";
import { C as CodexError, E as LaunchError, I as dispose, M as TransportClosedError } from "../chunks/checks-CUlVF2ON.js";
import { F as isStandardSchema, L as askLibrary, M as RequestFields, W as Listeners, d as checkOptions, i as warnerOf, l as toolSuccess } from "../chunks/options-DLYssPXW.js";
import { i as messageOf, r as isRecord } from "../chunks/describe-_qXpbH4d.js";
import { d as TurnResult } from "../chunks/media-url-iQuN1SmC.js";
import { a as isPlainObject, n as HEARTBEAT_MS, o as pack, r as errorFromData, s as unpack, t as ASYNC_ITERATOR } from "../chunks/messages-BcwygvWy.js";
import { Script, createContext } from "node:vm";
import { types } from "node:util";
import { MessageChannel, SHARE_ENV, Worker, receiveMessageOnPort } from "node:worker_threads";
// src/sync/remote-iterator.ts
var RemoteIterator = class {
	#entry;
	#isClosed;
	#remote;
	constructor(remote, { entry, isClosed = () => false } = {}) {
		this.#remote = remote;
		this.#entry = entry ?? this.next;
		this.#isClosed = isClosed;
	}
	next() {
		const remote = this.#remote;
		if (remote === void 0 || this.#isClosed()) return this.return();
		let step;
		try {
			step = remote.call(this.#entry, "next");
			return step;
		} finally {
			if (step?.done !== false) this.return();
		}
	}
	return() {
		this.#remote?.release();
		this.#remote = void 0;
		return {
			value: void 0,
			done: true
		};
	}
	[Symbol.iterator]() {
		return this;
	}
};
function* iterate(open, onDone = () => {}) {
	for (const item of new RemoteIterator(open(iterate), { entry: iterate })) yield item;
	onDone();
}
// src/sync/remote-object.ts
var RemoteObject = class {
	#bridge;
	#target;
	constructor(bridge, target) {
		this.#bridge = bridge;
		this.#target = target;
	}
	get(member) {
		return this.#bridge.call(this.get, {
			target: this.#target,
			member,
			args: []
		});
	}
	call(entry, member, args = []) {
		return this.#bridge.call(entry, {
			target: this.#target,
			member,
			args
		});
	}
	callAbortable(entry, member, args) {
		return this.#bridge.call(entry, {
			target: this.#target,
			member,
			args,
			abortable: true
		});
	}
	releaseWhenCollected() {
		this.#bridge.releaseWith(this, this.#target);
		return this;
	}
	release() {
		this.#bridge.release(this, this.#target);
	}
	releaseSignals() {
		this.#bridge.releaseSignals(this.#target);
	}
};
// src/sync/blocking-object.ts
function blockingObject(remote, fields, { path = "", guard } = {}) {
	return new Proxy(fields, { get: (_target, name) => {
		if (name === dispose) return () => remote.release();
		if (isPlain(name) || Object.hasOwn(fields, name)) return Reflect.get(fields, name);
		return blockingFunction(remote, path + name, guard);
	} });
}
function blockingFunctions(remote, path) {
	return new Proxy(blockingFunction(remote, path), { get: (_target, name) => isPlain(name) ? void 0 : blockingFunctions(remote, `${path}.${name}`) });
}
function isPlain(name) {
	return typeof name === "symbol" || name === "then";
}
function blockingFunction(remote, member, guard = (_what, listener) => listener) {
	const call = (...args) => {
		const guarded = args.map((arg) => typeof arg === "function" ? guard(member, arg) : arg);
		const result = remote.call(call, member, guarded);
		return result instanceof RemoteObject ? new Readable(result) : result;
	};
	return call;
}
var Readable = class extends RemoteIterator {
	[dispose]() {
		this.return();
	}
};
// src/sync/synchronous.ts
var ByReference = class {
	value;
	constructor(value) {
		this.value = value;
	}
};
function synchronous(name, run) {
	return (...args) => {
		const result = run(...args);
		if (!isPromise(result)) return result;
		result.then(void 0, () => {});
		throw new TypeError(`${name} returned a promise, which can't settle while the calling thread is blocked: make it synchronous, or use the class Codex`);
	};
}
function synchronousExecute(name, execute) {
	const run = synchronous(`execute of tool "${name}"`, execute);
	return (args, context) => toolSuccess(run(args, context)).contentItems;
}
function synchronousValidate(schema) {
	const { vendor } = schema["~standard"];
	const validate = synchronous(`validation by the ${vendor} schema`, (value) => askLibrary(schema, value));
	return (value) => {
		const { issues, value: output } = validate(value);
		return issues === void 0 ? { value: new ByReference(output) } : { issues: issues.map(toData) };
	};
}
function toData({ message, path = [] }) {
	return {
		message,
		path: Array.from(path, (segment) => typeof segment === "object" ? segment.key : segment).map((key) => typeof key === "symbol" ? String(key) : key)
	};
}
function isPromise(value) {
	return typeof value?.then === "function";
}
// src/sync/caller-references.ts
function packForWorker(given, tables) {
	return new Packing(tables).pack(given);
}
var Packing = class {
	#tables;
	#ancestors = /* @__PURE__ */ new Set();
	constructor(tables) {
		this.#tables = tables;
	}
	pack(given) {
		return pack(given, (value, path) => this.#reference(value, path), { ancestors: this.#ancestors });
	}
	#reference(value, path) {
		if (value instanceof ByReference) return this.#value(value.value);
		if (isStandardSchema(value)) return this.#schema(value);
		if (typeof value === "function") {
			const run = synchronous(nameOf(path), value);
			return {
				type: "function",
				handle: this.#tables.addHandle(run)
			};
		}
		if (value instanceof AbortSignal) {
			value.throwIfAborted();
			return {
				type: "signal",
				signal: this.#tables.useSignal(value)
			};
		}
		if (!isRecord(value)) return void 0;
		if (isRecord(value.spec) && typeof value.call === "function") return this.#tool(value);
		if (typeof value.connect === "function") return this.#endpoint(value);
		return isInstance(value) ? this.#instance(value) : void 0;
	}
	#value(value) {
		const handle = this.#tables.addHandle(value);
		if (!(value instanceof Error)) return {
			type: "handle",
			handle
		};
		return {
			type: "handle",
			handle,
			error: {
				name: value.name,
				message: messageOf(value)
			}
		};
	}
	#schema(schema) {
		const { vendor, jsonSchema } = schema["~standard"];
		const reference = {
			type: "schema",
			vendor,
			validate: this.#tables.addHandle(synchronousValidate(schema))
		};
		if (typeof jsonSchema?.input !== "function") return reference;
		try {
			const json = JSON.parse(JSON.stringify(jsonSchema.input({ target: "draft-2020-12" })));
			return {
				...reference,
				json: {
					value: json,
					references: []
				}
			};
		} catch (error) {
			return {
				...reference,
				failure: this.pack(new ByReference(error))
			};
		}
	}
	#tool(tool) {
		const { definition } = tool;
		if (definition === void 0) {
			const { name } = tool.spec;
			throw new TypeError(`Tool ${JSON.stringify(name)} wasn't made by tool(), so its function "call" can't run in the worker thread: define it with tool()`);
		}
		const { execute, ...data } = definition;
		return {
			type: "tool",
			definition: this.pack(data),
			execute: this.#tables.addHandle(synchronousExecute(String(data.name), execute))
		};
	}
	#endpoint(endpoint) {
		const { name, recipe } = endpoint;
		if (recipe === void 0) throw new TypeError(`CodexSync option transport: the functions of the custom endpoint ${JSON.stringify(name)} can't run in the worker thread. Use websocket(), unixSocket() or proxy(), or the class Codex`);
		return {
			type: "endpoint",
			maker: recipe.maker,
			args: this.pack(recipe.args)
		};
	}
	#instance(value) {
		const { toJSON } = value;
		const hasJson = typeof toJSON === "function";
		const members = Object.entries(value).filter(([key]) => key !== "toJSON" || !hasJson);
		const reference = {
			type: "instance",
			className: String(value.constructor?.name ?? ""),
			fields: this.pack(Object.fromEntries(members))
		};
		return hasJson ? {
			...reference,
			json: this.pack(toJSON.call(value))
		} : reference;
	}
};
function isInstance(value) {
	if (types.isDate(value) || ArrayBuffer.isView(value)) return false;
	if ("toJSON" in value && typeof value.toJSON === "function") return true;
	return !isPlainObject(value) && Object.prototype.toString.call(value) === "[object Object]";
}
function nameOf(path) {
	return path.filter((key) => !/^\d+$/.test(key)).join(".") || "listener";
}
// src/sync/handle-table.ts
var HandleTable = class {
	#values = /* @__PURE__ */ new Map();
	#lastHandle = 0;
	get size() {
		return this.#values.size;
	}
	add(value) {
		this.#values.set(++this.#lastHandle, value);
		return this.#lastHandle;
	}
	get(handle) {
		if (this.#values.has(handle)) return this.#values.get(handle);
		throw new TypeError("The worker used a value of the calling thread that it had released");
	}
	release(handle) {
		this.#values.delete(handle);
	}
	clear() {
		this.#values.clear();
	}
};
// src/sync/shared-signals.ts
var SharedSignals = class {
	#onAbort;
	#onUnused;
	#bySignal = /* @__PURE__ */ new Map();
	#byNumber = /* @__PURE__ */ new Map();
	#lastNumber = 0;
	constructor(onAbort, onUnused) {
		this.#onAbort = onAbort;
		this.#onUnused = onUnused;
	}
	get size() {
		return this.#byNumber.size;
	}
	use(signal) {
		const shared = this.#bySignal.get(signal) ?? this.#share(signal);
		shared.uses++;
		return shared.number;
	}
	release(number) {
		const shared = this.#byNumber.get(number);
		if (shared === void 0 || --shared.uses > 0) return;
		this.#forget(shared);
		this.#onUnused(number);
	}
	clear() {
		for (const shared of this.#byNumber.values()) this.#forget(shared);
	}
	#share(signal) {
		const number = ++this.#lastNumber;
		const listener = () => {
			this.#forget(shared);
			this.#onAbort(number, signal.reason);
		};
		const shared = {
			number,
			signal,
			listener,
			uses: 0
		};
		this.#bySignal.set(signal, shared);
		this.#byNumber.set(number, shared);
		signal.addEventListener("abort", listener);
		return shared;
	}
	#forget({ number, signal, listener }) {
		this.#bySignal.delete(signal);
		this.#byNumber.delete(number);
		signal.removeEventListener("abort", listener);
	}
};
// src/sync/worker-signals.ts
var WorkerSignals = class {
	#controllers = /* @__PURE__ */ new Map();
	get size() {
		return this.#controllers.size;
	}
	mirror(signal) {
		const controller = this.#controllers.get(signal) ?? new AbortController();
		this.#controllers.set(signal, controller);
		return controller.signal;
	}
	abort(signal, reason) {
		this.#controllers.get(signal)?.abort(reason);
	}
	forget(signal) {
		this.#controllers.delete(signal);
	}
};
// src/sync/caller-packing.ts
var CallerPacking = class {
	#handles = new HandleTable();
	#signals;
	#workerSignals = new WorkerSignals();
	#proxyOf;
	constructor({ onAbort, onUnused, proxyOf }) {
		this.#signals = new SharedSignals(onAbort, onUnused);
		this.#proxyOf = proxyOf;
	}
	get sizes() {
		return {
			handles: this.#handles.size,
			signals: this.#signals.size,
			workerSignals: this.#workerSignals.size
		};
	}
	pack(given) {
		const outgoing = new Outgoing(this.#handles, this.#signals);
		try {
			outgoing.packed = packForWorker(given, outgoing);
			return outgoing;
		} catch (error) {
			outgoing.discard();
			throw error;
		}
	}
	unpack(packed, onObject) {
		return unpack(packed, (reference) => {
			switch (reference.type) {
				case "handle": return this.#handles.get(reference.handle);
				case "signal": return this.#workerSignals.mirror(reference.signal);
				case "error": return errorFromData(reference.error, (inner) => this.unpack(inner));
				case "result": return Object.assign(Object.create(TurnResult.prototype), this.unpack(reference.fields));
				default:
					onObject?.(reference);
					return this.#proxyOf(reference);
			}
		});
	}
	run({ handle, args }) {
		const run = this.#handles.get(handle);
		try {
			return run(...this.unpack(args));
		} finally {
			for (const { reference } of args.references) if (reference.type === "signal") this.#workerSignals.forget(reference.signal);
		}
	}
	abortWorkerSignal(signal, reason) {
		this.#workerSignals.abort(signal, reason);
	}
	releaseHandle(handle) {
		this.#handles.release(handle);
	}
	releaseSignals(signals) {
		for (const signal of signals) this.#signals.release(signal);
	}
	clear() {
		this.#handles.clear();
		this.#signals.clear();
	}
};
var Outgoing = class {
	packed = {
		value: void 0,
		references: []
	};
	#handleTable;
	#signalTable;
	#handles = [];
	#signals = [];
	constructor(handles, signals) {
		this.#handleTable = handles;
		this.#signalTable = signals;
	}
	addHandle(value) {
		const handle = this.#handleTable.add(value);
		this.#handles.push(handle);
		return handle;
	}
	useSignal(signal) {
		const number = this.#signalTable.use(signal);
		this.#signals.push(number);
		return number;
	}
	takeSignals() {
		return this.#signals.splice(0);
	}
	releaseSignals() {
		for (const signal of this.takeSignals()) this.#signalTable.release(signal);
	}
	discard() {
		this.releaseSignals();
		for (const handle of this.#handles.splice(0)) this.#handleTable.release(handle);
	}
};
// src/sync/collection-watch.ts
const MIN_CALLS = 64;
var CollectionWatch = class {
	#onCollected;
	#watched = /* @__PURE__ */ new Map();
	#registry = new FinalizationRegistry((id) => this.#report(id));
	#callsUntilSweep = MIN_CALLS;
	#job;
	constructor(onCollected) {
		this.#onCollected = onCollected;
	}
	get size() {
		return this.#watched.size;
	}
	watch(object, id) {
		this.#watched.set(id, new WeakRef(object));
		this.#registry.register(object, id, object);
	}
	unwatch(object, id) {
		this.#watched.delete(id);
		this.#registry.unregister(object);
	}
	clear() {
		for (const reference of this.#watched.values()) {
			const object = reference.deref();
			if (object !== void 0) this.#registry.unregister(object);
		}
		this.#watched.clear();
		this.#endJob();
	}
	sweep() {
		if (this.#watched.size === 0 || --this.#callsUntilSweep > 0) return;
		for (const [id, reference] of this.#watched) if (reference.deref() === void 0) this.#report(id);
		this.#callsUntilSweep = Math.max(MIN_CALLS, this.#watched.size);
		this.#endJob();
	}
	#report(id) {
		if (this.#watched.delete(id)) this.#onCollected(id);
	}
	#endJob() {
		this.#job ??= {
			script: new Script("Promise.resolve().then(() => {}); undefined"),
			context: createContext({}, { microtaskMode: "afterEvaluate" })
		};
		this.#job.script.runInContext(this.#job.context);
	}
};
// src/sync/interrupted-error.ts
var InterruptedError = class extends CodexError {
	name = "InterruptedError";
	code = "INTERRUPTED";
};
// src/sync/interruptible-wait.ts
const BRIEF_MS = 20;
const CHECK_MS = 500;
var InterruptibleWait = class {
	#counters;
	#interruptible;
	#seen = 0;
	#isAlive = () => true;
	constructor(counters) {
		this.#counters = counters;
	}
	briefly(seen) {
		return Atomics.wait(this.#counters, 0, seen, BRIEF_MS) !== "timed-out";
	}
	interruptibly(seen, isAlive) {
		this.#seen = seen;
		this.#isAlive = isAlive;
		this.#interruptible ??= {
			script: new Script("wait()"),
			context: createContext({ wait: () => this.#wait() })
		};
		const { script, context } = this.#interruptible;
		try {
			script.runInContext(context, { breakOnSigint: true });
		} catch (cause) {
			if (cause.code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw cause;
			throw new InterruptedError("Ctrl-C (SIGINT) ended the wait", { cause });
		}
	}
	#wait() {
		while (Atomics.wait(this.#counters, 0, this.#seen, CHECK_MS) === "timed-out") if (!this.#isAlive()) return;
	}
};
function deliverInterrupt() {
	if (process.listenerCount("SIGINT") > 0) setImmediate(() => process.emit("SIGINT", "SIGINT"));
	else process.kill(process.pid, "SIGINT");
}
// src/sync/bridge.ts
var Bridge = class {
	#thread;
	#packing;
	#pending = /* @__PURE__ */ new Map();
	#signalsOf = /* @__PURE__ */ new Map();
	#proxies = new CollectionWatch((target) => this.#release(target));
	#lastId = 0;
	#interrupted;
	constructor(thread, proxyOf) {
		this.#thread = thread;
		this.#packing = new CallerPacking({
			onAbort: (signal, reason) => this.#postAbort(signal, reason),
			onUnused: (signal) => thread.post({
				kind: "releaseSignal",
				signal
			}),
			proxyOf: (object) => proxyOf(object, this)
		});
		thread.onEnd(() => {
			this.#packing.clear();
			this.#proxies.clear();
			this.#signalsOf.clear();
		});
	}
	get ended() {
		return this.#thread.end !== void 0;
	}
	get failure() {
		const { end } = this.#thread;
		const error = end?.failed ? end.error() : void 0;
		return error instanceof TransportClosedError ? error : void 0;
	}
	get sizes() {
		return {
			...this.#packing.sizes,
			pending: this.#pending.size,
			signalOwners: this.#signalsOf.size,
			proxies: this.#proxies.size
		};
	}
	open(entry, options) {
		const outgoing = this.#packing.pack(options);
		outgoing.takeSignals();
		this.#request(entry, outgoing, (id) => ({
			kind: "open",
			id,
			options: outgoing.packed
		}));
	}
	call(entry, { target, member, args, abortable = false }) {
		const outgoing = this.#packing.pack(args);
		const { packed } = outgoing;
		return this.#request(entry, outgoing, (id) => {
			return {
				kind: "call",
				id,
				target,
				member,
				args: packed,
				abortable
			};
		});
	}
	releaseWith(proxy, target) {
		this.#proxies.watch(proxy, target);
	}
	release(proxy, target) {
		this.#proxies.unwatch(proxy, target);
		this.#release(target);
	}
	releaseSignals(target) {
		this.#packing.releaseSignals(this.#signalsOf.get(target) ?? []);
		this.#signalsOf.delete(target);
	}
	end(message) {
		this.#thread.stop(message);
	}
	#release(target) {
		this.#thread.post({
			kind: "release",
			target
		});
		this.releaseSignals(target);
	}
	#request(entry, outgoing, requestOf) {
		this.#proxies.sweep();
		const id = ++this.#lastId;
		const request = { outgoing };
		this.#pending.set(id, request);
		let outcome;
		try {
			this.#post(requestOf(id), outgoing, "An argument");
			outcome = this.#wait(request);
		} catch (error) {
			if (error === this.#interrupted) this.#thread.post({
				kind: "abortCall",
				id
			});
			throw atEntry(error, entry);
		} finally {
			this.#pending.delete(id);
			outgoing.releaseSignals();
			this.#deliverInterrupt();
		}
		if (outcome.kind === "returned") return outcome.value;
		throw outcome.isOurs ? outcome.value : atEntry(outcome.value, entry);
	}
	#post(message, outgoing, what) {
		if (this.#thread.end) outgoing.discard();
		try {
			this.#thread.post(message);
		} catch (cause) {
			outgoing.discard();
			const why = `${what} can't be copied to the worker thread: ${messageOf(cause)}`;
			throw new TypeError(why, { cause });
		}
	}
	#postAbort(signal, value) {
		const reason = this.#packing.pack(new ByReference(value));
		this.#post({
			kind: "abort",
			signal,
			reason: reason.packed
		}, reason, "A signal's reason");
	}
	#wait(request) {
		for (;;) {
			if (this.#interrupted) throw this.#interrupted;
			const seen = this.#thread.messageCount;
			this.#readUntil(request);
			if (request.outcome) return request.outcome;
			const { end } = this.#thread;
			if (end) throw end.error();
			try {
				this.#thread.wait(seen);
			} catch (error) {
				this.#interrupted = error;
				throw error;
			}
		}
	}
	#deliverInterrupt() {
		if (this.#pending.size > 0 || !this.#interrupted) return;
		this.#interrupted = void 0;
		deliverInterrupt();
	}
	#readUntil(request) {
		while (!request.outcome) {
			const message = this.#thread.receive();
			if (message === void 0) return;
			this.#accept(message);
		}
	}
	#accept(message) {
		switch (message.kind) {
			case "settled":
				this.#settle(message);
				break;
			case "run":
				this.#run(message);
				break;
			case "abort":
				this.#packing.abortWorkerSignal(message.signal, this.#packing.unpack(message.reason));
				break;
			case "releaseHandle":
				this.#packing.releaseHandle(message.handle);
				break;
			case "failed": this.#thread.fail(this.#packing.unpack(message.error));
		}
	}
	#settle({ id, outcome: kind, value: packed }) {
		const request = this.#pending.get(id);
		const value = this.#packing.unpack(packed, (object) => {
			if (request) this.#handOverSignals(request.outgoing, object);
		});
		const [first] = packed.references;
		const isOurs = first?.path.length === 0 && first.reference.type === "handle";
		if (request) request.outcome = {
			kind,
			value,
			isOurs
		};
	}
	#handOverSignals(outgoing, { type, target }) {
		if (type !== "turn" && type !== "iterator") return;
		const signals = outgoing.takeSignals();
		if (signals.length > 0) this.#signalsOf.set(target, signals);
	}
	#run(run) {
		const settle = (outcome, value) => {
			const result = this.#packing.pack(value);
			const message = {
				kind: "settled",
				id: run.id,
				outcome,
				value: result.packed
			};
			this.#post(message, result, "The result of a function");
			result.releaseSignals();
		};
		try {
			settle("returned", this.#packing.run(run));
		} catch (error) {
			settle("thrown", new ByReference(error));
		}
	}
};
function atEntry(error, entry) {
	if (error instanceof Error) Error.captureStackTrace(error, entry);
	return error;
}
// src/sync/requests-sync.ts
var PendingRequestSync = class extends RequestFields {
	#remote;
	constructor(data, remote) {
		super(data);
		this.#remote = remote;
	}
	answer(optionId, content) {
		this.#remote.call(this.answer, "answer", [optionId, content]);
	}
};
var RequestsSync = class {
	#remote;
	#subscriptions;
	constructor(remote, subscriptions) {
		this.#remote = remote;
		this.#subscriptions = subscriptions;
	}
	get pending() {
		return this.#remote.get("requests.pending");
	}
	get(id) {
		return this.#remote.call(this.get, "requests.get", [id]);
	}
	answer(id, optionId, content) {
		this.#remote.call(this.answer, "requests.answer", [
			id,
			optionId,
			content
		]);
	}
	on(event, listener) {
		const remote = this.#remote;
		const what = `${event} requests`;
		return this.#subscriptions.listen({
			remote,
			entry: this.on,
			member: "requests.on",
			args: [event],
			what
		}, listener);
	}
	next(options = {}) {
		return this.#remote.callAbortable(this.next, "requests.next", [options]);
	}
	[Symbol.iterator]() {
		return iterate((entry) => this.#remote.call(entry, `requests.${ASYNC_ITERATOR}`));
	}
};
// src/sync/thread-sync.ts
var ThreadSync = class {
	id;
	goal;
	#remote;
	constructor(id, remote) {
		this.id = id;
		this.goal = blockingObject(remote, {}, { path: "goal." });
		this.#remote = remote;
	}
	turn(input, options = {}) {
		return this.#remote.call(this.turn, "turn", [input, options]);
	}
	run(input, options = {}) {
		return this.#remote.callAbortable(this.run, "run", [input, options]);
	}
	review(...args) {
		return this.#remote.call(this.review, "review", args);
	}
	shell(...args) {
		return this.#remote.call(this.shell, "shell", args);
	}
	queue(...args) {
		return this.#remote.call(this.queue, "queue", args);
	}
	activeTurn(...args) {
		return this.#remote.call(this.activeTurn, "activeTurn", args);
	}
	onTurn(listener) {
		const remote = this.#remote.call(this.onTurn, "onTurn", [listener]);
		return { [dispose]: () => remote.release() };
	}
	turns(...args) {
		return iterate((entry) => this.#remote.call(entry, "turns", args));
	}
	items(...args) {
		return iterate((entry) => this.#remote.call(entry, "items", args));
	}
	agents(...args) {
		return this.#remote.call(this.agents, "agents", args);
	}
	usage(...args) {
		return this.#remote.call(this.usage, "usage", args);
	}
	revert(...args) {
		return this.#remote.call(this.revert, "revert", args);
	}
	rollback(...args) {
		return this.#remote.call(this.rollback, "rollback", args);
	}
	updateSettings(...args) {
		this.#remote.call(this.updateSettings, "updateSettings", args);
	}
	updateMetadata(...args) {
		return this.#remote.call(this.updateMetadata, "updateMetadata", args);
	}
	delete(...args) {
		this.#remote.call(this.delete, "delete", args);
	}
	read(...args) {
		return this.#remote.call(this.read, "read", args);
	}
	timeline(options = {}) {
		return this.#remote.call(this.timeline, "timeline", [options]);
	}
	setName(...args) {
		return this.#remote.call(this.setName, "setName", args);
	}
	compact(...args) {
		return this.#remote.call(this.compact, "compact", args);
	}
	archive(...args) {
		return this.#remote.call(this.archive, "archive", args);
	}
	fork(...args) {
		return this.#remote.call(this.fork, "fork", args);
	}
	unsubscribe(...args) {
		return this.#remote.call(this.unsubscribe, "unsubscribe", args);
	}
};
// src/sync/thread-timeline-sync.ts
var ThreadTimelineSync = class {
	threadId;
	#remote;
	#last;
	#isClosed = false;
	constructor(threadId, remote) {
		this.threadId = threadId;
		this.#remote = remote;
	}
	get snapshot() {
		if (!this.#isClosed || !this.#last) this.#last = this.#remote.get("snapshot");
		return this.#last;
	}
	loadOlder(...args) {
		return this.#remote.call(this.loadOlder, "loadOlder", args);
	}
	close() {
		if (this.#isClosed) return;
		this.snapshot;
		this.#isClosed = true;
		this.#remote.release();
	}
	[dispose]() {
		this.close();
	}
};
// src/sync/turn-sync.ts
var TurnSync = class {
	id;
	threadId;
	#remote;
	constructor(turn, remote) {
		this.id = turn.id;
		this.threadId = turn.threadId;
		this.#remote = remote;
	}
	stream(options = {}) {
		return this.#iterate((entry) => this.#remote.call(entry, "stream", [options]));
	}
	textStream(options = {}) {
		return this.#iterate((entry) => this.#remote.call(entry, "textStream", [options]));
	}
	run(options = {}) {
		const result = this.#remote.callAbortable(this.run, "run", [options]);
		this.#remote.releaseSignals();
		return result;
	}
	steer(...args) {
		return this.#remote.call(this.steer, "steer", args);
	}
	interrupt(...args) {
		return this.#remote.call(this.interrupt, "interrupt", args);
	}
	#iterate(open) {
		return iterate(open, () => this.#remote.releaseSignals());
	}
};
// src/sync/proxies.ts
function proxyOf({ type, target, fields }, bridge) {
	const remote = new RemoteObject(bridge, target).releaseWhenCollected();
	const { id = "", threadId = "", data = "" } = fields;
	switch (type) {
		case "thread": return new ThreadSync(id, remote);
		case "turn": return new TurnSync({
			id,
			threadId
		}, remote);
		case "timeline": return new ThreadTimelineSync(threadId, remote);
		case "request": return new PendingRequestSync(JSON.parse(data), remote);
		case "object": return blockingObject(remote, fields);
		default: return remote;
	}
}
// src/sync/subscriptions.ts
var Subscriptions = class {
	#warn;
	#active = /* @__PURE__ */ new Set();
	constructor(warn) {
		this.#warn = warn;
	}
	guarded(what) {
		return new Listeners(what, this.#warn);
	}
	listen({ remote, entry, member, args, what }, listener) {
		const listeners = this.guarded(what);
		const listening = listeners.add(listener);
		const notify = (...values) => listeners.tell(...values);
		const subscription = remote.call(entry, member, [...args, notify]);
		this.#active.add(subscription);
		return { [dispose]: () => {
			listening[dispose]();
			if (this.#active.delete(subscription)) subscription.release();
		} };
	}
};
// src/sync/worker-bootstrap.ts
const LOAD_LIMIT_MS = 3e4;
const WORKER_BOOTSTRAP = `
"use strict";
const { workerData: start } = require("node:worker_threads");
const post = (message) => {
  start.port.postMessage(message);
  Atomics.add(start.counters, 0, 1);
  Atomics.notify(start.counters, 0);
};
const fail = (error) => {
  const { name = "Error", message = String(error), stack, code } = Object(error);
  const text = (value) => (value === undefined ? undefined : String(value));
  post({
    kind: "loadFailed",
    error: { name: String(name), message: String(message), stack: text(stack), code: text(code) },
  });
  process.exit(1);
};
process.on("exit", (code) => post({ kind: "exited", code }));
process.on("uncaughtException", fail);
setInterval(() => Atomics.add(start.counters, 1, 1), ${HEARTBEAT_MS}).unref();
const limit = setTimeout(
  () => fail(new Error("it was not loaded within ${LOAD_LIMIT_MS} ms")),
  ${LOAD_LIMIT_MS},
);
import(start.moduleUrl).then(({ serveCalls }) => {
  clearTimeout(limit);
  if (typeof serveCalls !== "function") throw new Error("the module has no function serveCalls");
  process.off("uncaughtException", fail);
  serveCalls(start);
}).catch(fail);
`;
// src/sync/worker-thread.ts
const ADVICE = "If this program is bundled, mark codex-app-server as external (Next.js: serverExternalPackages), because the worker is a file of its own";
const MAX_SILENT_WAITS = 60;
var WorkerThread = class {
	#port;
	#counters;
	#wait;
	#onEnd = () => {};
	#end;
	#hasServed = false;
	#isLost = false;
	#reportsDelivery = false;
	#heartbeat = 0;
	#silentWaits = 0;
	constructor(moduleUrl) {
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		this.#counters = new Int32Array(new SharedArrayBuffer(8));
		this.#wait = new InterruptibleWait(this.#counters);
		try {
			this.#start({
				port: port2,
				counters: this.#counters,
				moduleUrl: moduleUrl()
			});
		} catch (cause) {
			port1.close();
			throw launchError(cause);
		}
	}
	#start(start) {
		const worker = new Worker(WORKER_BOOTSTRAP, {
			eval: true,
			name: "codex-app-server",
			workerData: start,
			transferList: [start.port],
			env: SHARE_ENV,
			execArgv: []
		});
		worker.unref();
		worker.on("error", (cause) => this.fail(cause));
		worker.on("exit", (code) => this.#exited(code));
	}
	onEnd(listener) {
		this.#onEnd = listener;
	}
	get end() {
		if (this.#isLost) this.fail(/* @__PURE__ */ new Error("it was terminated or ran out of memory"));
		return this.#end;
	}
	get messageCount() {
		return Atomics.load(this.#counters, 0);
	}
	post(message) {
		if (this.#end) return;
		if (this.#port.postMessage(message) === true) this.#reportsDelivery = true;
		else if (this.#reportsDelivery) this.#isLost = true;
	}
	receive() {
		for (;;) {
			const received = receiveMessageOnPort(this.#port);
			if (received === void 0) return void 0;
			const { message } = received;
			if (message.kind === "exited") this.#exited(message.code);
			else if (message.kind === "loadFailed") this.#loadFailed(message.error);
			else {
				this.#hasServed = true;
				return message;
			}
		}
	}
	wait(seen) {
		if (this.#isLost || this.#wait.briefly(seen)) return;
		this.#wait.interruptibly(seen, () => this.#isAlive());
	}
	fail(cause) {
		const message = `The client's worker thread ended unexpectedly: ${messageOf(cause)}`;
		const error = this.#hasServed ? () => new TransportClosedError(message, { cause }) : () => launchError(cause);
		this.#endWith({
			failed: true,
			error
		});
	}
	stop(message) {
		this.post({ kind: "end" });
		this.#endWith({
			failed: false,
			error: () => new TransportClosedError(message)
		});
		this.#port.close();
	}
	#endWith(end) {
		if (this.#end) return;
		this.#end = end;
		this.#onEnd();
	}
	#exited(code) {
		this.fail(/* @__PURE__ */ new Error(`it exited with code ${code}`));
	}
	#loadFailed({ name, message, stack, code }) {
		const cause = Object.assign(new Error(message), {
			name,
			stack
		});
		if (code !== void 0) Object.assign(cause, { code });
		this.fail(cause);
	}
	#isAlive() {
		this.post({ kind: "ping" });
		const heartbeat = Atomics.load(this.#counters, 1);
		this.#silentWaits = heartbeat === this.#heartbeat ? this.#silentWaits + 1 : 0;
		this.#heartbeat = heartbeat;
		if (this.#silentWaits > MAX_SILENT_WAITS) this.fail(/* @__PURE__ */ new Error("it doesn't respond"));
		return !this.#isLost && !this.#end;
	}
};
function workerModuleUrl() {
	const url = import.meta.url;
	if (!url) throw new Error("the location of its module is unknown here");
	return new URL("worker.js", url).href;
}
function launchError(cause) {
	const message = `CodexSync couldn't start its worker thread: ${messageOf(cause).replace(/\.$/, "")}. ${ADVICE}`;
	return new LaunchError(message, { cause });
}
// src/sync/codex-sync.ts
var CodexSync = class CodexSync {
	#bridge;
	#remote;
	#subscriptions;
	#metadata;
	account;
	config;
	mcp;
	skills;
	plugins;
	files;
	requests;
	api;
	constructor(options = {}) {
		checkOptions(options);
		const warn = warnerOf(options);
		const onWarning = (warning) => warnSafely(warn, warning);
		this.#subscriptions = new Subscriptions(onWarning);
		this.#bridge = new Bridge(new WorkerThread(workerModuleUrl), proxyOf);
		this.#remote = new RemoteObject(this.#bridge, 0);
		this.account = this.#member("account");
		this.config = this.#member("config");
		this.mcp = this.#member("mcp");
		this.skills = this.#member("skills");
		this.plugins = this.#member("plugins");
		this.files = this.#member("files");
		this.requests = new RequestsSync(this.#remote, this.#subscriptions);
		this.api = blockingFunctions(this.#remote, "api");
		try {
			this.#bridge.open(CodexSync, {
				...options,
				onWarning
			});
			this.#metadata = this.#remote.get("metadata");
		} catch (error) {
			this.#bridge.end("The client couldn't be started");
			throw error;
		}
	}
	connect(...args) {
		this.#remote.call(this.connect, "connect", args);
	}
	get metadata() {
		if (!this.#bridge.ended) this.#metadata = this.#remote.get("metadata");
		return this.#metadata;
	}
	get status() {
		if (this.#bridge.ended) return {
			state: "closed",
			reason: this.#bridge.failure
		};
		return this.#remote.get("status");
	}
	onStatus(listener) {
		const remote = this.#remote;
		return this.#subscriptions.listen({
			remote,
			entry: this.onStatus,
			member: "onStatus",
			args: [],
			what: "the client's status"
		}, listener);
	}
	close() {
		if (this.#bridge.ended) return;
		try {
			this.#remote.call(this.close, "close");
		} finally {
			this.#bridge.end("The client was closed");
		}
	}
	[dispose]() {
		this.close();
	}
	threadStart(...args) {
		return this.#remote.call(this.threadStart, "threadStart", args);
	}
	threadResume(...args) {
		return this.#remote.call(this.threadResume, "threadResume", args);
	}
	threadFork(...args) {
		return this.#remote.call(this.threadFork, "threadFork", args);
	}
	threadList(...args) {
		return this.#remote.call(this.threadList, "threadList", args);
	}
	threads(...args) {
		return iterate((entry) => this.#remote.call(entry, "threads", args));
	}
	searchThreads(...args) {
		return iterate((entry) => this.#remote.call(entry, "searchThreads", args));
	}
	loadedThreads(...args) {
		return iterate((entry) => this.#remote.call(entry, "loadedThreads", args));
	}
	threadDelete(...args) {
		this.#remote.call(this.threadDelete, "threadDelete", args);
	}
	threadArchive(...args) {
		return this.#remote.call(this.threadArchive, "threadArchive", args);
	}
	threadUnarchive(...args) {
		return this.#remote.call(this.threadUnarchive, "threadUnarchive", args);
	}
	modelList(...args) {
		return this.#remote.call(this.modelList, "modelList", args);
	}
	models(...args) {
		return this.#remote.call(this.models, "models", args);
	}
	exec(...args) {
		return this.#remote.call(this.exec, "exec", args);
	}
	request(method, ...args) {
		return this.#remote.call(this.request, "request", [method, ...args]);
	}
	on(method, listener) {
		const remote = this.#remote;
		return this.#subscriptions.listen({
			remote,
			entry: this.on,
			member: "on",
			args: [method],
			what: method
		}, listener);
	}
	notifications() {
		return new RemoteIterator(this.#remote.call(this.notifications, "notifications"), { isClosed: () => this.#bridge.ended && !this.#bridge.failure });
	}
	#member(name) {
		const guard = (what, listener) => {
			const listeners = this.#subscriptions.guarded(what);
			listeners.add(listener);
			return (value) => listeners.tell(value);
		};
		return blockingObject(this.#remote, {}, {
			path: `${String(name)}.`,
			guard
		});
	}
};
function warnSafely(warn, warning) {
	try {
		warn(warning);
	} catch (error) {
		setImmediate(() => {
			throw error;
		});
	}
}
export { CodexSync, InterruptedError, PendingRequestSync, RequestsSync, ThreadSync, ThreadTimelineSync, TurnSync, tool };

//# sourceMappingURL=index.js.map