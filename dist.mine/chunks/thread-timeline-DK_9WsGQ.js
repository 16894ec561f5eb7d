import { I as dispose, j as RequestTimeoutError } from "./checks-CUlVF2ON.js";
import { t as CodexWarning } from "./warning-DAp6LfHQ.js";
import { n as isEphemeral, r as isNoAnswer, t as isBeforeFirstTurn } from "./history-DKwq2Uql.js";
import { t as Timeline } from "./timeline-DBTJ8bdF.js";
import { i as messageOf, r as isRecord } from "./describe-_qXpbH4d.js";
import { a as _usingCtx, i as deadline, t as checkCall } from "./check-calls-9rAXnSef.js";
import { _ as orAborted, i as JsonRpcError, t as InternalRpcError } from "./rpc-errors-Ck2IiD6l.js";
// src/client/timeline-history.ts
const WRITE_LAG_MS = 15e3;
const FIRST_DELAY_MS$1 = 20;
const LONGEST_DELAY_MS = 500;
var TimelineHistory = class {
	#threadId;
	#timeline;
	#server;
	#pageSize;
	#cursor;
	#cursors = /* @__PURE__ */ new Set();
	#read = /* @__PURE__ */ new Set();
	#loading;
	#filling;
	#cuts = 0;
	constructor(threadId, timeline, server, pageSize) {
		this.#threadId = threadId;
		this.#timeline = timeline;
		this.#server = server;
		this.#pageSize = pageSize;
	}
	async loadOlder({ signal, timeoutMs }) {
		try {
			var _usingCtx$1 = _usingCtx();
			const late = (ms) => new RequestTimeoutError("thread/turns/list", ms);
			const limit = _usingCtx$1.u(deadline(signal, timeoutMs, late));
			limit.signal?.throwIfAborted();
			const load = this.#loading ?? this.#startLoading();
			load.waiting++;
			try {
				return await orAborted(load.hasMore, limit.signal);
			} finally {
				load.waiting--;
				if (load.waiting === 0) load.stop();
			}
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			_usingCtx$1.d();
		}
	}
	#startLoading() {
		const controller = new AbortController();
		const hasMore = this.#loadOlder({ signal: controller.signal });
		hasMore.catch(() => {});
		const load = {
			waiting: 0,
			hasMore,
			stop: () => {
				controller.abort();
				if (this.#loading === load) this.#loading = void 0;
			}
		};
		this.#loading = load;
		return load;
	}
	async #loadOlder(options) {
		if (this.#cursor === null) return false;
		const cuts = this.#cuts;
		const page = await this.#page(this.#cursor ?? null, options);
		if (cuts !== this.#cuts) return this.#loadOlder(options);
		if (page === void 0) return false;
		this.#cursor = this.#next(page.next);
		this.#timeline.merge([], {
			threadId: this.#threadId,
			hasOlder: this.#cursor !== null
		});
		return page.turnIds.length > 0;
	}
	async describe(options) {
		const params = { threadId: this.#threadId };
		await this.#server.request("thread/read", params, {
			...options,
			onResult: (result) => this.#timeline.setThread(isRecord(result) ? result.thread : void 0)
		});
		if (!(this.#threadId === this.#timeline.threadId)) return;
		const onResult = (result) => this.#timeline.setGoal(isRecord(result) ? result.goal : void 0);
		await this.#server.request("thread/goal/get", params, {
			...options,
			onResult
		}).catch(refused);
	}
	async catchUp(options) {
		const known = new Set(this.#read);
		let cursor = null;
		const seen = /* @__PURE__ */ new Set();
		do {
			const page = await this.#page(cursor, options);
			if (page === void 0) return;
			cursor = page.next;
			if (this.#cursor === void 0) {
				this.#cursor = this.#next(cursor);
				this.#timeline.merge([], {
					threadId: this.#threadId,
					hasOlder: this.#cursor !== null
				});
			}
			if (known.size === 0 || page.turnIds.some((id) => known.has(id))) return;
			if (cursor !== null && seen.has(cursor)) return;
			if (cursor !== null) seen.add(cursor);
		} while (cursor !== null);
	}
	fillGaps(options) {
		this.#filling ??= this.#fillGaps(options).finally(() => {
			this.#filling = void 0;
		});
		return this.#filling;
	}
	async #fillGaps(options) {
		let waited = 0;
		for (let ms = FIRST_DELAY_MS$1;; ms = Math.min(2 * ms, LONGEST_DELAY_MS)) {
			if (this.#timeline.gaps(this.#threadId).length === 0 || waited > WRITE_LAG_MS) return;
			await this.catchUp(options);
			if (this.#timeline.gaps(this.#threadId).length === 0) return;
			await this.#server.pause(ms, options.signal);
			waited += ms;
		}
	}
	cut() {
		this.#cuts++;
		this.#cursor = void 0;
		this.#cursors.clear();
		this.#read.clear();
	}
	async #page(cursor, options) {
		const cuts = this.#cuts;
		let page;
		const params = {
			threadId: this.#threadId,
			cursor,
			limit: this.#pageSize,
			sortDirection: "desc",
			itemsView: "full"
		};
		const onResult = (result) => {
			if (cuts === this.#cuts) page = this.#take(result);
		};
		try {
			await this.#server.request("thread/turns/list", params, {
				...options,
				onResult
			});
		} catch (error) {
			if (isEphemeral(error) || isBeforeFirstTurn(error)) return void 0;
			if (!(error instanceof JsonRpcError) || error instanceof InternalRpcError) throw error;
			return this.#wholeThread(options);
		}
		return page;
	}
	async #wholeThread(options) {
		let page;
		const onResult = (result) => {
			const thread = isRecord(result) && isRecord(result.thread) ? result.thread : {};
			page = this.#take({
				data: thread.turns,
				nextCursor: null
			});
		};
		const params = {
			threadId: this.#threadId,
			includeTurns: true
		};
		await this.#server.request("thread/read", params, {
			...options,
			onResult
		}).catch(refused);
		return page;
	}
	#take(result) {
		const { data, nextCursor } = isRecord(result) ? result : {};
		const turns = Array.isArray(data) ? data : [];
		this.#timeline.merge(turns, { threadId: this.#threadId });
		const turnIds = turns.flatMap((turn) => isRecord(turn) && typeof turn.id === "string" ? turn.id : []);
		for (const id of turnIds) this.#read.add(id);
		return {
			turnIds,
			next: typeof nextCursor === "string" ? nextCursor : null
		};
	}
	#next(cursor) {
		if (cursor === null || this.#cursors.has(cursor)) return null;
		this.#cursors.add(cursor);
		return cursor;
	}
};
function refused(error) {
	if (!(error instanceof JsonRpcError) || !isNoAnswer(error)) throw error;
}
// src/client/thread-timeline.ts
const DEFAULT_PAGE_SIZE = 20;
const BACKGROUND_TRIES = 8;
const FIRST_DELAY_MS = 50;
var ThreadTimeline = class ThreadTimeline {
	threadId;
	#state;
	#timeline;
	#pageSize;
	#histories = /* @__PURE__ */ new Map();
	#over = new AbortController();
	#observing;
	constructor(session, state, { pageSize = DEFAULT_PAGE_SIZE, schedule }) {
		this.threadId = state.id;
		this.#state = state;
		this.#pageSize = pageSize;
		const onError = (cause) => {
			const message = `A listener of a thread's timeline threw: ${messageOf(cause)}`;
			session.warn(new CodexWarning("LISTENER_FAILED", message, { cause }));
		};
		this.#timeline = new Timeline(state.id, {
			schedule,
			onError
		});
		state.retain();
		this.#observing = state.observers.add(this.#observer());
	}
	static async open(session, state, options) {
		const { signal, timeoutMs } = options;
		await session.connect(signal);
		const timeline = new ThreadTimeline(session, state, options);
		try {
			const history = timeline.#historyOf(state.id);
			const limits = {
				signal,
				timeoutMs
			};
			await Promise.all([history.describe(limits), history.catchUp(limits)]);
			timeline.#followAgents(session);
			return timeline;
		} catch (error) {
			timeline.close();
			throw error;
		}
	}
	get snapshot() {
		return this.#timeline.snapshot;
	}
	subscribe(listener) {
		return this.#timeline.subscribe(listener);
	}
	async loadOlder(options = {}) {
		checkCall("loadOlder", "loadOlder", options);
		const { threadId = this.threadId, ...limits } = options;
		return this.#historyOf(threadId).loadOlder(limits);
	}
	close() {
		if (this.#over.signal.aborted) return;
		this.#over.abort();
		this.#observing[dispose]();
		this.#state.release();
	}
	[dispose]() {
		this.close();
	}
	#followAgents(session) {
		const connection = session.connection();
		if (!connection) return;
		for (const { id, state, entries } of this.snapshot.turns) {
			if (state !== "running") continue;
			for (const entry of entries) {
				const agents = entry.kind === "subAgent" ? entry.threadIds : [];
				for (const agent of agents) session.threads.adoptMissed(agent, this.#state, id, connection);
			}
		}
	}
	#observer() {
		return {
			notified: (notification) => this.#apply(notification),
			missed: (threadId) => this.#timeline.missed(threadId),
			subscribed: (threadId) => this.#inBackground(threadId, (history) => this.#refresh(threadId, history))
		};
	}
	#apply(notification) {
		this.#timeline.apply(notification);
		const { method, params } = notification;
		const { threadId } = params;
		switch (method) {
			case "thread/reverted":
				this.#historyOf(threadId).cut();
				this.#inBackground(threadId, (history) => history.catchUp(this.#limits));
				return;
			case "turn/completed":
			case "thread/status/changed":
				this.#fillGaps(threadId);
				return;
			case "item/started": this.#describeAgents();
		}
	}
	#fillGaps(threadId) {
		if (this.#timeline.gaps(threadId).length === 0 || this.#isAtWork(threadId)) return;
		this.#inBackground(threadId, (history) => history.fillGaps(this.#limits));
	}
	#isAtWork(threadId) {
		return this.#timeline.statusOf(threadId) === "active";
	}
	async #refresh(threadId, history) {
		await history.describe(this.#limits);
		await history.catchUp(this.#limits);
		this.#fillGaps(threadId);
	}
	#describeAgents() {
		for (const threadId of this.#timeline.agentThreadIds) {
			if (this.#histories.has(threadId)) continue;
			this.#inBackground(threadId, (history) => history.describe(this.#limits));
		}
	}
	#inBackground(threadId, work) {
		const { signal } = this.#over;
		const { server } = this.#state;
		const history = this.#historyOf(threadId);
		const attempt = async () => {
			for (let tries = 1; !signal.aborted; tries++) {
				try {
					return await work(history);
				} catch (error) {
					if (!isNoAnswer(error) || tries === BACKGROUND_TRIES) throw error;
				}
				await server.pause(FIRST_DELAY_MS * 2 ** tries, signal);
			}
		};
		attempt().catch(() => {});
	}
	get #limits() {
		return { signal: this.#over.signal };
	}
	#historyOf(threadId) {
		let history = this.#histories.get(threadId);
		if (!history) {
			const { server } = this.#state;
			history = new TimelineHistory(threadId, this.#timeline, server, this.#pageSize);
			this.#histories.set(threadId, history);
		}
		return history;
	}
};
export { ThreadTimeline as t };

//# sourceMappingURL=thread-timeline-DK_9WsGQ.js.map