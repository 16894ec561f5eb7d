import { r as isRecord } from "./describe-_qXpbH4d.js";
import { c as numberOrNull, d as text, f as textOrNull, i as itemEntry, l as recordOf, o as errorView, s as isSame, u as records } from "./usage-BGfS7uII.js";
// src/timeline/note.ts
var Note = class {
	id;
	begun;
	startedAt;
	ended;
	#content;
	#wasOver = false;
	#view;
	constructor(id, content, begun) {
		this.id = id;
		this.begun = begun;
		this.ended = begun;
		this.startedAt = content.startedAt;
		this.#content = content;
	}
	get content() {
		return this.#content;
	}
	set content(content) {
		this.#content = content;
		this.#view = void 0;
	}
	isShown() {
		return true;
	}
	view(turnIsOver) {
		if (this.#view && this.#wasOver === turnIsOver) return this.#view;
		this.#wasOver = turnIsOver;
		const { fields, state, endedAt } = this.#content;
		const isCut = turnIsOver && state === "running";
		const base = {
			id: this.id,
			state: isCut ? "interrupted" : state,
			startedAt: this.startedAt,
			endedAt,
			incomplete: false
		};
		const { kind, ...rest } = fields;
		this.#view = {
			kind,
			...base,
			...rest
		};
		return this.#view;
	}
};
// src/timeline/notices.ts
function noted(method, params, at) {
	switch (method) {
		case "turn/plan/updated": return {
			key: "plan",
			content: plan(params, at)
		};
		case "hook/started":
		case "hook/completed": return isRecord(params.run) ? hook(params.run) : void 0;
		case "model/rerouted": {
			const { fromModel, toModel, reason } = params;
			const [from, to] = [text(fromModel), text(toModel)];
			const fields = {
				kind: "modelRerouted",
				from,
				to,
				reason: text(reason)
			};
			return once(`rerouted:${from}:${to}`, fields, at);
		}
		case "model/verification": return notice("verification", "warning", "The model asks for verification", at);
		case "modelProvider/authRecoveryStarted":
		case "modelProvider/authRecoveryCompleted": return notice(`auth:${method}`, "info", text(params.message), at);
		case "item/autoApprovalReview/started":
		case "item/autoApprovalReview/completed": return approvalReview(params, at);
		case "autoApprovalReview/strictReviewRequired": return notice("strict", "info", "Every action needs approval from now on", at);
		default: return;
	}
}
function warning(method, params, at) {
	if (method !== "warning" && method !== "guardianWarning") return void 0;
	const message = text(params.message);
	return notice(`${method}:${digest(message)}`, "warning", message, at);
}
function retry(params, at) {
	const error = errorView(params.error);
	if (!error) return void 0;
	return {
		fields: {
			kind: "error",
			...error,
			willRetry: true
		},
		state: "running",
		startedAt: at,
		endedAt: null
	};
}
function plan(params, at) {
	const steps = records(params.plan).map(({ step, status }) => ({
		text: text(step),
		state: status === "completed" ? status : status === "inProgress" ? "running" : "pending"
	}));
	return {
		fields: {
			kind: "plan",
			text: text(params.explanation),
			steps
		},
		state: "completed",
		startedAt: at,
		endedAt: at
	};
}
function hook(run) {
	const entries = records(run.entries).map((entry) => text(entry.text));
	const fields = {
		kind: "hook",
		event: textOrNull(run.eventName),
		text: [textOrNull(run.statusMessage), ...entries].filter(Boolean).join("\n"),
		durationMs: numberOrNull(run.durationMs)
	};
	const [startedAt, endedAt] = [numberOrNull(run.startedAt), numberOrNull(run.completedAt)];
	return {
		key: `hook:${text(run.id)}`,
		content: {
			fields,
			state: hookState(run.status),
			startedAt,
			endedAt
		}
	};
}
function hookState(status) {
	switch (status) {
		case "running":
		case "completed": return status;
		case "stopped": return "interrupted";
		default: return "failed";
	}
}
function approvalReview(params, at) {
	const { status, rationale } = recordOf(params.review);
	const fields = {
		kind: "notice",
		level: "info",
		text: [`Automatic review of an approval: ${text(status)}`, textOrNull(rationale)].filter(Boolean).join(". ")
	};
	const startedAt = numberOrNull(params.startedAtMs) ?? at;
	const endedAt = numberOrNull(params.completedAtMs);
	const state = status === "inProgress" ? "running" : "completed";
	return {
		key: `approval:${text(params.reviewId)}`,
		content: {
			fields,
			state,
			startedAt,
			endedAt
		}
	};
}
function digest(words) {
	let hash = 2166136261;
	for (let at = 0; at < words.length; at++) hash = Math.imul(hash ^ words.charCodeAt(at), 16777619) >>> 0;
	return hash.toString(36);
}
function notice(key, level, words, at) {
	return once(key, {
		kind: "notice",
		level,
		text: words
	}, at);
}
function once(key, fields, at) {
	return {
		key,
		content: {
			fields,
			state: "completed",
			startedAt: at,
			endedAt: at
		}
	};
}
// src/timeline/bounded.ts
const HEAD = 16384;
const TAIL = 49152;
function bounded(text) {
	const output = new GrowingOutput();
	output.append(text);
	return output.view;
}
var GrowingOutput = class {
	#head = "";
	#pieces = [];
	#first = 0;
	#kept = 0;
	#length = 0;
	append(text) {
		this.#length += text.length;
		const room = HEAD - this.#head.length;
		this.#head += room > 0 ? text.slice(0, room) : "";
		const rest = room > 0 ? text.slice(room) : text;
		if (rest === "") return;
		this.#pieces.push(rest);
		this.#kept += rest.length;
		this.#shed();
	}
	get view() {
		const kept = this.#pieces.slice(this.#first).join("");
		if (this.#length <= 65536) return {
			head: this.#head + kept,
			omitted: 0,
			tail: ""
		};
		const head = detached(withoutHalf(this.#head));
		const tail = detached(kept.slice(startOfCharacter(kept, kept.length - TAIL)));
		return {
			head,
			omitted: this.#length - head.length - tail.length,
			tail
		};
	}
	#shed() {
		let oldest = this.#pieces[this.#first] ?? "";
		while (this.#kept - oldest.length > TAIL) {
			this.#kept -= oldest.length;
			this.#pieces[this.#first++] = "";
			oldest = this.#pieces[this.#first] ?? "";
		}
		if (this.#first < this.#pieces.length / 2) return;
		this.#pieces = this.#pieces.slice(this.#first);
		this.#first = 0;
	}
};
function detached(text) {
	return ` ${text}`.slice(1);
}
function withoutHalf(text) {
	return isFirstHalf(text.charCodeAt(text.length - 1)) ? text.slice(0, -1) : text;
}
function startOfCharacter(text, at) {
	return at > 0 && isFirstHalf(text.charCodeAt(at - 1)) ? at + 1 : at;
}
function isFirstHalf(code) {
	return code >= 55296 && code <= 56319;
}
// src/timeline/item-model.ts
const MAX_PARTS = 1e4;
const TYPE_OF = {
	"item/agentMessage/delta": "agentMessage",
	"item/plan/delta": "plan",
	"item/reasoning/summaryTextDelta": "reasoning",
	"item/reasoning/textDelta": "reasoning",
	"item/commandExecution/outputDelta": "commandExecution"
};
function typeOf(method) {
	return TYPE_OF[method];
}
var ItemModel = class {
	id;
	begun;
	startedAt = null;
	ended = Number.POSITIVE_INFINITY;
	#item;
	#endedAt = null;
	#incomplete;
	#isDone = false;
	#isTorn = false;
	#text = "";
	#summary = [];
	#raw = [];
	#output;
	#wholeOutput;
	#progress = null;
	#wasOver = false;
	#view;
	constructor(id, begun, item, isWhole, startedAt) {
		this.id = id;
		this.begun = begun;
		this.#item = item;
		this.#incomplete = !isWhole;
		this.#take(item);
		this.startedAt ??= startedAt;
	}
	get isDone() {
		return this.#isDone;
	}
	complete(item, endedAt) {
		this.#take(item);
		this.#isDone = true;
		this.#incomplete = false;
		this.startedAt ??= numberOrNull(item.startedAtMs);
		this.#endedAt = numberOrNull(item.completedAtMs) ?? endedAt;
		this.#progress = null;
	}
	tear() {
		if (this.#isDone || this.#isTorn) return;
		this.#isTorn = true;
		this.#incomplete = true;
		this.#view = void 0;
	}
	append(method, delta, index) {
		if (this.#isDone || this.#isTorn || delta === "") return false;
		switch (method) {
			case "item/agentMessage/delta":
			case "item/plan/delta":
				this.#text += delta;
				break;
			case "item/reasoning/summaryTextDelta":
				addTo(this.#summary, index, delta);
				break;
			case "item/reasoning/textDelta":
				addTo(this.#raw, index, delta);
				break;
			default:
				this.#output ??= new GrowingOutput();
				this.#output.append(delta);
				this.#wholeOutput = void 0;
		}
		this.#view = void 0;
		return true;
	}
	update(members) {
		if (this.#isDone || isSame({
			...this.#item,
			...members
		}, this.#item)) return false;
		this.#item = {
			...this.#item,
			...members
		};
		this.#view = void 0;
		return true;
	}
	setProgress(message) {
		if (this.#isDone || this.#progress === message) return false;
		this.#progress = message;
		this.#view = void 0;
		return true;
	}
	isShown(turnIsOver) {
		if (this.#isDone || !turnIsOver) return true;
		const { type } = this.#item;
		if (type === "agentMessage" || type === "plan") return this.#text !== "";
		return type !== "reasoning" || this.#summary.length + this.#raw.length > 0;
	}
	view(turnIsOver) {
		if (this.#view && (this.#isDone || this.#wasOver === turnIsOver)) return this.#view;
		this.#wasOver = turnIsOver;
		this.#wholeOutput ??= this.#output?.view ?? bounded("");
		this.#view = itemEntry({
			base: {
				id: this.id,
				state: this.#state(turnIsOver),
				startedAt: this.startedAt,
				endedAt: this.#endedAt,
				incomplete: this.#incomplete
			},
			item: this.#item,
			text: this.#text,
			summary: [...this.#summary],
			raw: [...this.#raw],
			output: this.#wholeOutput,
			progress: this.#progress
		});
		if (this.#isDone) this.#release();
		return this.#view;
	}
	#state(turnIsOver) {
		if (!this.#isDone) return turnIsOver ? "interrupted" : "running";
		const { status } = this.#item;
		return status === "failed" || status === "declined" || status === "interrupted" ? status : "completed";
	}
	#take(item) {
		this.#item = item;
		this.startedAt ??= numberOrNull(item.startedAtMs);
		this.#text = textOrNull(item.text) ?? this.#text;
		if (item.type === "reasoning") {
			if (Array.isArray(item.summary)) this.#summary = parts(item.summary);
			if (Array.isArray(item.content)) this.#raw = parts(item.content);
		}
		if (typeof item.aggregatedOutput === "string") {
			this.#output = new GrowingOutput();
			this.#output.append(item.aggregatedOutput);
			this.#wholeOutput = void 0;
		}
		this.#view = void 0;
	}
	#release() {
		this.#item = { type: this.#item.type };
		this.#text = "";
		this.#summary = [];
		this.#raw = [];
		this.#output = void 0;
		this.#wholeOutput = void 0;
	}
};
function parts(value) {
	return value.slice(0, MAX_PARTS).map(text);
}
function addTo(all, index, delta) {
	if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= MAX_PARTS) return;
	while (all.length <= index) all.push("");
	all[index] += delta;
}
export { warning as a, retry as i, typeOf as n, Note as o, noted as r, ItemModel as t };

//# sourceMappingURL=item-model-BE_1vM-z.js.map