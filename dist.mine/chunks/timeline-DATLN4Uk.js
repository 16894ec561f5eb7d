import { u as escapeVisible } from "./describe-_qXpbH4d.js";
// src/timeline/render/to-json.ts
const VERSION = 1;
function toJson(thread) {
	return `${JSON.stringify({
		version: VERSION,
		thread
	})}\n`;
}
// src/text/output-text.ts
const ESC = 27;
const CONTROLS = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;
function stripForOutput(text) {
	return stripSequences(text).replace(CONTROLS, "");
}
function lastStates(text) {
	if (!text.includes("\r")) return text;
	return text.split("\n").map(lastState).join("\n");
}
function lastState(line) {
	const end = line.endsWith("\r") ? line.length - 1 : line.length;
	return line.slice(line.slice(0, end).lastIndexOf("\r") + 1, end);
}
function stripSequences(text) {
	let kept = "";
	let from = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code !== ESC && !(code >= 128 && code <= 159)) continue;
		kept += text.slice(from, at);
		from = sequenceEnd(text, at);
		at = from - 1;
	}
	return from === 0 ? text : kept + text.slice(from);
}
function sequenceEnd(text, start) {
	const isEscape = text.charCodeAt(start) === ESC;
	const kind = isEscape ? text.charCodeAt(start + 1) + 64 : text.charCodeAt(start);
	const body = start + (isEscape ? 2 : 1);
	switch (kind) {
		case 155: return finalByte(text, skip(text, body, 32, 63), 64);
		case 144:
		case 152:
		case 157:
		case 158:
		case 159: return stringEnd(text, body);
		default: return isEscape ? finalByte(text, skip(text, start + 1, 32, 47), 48) : body;
	}
}
function finalByte(text, at, first) {
	const code = text.charCodeAt(at);
	return code >= first && code <= 126 ? at + 1 : at;
}
function stringEnd(text, body) {
	let at = body;
	while (at < text.length && !isControl(text.charCodeAt(at))) at++;
	const code = text.charCodeAt(at);
	if (code === 7 || code === 156) return at + 1;
	return code === ESC && text[at + 1] === "\\" ? at + 2 : body;
}
function skip(text, from, first, last) {
	let at = from;
	while (text.charCodeAt(at) >= first && text.charCodeAt(at) <= last) at++;
	return at;
}
function isControl(code) {
	return code < 32 || code >= 127 && code <= 159;
}
// src/timeline/render/quoted-markdown.ts
const FENCE = /^(?:`{3,}(?=[^`]*$)|~{3,})/;
const CLOSING = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
const NESTED_FENCE = /^[\s>*+\-\d.)]+(?:`{3}|~{3})/;
const CODE = /(?<![^ \t])`[^`|()[\]\\]+`(?!`)/g;
const TAG = /<(?=[A-Za-z/!?])/g;
function quotedMarkdown(text) {
	const isCode = new CodeTracker();
	return text.split("\n").map((line) => {
		const shown = isCode.accept(line) ? line : withoutTags(line, isCode);
		return shown === "" ? ">" : `> ${shown}`;
	}).join("\n");
}
var CodeTracker = class {
	#fence = "";
	#isNested = false;
	isUncertain = false;
	accept(line) {
		if (this.#fence !== "") {
			const [, closing = ""] = CLOSING.exec(line) ?? [];
			if (closing.startsWith(this.#fence)) this.#fence = "";
			return true;
		}
		this.#isNested ||= NESTED_FENCE.test(line);
		if (/^[ \t]*$/.test(line)) this.isUncertain = false;
		if (this.#isNested) this.isUncertain = true;
		else [this.#fence = ""] = FENCE.exec(line) ?? [];
		return this.#fence !== "";
	}
};
function withoutTags(line, tracker) {
	tracker.isUncertain ||= line.replaceAll(CODE, "").includes("`");
	if (tracker.isUncertain) return line.replaceAll(TAG, "&lt;");
	let shown = "";
	let end = 0;
	for (const { 0: code, index } of line.matchAll(CODE)) {
		shown += line.slice(end, index).replaceAll(TAG, "&lt;") + code;
		end = index + code.length;
	}
	return shown + line.slice(end).replaceAll(TAG, "&lt;");
}
// src/timeline/render/exact.ts
function exact(text) {
	return text.replaceAll(/\r(?=\n|$)/g, "").replaceAll(/[^\\\t]+/g, (part) => escapeVisible(part));
}
// src/timeline/render/blocks.ts
function blocksOf(entry) {
	switch (entry.kind) {
		case "userMessage": {
			const items = entry.attachments.map(({ kind, name, source }) => words(kind, name, source));
			return [
				title("User"),
				markdown(entry.text),
				list(items)
			].flat();
		}
		case "assistant": return titled(entry.phase === "commentary" ? "Codex, working" : "Codex", entry, markdown(entry.text));
		case "reasoning": return titled("Reasoning", entry, [...entry.summary, ...entry.raw].flatMap(markdown));
		case "command": return command(entry);
		case "fileChange": return entry.files.flatMap((file) => fileChange(file, entry));
		case "mcpCall": return call(`${entry.server}.${entry.tool}`, entry, entry.error ?? entry.text);
		case "toolCall": return call(words(entry.namespace, entry.tool).replace(" ", "."), entry, entry.text);
		case "webSearch": return [title("Web search", words(entry.url ?? entry.query, entry.pattern))];
		case "plan": return [
			title("Plan"),
			...markdown(entry.text),
			...list(entry.steps.map(({ text, state }) => `${MARKS[state]} ${text}`))
		];
		case "image": return [title(entry.action === "viewed" ? "Image" : "New image", words(entry.path, entry.prompt))];
		case "review": return [title(`Review ${entry.action}`), ...markdown(entry.text)];
		case "compaction": return [title("The thread's history was compacted")];
		case "subAgent": return [
			title(`Sub-agent: ${entry.action}`, entry.path ?? entry.threadIds.join(", ")),
			...markdown(entry.prompt ?? ""),
			...list(entry.agents.map(({ threadId, status, message }) => words(threadId, status, message)))
		];
		case "hook": return [title("Hook", entry.event ?? void 0), ...code(entry.text)];
		case "error": return [title(entry.willRetry ? "Error, tries again" : "Error", entry.code ?? void 0), ...code(words(entry.message, entry.details))];
		case "notice": return [title(entry.level === "warning" ? "Warning" : "Notice", entry.text)];
		case "modelRerouted": return [title("Model changed", words(`${entry.from} → ${entry.to}`, entry.reason))];
		case "unknown": return [title(entry.type || "Unknown item"), ...code(json(entry.item), "json")];
	}
}
const MARKS = {
	pending: "[ ]",
	running: "[~]",
	completed: "[x]"
};
function duration(ms) {
	if (ms < 1e3) return `${Math.round(ms)} ms`;
	if (ms < 6e4) return `${(ms / 1e3).toFixed(1)} s`;
	const seconds = Math.round(ms / 1e3);
	return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
function words(...all) {
	return all.filter(Boolean).join(" ");
}
function command(entry) {
	const { exitCode, durationMs, state } = entry;
	const note = [exitCode === null ? state === "completed" ? "" : state : `exit ${exitCode}`, durationMs === null ? "" : duration(durationMs)].filter(Boolean).join(" · ");
	const shell = `$ ${exact(entry.command)}\n${textOf(entry.output)}`;
	return [title(entry.by === "user" ? "Command of the user" : "Command", note), ...code(shell, "console")];
}
function textOf({ head, omitted, tail }) {
	return omitted === 0 ? head : `${head}\n… ${omitted} characters left out …\n${tail}`;
}
const VERBS = {
	add: "Add",
	delete: "Delete",
	update: "Edit"
};
function fileChange(file, { state }) {
	const { path, kind, movedTo, added, removed, hunks } = file;
	const what = movedTo === null ? `${VERBS[kind]} ${path}` : `Move ${path} to ${movedTo}`;
	const end = state === "completed" || state === "running" ? void 0 : state;
	return [title(what, words(`(+${added} -${removed})`, end)), ...code(exact(hunks.map(hunkText).join("\n")), "diff")];
}
const SIGNS = {
	context: " ",
	add: "+",
	remove: "-"
};
function hunkText({ oldStart, newStart, section, lines }) {
	const count = (other) => lines.filter(({ kind }) => kind !== other).length;
	return [words(`@@ -${oldStart},${count("add")} +${newStart},${count("remove")} @@`, section), ...lines.map(({ kind, text }) => SIGNS[kind] + text)].join("\n");
}
function call(name, entry, result) {
	const took = entry.durationMs === null ? void 0 : duration(entry.durationMs);
	const note = [entry.state, took].filter(Boolean).join(" · ");
	return [
		title(`Call ${name}`, note),
		...code(json(entry.arguments), "json"),
		...code(result)
	];
}
function titled(text, entry, blocks) {
	const note = entry.state === "interrupted" ? entry.state : void 0;
	return blocks.length === 0 ? [] : [title(text, note), ...blocks];
}
function title(text, note) {
	return {
		kind: "title",
		text: exact(text),
		note: note ? exact(note) : void 0
	};
}
function markdown(text) {
	return text.trim() === "" ? [] : [{
		kind: "markdown",
		text: text.trim()
	}];
}
function code(text, language = "") {
	const trimmed = text.trimEnd().replace(/^\n+/, "");
	return trimmed === "" ? [] : [{
		kind: "code",
		text: trimmed,
		language
	}];
}
function list(items) {
	return items.length === 0 ? [] : [{
		kind: "list",
		items
	}];
}
const MAX_INDENTED = 64;
function json(value) {
	try {
		return exact(JSON.stringify(value, void 0, isDeep(value) ? 0 : 2) ?? "");
	} catch {
		return "(nested too deeply to be shown)";
	}
}
function isDeep(value, depth = 0) {
	if (typeof value !== "object" || value === null) return false;
	return depth > MAX_INDENTED || Object.values(value).some((one) => isDeep(one, depth + 1));
}
// src/timeline/render/sections.ts
function sectionsOf(view) {
	if ("turns" in view) return threadSections(view);
	if ("entries" in view) return [turnSection(view)];
	return [{
		level: 0,
		heading: "",
		blocks: blocksOf(view)
	}];
}
function threadSections(thread) {
	const { threadId, name, agent, model, notices, turns, agents } = thread;
	return [
		{
			level: 1,
			heading: [name ?? agent?.path ?? agent?.nickname ?? threadId, model].filter(Boolean).join(" · "),
			blocks: notices.flatMap(blocksOf)
		},
		...turns.map(turnSection),
		...agents.flatMap(threadSections)
	];
}
function turnSection({ id, state, durationMs, entries }) {
	const took = durationMs === null ? void 0 : duration(durationMs);
	return {
		level: 2,
		heading: [
			`Turn ${id}`,
			state,
			took
		].filter(Boolean).join(" · "),
		blocks: entries.flatMap(blocksOf)
	};
}
// src/timeline/render/to-markdown.ts
function toMarkdown(view) {
	const blocks = sectionsOf(view).flatMap(({ level, heading, blocks }) => [...level === 0 ? [] : [`${"#".repeat(level)} ${inline(heading)}`], ...blocks.map(blockMarkdown)]);
	return blocks.length === 0 ? "" : `${blocks.join("\n\n")}\n`;
}
function blockMarkdown(block) {
	switch (block.kind) {
		case "title": return `**${inline(block.text)}**${block.note === void 0 ? "" : ` ${inline(block.note)}`}`;
		case "markdown": return quotedMarkdown(stripForOutput(block.text));
		case "list": return block.items.map((item) => `- ${inline(item)}`).join("\n");
		case "code": {
			const text = stripForOutput(lastStates(block.text));
			const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
			return `${fence}${block.language}\n${text}\n${fence}`;
		}
	}
}
function inline(text) {
	return stripForOutput(text).replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>&#|~]/g, "\\$&");
}
function longestRun(text) {
	return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
// src/timeline/render/to-text.ts
function toText(view) {
	const paragraphs = sectionsOf(view).flatMap(({ level, heading, blocks }) => [...level === 0 ? [] : [`${"=".repeat(3 - level)} ${line(heading)}`], ...joined(blocks)]);
	return paragraphs.length === 0 ? "" : `${paragraphs.join("\n\n")}\n`;
}
function joined(blocks) {
	const paragraphs = [];
	for (const block of blocks) {
		const text = blockText(block);
		const last = paragraphs.pop();
		if (block.kind === "title" || last === void 0) paragraphs.push(...last ? [last] : [], text);
		else paragraphs.push(`${last}\n${text}`);
	}
	return paragraphs;
}
function blockText(block) {
	switch (block.kind) {
		case "title": return block.note === void 0 ? line(block.text) : `${line(block.text)} · ${line(block.note)}`;
		case "list": return indented(block.items.map(line).join("\n"));
		default: return indented(stripForOutput(lastStates(block.text)));
	}
}
function line(text) {
	return stripForOutput(text).replaceAll(/\s+/g, " ");
}
function indented(text) {
	return text.replaceAll(/^(?=.)/gm, "  ");
}
export { toJson as a, stripForOutput as i, toMarkdown as n, lastStates as r, toText as t };

//# sourceMappingURL=timeline-DATLN4Uk.js.map