import { C as CodexError, F as asyncDispose, I as dispose, O as MessageUnansweredError, j as RequestTimeoutError, w as InvalidInputError } from "./checks-CUlVF2ON.js";
import { i as messageOf, r as isRecord, t as describe } from "./describe-_qXpbH4d.js";
import { _ as orAborted, a as MethodNotFoundError, g as onAbort, i as JsonRpcError, m as delay, y as checkedMs } from "./rpc-errors-Ck2IiD6l.js";
import { a as _usingCtx, i as deadline, t as checkCall } from "./check-calls-9rAXnSef.js";
import { c as givenUp, d as TurnResult, l as OutputValidationError, n as audioFault, r as imageFault, s as WHOLE_TURN, t as mediaUrlFault } from "./media-url-iQuN1SmC.js";
import { basename, extname, resolve } from "node:path";
import { readFile, stat } from "node:fs/promises";
// src/errors/at-caller.ts
function callerOf(entry) {
	const caller = {};
	Error.captureStackTrace(caller, entry);
	return caller;
}
async function forCaller(entry, run) {
	const caller = callerOf(entry);
	try {
		return await run();
	} catch (error) {
		throw atCaller(error, caller);
	}
}
function atCaller(error, caller) {
	if (!(error instanceof CodexError)) return error;
	const copy = Reflect.construct(Error, [], error.constructor);
	Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
	const frames = caller.stack?.slice(caller.stack.indexOf("\n")) ?? "";
	Object.defineProperty(copy, "stack", {
		value: `${error.name}: ${error.message}${frames}`,
		configurable: true,
		writable: true
	});
	return copy;
}
// src/util/deferred.ts
function deferred() {
	let resolve;
	let reject;
	const promise = new Promise((res, rej) => {
		resolve = res;
		reject = rej;
	});
	promise.catch(() => {});
	return {
		promise,
		resolve,
		reject
	};
}
// src/turn/complete.ts
function completeTurn(record, end) {
	const { turn } = isRecord(end.params) ? end.params : {};
	const unanswered = isRecord(turn) && turn.status === "completed" ? record.unanswered : void 0;
	if (unanswered === void 0) record.accept(end);
	else record.fail(new MessageUnansweredError(record, unanswered));
}
// src/thread/data-of.ts
function dataOf(result, method) {
	const data = isRecord(result) ? result.data : void 0;
	if (Array.isArray(data)) return data.filter((entry) => entry != null);
	throw new CodexError(`The server's answer to ${method} holds no list`);
}
// src/thread/stop-turn.ts
const MAX_READ_CHARS = 1e3;
async function interruptTurn(thread, record, options = {}) {
	try {
		var _usingCtx$2 = _usingCtx();
		const { deadlineMs, signal, timeoutMs } = options;
		signal?.throwIfAborted();
		const late = (ms) => new RequestTimeoutError("turn/interrupt", ms);
		const limit = _usingCtx$2.u(deadline(signal, timeoutMs, late));
		const stopping = stop(thread, record);
		stopping.catch(() => {});
		const stopped = deadlineMs === void 0 ? stopping : beforeDeadline(thread, record, stopping, checkedMs(deadlineMs, "deadlineMs"));
		return await orAborted(stopped, limit.signal);
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		_usingCtx$2.d();
	}
}
function interruptQuietly(thread, record) {
	interruptTurn(thread, record).catch(() => {});
}
async function stop(thread, record) {
	await record.started;
	if (record.phase === "ended") return {};
	thread.turns.stops(record.turnId);
	try {
		await Promise.race([askToInterrupt(thread, record), record.ending]);
	} catch (error) {
		thread.turns.goesOn(record.turnId);
		throw error;
	}
	await Promise.all([endCommands(thread, record), ...[...thread.family.children].flatMap((child) => [...child.turns].map((turn) => stop(child, turn).catch(() => ({}))))]);
	return {};
}
async function askToInterrupt(thread, record) {
	const { threadId, turnId } = record;
	const ask = (id) => thread.server.request("turn/interrupt", {
		threadId,
		turnId: id
	}, { urgent: true });
	try {
		await ask(turnId);
	} catch (error) {
		const active = otherActiveTurn(error);
		if (active !== void 0 && record.phase === "running" && thread.turns.get(active)?.isOwn !== true) await ask(active);
		else if (!isNoActiveTurn(error)) throw error;
	}
}
async function endCommands(thread, record) {
	const ids = new Set(record.openCommands());
	if (ids.size === 0) return;
	const { threadId } = record;
	const ask = (method, params) => thread.server.request(method, {
		threadId,
		...params
	}, { urgent: true });
	try {
		const list = "thread/backgroundTerminals/list";
		const own = dataOf(await ask(list, {}), list).filter(({ itemId }) => ids.has(itemId));
		await Promise.all(own.map(({ processId }) => ask("thread/backgroundTerminals/terminate", { processId })));
	} catch (error) {
		if (error instanceof MethodNotFoundError) await ask("thread/backgroundTerminals/clean", {});
		else throw error;
	}
}
async function beforeDeadline(thread, record, stopping, deadlineMs) {
	let answered = false;
	const done = stopping.then(async (answer) => {
		answered = true;
		await record.ending;
		return answer;
	});
	done.catch(() => {});
	const inTime = new AbortController();
	const late = delay(deadlineMs, inTime.signal).then(() => void 0, () => void 0);
	const answer = await Promise.race([done, late]).finally(() => inTime.abort());
	if (answer !== void 0) return answer;
	const { threadId, turnId } = record;
	const turn = {
		id: turnId,
		status: "interrupted",
		items: [],
		error: null
	};
	if (record.phase !== "ended") completeTurn(record, {
		method: "turn/completed",
		params: {
			threadId,
			turn
		}
	});
	if (!answered) {
		const message = `turn/interrupt got no answer within ${deadlineMs} ms`;
		thread.server.restartServer(new CodexError(message));
	}
	return {};
}
async function steerTurn(thread, record, input, options = {}) {
	await orAborted(record.started, options.signal);
	const { threadId, turnId } = record;
	if (record.phase === "ended" || record.phase === "settling") throw new CodexError(`Turn ${turnId} has ended and can't be steered: start a new turn`);
	const params = {
		threadId,
		expectedTurnId: turnId,
		input
	};
	const send = {
		...options,
		urgent: true
	};
	return await thread.server.request("turn/steer", params, send);
}
function isNoActiveTurn(error) {
	return error instanceof JsonRpcError && /no active turn|expected active turn/.test(error.serverMessage);
}
function otherActiveTurn(error) {
	if (!(error instanceof JsonRpcError)) return void 0;
	const said = error.serverMessage.slice(0, MAX_READ_CHARS);
	return /expected active turn id .* but found [`'"]?([\w-]+)/.exec(said)?.[1];
}
function orInterrupted(thread, starting, signal) {
	starting.then((record) => {
		const stop = onAbort(signal, () => {
			record.abandon(givenUp(record, signal?.reason));
			interruptQuietly(thread, record);
		});
		record.outcome.then(stop, stop);
	}, () => {});
	return orAborted(starting, signal);
}
// src/util/code-points.ts
function countCodePoints(text) {
	let count = 0;
	for (const _ of text) count += 1;
	return count;
}
// src/input/check-item.ts
async function checkFile({ place, item }, cwd) {
	if (isUri(item)) return item;
	const path = resolve(cwd, item.path);
	const refuse = (fault, cause) => {
		throw new InvalidInputError(`${place}.path: ${path} ${fault}`, { cause });
	};
	const stats = await stat(path).catch((cause) => refuse("can't be found", cause));
	if (item.type !== "mention") {
		if (stats.isDirectory()) refuse(`is a directory, not a file${item.type === "skill" ? ": give the path of its SKILL.md" : ""}`);
		if (!stats.isFile()) refuse("isn't a regular file");
		const fault = await contentFault(item, path, await readFile(path).catch((cause) => {
			return refuse(`can't be read: ${messageOf(cause)}`, cause);
		}));
		if (fault !== void 0) refuse(fault);
	}
	return {
		...item,
		path
	};
}
function isUri({ type, path }) {
	return (type === "skill" || type === "mention") && /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
}
function contentFault(item, path, bytes) {
	switch (item.type) {
		case "localImage": return imageFault(bytes);
		case "localAudio": return audioFault(bytes, extname(path).slice(1));
		case "skill":
			if (basename(path) !== "SKILL.md") return "isn't a SKILL.md: give the path of the skill's SKILL.md";
			return hasFrontMatter(bytes.toString()) ? void 0 : "isn't a skill: its name and description must be at the start, between two lines of ---";
	}
}
function hasFrontMatter(text) {
	const lines = text.split("\n", 1e3).map((line) => line.trim());
	return lines[0] === "---" && lines.indexOf("---", 1) > 1;
}
function checkKnown({ place, item }, known) {
	if (isUri(item) || known.includes(item.path)) return;
	throw new InvalidInputError(`${place}.path: ${item.path} isn't where the server looks for skills: put it into .agents/skills of the working directory, or into skills of CODEX_HOME. Known skills: ${known.join(", ") || "none"}`);
}
async function checkUrl({ place, item }) {
	const fault = "url" in item ? await mediaUrlFault(item.type, item.url) : void 0;
	if (fault !== void 0) throw new InvalidInputError(`${place}.url ${fault}`);
}
// src/input/prepare-input.ts
const MAX_TEXT_CHARS = 1048576;
const FIELDS = {
	text: [["text"]],
	image: [["url", "fileId"]],
	localImage: [["path"]],
	audio: [["url", "fileId"]],
	localAudio: [["path"]],
	skill: [["name"], ["path"]],
	mention: [["name"], ["path"]]
};
async function prepareInput(input, options = {}) {
	const items = placeItems(input);
	refuseEmpty(items);
	refuseTooLong(items);
	const checked = [];
	for (const placed of items) checked.push(await checkItem(placed, options));
	if (options.knownSkills) await checkSkills(checked, options.knownSkills);
	return checked.map(({ item }) => toWire(item));
}
function placeItems(input) {
	if (!Array.isArray(input)) return [{
		place: "input",
		item: toItem(input, "input")
	}];
	return input.map((item, index) => {
		const place = `input[${index}]`;
		return {
			place,
			item: toItem(item, place)
		};
	});
}
function toItem(value, place) {
	if (typeof value === "string") return {
		type: "text",
		text: value
	};
	if (!isRecord(value)) throw new TypeError(`${place} must be a string or an input item, got ${describe(value)}`);
	if (!isKnownItem(value)) {
		const known = Object.keys(FIELDS).join(", ");
		throw new TypeError(`${place}.type must be one of ${known}; got ${describe(value.type)}`);
	}
	for (const names of FIELDS[value.type]) requireString(value, names, place);
	const { detail } = value;
	if (detail !== void 0 && typeof detail !== "string") throw new TypeError(`${place}.detail must be a string, got ${describe(detail)}`);
	return value;
}
function isKnownItem(value) {
	return typeof value.type === "string" && Object.hasOwn(FIELDS, value.type);
}
function requireString(item, names, place) {
	const given = Object.entries(item).filter(([key, value]) => {
		return names.includes(key) && value !== void 0;
	});
	const fields = names.map((name) => `${place}.${name}`).join(" or ");
	if (given.length > 1) throw new TypeError(`${fields}: set one of them, not both`);
	const [, value] = given[0] ?? [];
	if (typeof value !== "string") throw new TypeError(`${fields} must be a string, got ${describe(value)}`);
}
function refuseEmpty(items) {
	if (items.every(({ item }) => item.type === "text" && item.text === "")) throw new InvalidInputError("input is empty: pass some text, or at least one other item");
}
function refuseTooLong(items) {
	const texts = items.map(({ item }) => item.type === "text" ? item.text : "");
	if (texts.reduce((sum, text) => sum + text.length, 0) <= 1048576) return;
	const chars = texts.reduce((sum, text) => sum + countCodePoints(text), 0);
	if (chars <= 1048576) return;
	throw new InvalidInputError(`input has ${chars} characters of text, and the server accepts at most ${MAX_TEXT_CHARS}: put the text into a file and mention it, or split it into several turns`);
}
async function checkItem({ place, item }, { cwd = process.cwd(), checkPaths = true }) {
	if (item.type === "image" || item.type === "audio") await checkUrl({
		place,
		item
	});
	return {
		place,
		item: "path" in item && checkPaths ? await checkFile({
			place,
			item
		}, cwd) : item
	};
}
async function checkSkills(items, knownSkills) {
	const skills = items.flatMap(({ place, item }) => item.type === "skill" ? [{
		place,
		item
	}] : []);
	if (skills.length === 0) return;
	const known = await knownSkills();
	for (const skill of skills) checkKnown(skill, known);
}
function toWire(item) {
	return item.type === "text" ? {
		text_elements: [],
		...item
	} : item;
}
// src/client/limited-reader.ts
var LimitedReader = class {
	#reader;
	#options;
	#stopWatching;
	#isOver = false;
	#isLifted = false;
	constructor(reader, options) {
		this.#reader = reader;
		this.#options = options;
		this.#stopWatching = onAbort(options.limit.signal, options.onAbort);
		options.ended.then(() => this.#lift());
	}
	async next() {
		if (this.#isOver) return {
			value: void 0,
			done: true
		};
		const { limit, failure } = this.#options;
		try {
			const signal = this.#isLifted ? void 0 : limit.signal;
			const result = await orAborted(this.#reader.next(), signal);
			if (result.done) this.#end();
			return result;
		} catch (error) {
			const isLimit = limit.signal?.aborted && limit.signal.reason === error;
			await this.return();
			throw isLimit ? failure(error) : error;
		}
	}
	async return() {
		this.#end();
		return await this.#reader.return(void 0);
	}
	async throw(error) {
		await this.return();
		throw error;
	}
	async [asyncDispose]() {
		await this.return();
	}
	[Symbol.asyncIterator]() {
		return this;
	}
	#end() {
		this.#isOver = true;
		this.#lift();
	}
	#lift() {
		this.#isLifted = true;
		this.#stopWatching();
		this.#options.limit[dispose]();
	}
};
// src/client/turn-requests.ts
var TurnRequests = class {
	#thread;
	#record;
	#pending;
	constructor({ thread, record, pending }) {
		this.#thread = thread;
		this.#record = record;
		this.#pending = pending;
	}
	watch(watcher) {
		const add = (request) => {
			if (this.#concerns(request)) watcher.added(request, this.#itemOf(request));
		};
		const added = this.#pending.onAdded(add);
		const settled = this.#pending.onSettled((request, reason, option) => {
			if (this.#concerns(request)) watcher.settled(request, reason, option);
		});
		const stop = () => {
			added[dispose]();
			settled[dispose]();
		};
		this.#record.ending.then(stop);
		for (const request of this.#pending.all) add(request);
		return { [dispose]: stop };
	}
	#concerns({ threadId }) {
		return threadId !== void 0 && hasThread(this.#thread, threadId);
	}
	#itemOf({ threadId, entryId }) {
		if (threadId !== this.#record.threadId || entryId === void 0) return void 0;
		return this.#record.item(entryId) && entryId;
	}
};
function hasThread(thread, threadId) {
	if (thread.id === threadId) return true;
	return [...thread.family.children].some((child) => hasThread(child, threadId));
}
// src/client/turn.ts
let requestsOf;
var Turn = class {
	id;
	threadId;
	#internals;
	#result;
	static {
		requestsOf = (turn) => new TurnRequests(turn.#internals);
	}
	constructor(internals) {
		this.id = internals.record.turnId;
		this.threadId = internals.record.threadId;
		this.#internals = internals;
	}
	stream(options = {}) {
		checkCall("wait", "stream", options);
		const reader = this.#internals.record.read();
		return this.#limited(reader, options);
	}
	textStream(options = {}) {
		checkCall("wait", "textStream", options);
		return this.#limited(this.#internals.record.readText(), options);
	}
	run(options = {}) {
		return forCaller(this.run, () => this.#wait(options));
	}
	async #wait(options) {
		try {
			var _usingCtx$1 = _usingCtx();
			checkCall("wait", "run", options);
			this.#result ??= this.#conclude();
			this.#result.catch(() => {});
			const limit = _usingCtx$1.u(this.#limit(options));
			try {
				return await orAborted(this.#result, limit.signal);
			} catch (error) {
				if (!limit.signal?.aborted) throw error;
				this.#stop();
				throw error === limit.signal.reason ? givenUp(this.#internals.record, error) : error;
			}
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			_usingCtx$1.d();
		}
	}
	#limited(reader, options) {
		const limit = this.#limit(options);
		if (limit.signal === void 0) return reader;
		const { record } = this.#internals;
		return new LimitedReader(reader, {
			limit,
			onAbort: () => this.#stop(),
			ended: record.ending,
			failure: (reason) => givenUp(record, reason)
		});
	}
	#limit({ signal, timeoutMs }) {
		if (this.#internals.record.hasOutcome) return deadline(void 0, void 0, turnTimeUp);
		return deadline(signal, timeoutMs, turnTimeUp);
	}
	#stop() {
		this.interrupt().catch(() => {});
	}
	steer(input, options = {}) {
		const { thread, record, files } = this.#internals;
		return forCaller(this.steer, async () => {
			checkCall("request", "steer", options);
			const wireInput = await prepareInput(input, files.inputOptions(thread, void 0));
			return steerTurn(thread, record, wireInput, options);
		});
	}
	interrupt(options = {}) {
		const { thread, record } = this.#internals;
		return forCaller(this.interrupt, async () => {
			checkCall("interrupt", "interrupt", options);
			return interruptTurn(thread, record, options);
		});
	}
	async #conclude() {
		const { record, output } = this.#internals;
		const state = await record.outcome;
		const result = new TurnResult(record, state);
		if (output === void 0 || state.status !== "completed") return result;
		const parsed = await output.parse(state.text);
		if (parsed.issues) throw new OutputValidationError(result, parsed.issues);
		return new TurnResult(record, state, parsed.value);
	}
};
function turnTimeUp(timeoutMs) {
	const message = `The turn didn't end within ${timeoutMs} ms`;
	return new RequestTimeoutError(WHOLE_TURN, timeoutMs, message);
}
export { prepareInput as a, orInterrupted as c, deferred as d, atCaller as f, MAX_TEXT_CHARS as i, dataOf as l, forCaller as m, requestsOf as n, countCodePoints as o, callerOf as p, turnTimeUp as r, interruptQuietly as s, Turn as t, completeTurn as u };

//# sourceMappingURL=turn-28f5MJi6.js.map