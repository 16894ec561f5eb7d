import { C as CodexError, j as RequestTimeoutError } from "./checks-CUlVF2ON.js";
import { a as MethodNotFoundError, i as JsonRpcError } from "./rpc-errors-Ck2IiD6l.js";
import { r as isRecord } from "./describe-_qXpbH4d.js";
// src/thread/history.ts
const RECENT_TURNS = 5;
const OLDER_TURNS = 50;
const MAX_PAGES = 5;
async function recentTurns(threadId, ask, isEnough = () => true) {
	const about = {
		threadId,
		sortDirection: "desc",
		itemsView: "full"
	};
	try {
		const turns = [];
		let params = {
			...about,
			limit: RECENT_TURNS
		};
		for (let page = 1; page <= MAX_PAGES; page++) {
			const list = await ask("thread/turns/list", params);
			turns.push(...turnsOf(list?.data, "thread/turns/list"));
			const cursor = list?.nextCursor;
			if (typeof cursor !== "string" || isEnough(turns)) break;
			params = {
				...about,
				limit: OLDER_TURNS,
				cursor
			};
		}
		return turns;
	} catch (error) {
		if (isBeforeFirstTurn(error)) return [];
		if (!(error instanceof MethodNotFoundError)) throw error;
		return readTurns(threadId, ask);
	}
}
async function runningTurn(threadId, ask) {
	try {
		return (await recentTurns(threadId, ask)).find(({ status }) => status === "inProgress")?.id;
	} catch (error) {
		if (isEphemeral(error)) return void 0;
		throw error;
	}
}
async function readTurns(threadId, ask) {
	try {
		return turnsOf((await ask("thread/read", {
			threadId,
			includeTurns: true
		}))?.thread?.turns, "thread/read").toReversed();
	} catch (error) {
		if (isBeforeFirstTurn(error)) return [];
		throw error;
	}
}
function turnsOf(turns, method) {
	if (!Array.isArray(turns)) throw new CodexError(`${method} was answered without turns`);
	return turns.filter((turn) => typeof turn?.id === "string").map((turn) => ({
		...turn,
		items: Array.isArray(turn.items) ? turn.items.filter(isRecord) : []
	}));
}
function isNoAnswer(error) {
	return error instanceof JsonRpcError || error instanceof RequestTimeoutError;
}
function isBeforeFirstTurn(error) {
	return error instanceof JsonRpcError && /no rollout|rollout at .* is empty|list_turns is not supported|not materialized/.test(error.serverMessage);
}
function isEphemeral(error) {
	return error instanceof JsonRpcError && /ephemeral threads do not/.test(error.serverMessage);
}
export { runningTurn as a, recentTurns as i, isEphemeral as n, isNoAnswer as r, isBeforeFirstTurn as t };

//# sourceMappingURL=history-DKwq2Uql.js.map