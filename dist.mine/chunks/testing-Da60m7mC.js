import { F as asyncDispose, M as TransportClosedError, a as is, h as requireOptions, u as milliseconds } from "./checks-CUlVF2ON.js";
import { A as tomlFile, I as visibleJsonLine, N as hasProcTable, P as procTable, n as TracePath, t as Codex } from "./codex-_cu9Lv9r.js";
import { r as isRecord } from "./describe-_qXpbH4d.js";
import { d as deferred } from "./turn-28f5MJi6.js";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { json } from "node:stream/consumers";
// src/testing/hold.ts
var Gate = class {
	reached;
	#opened;
	#reach;
	#open;
	constructor() {
		[this.reached, this.#reach] = latch();
		[this.#opened, this.#open] = latch();
	}
	open() {
		this.#open();
	}
	async wait(signal) {
		this.#reach();
		signal.throwIfAborted();
		const [aborted, abort] = latch();
		signal.addEventListener("abort", abort);
		await Promise.race([this.#opened, aborted]);
		signal.removeEventListener("abort", abort);
		signal.throwIfAborted();
	}
};
function delay(ms) {
	return { wait: (signal) => setTimeout$1(ms, void 0, { signal }) };
}
function isHold(value) {
	return "wait" in value && typeof value.wait === "function";
}
function latch() {
	let release = () => {};
	return [new Promise((resolve) => {
		release = resolve;
	}), release];
}
// src/testing/part.ts
var Draft = class {
	id = newId("resp");
	usage = {};
	ending = "completed";
	#outputs = 0;
	nextOutput() {
		return this.#outputs++;
	}
};
function newId(prefix) {
	return `${prefix}_${randomUUID().replaceAll("-", "")}`;
}
function events(...steps) {
	return { steps: () => steps };
}
function usage(tokens) {
	return { steps(draft) {
		draft.usage = tokens;
		return [];
	} };
}
// src/testing/output.ts
function text(deltas, options = {}) {
	const { phase, delayMs } = options;
	return { *steps(draft) {
		const place = {
			item_id: newId("msg"),
			output_index: draft.nextOutput()
		};
		const item = (content) => ({
			type: "message",
			role: "assistant",
			id: place.item_id,
			...phase === void 0 ? {} : { phase },
			content
		});
		yield outputItem("added", place.output_index, item([]));
		const full = yield* stream(deltas, delayMs, (delta) => ({
			type: "response.output_text.delta",
			...place,
			content_index: 0,
			delta
		}));
		yield outputItem("done", place.output_index, item([{
			type: "output_text",
			text: full
		}]));
	} };
}
function reasoning(summary, options = {}) {
	const { raw, delayMs } = options;
	return { *steps(draft) {
		const place = {
			item_id: newId("rs"),
			output_index: draft.nextOutput()
		};
		const item = (summaries, contents) => ({
			type: "reasoning",
			id: place.item_id,
			summary: summaries,
			content: contents,
			encrypted_content: null
		});
		yield outputItem("added", place.output_index, item([], []));
		yield {
			type: "response.reasoning_summary_part.added",
			...place,
			summary_index: 0
		};
		const summarised = yield* stream(summary, delayMs, (delta) => ({
			type: "response.reasoning_summary_text.delta",
			...place,
			summary_index: 0,
			delta
		}));
		const thought = yield* stream(raw ?? [], delayMs, (delta) => ({
			type: "response.reasoning_text.delta",
			...place,
			content_index: 0,
			delta
		}));
		yield outputItem("done", place.output_index, item([{
			type: "summary_text",
			text: summarised
		}], raw === void 0 ? [] : [{
			type: "reasoning_text",
			text: thought
		}]));
	} };
}
function outputItem(state, index, item) {
	return {
		type: `response.output_item.${state}`,
		output_index: index,
		item
	};
}
function* stream(deltas, delayMs, event) {
	let full = "";
	for (const delta of typeof deltas === "string" ? [deltas] : deltas) {
		if (typeof delta !== "string") {
			yield delta;
			continue;
		}
		if (delayMs !== void 0 && full !== "") yield delay(delayMs);
		yield event(delta);
		full += delta;
	}
	return full;
}
// src/testing/calls.ts
function functionCall(name, args = {}, { namespace, ...options } = {}) {
	return call("fc", options, {
		type: "function_call",
		...namespace !== void 0 && { namespace },
		name,
		arguments: typeof args === "string" ? args : JSON.stringify(args)
	});
}
function command(cmd, options = {}) {
	const { escalate, args, ...rest } = options;
	return functionCall("exec_command", {
		cmd,
		...escalate === void 0 ? {} : {
			sandbox_permissions: "require_escalated",
			justification: escalate
		},
		...args
	}, rest);
}
function patch(input, options = {}) {
	return call("ctc", options, {
		type: "custom_tool_call",
		name: "apply_patch",
		input
	});
}
function call(prefix, { callId }, fields) {
	return { *steps(draft) {
		const index = draft.nextOutput();
		const item = {
			id: newId(prefix),
			call_id: callId ?? newId("call"),
			...fields
		};
		yield outputItem("added", index, item);
		yield outputItem("done", index, item);
	} };
}
// src/testing/http-failure.ts
var HttpFailure = class {
	status;
	body;
	headers;
	constructor(status, body, headers) {
		this.status = status;
		this.body = body;
		this.headers = headers;
	}
};
// src/testing/failures.ts
const failure = Object.assign(httpFailure, {
	event: failed,
	serverOverloaded: () => httpFailure(503, errorBody("server_is_overloaded", "Overloaded.")),
	usageLimitExceeded: (resetsAt) => httpFailure(429, { error: {
		type: "usage_limit_reached",
		message: "Limit reached.",
		resets_at: resetsAt
	} }),
	rateLimitExceeded: () => failed("rate_limit_exceeded"),
	contextWindowExceeded: () => failed("context_length_exceeded"),
	cyberPolicy: () => failed("cyber_policy")
});
function incomplete(reason = "max_output_tokens") {
	return ending("unfinished", (id) => [{
		type: "response.incomplete",
		response: {
			id,
			status: "incomplete",
			incomplete_details: { reason }
		}
	}]);
}
function cut() {
	return ending("cut");
}
function unfinished() {
	return ending("unfinished");
}
function malformed(data = "{\"type\":") {
	return { steps: () => [`event: response.output_text.delta\ndata: ${data}\n\n`] };
}
function brokenScript(message) {
	return failed("invalid_prompt", message);
}
function errorBody(code, message) {
	return { error: {
		type: code,
		code,
		message
	} };
}
function httpFailure(status, body = errorBody("scripted_failure", `The scripted model fails with ${status}.`), headers = {}) {
	return new HttpFailure(status, body, headers);
}
function failed(code, message = `The scripted model fails with ${code}.`) {
	return ending("unfinished", (id) => [{
		type: "response.failed",
		response: {
			id,
			status: "failed",
			error: {
				code,
				message
			}
		}
	}]);
}
function ending(how, last = () => []) {
	return { steps(draft) {
		draft.ending = how;
		return last(draft.id);
	} };
}
// src/testing/fake-app-server.ts
var FakeAppServer = class {
	received = [];
	endpoint;
	#answers = /* @__PURE__ */ new Map();
	#events;
	#waiting = [];
	#nextId = 0;
	constructor(options = {}) {
		this.endpoint = {
			name: "memory",
			outlivesTransport: options.outlivesTransport ?? false,
			connect: async (signal) => {
				signal.throwIfAborted();
				return this.#transport();
			}
		};
		this.answer("initialize", () => ({ userAgent: "fake/1.2.3 (memory)" }));
	}
	answer(method, answer) {
		this.#answers.set(method, answer);
		return this;
	}
	async request(method) {
		const message = await this.message((one) => one.method === method && one.id !== void 0);
		return this.#requestOf(message);
	}
	message(matches) {
		const index = this.#untaken.findIndex(matches);
		const [found] = index === -1 ? [] : this.#untaken.splice(index, 1);
		if (found) return Promise.resolve(found);
		return new Promise((resolve) => this.#waiting.push({
			matches,
			resolve
		}));
	}
	notify(method, params) {
		this.send({
			method,
			params
		});
	}
	ask(method, params, id = this.#nextId++) {
		this.send({
			id,
			method,
			params
		});
		return this.message((one) => one.id === id && one.method === void 0);
	}
	send(message) {
		this.sendText(JSON.stringify(message));
	}
	sendText(text) {
		this.#events?.message(text);
	}
	disconnect(message = "The fake app-server has disconnected") {
		const events = this.#events;
		this.#events = void 0;
		events?.closed(new TransportClosedError(message));
	}
	#untaken = [];
	#transport() {
		return {
			listen: (events) => {
				this.#events = events;
			},
			send: (text) => this.#receive(JSON.parse(text)),
			close: async () => this.disconnect("The transport was closed")
		};
	}
	#receive(message) {
		this.received.push(message);
		const answer = message.id === void 0 ? void 0 : this.#answers.get(String(message.method));
		if (answer) {
			const request = this.#requestOf(message);
			queueMicrotask(() => this.#reply(request, answer));
			return;
		}
		const index = this.#waiting.findIndex(({ matches }) => matches(message));
		const [waiting] = index === -1 ? [] : this.#waiting.splice(index, 1);
		if (waiting) waiting.resolve(message);
		else this.#untaken.push(message);
	}
	#reply(request, answer) {
		try {
			const result = answer(request.params, request);
			if (result !== void 0) request.respond(result);
		} catch (error) {
			request.fail(-32600, error instanceof Error ? error.message : String(error));
		}
	}
	#requestOf(message) {
		const id = message.id;
		return {
			id,
			method: String(message.method),
			params: message.params ?? {},
			respond: (result) => this.send({
				id,
				result
			}),
			fail: (code, text, data) => this.send({
				id,
				error: {
					code,
					message: text,
					...data === void 0 ? {} : { data }
				}
			})
		};
	}
};
// src/testing/temporary-directory.ts
const REMOVAL = {
	recursive: true,
	force: true,
	maxRetries: 10,
	retryDelay: 50
};
async function temporaryDirectory(prefix) {
	const directory = await mkdtemp(path.join(tmpdir(), prefix));
	atExit.add(directory);
	const close = async () => {
		await rm(directory, REMOVAL);
		atExit.delete(directory);
	};
	return {
		path: directory,
		close,
		[asyncDispose]: close
	};
}
var ExitRemoval = class {
	#directories = /* @__PURE__ */ new Set();
	add(directory) {
		if (this.#directories.size === 0) process.on("exit", this.#remove);
		this.#directories.add(directory);
	}
	delete(directory) {
		this.#directories.delete(directory);
		if (this.#directories.size === 0) process.off("exit", this.#remove);
	}
	#remove = () => {
		for (const directory of this.#directories) {
			killChildrenIn(directory);
			try {
				rmSync(directory, REMOVAL);
			} catch {}
		}
	};
};
function killChildrenIn(home) {
	for (const pid of hasProcTable() ? procTable.children(process.pid) : []) try {
		if (readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`CODEX_HOME=${home}`)) process.kill(pid, "SIGKILL");
	} catch {}
}
const atExit = new ExitRemoval();
// src/testing/isolated-home.ts
async function isolatedHome(config = {}) {
	const directory = await temporaryDirectory("codex-home-");
	await writeFile(path.join(directory.path, "config.toml"), tomlFile(config));
	const env = {
		...withoutForeignVariables(process.env),
		CODEX_HOME: directory.path,
		CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
		CODEX_API_KEY: void 0,
		CODEX_ACCESS_TOKEN: void 0,
		OPENAI_API_KEY: void 0,
		OPENAI_BASE_URL: void 0,
		SHLVL: process.env.SHLVL ?? "1",
		NO_PROXY: "127.0.0.1",
		no_proxy: "127.0.0.1"
	};
	return {
		...directory,
		env
	};
}
const NEEDED = new Set([
	[
		"PATH",
		"HOME",
		"USER",
		"LOGNAME",
		"SHELL",
		"TERM",
		"TMPDIR",
		"TMP",
		"TEMP"
	],
	[
		"LANG",
		"LANGUAGE",
		"TZ",
		"RUST_LOG",
		"RUST_BACKTRACE"
	],
	[
		"SYSTEMROOT",
		"SYSTEMDRIVE",
		"WINDIR",
		"COMSPEC",
		"PATHEXT",
		"OS",
		"USERNAME",
		"USERPROFILE"
	],
	[
		"HOMEDRIVE",
		"HOMEPATH",
		"APPDATA",
		"LOCALAPPDATA",
		"PROGRAMDATA",
		"ALLUSERSPROFILE"
	],
	[
		"PROGRAMFILES",
		"PROGRAMFILES(X86)",
		"PROGRAMW6432",
		"COMMONPROGRAMFILES"
	],
	["NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"]
].flat());
function withoutForeignVariables(env) {
	const foreign = Object.keys(env).filter((name) => !isNeeded(name));
	return Object.fromEntries(foreign.map((name) => [name, void 0]));
}
function isNeeded(name) {
	const known = process.platform === "win32" ? name.toUpperCase() : name;
	return NEEDED.has(known) || known.startsWith("LC_");
}
// src/trace/read-trace.ts
function readTrace(file) {
	const last = linesOf(file);
	const header = headerOf(file, last[0]);
	const earlier = TracePath.of(file).parts().flatMap((part) => {
		const lines = linesOf(part.file);
		const { id, part: number } = headerOf(part.file, lines[0]);
		return id === header.id && number < header.part ? [{
			number,
			lines
		}] : [];
	});
	const entries = [...earlier.map(({ lines }) => lines), last].flatMap((lines) => lines.slice(1).flatMap(entriesIn));
	const first = earlier[0]?.number ?? header.part;
	return {
		header,
		entries: entries.sort((a, b) => a.at - b.at),
		isCut: first > 1
	};
}
function linesOf(file) {
	return readFileSync(file, "utf8").split("\n");
}
function headerOf(file, line = "") {
	const header = parsed(line);
	if (!isRecord(header) || header.trace !== "codex-app-server") throw new Error(`${file} is not a trace of codex-app-server`);
	if (typeof header.version !== "number" || header.version > 1) throw new Error(`${file} has version ${String(header.version)} of the format, and this version of codex-app-server reads 1: update it`);
	return header;
}
function entriesIn(line) {
	const record = parsed(line);
	if (!isRecord(record) || typeof record.at !== "number") return [];
	const { at, event, ...rest } = record;
	if (typeof event === "string") return [{
		at,
		event,
		details: rest
	}];
	const direction = "send" in record ? "send" : "receive";
	if (!(direction in record)) return [];
	const message = {
		at,
		direction,
		message: record[direction]
	};
	return Array.isArray(record.deltas) ? deltasOf(message, record.deltas) : [message];
}
function deltasOf(joined, groups) {
	const { message } = joined;
	const params = isRecord(message) && isRecord(message.params) ? message.params : void 0;
	if (!isRecord(message) || typeof params?.delta !== "string") return [joined];
	const text = params.delta;
	const entries = [];
	let start = 0;
	for (const [at, emittedAtMs, ...lengths] of groups.filter(isGroup)) for (const [index, length] of lengths.entries()) {
		const delta = text.slice(start, start + length);
		start += length;
		const time = emittedAtMs === null ? {} : { emittedAtMs };
		entries.push({
			at: at + index / 1e3,
			direction: joined.direction,
			message: {
				...message,
				params: {
					...params,
					delta
				},
				...time
			}
		});
	}
	return entries;
}
function isGroup(value) {
	if (!Array.isArray(value)) return false;
	const [at, emittedAtMs, ...lengths] = value;
	return typeof at === "number" && (typeof emittedAtMs === "number" || emittedAtMs === null) && lengths.every((one) => typeof one === "number");
}
function parsed(line) {
	try {
		return JSON.parse(line);
	} catch {
		return;
	}
}
// src/testing/replay/compare.ts
const MADE_BY_CLIENT = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
var MadeIds = class {
	#actual = /* @__PURE__ */ new Map();
	#recorded = /* @__PURE__ */ new Map();
	canPair(recorded, actual) {
		if (!MADE_BY_CLIENT.test(recorded) || !MADE_BY_CLIENT.test(actual)) return false;
		return (this.#actual.get(recorded) ?? actual) === actual && (this.#recorded.get(actual) ?? recorded) === recorded;
	}
	pair(recorded, actual) {
		this.#actual.set(recorded, actual);
		this.#recorded.set(actual, recorded);
	}
	translate(text) {
		let translated = text;
		for (const [recorded, actual] of this.#actual) if (translated.includes(recorded)) translated = translated.replaceAll(recorded, actual);
		return translated;
	}
};
function differenceOf(recorded, actual, comparison, pairs, path = "") {
	if (Object.is(recorded, actual) || recorded === "***") return void 0;
	const differs = {
		path,
		recorded,
		actual
	};
	const deeper = (name, one, other) => differenceOf(one, other, comparison, pairs, pathTo(path, name));
	if (typeof recorded === "string" && typeof actual === "string") {
		if (comparison.ids.canPair(recorded, actual)) {
			pairs.push([recorded, actual]);
			return;
		}
		return fitsMasked(recorded, actual) ? void 0 : differs;
	}
	if (Array.isArray(recorded) && Array.isArray(actual)) {
		if (recorded.length !== actual.length) return differs;
		return firstOf(recorded.keys(), (index) => deeper(index, recorded[index], actual[index]));
	}
	if (!isRecord(recorded) || !isRecord(actual)) return differs;
	return firstOf(/* @__PURE__ */ new Set([...Object.keys(recorded), ...Object.keys(actual)]), (name) => comparison.ignored.has(name) ? void 0 : deeper(name, recorded[name], actual[name]));
}
function fitsMasked(recorded, actual) {
	const [first = "", ...rest] = recorded.split("***");
	const last = rest.pop();
	if (last === void 0 || !actual.startsWith(first)) return false;
	let at = first.length;
	for (const part of rest) {
		const found = actual.indexOf(part, at);
		if (found === -1) return false;
		at = found + part.length;
	}
	return actual.length - last.length >= at && actual.endsWith(last);
}
function firstOf(keys, find) {
	let first;
	for (const key of keys) {
		const found = find(key);
		first ??= found;
	}
	return first;
}
function pathTo(path, name) {
	if (typeof name === "number") return `${path}[${name}]`;
	return path === "" ? name : `${path}.${name}`;
}
// src/testing/replay/divergence.ts
const MAX_CHARS = 300;
function describeDivergence(divergence) {
	const { kind, what } = divergence;
	switch (kind) {
		case "different": return `${what} differs at ${divergence.path || "its top"}: recorded ${quote(divergence.recorded)}, sent ${quote(divergence.actual)}`;
		case "unexpected": return `${what} isn't in the recording: ${quote(divergence.actual)}`;
		case "missing": return `${what} wasn't sent: ${quote(divergence.recorded)}`;
	}
}
function quote(value) {
	if (value === void 0) return "nothing";
	const text = visibleJsonLine(value);
	return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS)}…`;
}
// src/testing/replay/recording.ts
function connectionsIn(entries) {
	const connections = [];
	for (const entry of entries) {
		if ("event" in entry) {
			if (entry.event === "connected") connections.push([]);
			if (entry.event === "disconnected" && entry.details.byClient !== true) {
				const message = String(entry.details.message ?? "The connection ended in the recording");
				connections.at(-1)?.push({
					kind: "end",
					at: entry.at,
					message
				});
			}
			continue;
		}
		const { at, direction, message } = entry;
		if (direction === "receive") connections.at(-1)?.push({
			kind: "receive",
			at,
			message
		});
		else if (isRecord(message)) connections.at(-1)?.push({
			kind: "send",
			at,
			message
		});
	}
	return connections;
}
function kindOf(message) {
	if (typeof message.method === "string") return "id" in message ? `the request ${message.method}` : `the notification ${message.method}`;
	return `the answer to the server's request ${JSON.stringify(message.id)}`;
}
// src/testing/replay/player.ts
var Player = class {
	#options;
	#expected;
	#requestIds = /* @__PURE__ */ new Map();
	#events;
	#isClosed = false;
	#wake;
	constructor(options) {
		this.#options = options;
		this.#expected = options.steps.flatMap((step) => step.kind === "send" ? [{
			message: step.message,
			isSent: false,
			isMissed: false,
			resolve: () => {}
		}] : []);
	}
	listen(events) {
		this.#events = events;
		this.#play();
	}
	send(text) {
		if (this.#isClosed) return;
		const message = JSON.parse(text);
		const found = this.#match(message);
		if (!found) {
			this.#refuse(message);
			return;
		}
		found.isSent = true;
		if ("method" in message && "id" in message) this.#requestIds.set(found.message.id, message.id);
		found.resolve();
	}
	async close() {
		if (this.#isClosed) return;
		this.#end("The replay was closed");
		for (const one of this.#expected) if (!one.isSent) this.#miss(one);
	}
	async #play() {
		const { steps, finished } = this.#options;
		let before = steps[0]?.at ?? 0;
		const expected = this.#expected.values();
		for (const step of steps) {
			if (step.kind === "send") await this.#sent(expected.next().value);
			else await this.#pause(step.at - before);
			if (this.#isClosed) return;
			before = step.at;
			if (step.kind === "receive") this.#deliver(step.message);
			if (step.kind === "end") this.#end(step.message);
		}
		finished();
	}
	async #pause(ms) {
		const wait = ms / this.#options.speed;
		if (!(wait >= 1)) await new Promise((resolve) => setImmediate(resolve));
		else await this.#wait(wait);
	}
	async #sent(expected) {
		if (!expected || expected.isSent) return;
		expected.resolve = () => this.#wake?.();
		await this.#wait(this.#options.waitMs);
		if (expected.isSent || this.#isClosed) return;
		this.#miss(expected);
	}
	#miss(expected) {
		if (expected.isMissed) return;
		expected.isMissed = true;
		this.#options.diverged({
			kind: "missing",
			what: kindOf(expected.message),
			recorded: expected.message
		});
	}
	#wait(ms) {
		return new Promise((resolve) => {
			const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : void 0;
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
	#match(message) {
		const { diverged, ids } = this.#options;
		const what = kindOf(message);
		const compared = this.#expected.filter((one) => !one.isSent && kindOf(one.message) === what).map((one) => ({
			one,
			...this.#compare(one.message, message)
		}));
		const found = compared.find(({ difference }) => difference === void 0) ?? compared.find(({ one }) => !one.isMissed);
		if (found?.difference) diverged({
			kind: "different",
			what,
			...found.difference
		});
		for (const [recorded, actual] of found?.pairs ?? []) ids.pair(recorded, actual);
		return found?.one;
	}
	#compare(recorded, actual) {
		const { id: _recorded, ...one } = recorded;
		const { id: _actual, ...other } = actual;
		const pairs = [];
		return {
			difference: differenceOf(one, other, this.#options, pairs),
			pairs
		};
	}
	#refuse(message) {
		const what = kindOf(message);
		this.#options.diverged({
			kind: "unexpected",
			what,
			actual: message
		});
		if (!("method" in message) || !("id" in message)) return;
		const error = {
			code: -32600,
			message: `The recording doesn't have ${what} here`
		};
		setImmediate(() => this.#events?.message(JSON.stringify({
			id: message.id,
			error
		})));
	}
	#deliver(message) {
		const text = typeof message === "string" ? message : JSON.stringify(this.#addressed(message));
		this.#events?.message(this.#options.ids.translate(text));
	}
	#addressed(message) {
		if (!isRecord(message) || "method" in message || !("id" in message)) return message;
		return {
			...message,
			id: this.#requestIds.get(message.id) ?? message.id
		};
	}
	#end(why) {
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#wake?.();
		this.#events?.closed(new TransportClosedError(why));
	}
};
// src/testing/replay/replay.ts
const CHECKS = {
	speed: is("a number greater than 0", (value) => typeof value === "number" && value > 0),
	waitMs: milliseconds,
	ignore: is("a list of strings", (value) => Array.isArray(value) && value.every((one) => typeof one === "string"))
};
const DEFAULT_WAIT_MS = 5e3;
const MAY_DIFFER = ["clientInfo"];
var Replay = class {
	name;
	outlivesTransport;
	sharesFiles = false;
	#connections;
	#options;
	#ids = new MadeIds();
	#divergences = [];
	#finished = deferred();
	#next = 0;
	constructor(file, options) {
		requireOptions("replay", options, CHECKS);
		const { header, entries, isCut } = readTrace(file);
		if (isCut) throw new Error(`${file} can't be replayed: its beginning was deleted when the trace had reached its size. Record with a greater maxBytes`);
		this.#options = options;
		this.name = `replay of ${header.endpoint.name}`;
		this.outlivesTransport = header.endpoint.outlivesTransport;
		this.#connections = connectionsIn(entries);
	}
	get divergences() {
		return this.#divergences;
	}
	get finished() {
		return this.#finished.promise;
	}
	assertNoDivergence() {
		if (this.#divergences.length === 0) return;
		const lines = this.#divergences.map((one) => `- ${describeDivergence(one)}`);
		throw new Error(`The client diverged from the recording:\n${lines.join("\n")}`);
	}
	async connect(signal) {
		signal.throwIfAborted();
		const steps = this.#connections[this.#next++];
		if (steps === void 0) throw new Error("The recording has no further connection");
		const { speed = Number.POSITIVE_INFINITY, waitMs = DEFAULT_WAIT_MS, ignore = [] } = this.#options;
		const isLast = this.#next === this.#connections.length;
		return new Player({
			steps,
			speed,
			waitMs,
			ids: this.#ids,
			ignored: /* @__PURE__ */ new Set([...MAY_DIFFER, ...ignore]),
			diverged: (divergence) => this.#divergences.push(divergence),
			finished: () => isLast && this.#finished.resolve()
		});
	}
};
function replay(file, options = {}) {
	return new Replay(file, options);
}
// src/testing/reply.ts
function reply(...parts) {
	return { *steps(draft) {
		for (const part of parts) {
			if (draft.ending !== "completed") return;
			yield* toSteps(part, draft);
		}
	} };
}
function toSteps(part, draft) {
	if (typeof part === "string") return text(part).steps(draft);
	return isHold(part) ? [part] : part.steps(draft);
}
// src/testing/scripted-config.ts
function scriptedConfig(url) {
	return {
		model: "gpt-5.5",
		model_provider: "scripted",
		model_providers: { scripted: {
			name: "scripted",
			base_url: url,
			wire_api: "responses",
			request_max_retries: 0,
			stream_max_retries: 0
		} },
		analytics: { enabled: false },
		allow_login_shell: false,
		features: {
			plugins: false,
			shell_snapshot: false
		}
	};
}
// src/testing/reply-writer.ts
const CHUNK_LENGTH = 16384;
async function writeReply(answer, response, signal) {
	if (answer instanceof HttpFailure) return writeFailure(answer, response, signal);
	const draft = new Draft();
	response.writeHead(200, { "content-type": "text/event-stream" });
	const writer = new StepWriter(response, signal);
	await writer.write([{
		type: "response.created",
		response: { id: draft.id }
	}]);
	await writer.write(guarded(reply(answer), draft));
	if (draft.ending === "completed") await writer.write([completed(draft)]);
	if (draft.ending === "cut") response.socket?.destroySoon();
	else await finish(response, signal);
}
function* guarded(part, draft) {
	try {
		yield* part.steps(draft);
	} catch (error) {
		yield* brokenScript(`A part of the scripted reply threw: ${error}`).steps(draft);
	}
}
function writeFailure({ status, headers, body }, response, signal) {
	response.writeHead(status, {
		"content-type": "application/json",
		...headers
	});
	response.write(typeof body === "string" ? body : JSON.stringify(body));
	return finish(response, signal);
}
async function finish(response, signal) {
	const finished = once(response, "finish", { signal });
	response.end();
	await finished;
}
var StepWriter = class {
	#response;
	#signal;
	#pending = "";
	constructor(response, signal) {
		this.#response = response;
		this.#signal = signal;
	}
	async write(steps) {
		for (const step of steps) {
			if (typeof step !== "string" && isHold(step)) {
				await this.#flush();
				await step.wait(this.#signal);
				continue;
			}
			this.#pending += typeof step === "string" ? step : frame(step);
			if (this.#pending.length >= CHUNK_LENGTH) await this.#flush();
		}
		await this.#flush();
	}
	async #flush() {
		this.#signal.throwIfAborted();
		const chunk = this.#pending;
		this.#pending = "";
		if (chunk === "" || this.#response.write(chunk)) return;
		await once(this.#response, "drain", { signal: this.#signal });
	}
};
function frame(event) {
	return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
function completed(draft) {
	return {
		type: "response.completed",
		response: {
			id: draft.id,
			usage: wireUsage(draft.usage)
		}
	};
}
function wireUsage(tokens) {
	const { inputTokens = 10, cachedInputTokens = 0 } = tokens;
	const { outputTokens = 5, reasoningOutputTokens = 0 } = tokens;
	return {
		input_tokens: inputTokens,
		input_tokens_details: { cached_tokens: cachedInputTokens },
		output_tokens: outputTokens,
		output_tokens_details: { reasoning_tokens: reasoningOutputTokens },
		total_tokens: inputTokens + outputTokens
	};
}
// src/testing/exchange.ts
var Exchange = class {
	signal;
	ended;
	#response;
	#end = () => {};
	#leave;
	constructor(response) {
		const gone = new AbortController();
		this.signal = gone.signal;
		this.ended = new Promise((resolve) => {
			this.#end = resolve;
		});
		this.#response = response;
		this.#leave = () => {
			if (response.writableFinished) return;
			gone.abort(/* @__PURE__ */ new Error("The client closed the connection before the reply was sent."));
			this.#end("aborted");
		};
		response.once("close", this.#leave);
	}
	async answer(reply) {
		try {
			await writeReply(reply, this.#response, this.signal);
		} catch (error) {
			if (this.signal.aborted) return;
			throw error;
		}
		this.#response.off("close", this.#leave);
		this.#end("answered");
	}
};
// src/testing/model-request.ts
var ModelRequest = class {
	index;
	headers;
	body;
	signal;
	ended;
	constructor(fields) {
		this.index = fields.index;
		this.headers = fields.headers;
		this.body = fields.body;
		this.signal = fields.signal;
		this.ended = fields.ended;
	}
	get input() {
		return Array.isArray(this.body.input) ? this.body.input : [];
	}
	get userText() {
		return textOf(this.input.findLast((item) => item.type === "message" && item.role === "user")?.content);
	}
	get outputs() {
		return new Map(this.input.filter(isOutput).map((item) => [String(item.call_id), textOf(item.output)]));
	}
	get lastOutput() {
		const last = this.input.at(-1);
		return last && isOutput(last) ? textOf(last.output) : void 0;
	}
	get tools() {
		return (Array.isArray(this.body.tools) ? this.body.tools : []).map((tool) => String(tool.name ?? tool.type));
	}
};
function isOutput(item) {
	return item.type === "function_call_output" || item.type === "custom_tool_call_output";
}
function textOf(content) {
	if (typeof content === "string") return content;
	if (!Array.isArray(content)) return "";
	return content.flatMap((part) => typeof part.text === "string" ? [part.text] : []).join("\n");
}
// src/testing/scripted-model.ts
var ScriptedModel = class ScriptedModel {
	#requests = [];
	#queue = [];
	#waiting = [];
	#server;
	#rule;
	#port = 0;
	#handedOut = 0;
	#closed = false;
	constructor() {
		const options = { keepAliveTimeout: 0 };
		this.#server = createServer(options, (incoming, response) => {
			this.#serve(incoming, response).catch(() => response.destroy());
		});
	}
	static async start(script = []) {
		const model = new ScriptedModel();
		if (typeof script === "function") model.respond(script);
		else model.enqueue(...script);
		await model.startListening();
		return model;
	}
	get url() {
		return `http://127.0.0.1:${this.#port}/v1`;
	}
	get port() {
		return this.#port;
	}
	get requests() {
		return this.#requests;
	}
	get unusedReplies() {
		return this.#queue.length;
	}
	assertAllRepliesUsed() {
		const { unusedReplies } = this;
		if (unusedReplies === 0) return;
		const requests = this.#requests.length;
		throw new Error(`The scripted model has ${unusedReplies} unused ${unusedReplies === 1 ? "reply" : "replies"} after ${requests} ${requests === 1 ? "request" : "requests"}`);
	}
	enqueue(...replies) {
		this.#queue.push(...replies);
	}
	respond(rule) {
		this.#rule = rule;
	}
	nextRequest() {
		const next = this.#requests[this.#handedOut];
		if (next !== void 0) {
			this.#handedOut += 1;
			return Promise.resolve(next);
		}
		if (this.#closed) return Promise.reject(closedError());
		return new Promise((resolve, reject) => this.#waiting.push({
			resolve,
			reject
		}));
	}
	stopListening() {
		this.#server.close();
	}
	async startListening() {
		this.#server.listen(this.#port, "127.0.0.1");
		await once(this.#server, "listening");
		this.#port = this.#server.address().port;
	}
	async close() {
		if (this.#closed) return;
		this.#closed = true;
		for (const { reject } of this.#waiting.splice(0)) reject(closedError());
		if (!this.#server.listening) return this.#server.closeAllConnections();
		const closed = once(this.#server, "close");
		this.#server.close();
		this.#server.closeAllConnections();
		await closed;
	}
	[asyncDispose]() {
		return this.close();
	}
	async #serve(incoming, response) {
		if (!this.#server.listening) return void incoming.destroy();
		if (incoming.method !== "POST" || !incoming.url?.endsWith("/responses")) {
			const what = `${incoming.method} ${incoming.url}`;
			response.writeHead(404, { "content-type": "application/json" });
			response.end(JSON.stringify(errorBody("not_found", `The scripted model does not support ${what}.`)));
			return;
		}
		const exchange = new Exchange(response);
		const body = await json(incoming);
		const request = new ModelRequest({
			index: this.#requests.length,
			headers: incoming.headers,
			body,
			signal: exchange.signal,
			ended: exchange.ended
		});
		this.#record(request);
		await exchange.answer(await this.#replyTo(request));
	}
	#record(request) {
		this.#requests.push(request);
		const waiting = this.#waiting.shift();
		if (waiting === void 0) return;
		this.#handedOut += 1;
		waiting.resolve(request);
	}
	async #replyTo(request) {
		const queued = this.#queue.shift();
		if (queued !== void 0) return queued;
		if (this.#rule === void 0) return noReply(request);
		try {
			return await this.#rule(request);
		} catch (error) {
			return brokenScript(`The rule of the scripted model threw: ${error}`);
		}
	}
};
function noReply({ index, userText }) {
	return brokenScript(`The scripted model has no reply for request ${index + 1} (user text: ${JSON.stringify(userText)}). Queue one with enqueue(), or set a rule with respond().`);
}
function closedError() {
	return /* @__PURE__ */ new Error("The scripted model was closed, so there are no further requests.");
}
// src/testing/start.ts
async function startScripted(options = {}) {
	const { script, ...given } = options;
	const made = [];
	const keep = (resource) => {
		made.unshift(resource);
		return resource;
	};
	try {
		const model = keep(await ScriptedModel.start(script));
		const home = keep(await isolatedHome(scriptedConfig(model.url)));
		const cwd = given.cwd ?? keep(await temporaryDirectory("codex-cwd-")).path;
		const env = {
			...home.env,
			...given.env
		};
		const codex = keep(await Codex.start({
			...given,
			cwd,
			env
		}));
		const close = () => dispose(made);
		return {
			codex,
			model,
			home: home.path,
			cwd,
			close,
			[asyncDispose]: close
		};
	} catch (error) {
		await dispose(made);
		throw error;
	}
}
async function dispose([first, ...rest]) {
	try {
		await first?.[asyncDispose]();
	} finally {
		if (rest.length > 0) await dispose(rest);
	}
}
export { delay as S, reasoning as _, replay as a, usage as b, FakeAppServer as c, incomplete as d, malformed as f, patch as g, functionCall as h, reply as i, cut as l, command as m, ScriptedModel as n, readTrace as o, unfinished as p, scriptedConfig as r, isolatedHome as s, startScripted as t, failure as u, text as v, Gate as x, events as y };

//# sourceMappingURL=testing-Da60m7mC.js.map