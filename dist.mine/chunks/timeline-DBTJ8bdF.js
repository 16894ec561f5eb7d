import { r as isRecord } from "./describe-_qXpbH4d.js";
import { c as numberOrNull, d as text, f as textOrNull, l as recordOf, n as usageOf, o as errorView, r as agentThreadIds, s as isSame, t as minus, u as records } from "./usage-BGfS7uII.js";
import { a as warning, i as retry, n as typeOf, o as Note, r as noted, t as ItemModel } from "./item-model-BE_1vM-z.js";
// src/timeline/schedule.ts
const soon = (run) => typeof setImmediate === "function" ? setImmediate(run) : setTimeout(run, 0);
// src/timeline/sharing.ts
function sharedList(known, list) {
	return known?.length === list.length && known.every((one, index) => one === list[index]) ? known : list;
}
function sharedView(known, view, parts) {
	if (known === void 0) return view;
	return Object.keys(view).every((name) => parts.includes(name) ? known[name] === view[name] : isSame(known[name], view[name])) ? known : view;
}
// src/timeline/thread-record.ts
const STATUS = /* @__PURE__ */ new Set([
	"notLoaded",
	"idle",
	"active",
	"systemError"
]);
var ThreadRecord = class {
	#facts;
	constructor(threadId) {
		this.#facts = {
			threadId,
			name: null,
			preview: "",
			status: null,
			model: null,
			usage: null,
			waitingOnApproval: false,
			waitingOnUserInput: false,
			context: null,
			goal: null,
			agent: null,
			hasOlder: false
		};
	}
	get facts() {
		return this.#facts;
	}
	inform(thread) {
		const { name, preview, model, status, agentNickname, agentRole } = thread;
		if (name === null || typeof name === "string") this.#set({ name });
		if (typeof preview === "string") this.#set({ preview });
		if (typeof model === "string") this.#set({ model });
		if (typeof agentNickname === "string" || typeof agentRole === "string") this.agent({
			nickname: textOrNull(agentNickname),
			role: textOrNull(agentRole)
		});
		this.status(status);
	}
	notified(method, params) {
		switch (method) {
			case "thread/status/changed":
				this.status(params.status);
				return true;
			case "thread/name/updated":
				this.#set({ name: textOrNull(params.threadName) });
				return true;
			case "thread/settings/updated": {
				const model = textOrNull(recordOf(params.threadSettings).model);
				if (model !== null) this.#set({ model });
				return true;
			}
			case "thread/goal/updated":
				this.goal(params.goal);
				return true;
			case "thread/goal/cleared":
				this.goal(null);
				return true;
			case "thread/closed":
				this.status({ type: "notLoaded" });
				return true;
			default: return false;
		}
	}
	status(status) {
		const { type, activeFlags } = recordOf(status);
		if (!STATUS.has(type)) return;
		const flags = Array.isArray(activeFlags) ? activeFlags : [];
		this.#set({
			status: type,
			waitingOnApproval: flags.includes("waitingOnApproval"),
			waitingOnUserInput: flags.includes("waitingOnUserInput")
		});
	}
	goal(goal) {
		this.#set({ goal: isRecord(goal) ? goalView(goal) : null });
	}
	agent(agent) {
		const known = this.#facts.agent ?? {
			path: null,
			nickname: null,
			role: null
		};
		this.#set({ agent: {
			...known,
			...agent
		} });
	}
	set hasOlder(hasOlder) {
		this.#set({ hasOlder });
	}
	countUsage(tokens) {
		const [total, last] = [usageOf(tokens.total), usageOf(tokens.last)];
		if (!total || !last) return void 0;
		const context = {
			used: last.totalTokens,
			window: numberOrNull(tokens.modelContextWindow)
		};
		this.#set({
			usage: total,
			context
		});
		return {
			total,
			last
		};
	}
	#set(facts) {
		const next = {
			...this.#facts,
			...facts
		};
		if (!isSame(next, this.#facts)) this.#facts = next;
	}
};
function goalView(goal) {
	return {
		objective: text(goal.objective),
		status: text(goal.status),
		tokenBudget: numberOrNull(goal.tokenBudget),
		tokensUsed: numberOrNull(goal.tokensUsed) ?? 0,
		timeUsedSeconds: numberOrNull(goal.timeUsedSeconds) ?? 0
	};
}
// src/timeline/turn-entry.ts
function inOrder(entries) {
	const sorted = [...entries].sort((one, other) => byEnd(one, other) || one.begun - other.begun);
	let latest = Number.NEGATIVE_INFINITY;
	return sorted.map((entry) => {
		latest = Math.max(latest, entry.startedAt ?? latest);
		return {
			entry,
			at: entry.startedAt ?? latest
		};
	}).sort((one, other) => compare(one.at, other.at)).map(({ entry }) => entry);
}
function byEnd(one, other) {
	return compare(one.ended, other.ended);
}
function compare(one, other) {
	return one === other ? 0 : one < other ? -1 : 1;
}
// src/timeline/turn-model.ts
const STATES = /* @__PURE__ */ new Map([
	["inProgress", "running"],
	["completed", "completed"],
	["failed", "failed"],
	["interrupted", "interrupted"]
]);
const CERTAINTY = {
	running: 0,
	interrupted: 1,
	completed: 2,
	failed: 2
};
var TurnModel = class {
	id;
	rootId;
	#entries = /* @__PURE__ */ new Map();
	#order;
	#count = 0;
	#ends = 0;
	#state = "running";
	#wasSeenToStart = false;
	#startedAt = null;
	#endedAt = null;
	#durationMs = null;
	#error = null;
	#usage = null;
	#usedBefore;
	#diff = null;
	#retrying;
	#retries = 0;
	#last;
	hasGap = false;
	#view;
	#lastView;
	constructor(id) {
		this.id = id;
	}
	get isOver() {
		return this.#state !== "running";
	}
	isAsIn(turn) {
		return this.isOver && STATES.get(turn.status) === this.#state;
	}
	get startedAt() {
		return this.#startedAt;
	}
	inform(turn) {
		const state = STATES.get(turn.status);
		if (state === void 0 || CERTAINTY[state] < CERTAINTY[this.#state]) return;
		this.#state = state;
		this.#startedAt ??= milliseconds(turn.startedAt);
		this.#endedAt = milliseconds(turn.completedAt) ?? this.#endedAt;
		this.#durationMs = numberOrNull(turn.durationMs) ?? this.#durationMs;
		const error = errorView(turn.error);
		if (error) this.fail(error);
		if (this.isOver) this.endRetry();
		if (typeof turn.rootTurnId === "string") this.rootId = turn.rootTurnId;
		this.#view = void 0;
	}
	fail(error) {
		this.#error = error;
		if (this.#retrying !== void 0 && this.#entries.delete(this.#retrying)) this.#changed();
		this.#retrying = void 0;
		const content = {
			fields: {
				kind: "error",
				...error,
				willRetry: false
			},
			state: "failed",
			startedAt: null,
			endedAt: this.#endedAt
		};
		this.note(`${this.id}:error`, content);
		const entry = this.#entries.get(`${this.id}:error`);
		if (entry) entry.ended = Number.POSITIVE_INFINITY;
	}
	seenToStart() {
		if (!this.isOver && this.#entries.size === 0) this.#wasSeenToStart = true;
	}
	startItem(item, startedAt) {
		this.endRetry();
		const id = idOf(item);
		if (id === void 0 || this.#entries.has(id)) return;
		this.#add(new ItemModel(id, this.#count, item, true, startedAt));
	}
	completeItem(item, endedAt) {
		const id = idOf(item);
		if (id === void 0) return;
		const known = this.#item(id) ?? this.#add(new ItemModel(id, this.#count, item, false, null));
		if (!known || known.isDone) return;
		known.complete(item, endedAt);
		known.ended = this.#ends++;
		this.#changed();
	}
	append(method, itemId, delta, index) {
		if (this.isOver) return;
		const entry = this.#last?.id === itemId ? this.#last : this.#streamed(method, itemId);
		this.#last = entry;
		if (this.#retrying !== void 0) this.endRetry();
		if (entry?.append(method, delta, index)) this.#view = void 0;
	}
	updateItem(itemId, members) {
		if (this.#item(itemId)?.update(members)) this.#view = void 0;
	}
	progress(itemId, message) {
		if (this.#item(itemId)?.setProgress(message)) this.#view = void 0;
	}
	arrange(itemIds) {
		const listed = new Set(itemIds);
		const rest = [...this.#entries.values()].filter(({ id, ended }) => !listed.has(id) && Number.isFinite(ended)).sort((one, other) => one.ended - other.ended).map(({ id }) => id);
		this.#ends = 0;
		for (const id of [...listed, ...rest]) {
			const entry = this.#entries.get(id);
			if (entry && Number.isFinite(entry.ended)) entry.ended = this.#ends++;
		}
		this.#order = void 0;
		this.#view = void 0;
	}
	miss() {
		if (this.isOver) return;
		this.hasGap = true;
		for (const entry of this.#entries.values()) if (entry instanceof ItemModel) entry.tear();
		this.#view = void 0;
	}
	note(id, content) {
		const known = this.#entries.get(id);
		if (known instanceof Note) {
			if (isSame(known.content, content)) return;
			known.content = content;
			this.#view = void 0;
		} else if (!known) this.#add(new Note(id, content, this.#count)).ended = this.#ends++;
	}
	retry(content) {
		if (this.isOver) return;
		this.#retrying ??= `${this.id}:retry:${++this.#retries}`;
		this.note(this.#retrying, content);
	}
	endRetry() {
		const id = this.#retrying;
		const known = id === void 0 ? void 0 : this.#entries.get(id);
		this.#retrying = void 0;
		if (id !== void 0 && known instanceof Note) this.note(id, {
			...known.content,
			state: "completed"
		});
	}
	countUsage(total, last) {
		const isFirst = this.#usedBefore === void 0;
		if (this.isOver || isFirst && (!this.#wasSeenToStart || this.hasGap)) return;
		this.#usedBefore ??= minus(total, last);
		const usage = minus(total, this.#usedBefore);
		if (isSame(usage, this.#usage)) return;
		this.#usage = usage;
		this.#view = void 0;
	}
	set diff(diff) {
		if (this.#diff === diff) return;
		this.#diff = diff;
		this.#view = void 0;
	}
	view(parts = []) {
		if (this.#view && parts.every((part) => part.#view)) return this.#view;
		const view = {
			id: this.id,
			state: this.#state,
			startedAt: this.#startedAt ?? parts[0]?.startedAt ?? null,
			endedAt: this.#endedAt,
			durationMs: this.#durationMs,
			error: this.#error,
			usage: this.#usage,
			diff: this.#diff,
			entries: sharedList(this.#lastView?.entries, this.#entriesWith(parts))
		};
		this.#lastView = sharedView(this.#lastView, view, ["entries"]);
		this.#view = this.#lastView;
		for (const part of parts) part.#view = this.#view;
		return this.#view;
	}
	#entriesWith(parts) {
		const { isOver } = this;
		return this.#ordered(parts).filter((entry) => entry.isShown(isOver)).map((entry) => entry.view(isOver));
	}
	#ordered(parts) {
		this.#order ??= inOrder(this.#entries.values());
		if (parts.length === 0) return this.#order;
		const all = /* @__PURE__ */ new Map();
		for (const { id } of [...parts, this].flatMap((one) => [...one.#entries.values()])) {
			const known = [this, ...parts].map((one) => one.#entries.get(id));
			const best = known.find((entry) => entry && Number.isFinite(entry.ended)) ?? known.find(Boolean);
			if (best) all.set(id, best);
		}
		return inOrder(all.values());
	}
	#streamed(method, itemId) {
		const known = this.#item(itemId);
		if (known || this.#entries.has(itemId)) return known;
		const item = {
			type: typeOf(method),
			id: itemId
		};
		return this.#add(new ItemModel(itemId, this.#count, item, false, null));
	}
	#item(id) {
		const entry = this.#entries.get(id);
		return entry instanceof ItemModel ? entry : void 0;
	}
	#add(entry) {
		this.#count++;
		this.#entries.set(entry.id, entry);
		this.#changed();
		return entry;
	}
	#changed() {
		this.#order = void 0;
		this.#view = void 0;
	}
};
function idOf(item) {
	return text(item.id) === "" ? void 0 : text(item.id);
}
function milliseconds(seconds) {
	const count = numberOrNull(seconds);
	return count === null ? null : count * 1e3;
}
// src/timeline/thread-model.ts
const MAX_NOTICES = 100;
var ThreadModel = class {
	record;
	#named;
	#turns = /* @__PURE__ */ new Map();
	#notices = /* @__PURE__ */ new Map();
	#order;
	#last;
	#count = 0;
	#view;
	constructor(threadId, named) {
		this.record = new ThreadRecord(threadId);
		this.#named = named;
	}
	apply(method, params, at) {
		switch (method) {
			case "item/agentMessage/delta":
			case "item/plan/delta":
			case "item/commandExecution/outputDelta":
				this.#append(method, params, 0);
				return;
			case "item/reasoning/summaryTextDelta":
				this.#append(method, params, params.summaryIndex);
				return;
			case "item/reasoning/textDelta":
				this.#append(method, params, params.contentIndex);
				return;
			case "turn/started":
			case "turn/completed":
				this.#applyTurn(method, recordOf(params.turn));
				return;
			case "warning":
			case "guardianWarning":
				this.#warn(method, params, at);
				return;
		}
		if (this.record.notified(method, params)) return;
		const turn = this.#turn(params.turnId);
		if (turn) this.#applyToTurn(turn, method, params, at);
	}
	merge(turns) {
		for (const turn of records(turns)) {
			const model = this.#turn(turn.id);
			if (!model) continue;
			const items = records(turn.items);
			for (const item of items) {
				this.#name(item);
				if (item.status === "inProgress") model.startItem(item, null);
				else model.completeItem(item, null);
			}
			this.#inform(model, turn);
			if (turn.itemsView !== void 0 && turn.itemsView !== "full") continue;
			model.arrange(items.map(({ id }) => text(id)));
			if (model.isAsIn(turn)) model.hasGap = false;
		}
	}
	miss() {
		for (const turn of this.#turns.values()) turn.miss();
	}
	clear() {
		this.#turns.clear();
		this.#last = void 0;
		this.#order = void 0;
		this.#view = void 0;
	}
	get gaps() {
		return [...this.#turns.values()].filter((turn) => turn.hasGap && !this.#rootOf(turn)).map(({ id }) => id);
	}
	get turnIds() {
		return [...this.#turns.keys()];
	}
	view(agents) {
		const last = this.#view;
		const notices = [...this.#notices.values()].map((note) => note.view(false));
		const view = {
			...this.record.facts,
			turns: sharedList(last?.turns, this.#turnViews()),
			notices: sharedList(last?.notices, notices),
			agents: sharedList(last?.agents, agents)
		};
		this.#view = sharedView(last, view, [
			"turns",
			"notices",
			"agents"
		]);
		return this.#view;
	}
	#turnViews() {
		this.#order ??= this.#ordered();
		return this.#order.map(({ turn, parts }) => turn.view(parts));
	}
	#ordered() {
		const parts = /* @__PURE__ */ new Map();
		const roots = [];
		for (const turn of this.#turns.values()) {
			const root = this.#rootOf(turn);
			if (root) parts.set(root, [...parts.get(root) ?? [], turn]);
			else roots.push(turn);
		}
		return roots.sort(byStart).map((turn) => ({
			turn,
			parts: parts.get(turn) ?? []
		}));
	}
	#rootOf({ id, rootId }) {
		const root = rootId === void 0 || rootId === id ? void 0 : this.#turns.get(rootId);
		return root?.rootId === void 0 || root.rootId === root.id ? root : void 0;
	}
	#applyTurn(method, turn) {
		const model = this.#turn(turn.id);
		if (!model) return;
		if (method === "turn/started") model.seenToStart();
		for (const item of records(turn.items)) if (method === "turn/completed") model.completeItem(item, null);
		this.#inform(model, turn);
	}
	#inform(model, turn) {
		model.inform(turn);
		this.#order = void 0;
	}
	#applyToTurn(turn, method, params, at) {
		switch (method) {
			case "item/started":
			case "item/completed":
				this.#applyItem(turn, method, recordOf(params.item), params);
				return;
			case "item/fileChange/patchUpdated":
				turn.updateItem(text(params.itemId), { changes: params.changes });
				return;
			case "item/mcpToolCall/progress":
				turn.progress(text(params.itemId), text(params.message));
				return;
			case "thread/tokenUsage/updated": {
				const usage = this.record.countUsage(recordOf(params.tokenUsage));
				if (usage) turn.countUsage(usage.total, usage.last);
				return;
			}
			case "turn/diff/updated":
				turn.diff = text(params.diff);
				return;
			case "error":
				this.#applyError(turn, params, at);
				return;
		}
		const note = noted(method, params, at);
		if (note) turn.note(`${turn.id}:${note.key}`, note.content);
	}
	#applyItem(turn, method, item, params) {
		this.#name(item);
		if (method === "item/started") turn.startItem(item, numberOrNull(params.startedAtMs));
		else turn.completeItem(item, numberOrNull(params.completedAtMs));
	}
	#applyError(turn, params, at) {
		const again = params.willRetry === true ? retry(params, at) : void 0;
		const error = errorView(params.error);
		if (again) turn.retry(again);
		else if (error && !turn.isOver) turn.fail(error);
	}
	#append(method, { turnId, itemId, delta }, index) {
		if (typeof itemId !== "string" || typeof delta !== "string") return;
		this.#turn(turnId)?.append(method, itemId, delta, index);
	}
	#warn(method, params, at) {
		const note = warning(method, params, at);
		if (!note) return;
		const running = [...this.#turns.values()].findLast((turn) => !turn.isOver && !this.#rootOf(turn));
		if (running) {
			running.note(`${running.id}:${note.key}`, note.content);
			return;
		}
		if (!this.#notices.has(note.key)) this.#notices.set(note.key, new Note(note.key, note.content, this.#count++));
		for (const oldest of this.#notices.keys()) {
			if (this.#notices.size <= MAX_NOTICES) break;
			this.#notices.delete(oldest);
		}
	}
	#name(item) {
		if (!isRecord(item)) return;
		for (const id of agentThreadIds(item)) this.#named(id, textOrNull(item.agentPath));
	}
	#turn(id) {
		if (typeof id !== "string" || id === "") return void 0;
		if (this.#last?.id === id) return this.#last;
		let turn = this.#turns.get(id);
		if (!turn) {
			turn = new TurnModel(id);
			this.#turns.set(id, turn);
			this.#order = void 0;
		}
		this.#last = turn;
		return turn;
	}
};
const TIME_ORDERED = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;
function byStart(one, other) {
	const [start, otherStart] = [one.startedAt ?? 1e400, other.startedAt ?? 1e400];
	if (start !== otherStart) return start < otherStart ? -1 : 1;
	if (!TIME_ORDERED.test(one.id) || !TIME_ORDERED.test(other.id)) return 0;
	return one.id < other.id ? -1 : 1;
}
// src/timeline/timeline.ts
var Timeline = class {
	threadId;
	#threads = /* @__PURE__ */ new Map();
	#children = /* @__PURE__ */ new Map();
	#listeners = /* @__PURE__ */ new Set();
	#schedule;
	#onError;
	#isScheduled = false;
	#snapshot;
	#lastThread;
	#lastThreadId;
	constructor(threadId, options = {}) {
		this.threadId = threadId;
		const { schedule = soon, onError = throwLater } = options;
		this.#schedule = (callback) => schedule(callback);
		this.#onError = (error) => onError(error);
		this.#threads.set(threadId, this.#model(threadId));
	}
	get snapshot() {
		this.#snapshot ??= this.#view(this.threadId);
		return this.#snapshot;
	}
	subscribe(listener) {
		if (typeof listener !== "function") throw new TypeError(`subscribe: the listener must be a function, not ${typeof listener}`);
		const entry = () => listener();
		this.#listeners.add(entry);
		return () => void this.#listeners.delete(entry);
	}
	apply(notification) {
		const { method, params, emittedAtMs } = notification;
		if (!isRecord(params)) return;
		if (method === "thread/started") {
			this.#applyThread(params.thread);
			return;
		}
		const thread = this.#thread(params.threadId);
		if (!thread) return;
		if (method === "thread/reverted") thread.clear();
		else thread.apply(method, params, numberOrNull(emittedAtMs));
		this.#changed();
	}
	merge(turns, options = {}) {
		const thread = this.#threads.get(options.threadId ?? this.threadId);
		if (!thread) return;
		if (Array.isArray(turns)) thread.merge(turns);
		if (options.hasOlder !== void 0) thread.record.hasOlder = options.hasOlder;
		this.#changed();
	}
	setThread(record) {
		if (isRecord(record)) this.#applyThread(record);
	}
	setGoal(goal) {
		this.#threads.get(this.threadId)?.record.goal(goal);
		this.#changed();
	}
	missed(threadId = this.threadId) {
		this.#threads.get(threadId)?.miss();
		this.#changed();
	}
	gaps(threadId = this.threadId) {
		return this.#threads.get(threadId)?.gaps ?? [];
	}
	statusOf(threadId) {
		return this.#threads.get(threadId)?.record.facts.status ?? null;
	}
	get agentThreadIds() {
		return [...this.#threads.keys()].filter((id) => id !== this.threadId);
	}
	#thread(id) {
		if (this.#lastThreadId !== void 0 && id === this.#lastThreadId) return this.#lastThread;
		const thread = typeof id === "string" ? this.#threads.get(id) : void 0;
		if (thread) {
			this.#lastThread = thread;
			this.#lastThreadId = id;
		}
		return thread;
	}
	#applyThread(record) {
		if (!isRecord(record) || typeof record.id !== "string") return;
		const { id, parentThreadId } = record;
		if (typeof parentThreadId === "string") this.#adopt(parentThreadId, id, null);
		const thread = this.#threads.get(id);
		if (!thread) return;
		thread.record.inform(record);
		if (Array.isArray(record.turns) && record.turns.length > 0) thread.merge(record.turns);
		this.#changed();
	}
	#model(threadId) {
		return new ThreadModel(threadId, (childId, path) => this.#adopt(threadId, childId, path));
	}
	#adopt(parentId, childId, path) {
		if (!this.#threads.has(parentId)) return;
		let child = this.#threads.get(childId);
		if (!child) {
			child = this.#model(childId);
			this.#threads.set(childId, child);
			this.#children.set(parentId, [...this.#children.get(parentId) ?? [], childId]);
		}
		if (childId !== this.threadId) child.record.agent(path === null ? {} : { path });
	}
	#view(threadId) {
		const children = (this.#children.get(threadId) ?? []).map((id) => this.#view(id));
		return (this.#threads.get(threadId) ?? this.#model(threadId)).view(children);
	}
	#changed() {
		this.#snapshot = void 0;
		if (this.#isScheduled || this.#listeners.size === 0) return;
		this.#isScheduled = true;
		this.#schedule(() => this.#tell());
	}
	#tell() {
		this.#isScheduled = false;
		for (const listener of [...this.#listeners]) {
			if (!this.#listeners.has(listener)) continue;
			try {
				const result = listener();
				if (result instanceof Promise) result.catch(this.#onError);
			} catch (error) {
				this.#onError(error);
			}
		}
	}
};
function throwLater(error) {
	queueMicrotask(() => {
		throw error;
	});
}
export { Timeline as t };

//# sourceMappingURL=timeline-DBTJ8bdF.js.map