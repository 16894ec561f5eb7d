import { r as isRecord } from "./describe-_qXpbH4d.js";
// src/timeline/foreign.ts
function recordOf(value) {
	return isRecord(value) ? value : {};
}
function text(value) {
	return typeof value === "string" ? value : "";
}
function textOrNull(value) {
	return typeof value === "string" ? value : null;
}
function numberOrNull(value) {
	return typeof value === "number" && Number.isFinite(value) ? value : null;
}
function list(value) {
	return Array.isArray(value) ? value : [];
}
function records(value) {
	return list(value).filter(isRecord);
}
function texts(value) {
	return list(value).filter((one) => typeof one === "string");
}
const MAX_DEPTH = 32;
function isSame(one, other, depth = 0) {
	if (Object.is(one, other)) return true;
	if (typeof one !== "object" || typeof other !== "object") return false;
	if (one === null || other === null || depth > MAX_DEPTH) return false;
	if (Array.isArray(one) !== Array.isArray(other)) return false;
	const keys = Object.keys(one);
	if (keys.length !== Object.keys(other).length) return false;
	return keys.every((key) => Object.hasOwn(other, key) && isSame(Reflect.get(one, key), Reflect.get(other, key), depth + 1));
}
// src/timeline/errors.ts
function errorView(error) {
	if (!isRecord(error)) return null;
	const { message, additionalDetails, codexErrorInfo } = error;
	return {
		message: text(message),
		details: textOrNull(additionalDetails),
		code: codeOf(codexErrorInfo)
	};
}
function codeOf(info) {
	if (isRecord(info)) return Object.keys(info)[0] ?? null;
	return textOrNull(info);
}
// src/text/shell-words.ts
const SHELL = /^(?:(?:\/usr)?(?:\/local)?\/bin\/|\/opt\/homebrew\/bin\/)?(?:ba|z|da|k)?sh$/;
function unwrapShell(command) {
	const [shell = "", flag = "", script, ...more] = shellWords(command, 4);
	return SHELL.test(shell) && /^-l?c$/.test(flag) && more.length === 0 && script !== void 0 ? script : command;
}
function shellWords(line, count) {
	const words = [];
	let word;
	let at = 0;
	while (at < line.length && words.length < count) {
		const character = line[at] ?? "";
		if (/\s/.test(character)) {
			if (word !== void 0) words.push(word);
			word = void 0;
			at++;
			continue;
		}
		const piece = pieceAt(line, at, character);
		word = (word ?? "") + piece.text;
		at = piece.end;
	}
	return word === void 0 ? words : [...words, word];
}
function pieceAt(line, at, character) {
	switch (character) {
		case "'": {
			const close = line.indexOf("'", at + 1);
			const end = close === -1 ? line.length : close;
			return {
				text: line.slice(at + 1, end),
				end: end + 1
			};
		}
		case "\"": return doubleQuoted(line, at + 1);
		case "\\": return {
			text: line.slice(at + 1, at + 2),
			end: at + 2
		};
		default: return {
			text: character,
			end: at + 1
		};
	}
}
function doubleQuoted(line, start) {
	let text = "";
	let at = start;
	for (; at < line.length && line[at] !== "\""; at++) {
		if (line[at] === "\\" && /["\\$`]/.test(line[at + 1] ?? "")) at++;
		text += line[at];
	}
	return {
		text,
		end: at + 1
	};
}
// src/timeline/calls.ts
function mcpCall({ base, item, progress }) {
	const result = isRecord(item.result) ? item.result : void 0;
	return {
		kind: "mcpCall",
		...base,
		server: text(item.server),
		tool: text(item.tool),
		arguments: item.arguments ?? null,
		progress: base.state === "running" ? progress : null,
		text: callText(list(result?.content)),
		content: result ? list(result.content) : null,
		structuredContent: result?.structuredContent ?? null,
		error: textOrNull(recordOf(item.error).message),
		durationMs: numberOrNull(item.durationMs)
	};
}
function callText(content) {
	return texts(records(content).map((part) => part.text)).join("\n");
}
function media(content) {
	return texts(records(content).map((part) => part.imageUrl ?? part.audioUrl));
}
function toolOutput(output) {
	return typeof output === "string" ? [{
		type: "inputText",
		text: output
	}] : list(output);
}
// src/timeline/diff.ts
const HEADER = /^@@ -(\d{1,9})(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@ ?(.*)$/;
function fileChange(change) {
	const kind = recordOf(change.kind);
	const movedTo = textOrNull(kind.move_path);
	const path = text(change.path);
	const what = kind.type === "add" || kind.type === "delete" ? kind.type : "update";
	const diff = withoutMove(text(change.diff), movedTo);
	const hunks = what === "update" ? hunksOf(diff) : wholeFile(diff, what);
	const count = (one) => hunks.reduce((sum, { lines }) => sum + lines.filter(({ kind }) => kind === one).length, 0);
	return {
		path,
		kind: what,
		movedTo,
		added: count("add"),
		removed: count("remove"),
		hunks,
		diff
	};
}
function withoutMove(diff, movedTo) {
	const note = `\n\nMoved to: ${movedTo}`;
	return movedTo !== null && diff.endsWith(note) ? diff.slice(0, -note.length) : diff;
}
function wholeFile(content, kind) {
	if (content === "") return [];
	const sign = kind === "add" ? "add" : "remove";
	const lines = linesOf(content).map((line) => ({
		kind: sign,
		text: line
	}));
	const isAdded = kind === "add";
	return [{
		oldStart: isAdded ? 0 : 1,
		newStart: isAdded ? 1 : 0,
		section: "",
		lines
	}];
}
function hunksOf(diff) {
	const hunks = [];
	for (const line of linesOf(diff)) {
		const [isHeader, oldStart, newStart, section = ""] = HEADER.exec(line) ?? [];
		if (isHeader !== void 0) {
			const start = {
				oldStart: Number(oldStart),
				newStart: Number(newStart)
			};
			hunks.push({
				...start,
				section,
				lines: []
			});
			continue;
		}
		const parsed = hunks.length > 0 ? diffLine(line) : void 0;
		if (parsed) hunks.at(-1)?.lines.push(parsed);
	}
	return hunks.filter(({ lines }) => lines.length > 0);
}
function diffLine(line) {
	const rest = line.slice(1);
	switch (line[0]) {
		case "+": return {
			kind: "add",
			text: rest
		};
		case "-": return {
			kind: "remove",
			text: rest
		};
		case "\\": return;
		default: return {
			kind: "context",
			text: rest
		};
	}
}
function linesOf(content) {
	if (content === "") return [];
	return (content.endsWith("\n") ? content.slice(0, -1) : content).split("\n");
}
// src/timeline/user-message.ts
function userMessage({ base, item }) {
	const parts = records(item.content);
	const isText = ({ type }) => type === "text";
	return {
		kind: "userMessage",
		...base,
		text: parts.filter(isText).map((part) => text(part.text)).join("\n"),
		attachments: parts.filter((part) => !isText(part)).map(attachment),
		clientId: textOrNull(item.clientId)
	};
}
function attachment(part) {
	const source = textOrNull(part.path ?? part.url ?? part.fileId);
	return {
		kind: kindOf(part.type),
		name: textOrNull(part.name),
		source
	};
}
function kindOf(type) {
	switch (type) {
		case "image":
		case "localImage": return "image";
		case "audio":
		case "localAudio": return "audio";
		case "skill":
		case "mention": return type;
		default: return "unknown";
	}
}
// src/timeline/item-entry.ts
function itemEntry(source) {
	const { base, item } = source;
	switch (item.type) {
		case "userMessage": return userMessage(source);
		case "agentMessage": return assistant(source);
		case "reasoning": return {
			kind: "reasoning",
			...base,
			summary: source.summary,
			raw: source.raw
		};
		case "commandExecution": return command(source);
		case "fileChange": return fileChanges(source);
		case "mcpToolCall": return mcpCall(source);
		case "dynamicToolCall":
		case "functionCallOutput": return toolCall(source);
		case "webSearch": return webSearch(source);
		case "plan": return {
			kind: "plan",
			...base,
			text: source.text,
			steps: []
		};
		case "imageView":
		case "imageGeneration": return image(source);
		case "enteredReviewMode": return {
			kind: "review",
			...base,
			action: "begun",
			text: text(item.review)
		};
		case "exitedReviewMode": return {
			kind: "review",
			...base,
			action: "finished",
			text: text(item.review)
		};
		case "contextCompaction": return {
			kind: "compaction",
			...base
		};
		case "subAgentActivity":
		case "collabAgentToolCall": return subAgent(source);
		case "hookPrompt": {
			const fragments = records(item.fragments).map((one) => text(one.text));
			return {
				kind: "hook",
				...base,
				event: null,
				text: fragments.join("\n"),
				durationMs: null
			};
		}
		case "sleep": return sleep(source);
		default: return {
			kind: "unknown",
			...base,
			type: text(item.type),
			item
		};
	}
}
function assistant({ base, item, text }) {
	const { phase } = item;
	const isKnown = phase === "commentary" || phase === "partial_answer" || phase === "final_answer";
	return {
		kind: "assistant",
		...base,
		text,
		phase: isKnown ? phase : null
	};
}
function command({ base, item, output }) {
	const commandLine = text(item.command);
	return {
		kind: "command",
		...base,
		command: unwrapShell(commandLine),
		commandLine,
		cwd: textOrNull(item.cwd),
		by: item.source === "userShell" ? "user" : "agent",
		output,
		exitCode: numberOrNull(item.exitCode),
		durationMs: numberOrNull(item.durationMs)
	};
}
function fileChanges({ base, item }) {
	const files = records(item.changes).map(fileChange);
	const sum = (of) => files.reduce((all, file) => all + file[of], 0);
	return {
		kind: "fileChange",
		...base,
		files,
		added: sum("added"),
		removed: sum("removed")
	};
}
function toolCall({ base, item }) {
	const isOutput = item.type === "functionCallOutput";
	const content = isOutput ? toolOutput(item.output) : list(item.contentItems);
	return {
		kind: "toolCall",
		...base,
		namespace: textOrNull(item.namespace),
		tool: text(isOutput ? item.name : item.tool),
		arguments: item.arguments ?? null,
		text: callText(content),
		media: media(content),
		durationMs: numberOrNull(item.durationMs)
	};
}
function webSearch({ base, item }) {
	const action = recordOf(item.action);
	const { type } = action;
	const isKnown = type === "search" || type === "openPage" || type === "findInPage";
	return {
		kind: "webSearch",
		...base,
		action: isKnown ? type : "other",
		query: text(item.query),
		queries: texts(action.queries),
		url: textOrNull(action.url),
		pattern: textOrNull(action.pattern)
	};
}
function image({ base, item }) {
	const isViewed = item.type === "imageView";
	return {
		kind: "image",
		...base,
		state: base.state === "completed" && item.failure ? "failed" : base.state,
		action: isViewed ? "viewed" : "generated",
		path: textOrNull(isViewed ? item.path : item.savedPath),
		prompt: textOrNull(item.revisedPrompt),
		data: textOrNull(item.result)
	};
}
function subAgent({ base, item }) {
	const isActivity = item.type === "subAgentActivity";
	const agents = Object.entries(recordOf(item.agentsStates)).map(([threadId, state]) => ({
		threadId,
		status: textOrNull(recordOf(state).status),
		message: textOrNull(recordOf(state).message)
	}));
	return {
		kind: "subAgent",
		...base,
		action: text(isActivity ? item.kind : item.tool),
		threadIds: agentThreadIds(item),
		path: textOrNull(item.agentPath),
		prompt: textOrNull(item.prompt),
		model: textOrNull(item.model),
		agents
	};
}
function agentThreadIds(item) {
	if (item.type === "subAgentActivity") return texts([item.agentThreadId]);
	return item.type === "collabAgentToolCall" ? texts(item.receiverThreadIds) : [];
}
function sleep({ base, item }) {
	const seconds = (numberOrNull(item.durationMs) ?? 0) / 1e3;
	return {
		kind: "notice",
		...base,
		level: "info",
		text: `Sleeps for ${seconds} s`
	};
}
// src/timeline/usage.ts
function usageOf(tokens) {
	if (!isRecord(tokens)) return null;
	const count = (name) => numberOrNull(tokens[name]) ?? 0;
	return {
		totalTokens: count("totalTokens"),
		inputTokens: count("inputTokens"),
		cachedInputTokens: count("cachedInputTokens"),
		outputTokens: count("outputTokens"),
		reasoningOutputTokens: count("reasoningOutputTokens")
	};
}
function minus(one, other) {
	return {
		totalTokens: one.totalTokens - other.totalTokens,
		inputTokens: one.inputTokens - other.inputTokens,
		cachedInputTokens: one.cachedInputTokens - other.cachedInputTokens,
		outputTokens: one.outputTokens - other.outputTokens,
		reasoningOutputTokens: one.reasoningOutputTokens - other.reasoningOutputTokens
	};
}
export { userMessage as a, numberOrNull as c, text as d, textOrNull as f, itemEntry as i, recordOf as l, usageOf as n, errorView as o, agentThreadIds as r, isSame as s, minus as t, records as u };

//# sourceMappingURL=usage-BGfS7uII.js.map