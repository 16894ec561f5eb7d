import { C as CodexError, I as dispose, h as requireOptions, n as boolean, s as isThing } from "../chunks/checks-CUlVF2ON.js";
import { t as version } from "../chunks/version-CqA_qoI8.js";
import { c as safeMessage, i as messageOf } from "../chunks/describe-_qXpbH4d.js";
import { d as text, f as textOrNull, l as recordOf, n as usageOf, o as errorView, r as agentThreadIds, t as minus } from "../chunks/usage-BGfS7uII.js";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, metrics, propagation, trace } from "@opentelemetry/api";
// src/otel/attributes.ts
const OPERATION = "gen_ai.operation.name";
const PROVIDER = "gen_ai.provider.name";
const MODEL = "gen_ai.request.model";
const TOKEN_TYPE = "gen_ai.token.type";
const TOOL_NAME = "gen_ai.tool.name";
const ERROR_TYPE = "error.type";
const RPC_METHOD = "rpc.method";
const TURN_ID = "codex.turn.id";
const TURN_STATUS = "codex.turn.status";
const ITEM_STATUS = "codex.item.status";
const DECISION = "codex.request.decision";
const AGENT = "codex";
function turnAttributes(threadId, model) {
	return {
		[OPERATION]: "invoke_agent",
		[PROVIDER]: "openai",
		"gen_ai.agent.name": AGENT,
		"gen_ai.conversation.id": threadId,
		...model === void 0 ? {} : { [MODEL]: model }
	};
}
function usageAttributes(usage) {
	return {
		"gen_ai.usage.input_tokens": usage.inputTokens,
		"gen_ai.usage.output_tokens": usage.outputTokens,
		"gen_ai.usage.cache_read.input_tokens": usage.cachedInputTokens,
		"gen_ai.usage.reasoning.output_tokens": usage.reasoningOutputTokens
	};
}
// src/otel/metrics.ts
const SECONDS = [...[
	.01,
	.02,
	.04,
	.08,
	.16,
	.32,
	.64,
	1.28
], ...[
	2.56,
	5.12,
	10.24,
	20.48,
	40.96,
	81.92
]];
const TOKENS = [...[
	1,
	4,
	16,
	64,
	256,
	1024,
	4096,
	16384,
	65536
], ...[
	262144,
	1048576,
	4194304,
	16777216,
	67108864
]];
var Metrics = class {
	#tokens;
	#turns;
	#tools;
	constructor(provider) {
		const meter = provider.getMeter("codex-app-server", version);
		const seconds = (name, description) => meter.createHistogram(name, {
			description,
			unit: "s",
			advice: { explicitBucketBoundaries: SECONDS }
		});
		this.#tokens = meter.createHistogram("gen_ai.client.token.usage", {
			description: "Number of input and output tokens used.",
			unit: "{token}",
			advice: { explicitBucketBoundaries: TOKENS }
		});
		this.#turns = seconds("gen_ai.invoke_agent.duration", "Duration of an agent's invocation.");
		this.#tools = seconds("gen_ai.execute_tool.duration", "Duration of a tool's execution.");
	}
	turn(durationMs, attributes, usage) {
		this.#turns.record(durationMs / 1e3, attributes);
		if (!usage) return;
		this.#tokens.record(usage.inputTokens, {
			...attributes,
			[TOKEN_TYPE]: "input"
		});
		this.#tokens.record(usage.outputTokens, {
			...attributes,
			[TOKEN_TYPE]: "output"
		});
	}
	tool(durationMs, attributes) {
		this.#tools.record(durationMs / 1e3, attributes);
	}
};
// src/otel/failure.ts
function fail(span, type, message) {
	span.setAttribute(ERROR_TYPE, type);
	const why = message === void 0 ? {} : { message: safeMessage(message) };
	span.setStatus({
		code: SpanStatusCode.ERROR,
		...why
	});
}
function failWith(span, error) {
	fail(span, typeOf(error), messageOf(error));
}
function typeOf(error) {
	if (error instanceof CodexError) return error.code;
	return error instanceof Error ? error.name : "_OTHER";
}
// src/otel/requests.ts
var RequestSpans = class {
	#tracer;
	#turns;
	#spans = /* @__PURE__ */ new WeakMap();
	constructor(tracer, turns) {
		this.#tracer = tracer;
		this.#turns = turns;
	}
	started(event) {
		const parent = this.#turns.asks(event) ?? context.active();
		if (!trace.getSpan(parent)) return;
		event.trace = carried(this.#start(event, parent));
	}
	ended(event) {
		const span = this.#spans.get(event);
		if (span && event.error !== void 0) failWith(span, event.error);
		span?.end();
		this.#turns.answered(event);
	}
	#start(event, parent) {
		if (!this.#tracer) return parent;
		const { method } = event;
		const attributes = {
			"rpc.system.name": "jsonrpc",
			[RPC_METHOD]: method
		};
		const span = this.#tracer.startSpan(method, {
			kind: SpanKind.CLIENT,
			attributes
		}, parent);
		this.#spans.set(event, span);
		return trace.setSpan(parent, span);
	}
};
function carried(active) {
	const carrier = {};
	propagation.inject(active, carrier);
	const { traceparent, tracestate } = carrier;
	if (traceparent === void 0) return void 0;
	return {
		traceparent,
		...tracestate === void 0 ? {} : { tracestate }
	};
}
// src/otel/server-requests.ts
const TOOL_CALL = "item/tool/call";
const NAMES = {
	"item/commandExecution/requestApproval": "approval command",
	"item/fileChange/requestApproval": "approval fileChange",
	"item/permissions/requestApproval": "approval permissions",
	execCommandApproval: "approval command",
	applyPatchApproval: "approval fileChange",
	"item/tool/requestUserInput": "question",
	"mcpServer/elicitation/request": "elicitation"
};
var ServerRequestSpans = class {
	#tracer;
	#turns;
	#spans = /* @__PURE__ */ new WeakMap();
	constructor(tracer, turns) {
		this.#tracer = tracer;
		this.#turns = turns;
	}
	started(event) {
		const { method } = event;
		const params = recordOf(event.params);
		const turn = this.#turns.of(params.threadId ?? params.conversationId, params.turnId);
		if (!turn) return;
		const parent = turn.contextOf(params.itemId ?? params.callId);
		const inner = method === TOOL_CALL ? parent : trace.setSpan(parent, this.#start(event, parent));
		event.run = (answer) => context.with(inner, answer);
	}
	ended(event) {
		const span = this.#spans.get(event);
		if (!span) return;
		if (event.error !== void 0) failWith(span, event.error);
		else {
			const decision = decisionOf(recordOf(event.result));
			if (decision !== null) span.setAttribute(DECISION, decision);
		}
		span.end();
	}
	#start(event, parent) {
		const { method } = event;
		const options = {
			kind: SpanKind.INTERNAL,
			attributes: { [RPC_METHOD]: method }
		};
		const span = this.#tracer.startSpan(NAMES[method] ?? method, options, parent);
		this.#spans.set(event, span);
		return span;
	}
};
function decisionOf({ decision, action }) {
	const named = Object.keys(recordOf(decision))[0];
	return textOrNull(decision) ?? named ?? textOrNull(action);
}
// src/otel/tool.ts
function toolOf(item) {
	const { type } = item;
	switch (type) {
		case "commandExecution": {
			const { command, cwd, aggregatedOutput } = item;
			return extension("command", {
				command,
				cwd
			}, aggregatedOutput);
		}
		case "fileChange": return extension("fileChange", item.changes, void 0);
		case "mcpToolCall": return extension(`${text(item.server)}.${text(item.tool)}`, item.arguments, item.result);
		case "webSearch": return extension("webSearch", {
			query: item.query,
			action: item.action
		}, void 0);
		case "imageGeneration": return extension("imageGeneration", item.revisedPrompt, void 0);
		case "collabAgentToolCall": return extension(text(item.tool), item.prompt, void 0);
		case "dynamicToolCall": {
			const { namespace, tool, contentItems } = item;
			return {
				name: typeof namespace === "string" ? `${namespace}.${text(tool)}` : text(tool),
				type: "function",
				arguments: item.arguments,
				result: contentItems
			};
		}
		default: return;
	}
}
function extension(name, args, result) {
	return {
		name,
		type: "extension",
		arguments: args,
		result
	};
}
function callAttributes(id, { name, type }) {
	return {
		[OPERATION]: "execute_tool",
		[TOOL_NAME]: name,
		"gen_ai.tool.type": type,
		"gen_ai.tool.call.id": id
	};
}
function endAttributes(item) {
	const { status, exitCode } = item;
	return {
		...typeof status === "string" ? { [ITEM_STATUS]: status } : {},
		...typeof exitCode === "number" ? { "process.exit.code": exitCode } : {}
	};
}
function failureOf(item) {
	const { status } = item;
	if (status !== "failed" && status !== "declined" && status !== "interrupted") return void 0;
	return text(recordOf(item.error).code) || status;
}
function contentAttributes({ arguments: args, result }) {
	return {
		...args === void 0 ? {} : { "gen_ai.tool.call.arguments": asText(args) },
		...result === void 0 ? {} : { "gen_ai.tool.call.result": asText(result) }
	};
}
function asText(value) {
	return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}
// src/otel/open-turn.ts
var OpenTurn = class {
	threadId;
	context;
	children = /* @__PURE__ */ new Set();
	#recording;
	#span;
	#model;
	#startedAt = performance.now();
	#calls = /* @__PURE__ */ new Map();
	#usedBefore;
	#usage;
	constructor(threadId, model, parent, recording) {
		this.threadId = threadId;
		this.#recording = recording;
		this.#model = model;
		const attributes = turnAttributes(threadId, model);
		const options = {
			kind: SpanKind.CLIENT,
			attributes
		};
		this.#span = recording.tracer.startSpan(`invoke_agent ${AGENT}`, options, parent);
		this.context = trace.setSpan(parent, this.#span);
	}
	set turnId(turnId) {
		this.#span.setAttribute(TURN_ID, turnId);
	}
	contextOf(callId) {
		return (typeof callId === "string" ? this.#calls.get(callId) : void 0)?.context ?? this.context;
	}
	notified(method, params, isOwn) {
		const item = recordOf(params.item);
		if (method === "item/started") this.#startCall(item);
		else if (method === "item/completed") this.#endCall(item);
		else if (method === "thread/tokenUsage/updated" && isOwn) this.#count(recordOf(params.tokenUsage));
		for (const id of agentThreadIds(item)) this.children.add(id);
	}
	end({ status, error }) {
		for (const { span } of this.#calls.values()) {
			fail(span, "interrupted");
			span.end();
		}
		this.#calls.clear();
		if (status !== void 0) this.#span.setAttribute(TURN_STATUS, status);
		if (this.#usage) this.#span.setAttributes(usageAttributes(this.#usage));
		const failure = errorView(status === "failed" ? error : null);
		if (failure) fail(this.#span, failure.code ?? "_OTHER", failure.message);
		else if (status === void 0) failWith(this.#span, error);
		this.#span.end();
		const type = failure ? failure.code ?? "_OTHER" : typeOf(error);
		const isError = failure !== null || status === void 0;
		const attributes = {
			[OPERATION]: "invoke_agent",
			[PROVIDER]: "openai",
			...this.#model === void 0 ? {} : { [MODEL]: this.#model },
			...isError ? { [ERROR_TYPE]: type } : {}
		};
		const durationMs = performance.now() - this.#startedAt;
		this.#recording.metrics.turn(durationMs, attributes, this.#usage);
	}
	#startCall(item) {
		const tool = toolOf(item);
		const { id } = item;
		if (!tool || typeof id !== "string" || this.#calls.has(id)) return void 0;
		const { tracer } = this.#recording;
		const options = {
			kind: SpanKind.INTERNAL,
			attributes: callAttributes(id, tool)
		};
		const span = tracer.startSpan(`execute_tool ${tool.name}`, options, this.context);
		const call = {
			span,
			context: trace.setSpan(this.context, span),
			name: tool.name,
			startedAt: performance.now()
		};
		this.#calls.set(id, call);
		return call;
	}
	#endCall(item) {
		const id = String(item.id);
		const call = this.#calls.get(id) ?? this.#startCall(item);
		if (!call) return;
		this.#calls.delete(id);
		const { span, name, startedAt } = call;
		span.setAttributes(endAttributes(item));
		const tool = toolOf(item);
		if (tool && this.#recording.captureContent) span.setAttributes(contentAttributes(tool));
		const failure = failureOf(item);
		if (failure !== void 0) fail(span, failure);
		span.end();
		this.#recording.metrics.tool(performance.now() - startedAt, {
			[OPERATION]: "execute_tool",
			[TOOL_NAME]: name,
			...failure === void 0 ? {} : { [ERROR_TYPE]: failure }
		});
	}
	#count(tokens) {
		const [total, last] = [usageOf(tokens.total), usageOf(tokens.last)];
		if (!total || !last) return;
		this.#usedBefore ??= minus(total, last);
		this.#usage = minus(total, this.#usedBefore);
	}
};
// src/otel/turns.ts
const STARTS = /* @__PURE__ */ new Set([...[
	"turn/start",
	"review/start",
	"thread/shellCommand",
	"thread/compact/start"
]]);
const OPENS = /* @__PURE__ */ new Set([
	"thread/start",
	"thread/resume",
	"thread/fork"
]);
const MAX_MODELS = 1e3;
var Turns = class {
	#recording;
	#byTurn = /* @__PURE__ */ new Map();
	#asked = /* @__PURE__ */ new Map();
	#models = /* @__PURE__ */ new Map();
	constructor(recording) {
		this.#recording = recording;
	}
	asks({ method, params }) {
		if (!STARTS.has(method)) return void 0;
		const { threadId, model } = recordOf(params);
		if (typeof threadId !== "string") return void 0;
		const turn = new OpenTurn(threadId, typeof model === "string" ? model : this.#models.get(threadId), context.active(), this.#recording);
		this.#asked.get(threadId)?.end({ error: /* @__PURE__ */ new Error("The turn never started") });
		this.#asked.set(threadId, turn);
		return turn.context;
	}
	answered({ method, params, result, error }) {
		if (OPENS.has(method)) this.#learnModel(recordOf(result));
		if (!STARTS.has(method) || error === void 0) return;
		const { threadId } = recordOf(params);
		if (typeof threadId !== "string") return;
		this.#asked.get(threadId)?.end({ error });
		this.#asked.delete(threadId);
	}
	started({ threadId, turnId }) {
		if (this.#byTurn.has(turnId)) return;
		const asked = this.#asked.get(threadId);
		this.#asked.delete(threadId);
		const model = this.#models.get(threadId);
		const turn = asked ?? new OpenTurn(threadId, model, ROOT_CONTEXT, this.#recording);
		turn.turnId = turnId;
		this.#byTurn.set(turnId, turn);
	}
	notified({ threadId, turnId, method, params }) {
		const turn = this.of(threadId, turnId);
		turn?.notified(method, recordOf(params), turn.threadId === threadId);
	}
	ended(event) {
		this.#byTurn.get(event.turnId)?.end(event);
		this.#byTurn.delete(event.turnId);
	}
	of(threadId, turnId) {
		const known = typeof turnId === "string" ? this.#byTurn.get(turnId) : void 0;
		if (known || typeof threadId !== "string") return known;
		const asked = this.#asked.get(threadId);
		if (asked) return asked;
		return [...this.#byTurn.values()].find(({ children }) => children.has(threadId));
	}
	end() {
		const error = /* @__PURE__ */ new Error("The instrumentation was stopped");
		for (const turn of [...this.#byTurn.values(), ...this.#asked.values()]) turn.end({ error });
		this.#byTurn.clear();
		this.#asked.clear();
	}
	#learnModel({ thread, model }) {
		const { id } = recordOf(thread);
		if (typeof id !== "string" || typeof model !== "string") return;
		this.#models.delete(id);
		this.#models.set(id, model);
		for (const oldest of this.#models.keys()) {
			if (this.#models.size <= MAX_MODELS) break;
			this.#models.delete(oldest);
		}
	}
};
// src/otel/instrument.ts
const CHECKS = {
	tracerProvider: has("getTracer"),
	meterProvider: has("getMeter"),
	requests: boolean,
	captureContent: boolean
};
function instrument(options = {}) {
	requireOptions("instrument", options, CHECKS);
	const { tracerProvider = trace, meterProvider = metrics, requests = true } = options;
	const tracer = tracerProvider.getTracer("codex-app-server", version);
	const turns = new Turns({
		tracer,
		metrics: new Metrics(meterProvider),
		captureContent: options.captureContent ?? capturesByEnvironment()
	});
	const sent = new RequestSpans(requests ? tracer : void 0, turns);
	const asked = new ServerRequestSpans(tracer, turns);
	const stops = [
		listen("codex-app-server:request:start", (request) => sent.started(request)),
		listen("codex-app-server:request:end", (request) => sent.ended(request)),
		listen("codex-app-server:turn:start", (turn) => turns.started(turn)),
		listen("codex-app-server:turn:notification", (notification) => turns.notified(notification)),
		listen("codex-app-server:turn:end", (turn) => turns.ended(turn)),
		listen("codex-app-server:server-request:start", (request) => asked.started(request)),
		listen("codex-app-server:server-request:end", (request) => asked.ended(request))
	];
	return { [dispose]: () => {
		for (const stop of stops) stop();
		turns.end();
	} };
}
function listen(name, listener) {
	const onMessage = (message) => listener(message);
	subscribe(name, onMessage);
	return () => void unsubscribe(name, onMessage);
}
function capturesByEnvironment() {
	return process.env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT?.toLowerCase() === "true";
}
function has(method) {
	return isThing(`an object with the function ${method}`, (value) => typeof value?.[method] === "function");
}
export { instrument };

//# sourceMappingURL=index.js.map