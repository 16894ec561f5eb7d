import { C as CodexError, I as dispose, _ as show, d as nonEmpty, h as requireOptions, s as isThing, t as anything, u as milliseconds, v as signal, w as InvalidInputError } from "../chunks/checks-CUlVF2ON.js";
import { b as startTicking } from "../chunks/rpc-errors-Ck2IiD6l.js";
import { d as deferred, n as requestsOf, t as Turn } from "../chunks/turn-28f5MJi6.js";
import { c as safeMessage, i as messageOf, o as quoteForeign, r as isRecord, t as describe } from "../chunks/describe-_qXpbH4d.js";
import { a as userMessage, c as numberOrNull, d as text, l as recordOf, n as usageOf, o as errorView, s as isSame, t as minus, u as records } from "../chunks/usage-BGfS7uII.js";
import { a as warning, i as retry, o as Note, r as noted, t as ItemModel } from "../chunks/item-model-BE_1vM-z.js";
import { a as TurnAbortedError } from "../chunks/media-url-iQuN1SmC.js";
// src/web/event-stream.ts
const KEEP_ALIVE_MS = 15e3;
const COMMENT = ": keep-alive\n\n";
const HEADERS = {
	"content-type": "text/event-stream",
	"cache-control": "no-cache",
	"x-accel-buffering": "no"
};
function eventStreamResponse(values, { headers, keepAliveMs = KEEP_ALIVE_MS }, format = {}) {
	const all = new Headers({
		...HEADERS,
		...format.headers
	});
	for (const [name, value] of new Headers(headers)) all.set(name, value);
	return new Response(eventStream(values, keepAliveMs, format.last), { headers: all });
}
function eventStream(values, keepAliveMs, last) {
	const encoder = new TextEncoder();
	const reader = values.getReader();
	return new ReadableStream({
		async pull(controller) {
			const write = (text) => controller.enqueue(encoder.encode(text));
			const ticking = startTicking(keepAliveMs || Number.POSITIVE_INFINITY, () => {
				if ((controller.desiredSize ?? -1) >= 0) write(COMMENT);
			});
			const { value, done } = await reader.read().finally(() => ticking.cancel());
			if (!done) {
				write(`data: ${JSON.stringify(value)}\n\n`);
				return;
			}
			if (last !== void 0) write(`data: ${last}\n\n`);
			controller.close();
		},
		cancel: (reason) => reader.cancel(reason)
	}, { highWaterMark: 0 });
}
// src/web/parts/streamed-texts.ts
var StreamedTexts = class {
	#sent = /* @__PURE__ */ new Map();
	*append({ id, kind }, delta, phase = null) {
		if (delta === "") return;
		const sent = this.#sent.get(id);
		if (sent === void 0) yield {
			type: "textStart",
			id,
			kind,
			phase
		};
		yield {
			type: "textDelta",
			id,
			delta
		};
		this.#sent.set(id, (sent ?? "") + delta);
	}
	*complete(place, whole, phase = null) {
		const sent = this.#sent.get(place.id) ?? "";
		if (whole.startsWith(sent)) {
			yield* this.append(place, whole.slice(sent.length), phase);
			yield* this.#end(place.id, false);
			return;
		}
		yield* this.#end(place.id, true);
		const replacement = {
			...place,
			id: `${place.id}:complete`
		};
		yield* this.append(replacement, whole, phase);
		yield* this.#end(replacement.id, false);
	}
	*cut() {
		for (const id of [...this.#sent.keys()]) yield* this.#end(id, true);
	}
	*#end(id, incomplete) {
		if (this.#sent.delete(id)) yield {
			type: "textEnd",
			id,
			incomplete
		};
	}
};
// src/web/parts/tool-call.ts
function toolCall(entry) {
	const none = {
		error: void 0,
		media: []
	};
	switch (entry.kind) {
		case "command": {
			const { command, cwd, exitCode, durationMs } = entry;
			const output = {
				output: textOf(entry.output),
				exitCode,
				durationMs
			};
			const error = entry.state === "failed" && exitCode === null ? "The command could not be run" : void 0;
			return {
				...none,
				name: "command",
				input: {
					command,
					cwd
				},
				output,
				error
			};
		}
		case "fileChange": {
			const files = entry.files.map(({ path, kind, movedTo, diff }) => ({
				path,
				kind,
				movedTo,
				diff
			}));
			const output = {
				added: entry.added,
				removed: entry.removed
			};
			const error = entry.state === "failed" ? "The changes could not be made" : void 0;
			return {
				...none,
				name: "fileChange",
				input: { files },
				output,
				error
			};
		}
		case "mcpCall": {
			const { text, content, structuredContent, durationMs } = entry;
			return {
				name: `${entry.server}.${entry.tool}`,
				input: entry.arguments,
				output: {
					text,
					content,
					structuredContent,
					durationMs
				},
				error: entry.state === "failed" ? entry.error ?? failed(text) : void 0,
				media: []
			};
		}
		case "toolCall": {
			const { namespace, tool, text, media, durationMs } = entry;
			return {
				name: namespace === null ? tool : `${namespace}.${tool}`,
				input: entry.arguments,
				output: {
					text,
					durationMs
				},
				error: entry.state === "failed" ? failed(text) : void 0,
				media
			};
		}
		case "webSearch": {
			const { action, query, queries, url, pattern } = entry;
			const input = entry.state === "running" ? void 0 : {
				action,
				query,
				queries,
				url,
				pattern
			};
			return {
				...none,
				name: "webSearch",
				input,
				output: {}
			};
		}
		case "image": {
			const { path, prompt, data } = entry;
			return {
				name: entry.action === "viewed" ? "viewImage" : "generateImage",
				input: entry.action === "viewed" || entry.state !== "running" ? {
					path,
					prompt
				} : void 0,
				output: { path },
				error: entry.state === "failed" ? "There is no image" : void 0,
				media: data === null ? [] : [`data:${imageType(data)};base64,${data}`]
			};
		}
		case "subAgent": {
			const { prompt, model, threadIds, agents } = entry;
			const error = entry.state === "failed" ? "The call failed" : void 0;
			const output = {
				threadIds,
				agents
			};
			return {
				...none,
				name: entry.action,
				input: {
					prompt,
					model
				},
				output,
				error
			};
		}
		default: return;
	}
}
function textOf({ head, omitted, tail }) {
	return omitted === 0 ? head : `${head}\n… ${omitted} characters left out …\n${tail}`;
}
function failed(text) {
	return text === "" ? "The tool failed" : text;
}
const IMAGE_TYPES = {
	"/9j/": "image/jpeg",
	UklG: "image/webp",
	R0lG: "image/gif"
};
function imageType(base64) {
	return IMAGE_TYPES[base64.slice(0, 4)] ?? "image/png";
}
// src/web/parts/open-item.ts
const KINDS = {
	"item/agentMessage/delta": "message",
	"item/plan/delta": "plan",
	"item/reasoning/summaryTextDelta": "reasoningSummary",
	"item/reasoning/textDelta": "reasoning"
};
const NEW_SHARE = 1 / 8;
const MAX_SENT = 65536;
const NO_CALL = {
	name: "",
	input: {},
	output: {},
	error: void 0,
	media: []
};
var OpenItem = class {
	id;
	#model;
	#texts = new StreamedTexts();
	#isActivity;
	#phase = null;
	#isCall = false;
	#input;
	#outputLength = 0;
	#sentLength = 0;
	constructor(id, item, startedAt) {
		this.id = id;
		this.#model = new ItemModel(id, 0, item, true, startedAt);
		this.#isActivity = item.type === "subAgentActivity";
	}
	get isCall() {
		return this.#isCall;
	}
	*start() {
		const entry = this.#model.view(false);
		if (entry.kind === "assistant") this.#phase = entry.phase;
		for (const [place, text] of this.#placesOf(entry)) yield* this.#texts.append(place, text, this.#phase);
		const call = this.#callOf(entry);
		if (call) yield* this.#startCall(call);
		else yield* asEntry(entry);
	}
	*append(method, delta, index) {
		if (!this.#model.append(method, delta, index)) return;
		const kind = KINDS[method];
		if (kind) yield* this.#texts.append(this.#place(kind, index), delta, this.#phase);
		else yield* this.#grow(delta.length);
	}
	*update(members) {
		if (!this.#model.update(members)) return;
		const call = this.#callOf(this.#model.view(false));
		if (call) yield* this.#setInput(call);
	}
	*progress(message) {
		if (!this.#isCall || !this.#model.setProgress(message)) return;
		yield {
			type: "callProgress",
			id: this.id,
			output: { progress: message }
		};
	}
	*complete(item, endedAt) {
		this.#model.complete(item, endedAt);
		const entry = this.#model.view(false);
		if (entry.kind === "assistant") this.#phase = entry.phase;
		for (const [place, text] of this.#placesOf(entry)) yield* this.#texts.complete(place, text, this.#phase);
		yield* this.#texts.cut();
		const call = this.#callOf(entry);
		if (call) yield* this.#endCall(call, entry);
		else {
			if (this.#isCall) yield* this.#endCall(NO_CALL, entry);
			yield* asEntry(entry);
		}
		if (entry.kind === "webSearch" && entry.url !== null) yield {
			type: "source",
			id: this.id,
			url: entry.url
		};
	}
	*cut() {
		yield* this.#texts.cut();
		const entry = this.#model.view(true);
		const call = this.#callOf(entry);
		if (call) yield* this.#endCall(call, entry);
		else yield* asEntry(entry);
	}
	*#grow(length) {
		this.#outputLength += length;
		const fresh = this.#outputLength - this.#sentLength;
		if (!this.#isCall || fresh < Math.min(this.#outputLength, MAX_SENT) * NEW_SHARE) return;
		const call = this.#callOf(this.#model.view(false));
		if (!call) return;
		this.#sentLength = this.#outputLength;
		yield {
			type: "callProgress",
			id: this.id,
			output: call.output
		};
	}
	*#startCall(call) {
		this.#isCall = true;
		yield {
			type: "callStart",
			id: this.id,
			name: call.name
		};
		yield* this.#setInput(call);
	}
	*#setInput({ name, input }) {
		if (input === void 0 || isSame(input, this.#input)) return;
		this.#input = input;
		yield {
			type: "callInput",
			id: this.id,
			name,
			input
		};
	}
	*#endCall(call, { state }) {
		if (!this.#isCall) yield* this.#startCall(call);
		yield* this.#setInput({
			...call,
			input: call.input ?? {}
		});
		const { output, media } = call;
		yield {
			type: "callEnd",
			id: this.id,
			...endingOf(call, state),
			output,
			media
		};
	}
	#callOf(entry) {
		return this.#isActivity ? void 0 : toolCall(entry);
	}
	#placesOf(entry) {
		switch (entry.kind) {
			case "assistant": return [[this.#place("message", 0), entry.text]];
			case "plan": return [[this.#place("plan", 0), entry.text]];
			case "reasoning": return [...entry.summary.map((text, index) => at(this.#place("reasoningSummary", index), text)), ...entry.raw.map((text, index) => at(this.#place("reasoning", index), text))];
			default: return [];
		}
	}
	#place(kind, index) {
		switch (kind) {
			case "reasoningSummary": return {
				kind,
				id: `${this.id}:summary:${index}`
			};
			case "reasoning": return {
				kind,
				id: `${this.id}:reasoning:${index}`
			};
			default: return {
				kind,
				id: this.id
			};
		}
	}
};
function at(place, text) {
	return [place, text];
}
function* asEntry(entry) {
	if (!(entry.kind === "assistant" || entry.kind === "plan" || entry.kind === "reasoning") && entry.kind !== "userMessage") yield {
		type: "entry",
		entry
	};
}
function endingOf({ error }, state) {
	if (error !== void 0) return {
		state: "failed",
		error
	};
	if (state === "declined") return {
		state,
		error: "It was not allowed"
	};
	if (state !== "interrupted" && state !== "running") return {
		state: "completed",
		error: ""
	};
	return {
		state: "interrupted",
		error: "The turn ended before the call did"
	};
}
// src/web/parts/requests.ts
const ENDINGS = {
	answered: {
		state: "declined",
		error: "The request was refused"
	},
	withdrawn: {
		state: "interrupted",
		error: "The request was withdrawn"
	},
	turnEnded: {
		state: "interrupted",
		error: "The turn ended before the request was answered"
	},
	connectionLost: {
		state: "interrupted",
		error: "The connection to the server was lost"
	}
};
var RequestParts = class {
	#asked = /* @__PURE__ */ new Map();
	*ask(request, itemId) {
		const { id, kind, title, threadId } = request;
		if (this.#asked.has(id)) return;
		const isTaken = [...this.#asked.values()].some(({ callId }) => callId === itemId);
		const isOwn = itemId === void 0 || isTaken;
		const callId = isOwn ? id : itemId;
		this.#asked.set(id, {
			request,
			callId,
			isOwn
		});
		if (isOwn) {
			yield {
				type: "callStart",
				id,
				name: kind
			};
			yield {
				type: "callInput",
				id,
				name: kind,
				input: {
					title,
					threadId
				}
			};
		}
		yield {
			type: "request",
			request,
			callId
		};
	}
	*settle(requestId, reason, option) {
		const asked = this.#asked.get(requestId);
		if (!asked) return;
		this.#asked.delete(requestId);
		const { request, callId, isOwn } = asked;
		yield {
			type: "requestSettled",
			request,
			callId,
			reason,
			option
		};
		if (!isOwn) return;
		const ending = option?.effect === "accept" ? {
			state: "completed",
			error: ""
		} : ENDINGS[option ? "answered" : reason];
		const output = option ? { answer: option.id } : {};
		yield {
			type: "callEnd",
			id: callId,
			...ending,
			output,
			media: []
		};
	}
	*endCall(callId) {
		for (const [id, asked] of [...this.#asked]) if (asked.callId === callId && !asked.isOwn) yield* this.settle(id, "withdrawn", void 0);
	}
	*end() {
		for (const id of [...this.#asked.keys()]) yield* this.settle(id, "turnEnded", void 0);
	}
};
// src/web/parts/turn-parts.ts
const MAX_ERROR = 4e3;
var TurnParts = class {
	#turnId;
	#items = /* @__PURE__ */ new Map();
	#completed = /* @__PURE__ */ new Set();
	#requests = new RequestParts();
	#early = /* @__PURE__ */ new Map();
	#hasBegun = false;
	#usedBefore;
	#usage = null;
	#diff = "";
	#retrying;
	#retries = 0;
	#hasEnded = false;
	constructor(turnId) {
		this.#turnId = turnId;
	}
	get hasEnded() {
		return this.#hasEnded;
	}
	*take({ method, params: given }) {
		if (this.#hasEnded) return;
		const params = recordOf(given);
		switch (method) {
			case "item/agentMessage/delta":
			case "item/plan/delta":
			case "item/commandExecution/outputDelta":
				yield* this.#append(method, params, 0);
				return;
			case "item/reasoning/summaryTextDelta":
				yield* this.#append(method, params, params.summaryIndex);
				return;
			case "item/reasoning/textDelta":
				yield* this.#append(method, params, params.contentIndex);
				return;
			case "item/started":
				yield* this.#start(recordOf(params.item), numberOrNull(params.startedAtMs));
				return;
			case "item/completed":
				yield* this.#complete(recordOf(params.item), numberOrNull(params.completedAtMs));
				return;
			case "item/fileChange/patchUpdated":
				yield* this.#item(params)?.update({ changes: params.changes }) ?? [];
				return;
			case "item/mcpToolCall/progress":
				yield* this.#item(params)?.progress(text(params.message)) ?? [];
				return;
			case "turn/diff/updated":
				yield* this.#change(text(params.diff));
				return;
			case "thread/tokenUsage/updated":
				yield* this.#count(recordOf(params.tokenUsage));
				return;
			case "error":
				yield* this.#fail(params);
				return;
			case "turn/completed":
				yield* this.#finish(recordOf(params.turn));
				return;
			default: yield* this.#note(method, params);
		}
	}
	*ask(request, itemId) {
		if (this.#hasEnded) return;
		const item = itemId === void 0 ? void 0 : this.#items.get(itemId);
		if (itemId !== void 0 && !item && !this.#completed.has(itemId)) this.#early.set(request.id, {
			request,
			itemId
		});
		else yield* this.#requests.ask(request, item?.isCall ? item.id : void 0);
	}
	*settle({ id }, reason, option) {
		this.#early.delete(id);
		yield* this.#requests.settle(id, reason, option);
	}
	*lose(error) {
		const isAborted = error instanceof TurnAbortedError;
		yield* this.#end({
			status: isAborted ? "interrupted" : "lost",
			error: {
				message: safeMessage(messageOf(error)),
				code: error instanceof CodexError ? error.code : null
			},
			durationMs: null
		});
	}
	*#append(method, { itemId, delta }, index) {
		if (typeof itemId !== "string" || typeof delta !== "string") return;
		if (this.#retrying) yield* this.#endRetry();
		yield* this.#items.get(itemId)?.append(method, delta, index) ?? [];
	}
	*#start(item, startedAt) {
		const { id } = item;
		if (typeof id !== "string" || this.#items.has(id) || this.#completed.has(id)) return;
		yield* this.#endRetry();
		const open = new OpenItem(id, item, startedAt);
		this.#items.set(id, open);
		yield* open.start();
		for (const { request, itemId } of [...this.#early.values()]) {
			if (itemId !== id) continue;
			this.#early.delete(request.id);
			yield* this.ask(request, id);
		}
	}
	*#complete(item, endedAt) {
		const { id } = item;
		if (typeof id !== "string" || this.#completed.has(id)) return;
		if (!this.#items.has(id)) yield* this.#start(item, null);
		const open = this.#items.get(id);
		this.#items.delete(id);
		this.#completed.add(id);
		yield* this.#requests.endCall(id);
		yield* open?.complete(item, endedAt) ?? [];
		if (item.type === "userMessage") yield* this.#add(id, item);
		if (item.type !== "enteredReviewMode") this.#hasBegun = true;
	}
	*#add(id, item) {
		if (!this.#hasBegun) return;
		const source = {
			base: {
				id,
				state: "completed",
				startedAt: null,
				endedAt: null,
				incomplete: false
			},
			item,
			text: ""
		};
		const none = {
			summary: [],
			raw: [],
			output: {
				head: "",
				omitted: 0,
				tail: ""
			}
		};
		const { text: words, attachments } = userMessage({
			...source,
			...none,
			progress: null
		});
		yield {
			type: "userMessage",
			id,
			text: words,
			attachments
		};
	}
	*#change(diff) {
		if (diff === this.#diff) return;
		this.#diff = diff;
		yield {
			type: "diff",
			diff
		};
	}
	*#count(tokens) {
		const [total, last] = [usageOf(tokens.total), usageOf(tokens.last)];
		if (!total || !last) return;
		this.#usedBefore ??= minus(total, last);
		this.#usage = minus(total, this.#usedBefore);
		yield {
			type: "usage",
			usage: this.#usage
		};
	}
	*#fail(params) {
		const content = params.willRetry === true ? retry(params, null) : void 0;
		if (!content) return;
		const note = this.#retrying ?? this.#noteOf(`retry:${++this.#retries}`, content);
		this.#retrying = note;
		note.content = content;
		yield {
			type: "entry",
			entry: note.view(false)
		};
	}
	*#endRetry() {
		const note = this.#retrying;
		if (!note) return;
		this.#retrying = void 0;
		note.content = {
			...note.content,
			state: "completed"
		};
		yield {
			type: "entry",
			entry: note.view(false)
		};
	}
	*#note(method, params) {
		const note = noted(method, params, null) ?? warning(method, params, null);
		if (!note) return;
		const { fields } = note.content;
		if (fields.kind === "plan") {
			yield {
				type: "steps",
				explanation: fields.text,
				steps: fields.steps
			};
			return;
		}
		yield {
			type: "entry",
			entry: this.#noteOf(note.key, note.content).view(false)
		};
	}
	#noteOf(key, content) {
		return new Note(`${this.#turnId}:${key}`, content, 0);
	}
	*#finish(turn) {
		for (const item of records(turn.items)) yield* this.#complete(item, null);
		const { status } = turn;
		const error = errorView(turn.error);
		yield* this.#end({
			status: status === "completed" || status === "interrupted" ? status : "failed",
			error: error && {
				message: quoteForeign(detailed(error.message, error.details), MAX_ERROR),
				code: error.code
			},
			durationMs: numberOrNull(turn.durationMs)
		});
	}
	*#end(ending) {
		if (this.#hasEnded) return;
		this.#hasEnded = true;
		this.#early.clear();
		yield* this.#endRetry();
		yield* this.#requests.end();
		for (const item of this.#items.values()) yield* item.cut();
		this.#items.clear();
		yield {
			type: "end",
			ending: {
				...ending,
				usage: this.#usage
			}
		};
	}
	#item({ itemId }) {
		return typeof itemId === "string" ? this.#items.get(itemId) : void 0;
	}
};
function detailed(message, details) {
	return details === null ? message : `${message}: ${details}`;
}
// src/web/parts/part-reader.ts
var PartReader = class {
	#turn;
	#notifications;
	#parts;
	#news = [];
	#watch;
	#next;
	#wake = deferred();
	#hasLeft = false;
	constructor(turn, options) {
		this.#turn = turn;
		this.#notifications = turn.stream(options);
		this.#parts = new TurnParts(turn.id);
	}
	async read() {
		for (;;) {
			if (this.#hasLeft) return void 0;
			if (!this.#watch) return this.#begin();
			const news = this.#takeNews();
			if (news.length > 0) return news;
			if (this.#parts.hasEnded) return this.leave();
			const parts = await this.#readNext();
			if (parts.length > 0) return parts;
		}
	}
	leave() {
		this.#hasLeft = true;
		this.#watch?.[dispose]();
		this.#notifications.return(void 0).catch(() => {});
		this.#wake.resolve(void 0);
	}
	#begin() {
		this.#watch = requestsOf(this.#turn).watch({
			added: (request, itemId) => this.#add(this.#parts.ask(request.toJSON(), itemId)),
			settled: (request, reason, option) => this.#settle(request, reason, option)
		});
		return [{ type: "start" }, ...this.#takeNews()];
	}
	async #readNext() {
		this.#next ??= this.#notifications.next().then((result) => ({ result }), (error) => ({ error }));
		this.#wake = deferred();
		const read = await Promise.race([this.#next, this.#wake.promise]);
		if (read === void 0) return [];
		this.#next = void 0;
		const news = this.#takeNews();
		if ("error" in read) return [...news, ...this.#parts.lose(read.error)];
		const { value, done } = read.result;
		if (done) return [...news, ...this.#parts.lose(/* @__PURE__ */ new Error("The turn ended without a result"))];
		return [...news, ...this.#parts.take(value)];
	}
	#settle(request, reason, option) {
		this.#add(this.#parts.settle(request.toJSON(), reason, option));
	}
	#add(parts) {
		this.#news.push(...parts);
		if (this.#news.length > 0) this.#wake.resolve(void 0);
	}
	#takeNews() {
		const news = this.#news;
		this.#news = [];
		return news;
	}
};
// src/web/turn-stream.ts
const TURN_STREAM_CHECKS = {
	signal,
	timeoutMs: isThing("a number of milliseconds", (value) => typeof value === "number"),
	onCancel: isThing("\"continue\" or \"interrupt\"", (value) => value === "continue" || value === "interrupt")
};
const RESPONSE_CHECKS = {
	...TURN_STREAM_CHECKS,
	headers: anything,
	keepAliveMs: milliseconds
};
function checkTurn(subject, turn, options, checks) {
	if (!(turn instanceof Turn)) throw new TypeError(`${subject}: the turn must be what thread.turn() resolves with, not ${describe(turn)}`);
	requireOptions(subject, options, checks);
}
function turnStream(turn, { signal, timeoutMs, onCancel }, convert) {
	const reader = new PartReader(turn, {
		signal,
		timeoutMs
	});
	return new ReadableStream({
		async pull(controller) {
			for (;;) {
				const parts = await reader.read();
				if (parts === void 0) {
					controller.close();
					return;
				}
				const chunks = parts.flatMap((part) => [...convert(part)]);
				for (const chunk of chunks) controller.enqueue(chunk);
				if (chunks.length > 0) return;
			}
		},
		cancel() {
			reader.leave();
			if (onCancel === "interrupt") turn.interrupt().catch(() => {});
		}
	}, { highWaterMark: 0 });
}
// src/web/media-type.ts
function mediaTypeOf(url) {
	const data = /^data:([\w.+-]+\/[\w.+-]+)[;,]/i.exec(url)?.[1];
	if (data !== void 0) return data.toLowerCase();
	const extension = /\.(\w+)(?:[?#].*)?$/.exec(url)?.[1]?.toLowerCase() ?? "";
	return TYPES[extension] ?? "image/png";
}
const TYPES = {
	jpg: "image/jpeg",
	jpeg: "image/jpeg",
	gif: "image/gif",
	webp: "image/webp",
	mp3: "audio/mpeg",
	wav: "audio/wav",
	ogg: "audio/ogg"
};
// src/web/parts/part.ts
function isReasoning(kind) {
	return kind === "reasoning" || kind === "reasoningSummary";
}
// src/web/ag-ui/converter.ts
const PROTOCOL_VERSION = "1.0";
var AGUIConverter = class {
	#threadId;
	#runId;
	#texts = /* @__PURE__ */ new Map();
	#withoutInput = /* @__PURE__ */ new Set();
	#steps = /* @__PURE__ */ new Set();
	constructor(run) {
		this.#threadId = run.threadId;
		this.#runId = run.runId;
	}
	*convert(part) {
		switch (part.type) {
			case "start":
				yield {
					type: "RUN_STARTED",
					...this.#run,
					protocolVersion: PROTOCOL_VERSION
				};
				return;
			case "textStart":
				this.#texts.set(part.id, part);
				yield* isReasoning(part.kind) ? startReasoning(part.id) : startMessage(part);
				return;
			case "textDelta": {
				const { id, delta } = part;
				yield {
					type: isReasoning(this.#texts.get(id)?.kind) ? "REASONING_MESSAGE_CONTENT" : "TEXT_MESSAGE_CONTENT",
					messageId: id,
					delta
				};
				return;
			}
			case "textEnd":
				yield* this.#endText(part);
				return;
			case "callStart":
				this.#withoutInput.add(part.id);
				yield {
					type: "TOOL_CALL_START",
					toolCallId: part.id,
					toolCallName: part.name
				};
				return;
			case "callInput":
				yield* this.#input(part.id, part.input);
				return;
			case "callProgress":
				yield {
					type: "CUSTOM",
					name: "codex.toolOutput",
					value: {
						toolCallId: part.id,
						output: part.output
					}
				};
				return;
			case "callEnd":
				yield* this.#input(part.id, {});
				yield resultOf(part);
				return;
			case "request": {
				const { request, callId: toolCallId } = part;
				yield {
					type: "CUSTOM",
					name: "codex.request",
					value: {
						request,
						toolCallId,
						state: "pending"
					}
				};
				return;
			}
			case "requestSettled": {
				const { request, callId: toolCallId, reason: state, option } = part;
				yield {
					type: "CUSTOM",
					name: "codex.request",
					value: {
						request,
						toolCallId,
						state,
						...option ? { answer: option.id } : {}
					}
				};
				return;
			}
			case "userMessage":
				yield {
					type: "TEXT_MESSAGE_START",
					messageId: part.id,
					role: "user"
				};
				yield {
					type: "TEXT_MESSAGE_CONTENT",
					messageId: part.id,
					delta: part.text
				};
				yield {
					type: "TEXT_MESSAGE_END",
					messageId: part.id
				};
				return;
			case "steps": {
				const { explanation, steps } = part;
				yield {
					type: "ACTIVITY_SNAPSHOT",
					messageId: `${this.#runId}:plan`,
					activityType: "PLAN",
					content: {
						explanation,
						steps
					}
				};
				return;
			}
			case "diff":
				yield {
					type: "ACTIVITY_SNAPSHOT",
					messageId: `${this.#runId}:diff`,
					activityType: "DIFF",
					content: { diff: part.diff }
				};
				return;
			case "entry":
				yield {
					type: "CUSTOM",
					name: "codex.entry",
					value: part.entry
				};
				yield* this.#step(part.entry);
				return;
			case "end":
				for (const stepName of [...this.#steps]) yield* this.#finish(stepName);
				yield this.#end(part.ending);
		}
	}
	*#endText({ id, incomplete }) {
		const start = this.#texts.get(id);
		if (!start) return;
		this.#texts.delete(id);
		const { kind, phase } = start;
		const marks = incomplete ? { metadata: { codex: {
			kind,
			phase,
			incomplete
		} } } : {};
		if (isReasoning(kind)) {
			yield {
				type: "REASONING_MESSAGE_END",
				messageId: id,
				...marks
			};
			yield {
				type: "REASONING_END",
				messageId: id
			};
		} else yield {
			type: "TEXT_MESSAGE_END",
			messageId: id,
			...marks
		};
	}
	*#input(toolCallId, input) {
		if (!this.#withoutInput.delete(toolCallId)) return;
		yield {
			type: "TOOL_CALL_ARGS",
			toolCallId,
			delta: JSON.stringify(input) ?? "null"
		};
		yield {
			type: "TOOL_CALL_END",
			toolCallId
		};
	}
	*#step(entry) {
		if (entry.kind === "compaction") yield* entry.state === "running" ? this.#begin("compaction") : this.#finish("compaction");
		else if (entry.kind === "review") yield* entry.action === "begun" ? this.#begin("review") : this.#finish("review");
	}
	*#begin(stepName) {
		if (this.#steps.has(stepName)) return;
		this.#steps.add(stepName);
		yield {
			type: "STEP_STARTED",
			stepName
		};
	}
	*#finish(stepName) {
		if (this.#steps.delete(stepName)) yield {
			type: "STEP_FINISHED",
			stepName
		};
	}
	#end({ status, error, usage: used }) {
		const usage = used ? { usage: [runUsage(used)] } : {};
		if (status === "failed" || status === "lost") {
			const code = error?.code ? { code: error.code } : {};
			return {
				type: "RUN_ERROR",
				message: error?.message ?? "The turn failed",
				...code,
				...usage
			};
		}
		const type = status === "completed" ? "success" : "cancelled";
		return {
			type: "RUN_FINISHED",
			...this.#run,
			outcome: { type },
			...usage
		};
	}
	get #run() {
		return {
			threadId: this.#threadId,
			runId: this.#runId
		};
	}
};
function* startReasoning(messageId) {
	yield {
		type: "REASONING_START",
		messageId
	};
	yield {
		type: "REASONING_MESSAGE_START",
		messageId,
		role: "reasoning"
	};
}
function* startMessage({ id, kind, phase }) {
	yield {
		type: "TEXT_MESSAGE_START",
		messageId: id,
		role: "assistant",
		metadata: { codex: {
			kind,
			phase
		} }
	};
}
function resultOf({ id, state, output, error, media }) {
	return {
		type: "TOOL_CALL_RESULT",
		messageId: `${id}:result`,
		toolCallId: id,
		role: "tool",
		content: contentOf(state === "completed" ? JSON.stringify(output) : error, media),
		metadata: { codex: { state } }
	};
}
function contentOf(text, media) {
	if (media.length === 0) return text;
	const parts = media.map((url) => {
		return {
			type: mediaTypeOf(url).startsWith("audio/") ? "audio" : "image",
			source: sourceOf(url)
		};
	});
	return [{
		type: "text",
		text
	}, ...parts];
}
function sourceOf(url) {
	const data = /^data:[^,]*;base64,(.*)$/s.exec(url)?.[1];
	return data === void 0 ? {
		type: "url",
		value: url
	} : {
		type: "data",
		value: data,
		mimeType: mediaTypeOf(url)
	};
}
function runUsage(usage) {
	const { inputTokens, outputTokens, totalTokens, reasoningOutputTokens, cachedInputTokens } = usage;
	return {
		inputTokens,
		outputTokens,
		totalTokens,
		cachedInputTokens,
		reasoningTokens: reasoningOutputTokens
	};
}
// src/web/ag-ui/stream.ts
const IDS = {
	threadId: nonEmpty,
	runId: nonEmpty
};
function toAGUI(turn, options = {}) {
	checkTurn("toAGUI", turn, options, {
		...TURN_STREAM_CHECKS,
		...IDS
	});
	const { threadId = turn.threadId, runId = turn.id, ...streaming } = options;
	const converter = new AGUIConverter({
		threadId,
		runId
	});
	return turnStream(turn, streaming, (part) => converter.convert(part));
}
function toAGUIResponse(turn, options = {}) {
	checkTurn("toAGUIResponse", turn, options, {
		...RESPONSE_CHECKS,
		...IDS
	});
	const { headers, keepAliveMs, ...rest } = options;
	return eventStreamResponse(toAGUI(turn, rest), {
		headers,
		keepAliveMs
	});
}
// src/web/message-input.ts
function messageInput(message) {
	const items = partsOf(message).flatMap(inputItem);
	if (items.length > 0) return items;
	throw new InvalidInputError("The message is empty: it needs a text, an image or a recording");
}
function partsOf(message) {
	const { parts, content } = isRecord(message) ? message : {};
	if (Array.isArray(parts)) return parts;
	if (Array.isArray(content)) return content;
	if (typeof content === "string") return [{
		type: "text",
		text: content
	}];
	throw new InvalidInputError(`The message must have parts (AI SDK) or content (AG-UI), got ${describe(message)}`);
}
function inputItem(part) {
	const { type, text, mediaType, url, source } = isRecord(part) ? part : {};
	switch (type) {
		case "text": return typeof text === "string" && text !== "" ? [{
			type,
			text
		}] : [];
		case "file": return [fileItem(String(mediaType), url)];
		case "image":
		case "audio": return [mediaItem(type, urlOf(source))];
		case "step-start": return [];
		default: throw new InvalidInputError(`The message has a part of the type ${show(type)}; it can have texts, images and recordings`);
	}
}
function fileItem(mediaType, url) {
	const type = /^(image|audio)(?:\/|$)/.exec(mediaType)?.[1];
	if (type === "image" || type === "audio") return mediaItem(type, url);
	throw new InvalidInputError(`The message has a file of the type ${show(mediaType)}; only images and recordings can be sent`);
}
function urlOf(source) {
	const { type, value, mimeType } = isRecord(source) ? source : {};
	return type === "data" ? `data:${mimeType};base64,${value}` : value;
}
function mediaItem(type, url) {
	if (typeof url === "string" && /^data:/i.test(url)) return type === "image" ? {
		type,
		url
	} : {
		type,
		url
	};
	throw new InvalidInputError(`The message has an ${type === "image" ? "image" : "audio recording"} that isn't a data: URL in base64`);
}
// src/web/ui-messages/converter.ts
const CALL = {
	dynamic: true,
	providerExecuted: true
};
var UIMessageConverter = class {
	#threadId;
	#turnId;
	#texts = /* @__PURE__ */ new Map();
	#approvals = /* @__PURE__ */ new Map();
	constructor({ threadId, id }) {
		this.#threadId = threadId;
		this.#turnId = id;
	}
	*convert(part) {
		switch (part.type) {
			case "start":
				yield {
					type: "start",
					messageId: this.#turnId,
					messageMetadata: this.#metadata({})
				};
				yield { type: "start-step" };
				return;
			case "textStart":
			case "textDelta":
			case "textEnd":
				yield* this.#text(part);
				return;
			case "callStart":
				yield {
					type: "tool-input-start",
					toolCallId: part.id,
					toolName: part.name,
					...CALL
				};
				return;
			case "callInput": {
				const { id, name, input } = part;
				yield {
					type: "tool-input-available",
					toolCallId: id,
					toolName: name,
					input,
					...CALL
				};
				return;
			}
			case "callProgress": {
				if (this.#isWaiting(part.id)) return;
				const { id, output } = part;
				yield {
					type: "tool-output-available",
					toolCallId: id,
					output,
					...CALL,
					preliminary: true
				};
				return;
			}
			case "callEnd":
				yield* this.#endCall(part);
				return;
			case "request":
				yield* this.#ask(part);
				return;
			case "requestSettled":
				yield* this.#settle(part);
				return;
			case "userMessage": {
				const { id, text, attachments } = part;
				yield {
					type: "data-message",
					id,
					data: {
						text,
						attachments
					}
				};
				return;
			}
			case "source":
				yield {
					type: "source-url",
					sourceId: part.id,
					url: part.url
				};
				return;
			case "steps": {
				const { explanation, steps } = part;
				yield {
					type: "data-plan",
					id: this.#turnId,
					data: {
						explanation,
						steps
					}
				};
				return;
			}
			case "diff":
				yield {
					type: "data-diff",
					id: this.#turnId,
					data: { diff: part.diff }
				};
				return;
			case "entry":
				yield {
					type: "data-entry",
					id: part.entry.id,
					data: part.entry
				};
				return;
			case "usage":
				yield {
					type: "message-metadata",
					messageMetadata: this.#metadata({ usage: part.usage })
				};
				return;
			case "end": yield* this.#end(part.ending);
		}
	}
	*#text(part) {
		const { id } = part;
		const start = part.type === "textStart" ? part : this.#texts.get(id);
		if (!start) return;
		const { kind, phase } = start;
		const name = isReasoning(kind) ? "reasoning" : "text";
		if (part.type === "textStart") {
			this.#texts.set(id, part);
			yield {
				type: `${name}-start`,
				id,
				providerMetadata: { codex: {
					kind,
					phase
				} }
			};
		} else if (part.type === "textDelta") yield {
			type: `${name}-delta`,
			id,
			delta: part.delta
		};
		else {
			this.#texts.delete(id);
			const mark = { providerMetadata: { codex: {
				kind,
				phase,
				incomplete: true
			} } };
			yield {
				type: `${name}-end`,
				id,
				...part.incomplete ? mark : {}
			};
		}
	}
	*#ask({ request, callId }) {
		const { id } = request;
		yield {
			type: "data-request",
			id,
			data: {
				request,
				state: "pending"
			}
		};
		yield* this.#requestApproval(callId, id);
	}
	*#settle(part) {
		const { request, callId, reason, option } = part;
		const { id } = request;
		yield {
			type: "data-request",
			id,
			data: {
				request,
				state: reason,
				...option ? { answer: option.id } : {}
			}
		};
		if (option) yield* this.#respond(callId, option.effect === "accept", option.label);
	}
	*#endCall(part) {
		const { id, state, output, error, media } = part;
		if (state === "declined" && !this.#approvals.has(id)) yield* this.#requestApproval(id, `${id}:approval`, true);
		const wasMade = state === "completed" || state === "failed";
		if (this.#isWaiting(id)) yield* this.#respond(id, wasMade);
		const isRefused = this.#approvals.get(id)?.approved === false;
		this.#approvals.delete(id);
		if (isRefused) yield {
			type: "tool-output-denied",
			toolCallId: id
		};
		else if (state === "completed") yield {
			type: "tool-output-available",
			toolCallId: id,
			output,
			...CALL
		};
		else yield {
			type: "tool-output-error",
			toolCallId: id,
			errorText: error,
			...CALL
		};
		for (const url of media) yield {
			type: "file",
			url,
			mediaType: mediaTypeOf(url)
		};
	}
	*#requestApproval(toolCallId, approvalId, isAutomatic = false) {
		this.#approvals.set(toolCallId, {
			id: approvalId,
			approved: void 0
		});
		yield {
			type: "tool-approval-request",
			approvalId,
			toolCallId,
			...isAutomatic ? { isAutomatic } : {}
		};
	}
	*#respond(callId, approved, reason) {
		const approval = this.#approvals.get(callId);
		if (!approval) return;
		this.#approvals.set(callId, {
			...approval,
			approved
		});
		const why = reason === void 0 ? {} : { reason };
		yield {
			type: "tool-approval-response",
			approvalId: approval.id,
			approved,
			...why
		};
	}
	#isWaiting(callId) {
		const approval = this.#approvals.get(callId);
		return approval !== void 0 && approval.approved === void 0;
	}
	*#end({ status, error, usage, durationMs }) {
		const messageMetadata = this.#metadata({
			status,
			...usage ? { usage } : {},
			...durationMs === null ? {} : { durationMs },
			...error ? { error } : {}
		});
		yield { type: "finish-step" };
		yield {
			type: "message-metadata",
			messageMetadata
		};
		if (status === "interrupted") yield {
			type: "abort",
			reason: error?.message ?? "The turn was interrupted"
		};
		else if (status !== "completed") yield {
			type: "error",
			errorText: error?.message ?? "The turn failed"
		};
		yield {
			type: "finish",
			finishReason: REASONS[status],
			messageMetadata
		};
	}
	#metadata(more) {
		return {
			threadId: this.#threadId,
			turnId: this.#turnId,
			...more
		};
	}
};
const REASONS = {
	completed: "stop",
	failed: "error",
	lost: "error",
	interrupted: "other"
};
// src/web/ui-messages/stream.ts
function toUIMessageStream(turn, options = {}) {
	checkTurn("toUIMessageStream", turn, options, TURN_STREAM_CHECKS);
	const converter = new UIMessageConverter(turn);
	return turnStream(turn, options, (part) => converter.convert(part));
}
function toUIMessageStreamResponse(turn, options = {}) {
	checkTurn("toUIMessageStreamResponse", turn, options, RESPONSE_CHECKS);
	const { headers, keepAliveMs, ...streaming } = options;
	return eventStreamResponse(toUIMessageStream(turn, streaming), {
		headers,
		keepAliveMs
	}, FORMAT);
}
const FORMAT = {
	headers: { "x-vercel-ai-ui-message-stream": "v1" },
	last: "[DONE]"
};
export { messageInput, toAGUI, toAGUIResponse, toUIMessageStream, toUIMessageStreamResponse };

//# sourceMappingURL=index.js.map