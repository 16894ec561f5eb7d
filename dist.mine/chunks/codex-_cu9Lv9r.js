import { A as OutcomeUnknownError, C as CodexError, D as LoginError, E as LaunchError, F as asyncDispose, I as dispose, M as TransportClosedError, N as TurnLostError, O as MessageUnansweredError, _ as show, c as kindOf$2, d as nonEmpty, h as requireOptions, j as RequestTimeoutError, k as ModelUnreachableError, n as boolean, o as isObject$2, r as checkListener, u as milliseconds, v as signal, w as InvalidInputError, y as string } from "./checks-CUlVF2ON.js";
import { a as prepareInput, c as orInterrupted, d as deferred, f as atCaller, l as dataOf, m as forCaller, o as countCodePoints, p as callerOf, r as turnTimeUp, s as interruptQuietly, t as Turn, u as completeTurn } from "./turn-28f5MJi6.js";
import { A as WarningLimit, B as InvalidAnswerError, C as repeatWhile, D as APPROVAL_KINDS, E as copyMembers, H as UnknownRequestError, I as checkStrict, N as prepareSchema, O as answerApproval, P as soundValue, R as CHECK_LIMIT_MS, S as isServerBusy, T as backoffDelay, V as RequestSettledError, W as Listeners, _ as watchHandshake, b as traceOptions, c as toolFailure, d as checkOptions, f as LAUNCH_CHECKS, g as tooMuchTooEarly, h as tooLarge, i as warnerOf, j as PendingRequest, k as approvalKind, m as messageBytes, n as overloadRetry, p as DEFAULT_MAX_MESSAGE_BYTES, r as recoveryPolicy, s as checkResponse, t as identity, u as checkToolName, v as DEFAULT_MAX_BYTES, z as withinTime } from "./options-DLYssPXW.js";
import { t as CodexWarning } from "./warning-DAp6LfHQ.js";
import { _ as orAborted, b as startTicking, g as onAbort, h as either, i as JsonRpcError, m as delay, p as checkSignal, t as InternalRpcError, u as rpcError, v as within, x as startTimer, y as checkedMs } from "./rpc-errors-Ck2IiD6l.js";
import { _ as isSecretName, a as maskSecrets, c as safeMessage, d as shownBeyondAscii, g as maskText, h as looksLikeSecret, i as messageOf, l as escapeLine, m as containsSecret, o as quoteForeign, p as visibleCharacters, r as isRecord, s as safeLines, t as describe, u as escapeVisible, v as mayNameSecret, y as namesSecret } from "./describe-_qXpbH4d.js";
import { a as _usingCtx, i as deadline, n as checkParams, r as checkThreadId, t as checkCall } from "./check-calls-9rAXnSef.js";
import { a as runningTurn, i as recentTurns, n as isEphemeral, r as isNoAnswer, t as isBeforeFirstTurn } from "./history-DKwq2Uql.js";
import { d as TurnResult, u as TurnFailedError } from "./media-url-iQuN1SmC.js";
import { t as version } from "./version-CqA_qoI8.js";
import Module from "node:module";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { channel } from "node:diagnostics_channel";
import { debuglog, isDeepStrictEqual, stripVTControlCharacters } from "node:util";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { Socket, connect as connect$1, isIP } from "node:net";
import { accessSync, closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import path, { basename, dirname, extname, isAbsolute, join, posix, resolve, sep, win32 } from "node:path";
import { fileURLToPath } from "node:url";
import { isAscii } from "node:buffer";
import { lstat, readFile, readlink, stat } from "node:fs/promises";
import { get, validateHeaderName, validateHeaderValue } from "node:http";
import { homedir } from "node:os";
import { performance as performance$1 } from "node:perf_hooks";
// src/util/leavable.ts
var Leavable = class {
	#left = new AbortController();
	#reader;
	constructor(make) {
		this.#reader = make(this.#left.signal);
	}
	async next() {
		const { signal } = this.#left;
		try {
			return await orAborted(this.#reader.next(), signal);
		} catch (error) {
			if (signal.aborted) return {
				value: void 0,
				done: true
			};
			throw error;
		}
	}
	async return() {
		this.#left.abort();
		this.#reader.return(void 0).catch(() => {});
		return {
			value: void 0,
			done: true
		};
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
};
// src/text/json-text.ts
const FEW = 4;
const SHORT = 24;
const INDENTED_LEVELS = 12;
const ESCAPE_OR_CARE = /\\(?:u.{4}|.)|[A-Za-z]?[^\x20-\x7e]+/g;
function jsonText(value) {
	try {
		return JSON.stringify(value) ?? "null";
	} catch {
		return write$1(value, {
			quote: JSON.stringify,
			indentedLevels: 0
		});
	}
}
function visibleJson(value) {
	return write$1(value, {
		quote: quoteVisibly,
		indentedLevels: INDENTED_LEVELS
	});
}
function visibleJsonLine(value) {
	return write$1(value, {
		quote: quoteVisibly,
		indentedLevels: 0
	});
}
function write$1(root, style) {
	const open = [];
	const lineStart = (level, depth) => level.isIndented ? `\n${"  ".repeat(depth)}` : "";
	let text = "";
	let value = root;
	for (;;) {
		const entered = enter(value);
		text += entered?.open ?? scalar(value, style);
		if (entered) {
			const isIndented = open.length < style.indentedLevels && !isSmall(value);
			open.push({
				...entered,
				isIndented,
				isFirst: true
			});
		}
		for (;;) {
			const level = open.at(-1);
			if (level === void 0) return text;
			const { done, value: member } = level.members.next();
			if (!done) {
				text += (level.isFirst ? "" : ",") + lineStart(level, open.length);
				if (member.name !== void 0) text += `${style.quote(member.name)}:${level.isIndented ? " " : ""}`;
				level.isFirst = false;
				value = member.value;
				break;
			}
			text += (level.isFirst ? "" : lineStart(level, open.length - 1)) + level.close;
			open.pop();
		}
	}
}
function isSmall(value) {
	const values = Object.values(Object(value));
	return values.length <= FEW && values.every(isShort);
}
function isShort(value) {
	return typeof value === "string" ? value.length <= SHORT : typeof value !== "object" || !value;
}
function enter(value) {
	if (typeof value !== "object" || value === null) return void 0;
	if (Array.isArray(value)) return {
		open: "[",
		close: "]",
		members: elements(value)
	};
	return {
		open: "{",
		close: "}",
		members: members(value)
	};
}
function* elements(values) {
	for (const value of values) yield {
		name: void 0,
		value
	};
}
function* members(object) {
	for (const [name, value] of Object.entries(object)) if (value !== void 0) yield {
		name,
		value
	};
}
function scalar(value, { quote }) {
	switch (typeof value) {
		case "string": return quote(value);
		case "number": return numberText(value);
		case "boolean": return String(value);
		default: return "null";
	}
}
function numberText(value) {
	if (Number.isNaN(value)) return "null";
	if (!Number.isFinite(value)) return value > 0 ? "1e999" : "-1e999";
	return Object.is(value, -0) ? "-0" : String(value);
}
function quoteVisibly(text) {
	return JSON.stringify(text).replace(ESCAPE_OR_CARE, (run) => {
		if (run.startsWith("\\")) return run;
		let shown = "";
		for (const [character, isShown] of visibleCharacters(run)) shown += isShown ? character : unicodeEscapes(character);
		return shown;
	});
}
function unicodeEscapes(character) {
	let escapes = "";
	for (let unit = 0; unit < character.length; unit++) escapes += `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`;
	return escapes;
}
// src/requests/members.ts
var Members = class {
	#members;
	#known = /* @__PURE__ */ new Set();
	constructor(value) {
		this.#members = new Map(isObject$1(value) ? Object.entries(value) : []);
	}
	has(name) {
		return (this.#members.get(name) ?? void 0) !== void 0;
	}
	text(name) {
		return this.#take(name, (value) => typeof value === "string");
	}
	list(name) {
		return this.#take(name, Array.isArray);
	}
	object(name) {
		return this.#take(name, isObject$1);
	}
	drop(...names) {
		for (const name of names) {
			const value = this.#members.get(name);
			if (typeof value !== "object" || value === null) this.#known.add(name);
		}
	}
	any(name) {
		return this.#take(name, () => true);
	}
	unknown(prefix = "") {
		return [...this.#members].filter(([name]) => !this.#known.has(name)).filter(([, value]) => value !== null && value !== void 0).map(([name, value]) => ({
			role: "unknown",
			label: escapeLine(prefix + name),
			text: visibleJson(value),
			format: "json",
			omitted: 0
		}));
	}
	#take(name, fits) {
		const value = this.#members.get(name);
		if (value !== null && value !== void 0 && !fits(value)) return void 0;
		this.#known.add(name);
		return value ?? void 0;
	}
};
function isObject$1(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// src/text/json-numbers.ts
const STRING_OR_NUMBER = /"|-?\d[\d.eE+-]*/g;
const END_OR_ESCAPE = /["\\]/g;
function hasNumber(json) {
	return numbersIn(json).next().done === false;
}
function hasExactNumbers(json) {
	for (const number of numbersIn(json)) if (!isExact(number)) return false;
	return true;
}
function* numbersIn(json) {
	const next = new RegExp(STRING_OR_NUMBER);
	for (let found = next.exec(json); found !== null; found = next.exec(json)) if (found[0] === "\"") next.lastIndex = stringEnd(json, next.lastIndex);
	else yield found[0];
}
function stringEnd(json, start) {
	const next = new RegExp(END_OR_ESCAPE);
	next.lastIndex = start;
	for (let found = next.exec(json); found !== null; found = next.exec(json)) {
		if (found[0] === "\"") return next.lastIndex;
		next.lastIndex++;
	}
	return json.length;
}
const SURELY_EXACT = /^-?(?!0\d)\d{1,15}$/;
function isExact(number) {
	return SURELY_EXACT.test(number) || normal(number) === normal(String(Number(number)));
}
function normal(number) {
	const [, sign, whole = "", fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
	if (sign === void 0) return "no number";
	const padded = (whole + fraction).replace(/^0+/, "");
	const digits = trimZeros(padded);
	if (digits === "") return "0";
	return `${sign}${digits}e${BigInt(power) - BigInt(fraction.length) + BigInt(padded.length - digits.length)}`;
}
function trimZeros(digits) {
	let end = digits.length;
	while (digits[end - 1] === "0") end--;
	return digits.slice(0, end);
}
// src/requests/sections.ts
const MAX_REASON = 600;
const MAX_REASON_LINES = 8;
function textSection(role, label, text) {
	return {
		role,
		label: escapeLine(label),
		text: escapeVisible(text),
		format: "text",
		omitted: 0
	};
}
function exactSections(label, text, role = "subject") {
	return [...foreignLetterWarning(text), textSection(role, label, text)];
}
function exactJsonSections(label, value, role = "subject") {
	const section = jsonSection(role, label, value);
	return [...foreignLetterWarning(section.text), section];
}
function diffSection(label, diff) {
	return {
		...textSection("subject", label, diff),
		format: "diff"
	};
}
function jsonSection(role, label, value) {
	return {
		role,
		label: escapeLine(label),
		text: visibleJson(value),
		format: "json",
		omitted: 0
	};
}
function contextSection(label, text) {
	return text === void 0 || text === "" ? [] : [textSection("context", label, text)];
}
function reasonSection(label, reason) {
	if (reason === void 0 || reason === "") return [];
	const end = reasonEnd(reason);
	return [{
		...textSection("reason", label, reason.slice(0, end)),
		omitted: reason.length - end
	}];
}
function warning(text) {
	return {
		...textSection("warning", "Warning", ""),
		text: escapeLine(text)
	};
}
const ROUNDING = warning("Numbers may be shown rounded: the exact ones can have more digits.");
function roundingWarning(sections) {
	return sections.some(({ format, text }) => format === "json" && hasNumber(text)) ? [ROUNDING] : [];
}
function reasonEnd(reason) {
	const end = reason.length <= MAX_REASON ? reason.length : wholeCharacters(reason, MAX_REASON);
	const lines = reason.slice(0, end).split("\n", MAX_REASON_LINES);
	return Math.min(end, lines.join("\n").length);
}
function wholeCharacters(text, end) {
	const code = text.charCodeAt(end - 1);
	return code >= 55296 && code <= 56319 ? end - 1 : end;
}
const UNLIKE_ASCII = /[\u00c0-\u00ff]|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;
const MAX_LISTED = 8;
function foreignLetterWarning(text) {
	const found = /* @__PURE__ */ new Set();
	for (const [character, isMark] of shownBeyondAscii(text)) {
		if (isMark || !UNLIKE_ASCII.test(character)) found.add(character);
		if (found.size > MAX_LISTED) break;
	}
	if (found.size === 0) return [];
	const listed = [...found].slice(0, MAX_LISTED).map((one) => {
		return `${one} (U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")})`;
	});
	const more = found.size > MAX_LISTED ? " and others" : "";
	return [warning(`Characters that may look like others, or appear in a different order: ${listed.join(", ")}${more}`)];
}
// src/requests/options.ts
const DECISIONS = /* @__PURE__ */ new Map([
	["accept", {
		label: "yes, this once",
		effect: "accept",
		review: "approved"
	}],
	["acceptForSession", {
		label: "yes, and don't ask again for this in this session",
		effect: "accept",
		review: "approved_for_session"
	}],
	["decline", {
		label: "no; the agent continues without it",
		effect: "refuse",
		review: { denied: { rejection: "The user declined." } }
	}],
	["cancel", {
		label: "no, and stop the turn",
		effect: "refuse",
		review: "abort"
	}]
]);
const DECLINE$2 = option("decline");
function listedOptions(params, proposed = []) {
	const [accept, acceptForSession, ...refusals] = DECISIONS.keys();
	const usual = [
		accept,
		acceptForSession,
		...proposed,
		...refusals
	];
	const silent = params.has("availableDecisions") ? [] : usual;
	const options = [];
	const counts = /* @__PURE__ */ new Map();
	const unknown = [];
	for (const decision of params.list("availableDecisions") ?? silent) {
		const known = decisionOption(decision);
		if (known === void 0) {
			unknown.push(decision);
			continue;
		}
		const count = (counts.get(known.id) ?? 0) + 1;
		counts.set(known.id, count);
		options.push(count === 1 ? known : {
			...known,
			id: `${known.id}-${count}`
		});
	}
	return {
		options,
		unknown: unknown.length > 0 ? [jsonSection("unknown", "Decisions unknown to this program, and not offered", unknown)] : []
	};
}
function reviewOptions() {
	return [...DECISIONS].map(([id, { review }]) => ({
		...option(id),
		answer: { decision: review }
	}));
}
function refusalAmong(options) {
	const find = (wanted) => options.find(({ id }) => id === wanted);
	return find("decline") ?? find("cancel") ?? DECLINE$2;
}
function option(id) {
	const { label, effect } = DECISIONS.get(id) ?? {
		label: id,
		effect: "refuse"
	};
	return {
		id,
		label: escapeLine(label),
		effect,
		grants: [],
		decision: id,
		answer: { decision: id }
	};
}
function decisionOption(decision) {
	if (typeof decision === "string") return DECISIONS.has(decision) ? option(decision) : void 0;
	return policyOption(decision) ?? networkOption(decision);
}
function policyOption(decision) {
	const amendment = only(only(decision, "acceptWithExecpolicyAmendment"), "execpolicy_amendment");
	if (!(Array.isArray(amendment) && amendment.every((word) => typeof word === "string")) || amendment.length === 0) return void 0;
	return {
		id: "acceptWithExecpolicyAmendment",
		label: escapeLine("yes, and always allow commands that start this way"),
		effect: "accept",
		grants: exactJsonSections("Allows from now on, without asking, all commands that start with", amendment, "context").map((section) => section.format === "json" ? {
			...section,
			text: visibleJsonLine(amendment)
		} : section),
		decision,
		answer: { decision }
	};
}
function networkOption(decision) {
	const amendment = only(only(decision, "applyNetworkPolicyAmendment"), "network_policy_amendment");
	const { host, action, ...rest } = Object(amendment);
	if (!(typeof host === "string" && (action === "allow" || action === "deny")) || Object.keys(rest).length > 0) return void 0;
	const isAllowed = action === "allow";
	return {
		id: "applyNetworkPolicyAmendment",
		label: escapeLine(isAllowed ? "yes, and always allow this host" : "no, and always block this host"),
		effect: isAllowed ? "accept" : "refuse",
		grants: exactSections(isAllowed ? "Allowed from now on" : "Blocked from now on", host, "context"),
		decision,
		answer: { decision }
	};
}
function only(value, name) {
	const members = Object.entries(Object(value));
	return members.length === 1 && members[0]?.[0] === name ? members[0][1] : void 0;
}
// src/requests/command.ts
const TITLES = {
	command: "Run this command",
	humanCommand: "Run this command, of the kind humanCommand",
	writeStdin: "Send this input to a running terminal"
};
function describeCommand(params, item) {
	params.drop("threadId", "turnId", "itemId", "startedAtMs", "approvalId");
	const given = params.text("kind") ?? "command";
	const kind = Object.hasOwn(TITLES, given) ? given : void 0;
	const network = params.object("networkApprovalContext");
	const isNetwork = typeof network?.host === "string" && network.host !== "";
	const command = params.text("command");
	const cwd = params.text("cwd");
	const environment = params.text("environmentId");
	params.any("commandActions");
	const sections = [
		...kind === void 0 ? [unknownKind(given)] : [],
		...differences$1({
			kind,
			command,
			cwd
		}, item),
		...reasonSection("Reason given", params.text("reason")),
		...contextSection("Environment", environment === "local" ? void 0 : environment),
		...contextSection("Directory", cwd),
		...permissionSections(params.object("additionalPermissions")),
		...networkSections(network),
		...subjectSections$1(kind, command, isNetwork ? void 0 : item)
	];
	const { options, unknown } = listedOptions(params, proposedDecisions(params));
	return {
		kind: isNetwork ? "networkAccess" : kind ?? "unknown",
		title: isNetwork ? "Allow access to this host" : TITLES[kind ?? "command"],
		sections: [
			...sections,
			...unknown,
			...params.unknown()
		],
		options
	};
}
function describeOldCommand(params) {
	params.drop("conversationId", "callId", "approvalId");
	params.any("parsedCmd");
	const command = params.list("command") ?? [];
	const sections = [
		...reasonSection("Reason given", params.text("reason")),
		...contextSection("Directory", params.text("cwd")),
		...command.length === 0 ? [] : exactJsonSections("Program and arguments", command),
		...params.unknown()
	];
	return {
		kind: "command",
		title: TITLES.command,
		sections,
		options: reviewOptions()
	};
}
function unknownKind(kind) {
	return warning(`This program doesn't know the kind of this request: ${kind}`);
}
function differences$1(asked, item) {
	const command = item.text("command");
	const cwd = item.text("cwd");
	if (asked.kind === "writeStdin") return contextSection("Terminal started with", command);
	const shown = [];
	if (asked.command !== void 0 && command !== void 0 && asked.command !== command) shown.push(warning("The request differs from the command announced earlier; the command below is what would run."), ...contextSection("Announced earlier", command));
	if (asked.cwd !== void 0 && cwd !== void 0 && asked.cwd !== cwd) shown.push(warning(`The directory differs from the one announced earlier: ${cwd}`));
	return shown;
}
function permissionSections(permissions) {
	if (permissions === void 0) return [];
	return exactJsonSections("With these additional permissions", permissions, "context");
}
function networkSections(context) {
	if (context === void 0) return [];
	const members = new Members(context);
	const host = members.text("host");
	return [
		...host ? exactSections("Host", host) : [],
		...contextSection("Protocol", members.text("protocol")),
		...members.unknown("networkApprovalContext.")
	];
}
function subjectSections$1(kind, command, item) {
	const label = kind === "writeStdin" ? "Input" : "Command";
	if (command !== void 0 && command !== "") return exactSections(label, command);
	const announced = kind === "writeStdin" ? void 0 : item?.text("command");
	if (announced === void 0 || announced === "") return [];
	return [warning("The request contains no command. The one below was announced earlier."), ...exactSections(label, announced)];
}
function proposedDecisions(params) {
	const policy = params.list("proposedExecpolicyAmendment");
	const network = params.list("proposedNetworkPolicyAmendments") ?? [];
	return [...policy ? [{ acceptWithExecpolicyAmendment: { execpolicy_amendment: policy } }] : [], ...network.map((one) => ({ applyNetworkPolicyAmendment: { network_policy_amendment: one } }))];
}
// src/requests/elicitation.ts
const APPROVAL_KIND = "mcp_tool_call";
function isToolApproval(params) {
	const members = new Members(params);
	const meta = new Members(members.object("_meta"));
	const schema = new Members(members.object("requestedSchema"));
	const fields = Object.keys(schema.object("properties") ?? {});
	schema.drop("type");
	return members.text("mode") === "form" && meta.text("codex_approval_kind") === APPROVAL_KIND && fields.length === 0 && schema.unknown().length === 0;
}
function describeElicitation(raw, params, item) {
	params.drop("threadId", "turnId", "elicitationId");
	return isToolApproval(raw) ? describeToolCall(params, item) : describeQuestion(params);
}
function describeToolCall(params, item) {
	const server = params.text("serverName");
	const meta = new Members(params.object("_meta"));
	const tool = meta.text("tool_name");
	const args = meta.object("tool_params");
	const persist = meta.list("persist") ?? [];
	params.text("mode");
	params.object("requestedSchema");
	meta.drop("codex_approval_kind");
	meta.any("tool_params_display");
	const running = item.text("type") === "mcpToolCall" ? item : new Members(void 0);
	return {
		kind: "mcpToolCall",
		title: "Call this tool of an MCP server",
		sections: [
			...differences({
				server,
				tool
			}, running),
			...contextSection("MCP server", server),
			...reasonSection("Message", params.text("message")),
			...reasonSection("Tool description, by the MCP server", meta.text("tool_description")),
			...annotationSections(meta),
			...meta.unknown("_meta."),
			...params.unknown(),
			...tool ? exactSections("Tool", tool) : [],
			...argumentSections(args, running.any("arguments"))
		],
		options: [
			ACCEPT,
			...persist.flatMap(persistOption),
			DECLINE$1,
			CANCEL
		]
	};
}
function annotationSections(meta) {
	const annotations = meta.object("tool_annotations");
	return annotations === void 0 ? [] : [jsonSection("context", "Tool annotations, by the MCP server", annotations)];
}
function argumentSections(asked, announced) {
	if (asked !== void 0) return exactJsonSections("Arguments", asked);
	if (announced === void 0) return [warning("The request doesn't include the arguments of the call.")];
	const sections = exactJsonSections("Arguments", announced);
	if (Object.keys(Object(announced)).length === 0) return sections;
	return [
		warning("The request names no arguments. Those below were announced earlier."),
		...roundingWarning(sections),
		...sections
	];
}
function differences(asked, running) {
	const server = running.text("server");
	const tool = running.text("tool");
	if (!(server !== void 0 && server !== asked.server || tool !== void 0 && asked.tool !== void 0 && tool !== asked.tool)) return [];
	return [warning("The request differs from the call announced earlier; the call below is what would run."), ...contextSection("Announced earlier", [server, tool].join("\n"))];
}
const KINDS$1 = {
	form: ["form", "Answer this form of an MCP server"],
	"openai/form": ["form", "Answer this form of an MCP server"],
	openaiForm: ["form", "Answer this form of an MCP server"],
	url: ["url", "Open this URL for an MCP server"],
	"openai/userVerification": ["userVerification", "Verify yourself for an MCP server"]
};
function describeQuestion(params) {
	const mode = params.text("mode") ?? "";
	const [kind, title] = Object.hasOwn(KINDS$1, mode) ? KINDS$1[mode] : ["unknown", "Answer this request of an MCP server"];
	const meta = new Members(params.object("_meta"));
	const sections = [
		...meta.text("codex_approval_kind") !== void 0 ? [warning("This claims to be a tool approval, but isn't one.")] : [],
		...contextSection("MCP server", params.text("serverName")),
		...kind === "unknown" ? contextSection("Mode", mode) : [],
		...contextSection("Title", params.text("title")),
		...contextSection("Message", params.text("message")),
		...contextSection("Description", params.text("description")),
		...subjectSections(params),
		...meta.unknown("_meta."),
		...params.unknown()
	];
	const { content: _none, ...bare } = ACCEPT.answer;
	return {
		kind,
		title,
		sections,
		options: [
			kind === "form" ? {
				...ACCEPT,
				answer: bare
			} : ACCEPT,
			DECLINE$1,
			CANCEL
		]
	};
}
function subjectSections(params) {
	const url = params.text("url");
	const challenge = params.text("challenge");
	const schema = params.object("requestedSchema");
	return [
		...url ? exactSections("URL", url) : [],
		...challenge === void 0 ? [] : [textSection("subject", "Challenge", challenge)],
		...schema === void 0 ? [] : [jsonSection("subject", "Fields", schema)]
	];
}
const ACCEPT = elicitationOption("accept", "yes", "accept");
const DECLINE$1 = elicitationOption("decline", "no", "decline");
const CANCEL = elicitationOption("cancel", "cancel it", void 0);
function persistOption(scope) {
	if (scope !== "session" && scope !== "always") return [];
	const isSession = scope === "session";
	const option = elicitationOption("accept", isSession ? "yes, and don't ask again for this tool in this session" : "yes, and always allow this tool", void 0);
	const id = isSession ? "acceptForSession" : "acceptAlways";
	return [{
		...option,
		id,
		answer: {
			action: "accept",
			content: null,
			_meta: { persist: scope }
		}
	}];
}
function elicitationOption(action, label, decision) {
	const effect = action === "accept" ? "accept" : "refuse";
	const answer = {
		action,
		content: null,
		_meta: null
	};
	return {
		id: action,
		label: escapeLine(label),
		effect,
		grants: [],
		decision,
		answer
	};
}
// src/requests/file-change.ts
const TITLE = "Make these changes to files";
const GRANT = "Allows writing, for the rest of the session, under";
function describeFileChange(params, item) {
	params.drop("threadId", "turnId", "itemId", "startedAtMs");
	const changes = item.text("type") === "fileChange" ? item.list("changes") ?? [] : [];
	const { options, unknown } = listedOptions(params);
	const sections = [
		...reasonSection("Reason given", params.text("reason")),
		...grantSections(params.text("grantRoot")),
		...changes.flatMap(changeSections),
		...unknown,
		...params.unknown()
	];
	return {
		kind: "fileChange",
		title: TITLE,
		sections,
		options
	};
}
function describeOldFileChange(params) {
	params.drop("conversationId", "callId");
	const changes = Object.entries(params.object("fileChanges") ?? {});
	const sections = [
		...reasonSection("Reason given", params.text("reason")),
		...grantSections(params.text("grantRoot")),
		...changes.flatMap(([path, change]) => oldChangeSections(path, change)),
		...params.unknown()
	];
	return {
		kind: "fileChange",
		title: TITLE,
		sections,
		options: reviewOptions()
	};
}
function grantSections(root) {
	return root === void 0 || root === "" ? [] : exactSections(GRANT, root, "context");
}
function changeSections(change) {
	const members = new Members(change);
	const kind = new Members(members.object("kind"));
	const type = kind.text("type");
	const path = members.text("path");
	const diff = members.text("diff");
	const target = kind.text("move_path");
	return [...members.unknown(), ...kind.unknown()].length === 0 && path !== void 0 && diff !== void 0 && fileSections(type, path, diff, target) || wholeChange(change);
}
function oldChangeSections(path, change) {
	const members = new Members(change);
	const type = members.text("type");
	const text = members.text(type === "update" ? "unified_diff" : "content");
	const target = members.text("move_path");
	return members.unknown().length === 0 && text !== void 0 && fileSections(type, path, text, target) || wholeChange({ [path]: change }, true);
}
function fileSections(type, path, text, target) {
	if (target !== void 0 && type !== "update") return void 0;
	switch (type) {
		case "add": return [...exactSections("Add", path), textSection("subject", "With this text", text)];
		case "delete": return [...exactSections("Delete", path), textSection("subject", "Its text", text)];
		case "update": return [
			...exactSections("Edit", path),
			...target === void 0 ? [] : exactSections("And move it to", target),
			diffSection("Difference", text)
		];
		default: return;
	}
}
function wholeChange(change, isOfRequest = false) {
	const sections = exactJsonSections("Change", change);
	return [...isOfRequest ? [] : roundingWarning(sections), ...sections];
}
// src/requests/permissions.ts
function describePermissions(params) {
	params.drop("threadId", "turnId", "itemId", "startedAtMs");
	const permissions = params.object("permissions") ?? {};
	const environment = params.text("environmentId");
	return {
		kind: "permissions",
		title: "Grant these permissions",
		sections: [
			...reasonSection("Reason given", params.text("reason")),
			...contextSection("Environment", environment === "local" ? void 0 : environment),
			...contextSection("Directory", params.text("cwd")),
			...Object.keys(permissions).length === 0 ? [] : exactJsonSections("Permissions", permissions),
			...params.unknown()
		],
		options: [
			grantOption("accept", "yes, for this turn", permissions, "turn"),
			grantOption("acceptForSession", "yes, for the rest of the session", permissions, "session"),
			DECLINE
		]
	};
}
const DECLINE = {
	id: "decline",
	label: escapeLine("no; the agent continues without it"),
	effect: "refuse",
	grants: [],
	decision: "decline",
	answer: {
		permissions: {},
		scope: "turn"
	}
};
function grantOption(id, label, { network, fileSystem }, scope) {
	const answer = {
		permissions: {
			...network ? { network } : {},
			...fileSystem ? { fileSystem } : {}
		},
		scope
	};
	return {
		id,
		label: escapeLine(label),
		effect: "accept",
		grants: [],
		decision: answer,
		answer
	};
}
// src/requests/user-input.ts
function describeUserInput(params) {
	params.drop("threadId", "turnId", "itemId", "isBlocking", "autoResolutionMs");
	return {
		kind: "userInput",
		title: "Answer these questions of the agent",
		sections: [...(params.list("questions") ?? []).flatMap(questionSections), ...params.unknown()],
		options: []
	};
}
const NO_ANSWERS = {
	id: "decline",
	label: escapeLine("no answers"),
	effect: "refuse",
	grants: [],
	decision: void 0,
	answer: { answers: {} }
};
function questionSections(question) {
	if (typeof question !== "object" || Array.isArray(question)) return [jsonSection("subject", "Question", question)];
	const members = new Members(question);
	members.drop("id", "isOther", "isSecret");
	const header = members.text("header");
	const text = members.text("question");
	const choices = members.list("options") ?? [];
	return [
		...header ? [textSection("subject", "Header", header)] : [],
		...text === void 0 ? [] : [textSection("subject", "Question", text)],
		...choices.map((choice, index) => choiceSection(choice, `Choice ${index + 1}`)),
		...members.unknown()
	];
}
function choiceSection(choice, title) {
	const members = new Members(choice);
	const label = members.text("label");
	const description = members.text("description");
	if (label === void 0 || members.unknown().length > 0) return jsonSection("subject", title, choice);
	return textSection("subject", title, description ? `${label}: ${description}` : label);
}
// src/requests/describe-request.ts
const ORDER = [
	"warning",
	"reason",
	"context",
	"unknown",
	"subject"
];
function describeRequest(method, params, item, exactNumbers = false) {
	const draft = completed(draftOf(method, params, item), exactNumbers);
	const sections = ORDER.flatMap((role) => draft.sections.filter((one) => one.role === role));
	const options = !sections.some(({ role }) => role === "subject") ? draft.options.filter(({ effect }) => effect === "refuse") : draft.options;
	const { kind } = draft;
	return {
		method,
		kind,
		title: escapeLine(draft.title),
		sections,
		options,
		refusal: refusalOf(draft, options)
	};
}
function completed(draft, exactNumbers) {
	if (exactNumbers || draft.sections.includes(ROUNDING)) return draft;
	const grants = draft.options.flatMap((option) => option.grants);
	const rounding = roundingWarning([...draft.sections, ...grants]);
	return {
		...draft,
		sections: [...draft.sections, ...rounding]
	};
}
function draftOf(method, params, item) {
	const members = new Members(params);
	const about = new Members(item);
	switch (method) {
		case "item/commandExecution/requestApproval": return describeCommand(members, about);
		case "execCommandApproval": return describeOldCommand(members);
		case "item/fileChange/requestApproval": return describeFileChange(members, about);
		case "applyPatchApproval": return describeOldFileChange(members);
		case "item/permissions/requestApproval": return describePermissions(members);
		case "mcpServer/elicitation/request": return describeElicitation(params, members, about);
		case "item/tool/requestUserInput": return describeUserInput(members);
		default: return describeOther(params);
	}
}
function describeOther(params) {
	return {
		kind: "unknown",
		title: "Answer this request of the server",
		sections: [jsonSection("subject", "Parameters", params)],
		options: []
	};
}
function refusalOf({ kind }, options) {
	if (kind === "userInput") return NO_ANSWERS;
	return refusalAmong(options);
}
// src/rpc/digest.ts
const PIECE_CHARS$1 = 16384;
function digest(value) {
	const hash = createHash("sha256");
	const rest = [value];
	let piece = "";
	let chars = 0;
	while (rest.length > 0) {
		piece += openingOf(rest.pop(), rest);
		if (piece.length < PIECE_CHARS$1) continue;
		hash.update(piece);
		chars += piece.length;
		piece = "";
	}
	return {
		hash: hash.update(piece).digest("base64"),
		chars: chars + piece.length
	};
}
function openingOf(value, rest) {
	if (typeof value !== "object" || value === null) return `${JSON.stringify(value)},`;
	if (Array.isArray(value)) {
		for (const member of value) rest.push(member);
		return `[${value.length};`;
	}
	const entries = Object.entries(value);
	for (const entry of entries) rest.push(entry[1], entry[0]);
	return `{${entries.length};`;
}
// src/session/request-form.ts
const MAX_CONTENT_CHARS = 1e6;
const MAX_ISSUES = 20;
function formOf(kind, params, limitMs = CHECK_LIMIT_MS) {
	const members = isRecord(params) ? params : {};
	if (kind === "userInput") return questionsForm(members.questions);
	return kind === "form" ? elicitationForm(members.requestedSchema, limitMs) : void 0;
}
function copyContent(content) {
	let text;
	try {
		text = JSON.stringify(content ?? {});
	} catch (error) {
		return failed(`is no JSON: ${messageOf(error)}`);
	}
	if (text === void 0) return failed("is no JSON");
	if (text.length > MAX_CONTENT_CHARS) return failed(`has ${text.length} characters as JSON; the limit is ${MAX_CONTENT_CHARS}`);
	return { value: JSON.parse(text) };
}
function elicitationForm(requestedSchema, limitMs) {
	const sound = soundValue(requestedSchema);
	const schema = !sound.issues && isRecord(sound.value) ? sound.value : {};
	return {
		schema,
		check: async (content) => {
			if (sound.issues) return unusable("its schema is no sound JSON");
			if (!isRecord(content)) return failed("must be an object");
			try {
				const checked = await withinTime(limitMs, () => prepareSchema(schema, "Its form", {
					strict: false,
					limitMs
				})).validate(content);
				return checked.issues ? checked : { value: { content: checked.value } };
			} catch (error) {
				return unusable(messageOf(error));
			}
		}
	};
}
function questionsForm(given) {
	const questions = (Array.isArray(given) ? given : []).flatMap(questionOf);
	return {
		schema: {
			type: "object",
			properties: Object.fromEntries(questions.map(({ id, schema }) => [id, schema])),
			additionalProperties: false
		},
		check: (content) => {
			if (!isRecord(content)) return failed("must be an object");
			const entries = Object.entries(content);
			const issues = entries.flatMap(([id, text]) => answerIssues(questions, id, text));
			if (issues.length > 0) return { issues: issues.slice(0, MAX_ISSUES) };
			const answers = entries.map(([id, text]) => [id, { answers: [text] }]);
			return { value: { answers: Object.fromEntries(answers) } };
		}
	};
}
function questionOf(question) {
	if (!isRecord(question) || typeof question.id !== "string") return [];
	const { id, header, question: text, isOther, isSecret, options } = question;
	const labels = (Array.isArray(options) ? options : []).flatMap((option) => isRecord(option) && typeof option.label === "string" ? [option.label] : []);
	const isClosed = labels.length > 0 && isOther === false;
	return [{
		id,
		schema: {
			type: "string",
			...typeof header === "string" && { title: header },
			...typeof text === "string" && { description: text },
			...labels.length > 0 && { [isClosed ? "enum" : "examples"]: labels },
			...isSecret === true && {
				format: "password",
				writeOnly: true
			}
		},
		choices: isClosed ? labels : void 0
	}];
}
function answerIssues(questions, id, text) {
	const question = questions.find((one) => one.id === id);
	if (question === void 0) return [{
		message: "isn't the id of a question",
		path: [id]
	}];
	if (typeof text !== "string") return [{
		message: "must be a string",
		path: [id]
	}];
	const { choices } = question;
	if (choices === void 0 || choices.includes(text)) return [];
	return [{
		message: `must be one of ${JSON.stringify(choices)}`,
		path: [id]
	}];
}
function unusable(why) {
	return failed(`can't be checked, so the form can only be refused: ${why}`);
}
function failed(message) {
	return { issues: [{
		message,
		path: []
	}] };
}
// src/session/asked-request.ts
const SEND_ANSWERS = {
	id: "accept",
	label: escapeLine("send these answers"),
	effect: "accept",
	grants: [],
	answer: {}
};
const MAX_ID_CHARS = 60;
var AskedRequest = class {
	data;
	chars;
	#options;
	#decline;
	#form;
	constructor(request, context) {
		const { method, params } = request;
		const description = describeRequest(method, params, context.item, context.exactNumbers);
		const { id, chars } = identityOf(request);
		this.#options = optionsOf(description);
		this.#form = formOf(description.kind, params);
		this.#decline = refusalAmong(this.#options.filter(({ id }) => id === "decline"));
		this.data = {
			id,
			...placeOf(request, context),
			kind: description.kind,
			title: description.title,
			detail: description.sections,
			options: this.#options.map(shown),
			form: this.#form?.schema,
			arrivedAt: Date.now()
		};
		this.chars = chars + description.sections.reduce((sum, { text }) => sum + text.length, 0);
	}
	get refusal() {
		return this.#decline.answer;
	}
	optionOf(optionId) {
		const choice = this.#choice(optionId);
		return choice && shown(choice);
	}
	async resultOf(optionId, content) {
		const option = this.#choice(optionId);
		if (option === void 0) throw this.#invalid(`${named(optionId)}; ${this.#offered}`);
		const isEmpty = content === void 0 || content === null;
		if (option.effect === "refuse" || this.#form === void 0) {
			if (isEmpty) return option.answer;
			throw this.#invalid(`has content, but the option "${option.id}" takes none`);
		}
		const copy = copyContent(content);
		const checked = copy.issues ? copy : await this.#form.check(copy.value);
		if (checked.issues === void 0) return {
			...option.answer,
			...checked.value
		};
		const list = checked.issues.map(({ message, path }) => `${pathText(path)}${message}`);
		const { id } = this.data;
		throw new InvalidAnswerError(id, `doesn't fit its form: content ${list.join("; ")}`, checked.issues);
	}
	#choice(optionId) {
		return [...this.#options, this.#decline].find(({ id }) => id === optionId);
	}
	get #offered() {
		return `the options are ${quoteForeign(this.#options.map(({ id }) => `"${id}"`).join(", "))}`;
	}
	#invalid(what) {
		return new InvalidAnswerError(this.data.id, what);
	}
};
function optionsOf(description) {
	const { kind, sections, options, refusal } = description;
	if (kind !== "userInput") return options.length > 0 ? options : [refusal];
	return sections.some(({ role }) => role === "subject") ? [SEND_ANSWERS, refusal] : [refusal];
}
function shown({ id, label, effect, grants }) {
	return {
		id,
		label,
		effect,
		grants
	};
}
function placeOf({ params }, { item, threadId, parentThreadId }) {
	const members = isRecord(params) ? params : {};
	return {
		threadId: text$1(members.threadId) ?? text$1(members.conversationId) ?? threadId,
		parentThreadId,
		turnId: text$1(members.turnId),
		entryId: item?.id ?? text$1(members.itemId) ?? text$1(members.callId)
	};
}
function text$1(value) {
	return typeof value === "string" ? value : void 0;
}
function identityOf({ id, method, params }) {
	const { hash, chars } = digest([
		id,
		method,
		params
	]);
	return {
		id: Buffer.from(hash, "base64").subarray(0, 16).toString("hex"),
		chars
	};
}
function named(optionId) {
	return typeof optionId === "string" ? `names the option "${quoteForeign(optionId, MAX_ID_CHARS)}", which the request doesn't have` : "names no option";
}
function pathText(path) {
	return path.length === 0 ? "" : `${path.map(String).join(".")}: `;
}
// src/session/turn-ended.ts
var TurnEnded = class extends CodexError {
	constructor() {
		super("The turn of the request has ended");
	}
};
// src/session/pending-requests.ts
const MAX_PENDING = 1e3;
const MAX_CHARS$1 = 32 * 2 ** 20;
const UNWATCHED_MS = 5e3;
const MAX_SETTLED = 1e3;
var PendingRequests = class {
	#warn;
	#entries = /* @__PURE__ */ new Map();
	#settled = /* @__PURE__ */ new Map();
	#added;
	#left;
	#waiting = /* @__PURE__ */ new Set();
	#chars = 0;
	#lastPlace = 0;
	#isWatched = false;
	#unwatched;
	#onAsked = () => {};
	#ending;
	constructor(warn) {
		this.#warn = warn;
		this.#added = new Listeners("added requests", warn);
		this.#left = new Listeners("settled requests", warn);
	}
	onAsked(listener) {
		this.#onAsked = listener;
	}
	get all() {
		this.#watch();
		return [...this.#entries.values()].map(({ request }) => request);
	}
	get(id) {
		this.#watch();
		return this.#entries.get(id)?.request;
	}
	byThread() {
		const threads = /* @__PURE__ */ new Map();
		for (const { request, serverRequest } of this.#entries.values()) {
			const { threadId } = request;
			if (threadId === void 0) continue;
			threads.set(threadId, [...threads.get(threadId) ?? [], serverRequest]);
		}
		return threads;
	}
	onAdded(listener) {
		this.#watch();
		return this.#added.add(listener);
	}
	onSettled(listener) {
		return this.#left.add(listener);
	}
	async ask(serverRequest, context) {
		const asked = new AskedRequest(serverRequest, context);
		const { signal } = context;
		if (signal.aborted) return asked.refusal;
		if (!this.#hasRoomFor(asked)) {
			this.#warn(new CodexWarning("REQUEST_DROPPED", dropped(asked, this.#entries.size)));
			return asked.refusal;
		}
		const { promise, resolve } = deferred();
		const { id } = asked.data;
		const request = new PendingRequest(asked.data, (...args) => this.answer(id, ...args));
		const entry = {
			place: ++this.#lastPlace,
			asked,
			request,
			serverRequest,
			resolve,
			stop: () => {},
			repeated: void 0
		};
		this.#entries.set(id, entry);
		this.#settled.delete(id);
		this.#chars += asked.chars;
		entry.stop = onAbort(signal, () => {
			this.#settle(entry, reasonOf(signal.reason));
			resolve(asked.refusal);
		});
		this.#onAsked(serverRequest);
		this.#announce(request);
		return promise;
	}
	async answer(id, optionId, content) {
		this.#watch();
		const entry = this.#entries.get(id);
		if (entry === void 0) throw this.#whyGone(id);
		const result = await entry.asked.resultOf(optionId, content);
		while (entry.repeated) await entry.repeated.promise;
		if (this.#entries.get(id) !== entry) throw this.#whyGone(id);
		this.#settle(entry, "answered", entry.asked.optionOf(optionId));
		entry.resolve(result);
	}
	hold(serverRequests) {
		const held = new Set(serverRequests);
		for (const entry of this.#entries.values()) if (held.has(entry.serverRequest)) entry.repeated ??= deferred();
	}
	confirm(serverRequest) {
		if (this.#entries.size === 0) return;
		const entry = this.#entries.get(identityOf(serverRequest).id);
		if (entry) this.#confirm(entry);
	}
	async first(fits, signal) {
		return (await this.#wait(({ request }) => fits(request), signal))?.request;
	}
	read() {
		return new Leavable((left) => this.#read(left));
	}
	async *#read(left) {
		let last = 0;
		for (;;) {
			const entry = await this.#wait(({ place }) => place > last, left);
			if (entry === void 0) return void 0;
			last = entry.place;
			yield entry.request;
		}
	}
	end(error) {
		this.#ending = { error };
		this.#unwatched?.cancel();
		this.#wake();
	}
	#hasRoomFor({ chars }) {
		return this.#entries.size < MAX_PENDING && this.#chars + chars <= MAX_CHARS$1;
	}
	#announce(request) {
		if (!this.#isWatched) this.#unwatched ??= startTimer(UNWATCHED_MS, () => this.#warnUnwatched());
		this.#added.tell(request);
		this.#wake();
	}
	#watch() {
		this.#isWatched = true;
		this.#unwatched?.cancel();
	}
	#warnUnwatched() {
		if (this.#entries.size === 0) this.#unwatched = void 0;
		else this.#warn(new CodexWarning("REQUEST_UNWATCHED", UNWATCHED));
	}
	#confirm(entry) {
		entry.repeated?.resolve();
		entry.repeated = void 0;
	}
	#settle(entry, reason, option) {
		const { request, asked } = entry;
		entry.stop();
		this.#confirm(entry);
		this.#entries.delete(request.id);
		this.#chars -= asked.chars;
		this.#settled.set(request.id, reason);
		for (const oldest of this.#settled.keys()) {
			if (this.#settled.size <= MAX_SETTLED) break;
			this.#settled.delete(oldest);
		}
		this.#left.tell(request, reason, option);
	}
	#whyGone(id) {
		const reason = this.#settled.get(id);
		return reason === void 0 ? new UnknownRequestError(id) : new RequestSettledError(id, reason);
	}
	async #wait(fits, signal) {
		this.#watch();
		for (;;) {
			signal?.throwIfAborted();
			for (const entry of this.#entries.values()) if (fits(entry)) return entry;
			if (this.#ending?.error) throw this.#ending.error;
			if (this.#ending) return void 0;
			const { promise, resolve } = deferred();
			const wake = () => resolve();
			this.#waiting.add(wake);
			await orAborted(promise, signal).finally(() => this.#waiting.delete(wake));
		}
	}
	#wake() {
		for (const wake of this.#waiting) wake();
	}
};
const UNWATCHED = "A request of the server waits for an answer, but this program doesn't use codex.requests: answer it with codex.requests.answer(), or don't set the option approvals to \"ask\".";
function dropped({ chars }, pending) {
	return `A request of the server was refused: ${pending} requests are pending, and it has ${chars} characters. At most ${MAX_PENDING} can be pending, with ${MAX_CHARS$1} characters in all.`;
}
function reasonOf(why) {
	if (why instanceof TransportClosedError) return "connectionLost";
	return why instanceof TurnEnded || why instanceof TurnLostError ? "turnEnded" : "withdrawn";
}
// src/rpc/answer-log.ts
const MAX_ANSWERS = 256;
const MAX_CHARS = 4 * 2 ** 20;
const MAX_DIGESTS = 1024;
var AnswerLog = class {
	#keepsAnswers;
	#answers = /* @__PURE__ */ new Map();
	#chars = 0;
	#digests = /* @__PURE__ */ new Map();
	constructor(options) {
		this.#keepsAnswers = options.keepsAnswers;
	}
	add(request, text) {
		const answer = {
			request,
			text,
			digest: digestOf(request)
		};
		this.#answers.set(request.id, answer);
		this.#chars += charsOf(answer);
		for (const [, oldest] of this.#answers) {
			if (this.#fits()) break;
			this.#drop(oldest);
		}
	}
	find(request) {
		const answer = this.#answers.get(request.id);
		const hash = answer?.digest.hash ?? this.#digests.get(request.id);
		if (hash === void 0 || hash !== digestOf(request).hash) return void 0;
		return answer ?? "dropped";
	}
	delete(id) {
		const answer = this.#answers.get(id);
		if (answer) this.#remove(answer);
		this.#digests.delete(id);
	}
	forget(predicate) {
		for (const answer of this.#answers.values()) if (predicate(answer.request)) this.#remove(answer);
	}
	clear() {
		this.#answers.clear();
		this.#digests.clear();
		this.#chars = 0;
	}
	#fits() {
		if (!this.#keepsAnswers) return this.#answers.size === 0;
		return this.#answers.size <= MAX_ANSWERS && this.#chars <= MAX_CHARS;
	}
	#drop(answer) {
		this.#remove(answer);
		this.#digests.set(answer.request.id, answer.digest.hash);
		for (const [oldest] of this.#digests) {
			if (this.#digests.size <= MAX_DIGESTS) break;
			this.#digests.delete(oldest);
		}
	}
	#remove(answer) {
		this.#answers.delete(answer.request.id);
		this.#chars -= charsOf(answer);
	}
};
function isSameRequest(one, other) {
	return one.id === other.id && digestOf(one).hash === digestOf(other).hash;
}
function digestOf({ method, params }) {
	return digest([method, params]);
}
function charsOf({ text, digest }) {
	return text.length + digest.chars;
}
// src/rpc/messages.ts
const INTERNAL_ERROR = -32603;
function classify(text) {
	let message;
	try {
		message = JSON.parse(text);
	} catch {
		return {
			kind: "malformed",
			why: "it is not JSON"
		};
	}
	if (!isRecord(message)) return {
		kind: "malformed",
		why: "it is not an object"
	};
	if ("method" in message) return classifyCall(message, text);
	if (!("id" in message)) return {
		kind: "malformed",
		why: "it has neither a method nor an id"
	};
	if (!isId(message.id)) return {
		kind: "malformed",
		why: "its id is neither a string nor a number"
	};
	return classifyResponse(message);
}
function classifyCall(message, text) {
	const { id, method, params } = message;
	if (typeof method !== "string") return {
		kind: "malformed",
		why: "its method is not a string"
	};
	if (!("id" in message)) return {
		kind: "notification",
		message
	};
	if (!isId(id)) return {
		kind: "malformed",
		why: "its id is neither a string nor a number"
	};
	return {
		kind: "request",
		message: {
			id,
			method,
			params,
			exactNumbers: hasExactNumbers(text)
		}
	};
}
function classifyResponse(message) {
	const { id, error = null } = message;
	if (error === null) {
		if ("result" in message) return {
			kind: "response",
			message
		};
		return {
			kind: "response",
			message: {
				id,
				error: errorBody("The server's response has neither a result nor an error")
			},
			flaw: "it has no result and no error"
		};
	}
	if (isErrorBody(error)) return {
		kind: "response",
		message
	};
	return {
		kind: "response",
		message: {
			id,
			error: readableError(error)
		},
		flaw: "its error is malformed"
	};
}
const MAX_QUOTED_CHARS$1 = 1e3;
function readableError(error) {
	const { code, message, data } = isRecord(error) ? error : {};
	return {
		...errorBody(`The server's error is malformed: ${typeof message === "string" ? message.slice(0, MAX_QUOTED_CHARS$1) : describe(error)}`),
		...typeof code === "number" && { code },
		...data != null && { data }
	};
}
function errorBody(message) {
	return {
		code: INTERNAL_ERROR,
		message
	};
}
function isId(id) {
	return typeof id === "string" || typeof id === "number";
}
function isErrorBody(error) {
	return isRecord(error) && typeof error.code === "number" && typeof error.message === "string";
}
function encodeRequest(id, method, params, trace) {
	const traced = trace === void 0 ? "" : `,"trace":${toJson(trace, "The trace context")}`;
	return `{"id":${toJson(id, "The id")},${callMembers(method, params ?? {})}${traced}}`;
}
function encodeNotification(method, params) {
	if (params !== void 0) return `{${callMembers(method, params)}}`;
	return `{"method":${toJson(method, "The method")}}`;
}
function callMembers(method, params) {
	const json = toJson(params, `${method}: the params`);
	return `"method":${toJson(method, "The method")},"params":${json}`;
}
function encodeResult(id, result) {
	return `{"id":${toJson(id, "The id")},"result":${toJson(result ?? null, "The result")}}`;
}
function encodeError(id, error) {
	return toJson({
		id,
		error
	}, "The error");
}
const SURROGATE_ESCAPE = /\\(?:\\|u[dD][89a-fA-F][0-9a-fA-F]{2})/g;
function toJson(value, what) {
	let text;
	try {
		text = JSON.stringify(value);
	} catch (cause) {
		throw new TypeError(`${what} can't be sent as JSON: ${messageOf(cause)}`, { cause });
	}
	if (text === void 0) throw new TypeError(`${what} can't be sent as JSON: got ${describe(value)}`);
	if (!text.includes("\\ud")) return text;
	return text.replace(SURROGATE_ESCAPE, (found) => found === "\\\\" ? found : "\\ufffd");
}
// src/rpc/inbound.ts
var RpcFailure = class extends Error {
	code;
	constructor(code, message) {
		super(message);
		this.code = code;
	}
};
const METHOD_NOT_FOUND = -32601;
const MAX_OPEN = 1e4;
const MAX_MESSAGE_CHARS = 4e3;
var InboundRequests = class {
	#handle;
	#send;
	#open = /* @__PURE__ */ new Map();
	#answers;
	#connection = 0;
	constructor(handle, send, options) {
		this.#handle = handle;
		this.#send = send;
		this.#answers = new AnswerLog({ keepsAnswers: options.replays });
	}
	accept(request) {
		const { id } = request;
		const open = this.#open.get(id);
		if (open && isSameRequest(open.request, request)) {
			open.connection = this.#connection;
			return;
		}
		const answer = this.#answers.find(request);
		if (answer !== void 0) {
			const text = answer === "dropped" ? failure(id, ALREADY_ANSWERED) : answer.text;
			this.#deliver(id, text);
			return;
		}
		this.withdraw(id, /* @__PURE__ */ new Error("The server has given the id of this request to another one"));
		if (this.#open.size >= MAX_OPEN) this.#deliver(id, failure(id, TOO_MANY));
		else {
			const controller = new AbortController();
			this.#start({
				request,
				controller,
				connection: this.#connection
			});
		}
	}
	withdraw(id, reason) {
		const open = this.#open.get(id);
		this.#open.delete(id);
		this.#answers.delete(id);
		open?.controller.abort(reason);
	}
	connectionReplaced() {
		this.#connection++;
	}
	isUnrepeated(request) {
		const open = this.#open.get(request.id);
		return open?.request === request && open.connection < this.#connection;
	}
	withdrawWhere(predicate, reason) {
		for (const { request } of [...this.#open.values()]) if (predicate(request)) this.withdrawOnly(request, reason);
	}
	withdrawOnly(request, reason) {
		if (this.#open.get(request.id)?.request === request) this.withdraw(request.id, reason);
		else this.forget((one) => one === request);
	}
	cancel(request, reason) {
		const open = this.#open.get(request.id);
		if (open?.request === request) open.controller.abort(reason);
	}
	forget(predicate) {
		this.#answers.forget(predicate);
	}
	withdrawAll(reason) {
		const all = [...this.#open.values()];
		this.#open.clear();
		this.#answers.clear();
		for (const { controller } of all) controller.abort(reason);
	}
	#start(open) {
		const { request, controller } = open;
		const { id } = request;
		this.#open.set(id, open);
		Promise.resolve().then(() => this.#isOpen(open) ? this.#handle(request, controller.signal) : void 0).then((result) => encodeResult(id, result)).catch((error) => failure(id, error)).then((text) => this.#answer(open, text));
	}
	#isOpen(open) {
		return this.#open.get(open.request.id) === open;
	}
	#answer(open, text) {
		if (!this.#isOpen(open)) return;
		const { request } = open;
		this.#open.delete(request.id);
		this.#answers.add(request, this.#deliver(request.id, text));
	}
	#deliver(id, text) {
		try {
			this.#send(text);
			return text;
		} catch (refusal) {
			return this.#deliverRefusal(failure(id, undeliverable(refusal)));
		}
	}
	#deliverRefusal(text) {
		try {
			this.#send(text);
		} catch {}
		return text;
	}
};
const ALREADY_ANSWERED = /* @__PURE__ */ new Error("The client has answered this request, and dropped the answer");
const TOO_MANY = /* @__PURE__ */ new Error(`The client has ${MAX_OPEN} open requests and takes no more`);
function undeliverable(refusal) {
	return /* @__PURE__ */ new Error(`The client's answer could not be sent: ${messageOf(refusal)}`);
}
function failure(id, error) {
	return encodeError(id, {
		code: codeOf$1(error),
		message: messageOf(error).slice(0, MAX_MESSAGE_CHARS)
	});
}
function codeOf$1(error) {
	try {
		return error instanceof RpcFailure && Number.isInteger(error.code) ? error.code : INTERNAL_ERROR;
	} catch {
		return INTERNAL_ERROR;
	}
}
// src/session/responder.ts
const LEFT = Symbol("left");
const EACH_METHOD = 32;
const MAX_WARNED = 1e3;
const MAX_METHOD_CHARS$1 = 100;
const ELICITATION = "mcpServer/elicitation/request";
const QUESTIONS = [ELICITATION, "item/tool/requestUserInput"];
const DECLINED = {
	action: "decline",
	content: null,
	_meta: null
};
var Responder = class {
	#options;
	#approvals;
	#handlers;
	#warned = /* @__PURE__ */ new Set();
	#unhandled = new WarningLimit(EACH_METHOD);
	constructor(options) {
		this.#options = options;
		const { approvals } = options;
		this.#approvals = typeof approvals === "object" ? Object.fromEntries(copyMembers(approvals)) : approvals;
		this.#handlers = copyMembers(options.handlers);
	}
	get hasRules() {
		return typeof this.#approvals === "object" || this.#approvals === "ask";
	}
	async answer(request, context, turn) {
		const answer = await this.#answer(request, context, turn);
		if (answer !== LEFT) return answer;
		await (turn.becomesOurs ?? new Promise(() => {}));
		return this.#answer(request, context, {
			...turn,
			isOthers: false
		});
	}
	async #answer(request, context, turn) {
		const kind = approvalKind(request, context);
		const handler = this.#handler(request.method);
		const fallback = this.#handlers.get("*");
		if (kind !== void 0) {
			const mayDecide = this.#approvals === void 0 && request.method !== ELICITATION;
			if (handler && mayDecide) return this.#guarded(request, () => handler(request.params, context));
			if (turn.isOthers && !this.#hasRule(kind)) return LEFT;
			return this.#approve(kind, request, context);
		}
		if ((handler ?? fallback ?? this.#asksQuestions) && isUnseenApproval(request)) return turn.isOthers ? LEFT : this.#declineUnseen();
		if (handler) return this.#guarded(request, () => handler(request.params, context));
		if (request.method === "item/tool/call") return this.#callTool(request, context.signal, turn);
		if (request.method === "currentTime/read") return { currentTimeAt: Math.floor(Date.now() / 1e3) };
		if (fallback) return this.#guarded(request, () => fallback(request.params, context));
		if (this.#asksQuestions && QUESTIONS.includes(request.method)) return this.#options.pending.ask(request, context);
		return turn.isOthers ? LEFT : this.#refuse(request.method);
	}
	#hasRule(kind) {
		const approvals = this.#approvals;
		return approvals === "ask" || typeof approvals === "object" && approvals[kind] !== void 0;
	}
	get #asksQuestions() {
		const approvals = this.#approvals;
		return approvals === "ask" || typeof approvals === "object" && approvals.questions === "ask";
	}
	#handler(method) {
		return method === "*" ? void 0 : this.#handlers.get(method);
	}
	#callTool(request, signal, { tools, isOthers }) {
		const params = request.params;
		if (tools) return tools.call(params, {
			signal,
			warn: this.#options.warn
		});
		if (isOthers) return LEFT;
		return {
			success: false,
			contentItems: [{
				type: "inputText",
				text: `This client has no tool named ${JSON.stringify(params.tool)}.`
			}]
		};
	}
	async #approve(kind, request, context) {
		const answer = await this.#guarded(request, () => answerApproval(this.#approvals, kind, request, context));
		if (answer === "ask") return this.#options.pending.ask(request, context);
		const { result, isDefault, fault } = answer;
		if (fault !== void 0) this.#options.warn(new CodexWarning("INVALID_DECISION", fault));
		if (isDefault) this.#warnOnce("APPROVAL_DECLINED", "", () => `The server asked for an approval (${request.method}), which was declined: without the option "approvals" every approval is. Set approvals: "accept" | "decline" | "ask" | { ${APPROVAL_KINDS.join(", ")} }.`);
		return result;
	}
	#declineUnseen() {
		this.#warnOnce("APPROVAL_DECLINED", "unseen", () => `The server asked for the approval of an MCP tool call (${ELICITATION}), which was declined: this client has not seen that call begin, so its rules don't apply. An MCP server may have forged it.`);
		return DECLINED;
	}
	#refuse(method) {
		const name = quoteForeign(method, MAX_METHOD_CHARS$1);
		this.#warnOnce("UNHANDLED_REQUEST", name, () => {
			const howMany = this.#unhandled.next("such methods");
			if (howMany === void 0) return void 0;
			return `The server sent the request ${name}, for which there is no handler: it received an error${howMany}. Set the option handlers: { "${name}": (params, context) => … }.`;
		});
		throw new RpcFailure(METHOD_NOT_FOUND, `The client has no handler for ${name}`);
	}
	async #guarded(request, run) {
		try {
			return await run();
		} catch (cause) {
			if (!(cause instanceof RpcFailure)) {
				const message = `The handler of ${quoteForeign(request.method, MAX_METHOD_CHARS$1)} threw, and the server received an error: ${messageOf(cause)}`;
				this.#options.warn(new CodexWarning("HANDLER_FAILED", message, { cause }));
			}
			throw cause;
		}
	}
	#warnOnce(code, about, message) {
		if (this.#warned.has(code + about)) return;
		if (this.#warned.size < MAX_WARNED) this.#warned.add(code + about);
		const text = message();
		if (text !== void 0) this.#options.warn(new CodexWarning(code, text));
	}
};
function isUnseenApproval({ method, params }) {
	return method === ELICITATION && isToolApproval(params);
}
// src/util/channels.ts
const channels = {
	request: pair("request"),
	turn: {
		...pair("turn"),
		notification: channel("codex-app-server:turn:notification")
	},
	serverRequest: pair("server-request")
};
function pair(name) {
	return {
		start: channel(`codex-app-server:${name}:start`),
		end: channel(`codex-app-server:${name}:end`)
	};
}
function begin({ start, end }, event) {
	start.publish(event);
	let isOver = false;
	return (outcome) => {
		if (isOver) return;
		isOver = true;
		end.publish(Object.assign(event, outcome));
	};
}
function isObserved({ start, end }) {
	return start.hasSubscribers || end.hasSubscribers;
}
// src/util/fifo.ts
var Fifo = class {
	#nodes = /* @__PURE__ */ new Map();
	#first;
	#last;
	get size() {
		return this.#nodes.size;
	}
	push(entry) {
		if (this.#nodes.has(entry)) return;
		const node = {
			entry,
			previous: this.#last,
			next: void 0
		};
		if (this.#last) this.#last.next = node;
		else this.#first = node;
		this.#last = node;
		this.#nodes.set(entry, node);
	}
	shift() {
		const entry = this.#first?.entry;
		if (entry !== void 0) this.remove(entry);
		return entry;
	}
	remove(entry) {
		const node = this.#nodes.get(entry);
		if (node === void 0) return false;
		this.#nodes.delete(entry);
		if (node.previous) node.previous.next = node.next;
		else this.#first = node.next;
		if (node.next) node.next.previous = node.previous;
		else this.#last = node.previous;
		return true;
	}
	clear() {
		this.#nodes.clear();
		this.#first = void 0;
		this.#last = void 0;
	}
	*[Symbol.iterator]() {
		for (let node = this.#first; node; node = node.next) yield node.entry;
	}
};
// src/rpc/send-window.ts
const MAX_UNREAD = 64;
const PROBE_BACKOFF = {
	initialDelayMs: 20,
	maxDelayMs: 5e3,
	jitterRatio: 0
};
const PROBE_PATIENCE = {
	initialDelayMs: 1e4,
	maxDelayMs: 6e5,
	jitterRatio: 0
};
var SendWindow = class {
	#options;
	#waiting = new Fifo();
	#urgent = new Fifo();
	#unread = /* @__PURE__ */ new Set();
	#pumping = false;
	#timer;
	#moved = false;
	#probe;
	#probes = 0;
	constructor(options) {
		this.#options = options;
	}
	add(request, urgent = false) {
		(urgent ? this.#urgent : this.#waiting).push(request);
		this.#pump();
	}
	remove(request) {
		if (!this.#urgent.remove(request)) this.#waiting.remove(request);
		this.#watch();
	}
	taken(request) {
		if (!this.#unread.has(request)) return;
		for (const one of this.#unread) {
			this.#unread.delete(one);
			if (one === request) break;
		}
		this.#moved = true;
		if (this.#probes > 0) this.#disarm();
		this.#probes = 0;
		this.#pump();
	}
	refused(request) {
		this.#unread.delete(request);
		if (request === this.#probe) this.#disarm();
		this.#pump();
	}
	clear() {
		const dropped = [...this.#urgent, ...this.#waiting];
		this.#urgent.clear();
		this.#waiting.clear();
		this.#unread.clear();
		this.#disarm();
		return dropped;
	}
	#pump() {
		if (this.#pumping) return;
		this.#pumping = true;
		for (let next = this.#next(); next !== void 0; next = this.#next()) this.#send(next);
		this.#pumping = false;
		this.#watch();
	}
	#next() {
		const { size } = this.#unread;
		if (size < MAX_UNREAD) return this.#urgent.shift() ?? this.#waiting.shift();
		return size < 96 ? this.#urgent.shift() : void 0;
	}
	#send(request) {
		this.#unread.add(request);
		this.#options.send(request);
	}
	#watch() {
		if (this.#waiting.size + this.#urgent.size === 0) this.#disarm();
		else if (this.#timer === void 0) this.#arm();
	}
	#arm() {
		if (this.#options.makeProbe === void 0) return;
		const delayMs = this.#isProbing ? backoffDelay(this.#probes, PROBE_PATIENCE) : backoffDelay(this.#probes + 1, PROBE_BACKOFF);
		this.#moved = false;
		this.#timer = startTimer(delayMs, () => this.#stalled());
	}
	#disarm() {
		this.#timer?.cancel();
		this.#timer = void 0;
	}
	get #isProbing() {
		return this.#probe !== void 0 && this.#unread.has(this.#probe);
	}
	#stalled() {
		this.#timer = void 0;
		const probe = this.#moved ? void 0 : this.#options.makeProbe?.();
		if (probe !== void 0) {
			if (this.#probe) this.#unread.delete(this.#probe);
			this.#probe = probe;
			this.#probes++;
			this.#send(probe);
		}
		this.#watch();
	}
};
// src/rpc/pending.ts
var CallLost = class extends Error {
	sent;
	reason;
	constructor(reason, sent) {
		super(reason.message);
		this.reason = reason;
		this.sent = sent;
	}
};
const MAX_ABANDONED = 1e4;
var PendingCalls = class {
	#options;
	#window;
	#sent = /* @__PURE__ */ new Map();
	#abandoned = new Fifo();
	#nextId = 1;
	#closed;
	constructor(options) {
		const { probe } = options;
		this.#options = options;
		this.#window = new SendWindow({
			send: (call) => this.#send(call),
			makeProbe: probe && (() => this.#makeProbe(probe))
		});
	}
	call(method, params, options = {}) {
		if (!isObserved(channels.request)) return this.#call(method, params, options);
		const event = {
			method,
			params
		};
		const end = begin(channels.request, event);
		const calling = this.#call(method, params, {
			...options,
			trace: event.trace,
			end
		});
		calling.catch((error) => end({ error }));
		return calling;
	}
	#call(method, params, options) {
		return new Promise((resolve, reject) => {
			const call = this.#makeCall(method, params, options);
			if (this.#closed) throw new CallLost(this.#closed, false);
			const { signal, unsent } = options;
			signal?.throwIfAborted();
			unsent?.throwIfAborted();
			const stop = onAbort(signal, () => this.#abandon(call, signal?.reason));
			const stopUnsent = onAbort(unsent, () => {
				if (call.text !== void 0) this.#abandon(call, unsent?.reason);
			});
			const stopListening = () => {
				stop();
				stopUnsent();
			};
			call.waiter = {
				resolve,
				reject,
				stopListening
			};
			this.#window.add(call, options.urgent);
		});
	}
	settle(response) {
		const call = this.#sent.get(response.id);
		if (call === void 0) return false;
		this.#sent.delete(call.id);
		if (call.waiter === void 0) this.#abandoned.remove(call);
		if (response.error == null) this.#succeed(call, response.result);
		else {
			const error = rpcError(call.method, response.error);
			reject(call, error);
			if (isServerBusy(error)) {
				this.#window.refused(call);
				return true;
			}
		}
		this.#window.taken(call);
		return true;
	}
	close(reason) {
		this.#closed ??= reason;
		const unsent = this.#window.clear();
		const sent = [...this.#sent.values()];
		this.#sent.clear();
		this.#abandoned.clear();
		for (const call of sent) reject(call, new CallLost(reason, true));
		for (const call of unsent) reject(call, new CallLost(reason, false));
	}
	#makeCall(method, params, { onResult, trace, end }) {
		const id = this.#nextId++;
		return {
			id,
			method,
			onResult,
			end,
			text: encodeRequest(id, method, params, trace),
			waiter: void 0
		};
	}
	#makeProbe({ method, params }) {
		const call = this.#makeCall(method, params, {});
		this.#keepAbandoned(call);
		return call;
	}
	#send(call) {
		const { text = "" } = call;
		call.text = void 0;
		this.#sent.set(call.id, call);
		try {
			this.#options.send(text);
		} catch (error) {
			this.#sent.delete(call.id);
			reject(call, error);
			this.#window.refused(call);
		}
	}
	#succeed(call, result) {
		try {
			call.onResult?.(result);
		} catch (error) {
			if (call.waiter) reject(call, error);
			else this.#options.failed(`What applies the result of ${call.method}`, error);
			return;
		}
		call.waiter?.stopListening();
		if (call.waiter) call.end?.({ result });
		call.waiter?.resolve(result);
	}
	#abandon(call, reason) {
		reject(call, reason);
		call.waiter = void 0;
		if (call.text === void 0) this.#keepAbandoned(call);
		else this.#window.remove(call);
	}
	#keepAbandoned(call) {
		this.#abandoned.push(call);
		if (this.#abandoned.size <= MAX_ABANDONED) return;
		const oldest = this.#abandoned.shift();
		if (oldest) this.#sent.delete(oldest.id);
	}
};
function reject(call, reason) {
	call.waiter?.stopListening();
	call.waiter?.reject(reason);
}
// src/thread/ask-status.ts
async function askStatus(thread, connection) {
	const { turns, starts } = thread;
	const { changes } = starts;
	const answered = (read) => {
		thread.inform(read);
		if (!hasStatus(read)) return;
		if (starts.isActive || starts.isStarting || starts.changes !== changes) return;
		turns.dropForeign();
		starts.confirmIdle();
	};
	try {
		await connection.ask("thread/read", { threadId: thread.id }, (result) => {
			const read = isRecord(result) ? result.thread : void 0;
			if (isRecord(read)) answered(read);
		});
	} catch (error) {
		if (isNotLoaded(error)) answered({ status: { type: "notLoaded" } });
		throw error;
	}
}
function hasStatus(thread) {
	const status = isRecord(thread) ? thread.status : void 0;
	return isRecord(status) && typeof status.type === "string";
}
function isNotLoaded(error) {
	return error instanceof JsonRpcError && /thread not (?:loaded|found)/.test(error.serverMessage);
}
// src/thread/in-slot.ts
const AGAIN = Symbol("again");
const BACKOFF = {
	initialDelayMs: 250,
	maxDelayMs: 2e3,
	jitterRatio: .2
};
const DEFAULT_ATTEMPTS = 3;
const NOT_STEERABLE_ATTEMPTS = 10;
async function inSlot(thread, signal, send) {
	const { server } = thread;
	for (let failures = 0;;) try {
		var _usingCtx$7 = _usingCtx();
		const noRetries = failures > 0 && server.busyRetry ? server.busyRetry.signal : void 0;
		const stop = _usingCtx$7.u(noRetries && either(signal, noRetries));
		try {
			const outcome = await tryOnce(thread, stop ? stop.signal : signal, send);
			if (outcome !== AGAIN) return outcome;
		} catch (error) {
			failures++;
			if (isNotSteerable(error) && failures < NOT_STEERABLE_ATTEMPTS) {
				thread.starts.expectTurn();
				continue;
			}
			if (isNotLoaded(error) && !thread.isSubscribed && failures === 1) continue;
			const retry = retryAfter(error, server.busyRetry);
			if (retry === void 0 || failures >= retry.maxAttempts) throw error;
			await server.pause(backoffDelay(failures, retry), signal);
		}
	} catch (_) {
		_usingCtx$7.e = _;
	} finally {
		_usingCtx$7.d();
	}
}
async function tryOnce(thread, signal, send) {
	try {
		var _usingCtx3 = _usingCtx();
		const slot = _usingCtx3.u(await thread.starts.acquire(signal));
		signal?.throwIfAborted();
		await thread.subscribe();
		signal?.throwIfAborted();
		if (!thread.starts.isFree) return AGAIN;
		try {
			return await send(slot.taken);
		} catch (error) {
			if (slot.taken.aborted && error === slot.taken.reason) return AGAIN;
			if (!(error instanceof JsonRpcError && !(error instanceof InternalRpcError))) thread.starts.expectTurn();
			throw error;
		}
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		_usingCtx3.d();
	}
}
function retryAfter(error, busyRetry) {
	if (!isServerBusy(error) || busyRetry === false) return void 0;
	const { maxAttempts = DEFAULT_ATTEMPTS, ...given } = busyRetry;
	return {
		maxAttempts,
		initialDelayMs: given.initialDelayMs ?? BACKOFF.initialDelayMs,
		maxDelayMs: given.maxDelayMs ?? BACKOFF.maxDelayMs,
		jitterRatio: given.jitterRatio ?? BACKOFF.jitterRatio
	};
}
function isNotSteerable(error) {
	return error instanceof JsonRpcError && /ActiveTurnNotSteerable/.test(error.serverMessage);
}
// src/thread/server-version.ts
const OLDEST_TESTED_SERVER = "0.125.0";
var VersionCheck = class {
	#warn;
	#hasWarned = false;
	constructor(warn) {
		this.#warn = warn;
	}
	tell(version) {
		if (this.#hasWarned || !isOlder(version, "0.125.0")) return;
		this.#hasWarned = true;
		const message = `The app-server is version ${version}, and the oldest that this package is tested with is ${OLDEST_TESTED_SERVER}: it may lack what is asked of it. Update it, or leave out the option codexBin to use the server that comes with this package.`;
		this.#warn(new CodexWarning("UNTESTED_SERVER", message));
	}
};
function isOlder(version, than) {
	const [one, other] = [parse(version), parse(than)];
	if (one === void 0 || other === void 0) return false;
	return (compare(one.core, other.core) || comparePrerelease(one.prerelease, other.prerelease)) < 0;
}
function parse(version) {
	const parts = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(version);
	if (parts === null) return void 0;
	const [, major = "", minor = "", patch = "", prerelease] = parts;
	return {
		core: [
			major,
			minor,
			patch
		],
		prerelease: prerelease?.split(".") ?? []
	};
}
function comparePrerelease(one, other) {
	if (one.length === 0 || other.length === 0) return other.length - one.length;
	return compare(one, other);
}
function compare(one, other) {
	for (const [index, a] of one.entries()) {
		const b = other[index];
		if (b === void 0) return 1;
		if (a === b) continue;
		const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
		if (aIsNumber && bIsNumber) return Number(a) - Number(b);
		if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
		return a < b ? -1 : 1;
	}
	return one.length - other.length;
}
// src/thread/start-turn.ts
function startTurn(thread, params, signal) {
	const named = {
		...params,
		clientUserMessageId: params.clientUserMessageId ?? randomUUID()
	};
	thread.turns.sentMessage(named.clientUserMessageId);
	const starting = inSlot(thread, signal, (taken) => sendStart(thread, named, taken));
	return orInterrupted(thread, starting, signal);
}
async function sendStart(thread, params, taken) {
	const { server } = thread;
	const isOurs = server.recovers ? await recognizer(thread, params) : void 0;
	try {
		const record = await askToStart(thread, params, taken);
		catchUpIfNeeded(thread);
		return record;
	} catch (error) {
		if (!(error instanceof OutcomeUnknownError) || isOurs === void 0) throw error;
		const turnId = await findStarted(thread, isOurs, error);
		if (turnId !== void 0) {
			const record = thread.claim(turnId, params.clientUserMessageId);
			const connection = server.connection();
			if (connection) thread.catchUp(connection);
			return record;
		}
		if (!server.outlivesConnection) throw error;
		return AGAIN;
	}
}
async function askToStart(thread, params, unsent) {
	let record;
	let late = false;
	const onResult = (result) => {
		record = thread.claim(turnIdIn(result, "turn/start"), params.clientUserMessageId);
		if (late) interruptQuietly(thread, record);
	};
	try {
		await thread.server.request("turn/start", params, {
			onResult,
			unsent,
			retry: false
		});
	} catch (error) {
		late = error instanceof RequestTimeoutError;
		throw error;
	}
	if (record === void 0) throw new CodexError("turn/start was answered without a result");
	return record;
}
function turnIdIn(result, method) {
	const turn = isRecord(result) ? result.turn : void 0;
	if (isRecord(turn) && typeof turn.id === "string") return turn.id;
	throw new CodexError(`The server's answer to ${method} names no turn: is this an app-server?`);
}
const NOTES_CLIENT_IDS = "0.144.0";
async function recognizer(thread, { input, clientUserMessageId }) {
	const isOlderServer = isOlder(thread.server.version, NOTES_CLIENT_IDS);
	const listed = isOlderServer ? await listedTurns(thread) : [];
	const before = new Set(listed?.map(({ id }) => id));
	return ({ id, items }) => (items ?? []).some((item) => {
		if (item?.type !== "userMessage") return false;
		if (item.clientId === clientUserMessageId) return true;
		return isOlderServer && !before.has(id) && textOf$1(item.content) === textOf$1(input);
	});
}
async function listedTurns(thread) {
	try {
		return await recentTurns(thread.id, (method, params) => thread.server.request(method, params));
	} catch (error) {
		if (error instanceof TransportClosedError) throw error;
		return;
	}
}
function textOf$1(input) {
	return input.flatMap((item) => item.type === "text" ? [item.text] : []).join("\n");
}
const LOOK_UP_DELAY_MS = 200;
const IDLE_LOOK_UP_MS = 4e3;
const ACTIVE_LOOK_UP_MS = 15e3;
const MAX_UNANSWERED = 3;
async function findStarted(thread, isOurs, unknown) {
	const { server, starts } = thread;
	let unanswered = 0;
	let idleMs = 0;
	for (let waitedMs = 0;; waitedMs += LOOK_UP_DELAY_MS) {
		const { signs } = starts;
		const turns = await listedTurns(thread);
		const found = turns?.find(isOurs);
		if (found) return found.id;
		if (turns === void 0 && ++unanswered >= MAX_UNANSWERED) throw unknown;
		if (turns !== void 0) unanswered = 0;
		if (!server.outlivesConnection) return void 0;
		if ((idleMs >= IDLE_LOOK_UP_MS || waitedMs >= ACTIVE_LOOK_UP_MS) && turns !== void 0) return void 0;
		await server.pause(LOOK_UP_DELAY_MS);
		idleMs = starts.isActive || starts.signs !== signs ? 0 : idleMs + LOOK_UP_DELAY_MS;
	}
}
function catchUpIfNeeded(thread) {
	if (thread.isSubscribed) return;
	const connection = thread.server.connection();
	if (connection) thread.catchUp(connection);
}
// src/thread/raw-requests.ts
const claims = (thread, result, method) => void thread.claim(turnIdIn(result, method));
const expects = (thread) => thread.starts.expectTurn();
const STARTS_A_TURN = /* @__PURE__ */ new Map([
	["turn/start", claims],
	["review/start", claims],
	["thread/queue/start", claims],
	["thread/compact/start", expects],
	["thread/shellCommand", expects]
]);
const MAY_START_A_TURN = /* @__PURE__ */ new Map([["thread/queue/add", (thread) => thread.queueChanged()], ["thread/goal/set", (thread, result) => {
	const goal = isRecord(result) ? result.goal : void 0;
	if (isRecord(goal) && goal.status === "active") thread.starts.expectTurn();
}]]);
const TELLS_OF_A_THREAD = /* @__PURE__ */ new Map([
	["thread/resume", (thread, result) => thread.opened(threadIn$1(result))],
	["thread/read", (thread, result) => thread.inform(threadIn$1(result))],
	["thread/unsubscribe", (thread) => thread.unsubscribed(new CodexError(`Thread ${thread.id} was unsubscribed, so nothing of its turns can be seen any more: load it again with codex.threadResume(id)`))]
]);
function requestForThread(threads, method, given, options) {
	const { server } = threads;
	const params = method === "turn/start" ? withMessageId(given) : given;
	const threadId = isRecord(params) ? params.threadId : void 0;
	const send = (effect, more) => {
		const onResult = (result) => {
			const known = typeof threadId === "string" ? threads.known(threadId) : void 0;
			if (known) effect?.()?.(known, result, method);
			options.onResult?.(result);
		};
		return server.request(method, params, {
			...options,
			...more,
			onResult
		});
	};
	if (typeof threadId !== "string") return server.request(method, params, options);
	const starts = STARTS_A_TURN.get(method);
	const thread = starts ? threads.open(threadId) : threads.known(threadId);
	const messageId = isRecord(params) ? params.clientUserMessageId : void 0;
	if (typeof messageId === "string") thread?.turns.sentMessage(messageId);
	if (starts && thread) {
		const { signal } = options;
		const more = {
			retry: false,
			signal: void 0
		};
		return orAborted(inSlot(thread, signal, (unsent) => send(() => starts, {
			...more,
			unsent
		})), signal);
	}
	const mayStart = MAY_START_A_TURN.get(method);
	if (mayStart) return whileSubscribed(threads.open(threadId), options, () => send(() => mayStart));
	return send(() => TELLS_OF_A_THREAD.get(method));
}
function whileSubscribed(thread, { signal }, send) {
	return thread.starts.whileAsking(async () => {
		if (!thread.starts.refusal) await thread.subscribe(signal);
		return send();
	});
}
function threadIn$1(result) {
	return isRecord(result) ? result.thread : void 0;
}
function withMessageId(params) {
	if (!isRecord(params) || params.clientUserMessageId != null) return params;
	return {
		...params,
		clientUserMessageId: randomUUID()
	};
}
// src/turn/deltas.ts
const DELTA_METHODS = /* @__PURE__ */ new Set([
	"item/agentMessage/delta",
	"item/plan/delta",
	"item/reasoning/textDelta",
	"item/reasoning/summaryTextDelta",
	"item/commandExecution/outputDelta",
	"item/fileChange/outputDelta"
]);
function isDeltaMethod(method) {
	return DELTA_METHODS.has(method);
}
function isDelta(notification) {
	if (!isDeltaMethod(notification.method)) return false;
	const params = notification.params;
	return typeof params?.itemId === "string" && typeof params.delta === "string";
}
const SHORTEST_CUT = 13;
function detached(text) {
	if (text.length < SHORTEST_CUT) return text;
	return ` ${text}`.slice(1);
}
// src/turn/delta-line.ts
var DeltaLine = class {
	part;
	text;
	#line;
	#timed;
	constructor(part, text, line, timed) {
		this.part = part;
		this.text = text;
		this.#line = line;
		this.#timed = timed;
	}
	get time() {
		return this.#timed ? this.#line.slice(-1 - TIME_LENGTH, -1) : "";
	}
	get raw() {
		return this.#line;
	}
	notification(text = this.text) {
		const { method } = this.part;
		const { threadId, turnId, itemId } = this.part.params;
		const params = {
			threadId,
			turnId,
			itemId,
			delta: text
		};
		if (!this.#timed) return {
			method,
			params
		};
		return {
			method,
			params,
			emittedAtMs: Number(this.time)
		};
	}
};
const THREAD = "\"threadId\":\"";
const HEAD$1 = /^\{"method":"item\/[a-zA-Z/]+","params":\{"threadId":"[^"\\\p{Cc}]+","turnId":"[^"\\\p{Cc}]+","itemId":"[^"\\\p{Cc}]+","delta":"/u;
const TIMED_END = /"\},"emittedAtMs":[1-9]\d{12}\}$/y;
const TIMED_END_LENGTH = 31;
const TIME_LENGTH = 13;
const UNTIMED_END = "\"}}";
const NOT_PLAIN$1 = /["\\\p{Cc}]/u;
var DeltaForm = class DeltaForm {
	part;
	head;
	threadAt;
	target;
	routes = 0;
	constructor(head, part) {
		this.head = head;
		this.part = part;
		this.threadAt = head.indexOf(THREAD) + 12;
	}
	static of(line) {
		const head = HEAD$1.exec(line)?.[0];
		if (head === void 0) return void 0;
		const { method, params } = JSON.parse(`${head}"}}`);
		if (!isDeltaMethod(method)) return void 0;
		const { threadId, turnId, itemId } = params;
		return new DeltaForm(detached(head), {
			method,
			params: {
				threadId,
				turnId,
				itemId
			}
		});
	}
	get threadId() {
		return this.part.params.threadId;
	}
	begins(line) {
		return line.slice(0, this.head.length) === this.head;
	}
	read(line) {
		TIMED_END.lastIndex = line.length - TIMED_END_LENGTH;
		const timed = TIMED_END.test(line);
		if (!timed && !line.endsWith(UNTIMED_END)) return void 0;
		const start = this.head.length;
		const end = line.length - (timed ? TIMED_END_LENGTH : 3);
		const text = end < start ? void 0 : readText$1(line, start, end);
		if (text === void 0) return void 0;
		return new DeltaLine(this.part, text, line, timed);
	}
};
function readText$1(line, start, end) {
	const text = line.slice(start, end);
	if (!NOT_PLAIN$1.test(text)) return detached(text);
	try {
		return JSON.parse(line.slice(start - 1, end + 1));
	} catch {
		return;
	}
}
// src/turn/delta-forms.ts
const MAX_FORMS = 4096;
const COMPARED = 8;
const QUOTE = 34;
const COLON = 58;
var DeltaForms = class {
	#forms = /* @__PURE__ */ new Map();
	#last;
	#isMixed = false;
	#places = [];
	of(line) {
		const last = this.#last;
		if (last === void 0) return this.#make(line);
		if (!this.#isMixed && last.begins(line)) return last;
		const known = this.#forms.get(this.#guess(line, last.threadId.length));
		if (!known?.begins(line)) return this.#make(line);
		this.#isMixed = known !== last;
		this.#last = known;
		return known;
	}
	get size() {
		return this.#forms.size;
	}
	#make(line) {
		const form = DeltaForm.of(line);
		if (form === void 0) return void 0;
		if (!this.#places.includes(form.threadAt)) this.#places.push(form.threadAt);
		if (this.#forms.size >= MAX_FORMS) this.#forms.clear();
		this.#forms.set(keyOf$2(line, form.threadAt + form.threadId.length), form);
		this.#last = form;
		return form;
	}
	#guess(line, idLength) {
		for (const at of this.#places) if (line.charCodeAt(at - 1) === QUOTE && line.charCodeAt(at - 2) === COLON) return keyOf$2(line, at + idLength);
		return -1;
	}
};
function keyOf$2(line, end) {
	let key = 0;
	for (let at = end - COMPARED; at < end; at++) key = Math.imul(key, 31) + line.charCodeAt(at) & 1073741823;
	return key;
}
// src/turn/wakes.ts
const MANY = 64;
const MAX_DELAY_MS = 4;
var Wakes = class {
	#sleepers = [];
	#flows = false;
	#since = 0;
	add(sleeper) {
		if (this.#sleepers.length === 0) this.#schedule();
		this.#sleepers.push(sleeper);
	}
	flow() {
		this.#flows = true;
	}
	#schedule() {
		this.#since = performance.now();
		setImmediate(() => this.#endIteration());
	}
	#endIteration() {
		const isFlood = this.#flows && this.#sleepers.length >= MANY;
		this.#flows = false;
		if (isFlood && performance.now() - this.#since < MAX_DELAY_MS) {
			setImmediate(() => this.#endIteration());
			return;
		}
		const sleepers = this.#sleepers;
		this.#sleepers = [];
		for (const sleeper of sleepers) sleeper.wake();
	}
};
// src/thread/kinship.ts
function childrenNamedBy(method, params) {
	if (method !== "item/started" && method !== "item/completed") return [];
	return isRecord(params) ? childrenOf(params.item) : [];
}
function childrenIn(items) {
	return items.flatMap(childrenOf);
}
function childrenOf(item) {
	if (!isRecord(item)) return [];
	switch (item.type) {
		case "subAgentActivity": return strings([item.agentThreadId]);
		case "collabAgentToolCall": return Array.isArray(item.receiverThreadIds) ? strings(item.receiverThreadIds) : [];
		default: return [];
	}
}
function parentNamedBy(thread) {
	const parent = isRecord(thread) ? thread.parentThreadId : void 0;
	return typeof parent === "string" ? parent : void 0;
}
function strings(values) {
	return values.filter((value) => typeof value === "string");
}
// src/thread/listed-items.ts
const COUNTED = /^item-\d+$/;
function isCounted({ id }) {
	return COUNTED.test(id);
}
function asSeen(listed, seen) {
	const named = [...listed];
	if (!listed.some(isCounted)) return named;
	const own = new Set(listed.map(({ id }) => id));
	const candidates = seen.filter(({ id }) => !own.has(id));
	const next = /* @__PURE__ */ new Map();
	for (const item of candidates) {
		const from = next.get(item.type) ?? 0;
		const place = named.findIndex((one, index) => index >= from && isCounted(one) && mayBe(item, one));
		const found = named[place];
		if (found === void 0) continue;
		named[place] = {
			...found,
			id: item.id
		};
		next.set(item.type, place + 1);
	}
	return named;
}
function mayBe(seen, listed) {
	if (seen.type === "agentMessage" && listed.type === "agentMessage") return listed.text.startsWith(seen.text);
	if (seen.type === "userMessage" && listed.type === "userMessage") return JSON.stringify(seen.content) === JSON.stringify(listed.content);
	return seen.type === listed.type;
}
// src/thread/catch-up.ts
const WRITE_LAG_MS$1 = 15e3;
const FIRST_DELAY_MS$2 = 20;
const LONGEST_DELAY_MS$1 = 500;
const MAX_SILENT_ASKS = 3;
const USAGE_TRIES = 3;
var CatchUp = class {
	#thread;
	#server;
	#connection;
	constructor(thread, server, connection) {
		this.#thread = thread;
		this.#server = server;
		this.#connection = connection;
	}
	async resume() {
		await this.#whileAsked(this.#thread.turns.awaited(), async () => {
			let unknown = [];
			if (!await this.#poll(async () => {
				await this.#thread.resumeOn(this.#connection);
				unknown = await this.#reconcile(await this.#recentTurns());
				return unknown.length === 0;
			})) unknown = await this.#reconcile(await this.#turnsBack(unknown));
			this.#lose(unknown, "the server doesn't know it");
		});
	}
	async end() {
		const records = this.#thread.turns.awaited();
		if (records.length === 0) return [];
		const turns = await this.#turnsBack(records);
		const left = [];
		for (const record of records) {
			const turn = turns.find(({ id }) => id === record.turnId);
			if (turn === void 0 || turn.status === "inProgress") left.push(record);
			else await this.#bringUpToDate(record, turn);
		}
		return left.filter(({ phase }) => phase !== "ended");
	}
	async settle(record, end) {
		await this.#whileAsked([record], async () => {
			const finish = async (turns) => {
				const turn = turns.find(({ id }) => id === record.turnId);
				if (turn === void 0 || turn.status === "inProgress") return false;
				await this.#finish(record, turn, end);
				return true;
			};
			if (!(await this.#poll(async () => finish(await this.#recentTurns())) || await finish(await this.#turnsBack([record])))) this.#lose([record], "the server has not written down how it ended");
		});
	}
	async #reconcile(turns) {
		const unknown = [];
		for (const record of this.#thread.turns.awaited()) {
			if (record.phase === "ended") continue;
			const turn = turns.find(({ id }) => id === record.turnId);
			if (turn) await this.#bringUpToDate(record, turn);
			else unknown.push(record);
		}
		return unknown;
	}
	async #bringUpToDate(record, turn) {
		const { threadId, turnId } = record;
		record.missed();
		record.unsettle();
		const begun = {
			...turn,
			items: [],
			status: "inProgress",
			completedAt: null
		};
		record.accept({
			method: "turn/started",
			params: {
				threadId,
				turnId,
				turn: begun
			}
		});
		if (turn.status !== "inProgress") {
			const params = {
				threadId,
				turn: {
					...turn,
					items: []
				}
			};
			await this.#finish(record, turn, {
				method: "turn/completed",
				params
			});
			return;
		}
		const listed = asSeen(turn.items ?? [], record.items());
		giveItems(record, listed.filter((item) => !isCounted(item)));
		this.#thread.adoptMissed(record.turnId, listed, this.#connection);
	}
	async #finish(record, turn, end) {
		const items = asSeen(turn.items ?? [], record.items());
		giveItems(record, items);
		this.#thread.adoptMissed(record.turnId, items, this.#connection);
		record.arrange(items.map(({ id }) => id));
		await this.#fetchUsage(record);
		completeTurn(record, end);
	}
	async #recentTurns() {
		return this.#thread.turns.awaited().length > 0 ? this.#turnsBack([]) : [];
	}
	#turnsBack(records) {
		return recentTurns(this.#thread.id, (method, params) => this.#connection.ask(method, params), (turns) => records.every(({ turnId }) => turns.some(({ id }) => id === turnId)));
	}
	async #fetchUsage(record) {
		const { id: threadId } = this.#thread;
		const inform = (result) => this.#thread.inform(isRecord(result) ? result.thread : void 0);
		for (let tries = 0; record.lacksUsage && tries < USAGE_TRIES; tries++) {
			if (tries > 0 && !await waited(this.#server.pause(FIRST_DELAY_MS$2))) return;
			try {
				await this.#connection.ask("thread/resume", { threadId }, inform);
				await this.#connection.ask("thread/read", { threadId }, inform);
			} catch (error) {
				if (!isNoAnswer(error)) throw error;
				return;
			}
		}
	}
	async #poll(attempt) {
		let waited = 0;
		for (let ms = FIRST_DELAY_MS$2;; ms = Math.min(2 * ms, LONGEST_DELAY_MS$1)) {
			if (await this.#askedPatiently(attempt)) return true;
			if (waited >= WRITE_LAG_MS$1) return false;
			await this.#server.pause(ms);
			waited += ms;
		}
	}
	async #askedPatiently(attempt) {
		for (let silent = 1;; silent++) try {
			return await attempt();
		} catch (error) {
			if (isBeforeFirstTurn(error) && !this.#thread.profile.isEphemeral) return false;
			if (error instanceof JsonRpcError || error instanceof CallLost || silent >= MAX_SILENT_ASKS) throw error;
		}
	}
	async #whileAsked(records, work) {
		try {
			await work();
		} catch (error) {
			if (error instanceof CallLost || this.#connection.isLost) throw error;
			const why = isEphemeral(error) || this.#thread.profile.isEphemeral ? "the connection was lost, and an ephemeral thread has no history to continue from" : messageOf(error);
			this.#lose(records, why, error);
		}
	}
	#lose(records, why, cause) {
		for (const record of records) {
			if (record.phase === "ended") continue;
			if (cause !== void 0 && record.phase !== "settling") this.#thread.starts.believeActive();
			record.fail(new TurnLostError(record, why, cause === void 0 ? void 0 : { cause }));
		}
	}
};
function giveItems(record, items) {
	const { threadId, turnId } = record;
	for (const item of items) {
		if ("status" in item && item.status === "inProgress") continue;
		const { startedAtMs, completedAtMs } = item;
		record.accept({
			method: "item/started",
			params: {
				threadId,
				turnId,
				item,
				startedAtMs
			}
		});
		record.accept({
			method: "item/completed",
			params: {
				threadId,
				turnId,
				item,
				completedAtMs
			}
		});
	}
}
function waited(pause) {
	return pause.then(() => true, () => false);
}
// src/thread/silence.ts
const TICKS = 4;
const PATIENCE = 3;
const PATIENCE_MS = 15e3;
var SilenceWatch = class {
	#threads;
	#timer;
	#asking = /* @__PURE__ */ new WeakSet();
	#doubts = /* @__PURE__ */ new WeakMap();
	constructor(threads, idleMs) {
		this.#threads = threads;
		if (idleMs > 0) this.#timer = startTicking(idleMs / TICKS, () => this.#tick());
	}
	stop() {
		this.#timer?.cancel();
	}
	#tick() {
		for (const thread of this.#threads()) {
			const connection = thread.server.connection();
			if (!connection || thread.isCatchingUp) continue;
			if (thread.turns.awaited().map((record) => record.countSilence()).some((count) => count % TICKS === 0) && !this.#asking.has(thread)) this.#askOnce(thread, connection);
		}
	}
	async #askOnce(thread, connection) {
		this.#asking.add(thread);
		await this.#ask(thread, connection);
		this.#asking.delete(thread);
	}
	async #ask(thread, connection) {
		let why = "the server doesn't know it";
		let cause;
		try {
			await askStatus(thread, connection);
			if ((thread.starts.isActive ? [] : await new CatchUp(thread, thread.server, connection).end()).length === 0) return void this.#doubts.delete(thread);
		} catch (error) {
			if (error instanceof CallLost || connection.isLost) return;
			if (isNotLoaded(error)) return thread.catchUp(connection);
			why = `the server doesn't say how it is: ${messageOf(error)}`;
			cause = error;
		}
		const now = performance.now();
		const doubt = this.#doubts.get(thread) ?? {
			count: 0,
			since: now
		};
		this.#doubts.set(thread, doubt);
		doubt.count++;
		if (doubt.count < PATIENCE || now - doubt.since < PATIENCE_MS) return;
		this.#doubts.delete(thread);
		if (cause !== void 0) thread.starts.believeActive();
		for (const record of thread.turns.awaited()) record.fail(new TurnLostError(record, why, cause === void 0 ? void 0 : { cause }));
	}
};
// src/thread/ask-queue.ts
async function askQueue({ id, server, starts }) {
	const onResult = (result) => {
		const data = isRecord(result) ? result.data : void 0;
		if (Array.isArray(data) && data.length === 0) starts.queueIsEmpty();
	};
	await server.request("thread/queue/list", {
		threadId: id,
		limit: 1
	}, { onResult });
}
// src/thread/ask-to-resume.ts
async function askToResume(thread, settings, ask) {
	const params = {
		...settings,
		threadId: thread.id,
		excludeTurns: true
	};
	const onResult = (result) => thread.opened(isRecord(result) ? result.thread : void 0);
	try {
		return await ask("thread/resume", params, onResult);
	} catch (error) {
		if (!isBeforeFirstTurn(error) || thread.profile.isEphemeral) throw error;
		return;
	}
}
// src/turn/foreign.ts
function asItem(value) {
	return isRecord(value) && typeof value.id === "string" ? value : void 0;
}
function itemIn(params) {
	return isRecord(params) ? asItem(params.item) : void 0;
}
// src/thread/backlog.ts
var Backlog = class {
	#deliver;
	#held;
	#fetch;
	constructor(deliver) {
		this.#deliver = deliver;
	}
	get isHolding() {
		return this.#held !== void 0;
	}
	push(turnId, notification) {
		this.#held?.push({
			turnId,
			notification
		});
	}
	items(turnId) {
		return (this.#held?.filter((one) => one.turnId === turnId) ?? []).flatMap(({ notification }) => itemIn(notification.params) ?? []);
	}
	async fetch(work, done) {
		this.#held ??= [];
		const fetch = {};
		this.#fetch = fetch;
		await work().then(() => {
			if (this.#fetch !== fetch) return;
			this.#fetch = void 0;
			done();
		}, () => {
			if (this.#fetch === fetch) this.#fetch = void 0;
		});
	}
	deliver() {
		if (!this.#fetch) this.#release(this.#held);
	}
	abandon(isFetchedAgain) {
		this.#fetch = void 0;
		this.#release(this.#held?.filter(({ turnId }) => !isFetchedAgain(turnId)));
	}
	#release(held = []) {
		this.#held = void 0;
		for (const { turnId, notification } of held) this.#deliver(turnId, notification);
	}
	clear() {
		this.#held = void 0;
		this.#fetch = void 0;
	}
};
// src/thread/family.ts
var Family = class {
	children = /* @__PURE__ */ new Set();
	#self;
	#parent;
	#origin;
	#hasBegun = false;
	#isOurs = false;
	constructor(self) {
		this.#self = self;
	}
	get parent() {
		return this.#parent;
	}
	workFor(parent, turnId) {
		this.#parent = parent;
		this.#origin = turnId;
		parent.family.children.add(this.#self);
		this.#noteOrigin();
	}
	isOthers(turnId) {
		if (this.#self.turns.isOurs(turnId)) return false;
		this.#noteOrigin();
		return !this.#isOurs;
	}
	whenOurs(turnId) {
		const own = this.#self.turns.whenOurs(turnId);
		if (this.#parent === void 0 || this.#origin === void 0) return own;
		return Promise.race([own, this.#parent.family.whenOurs(this.#origin)]);
	}
	rootOf(turnId) {
		if (this.#parent === void 0) return {
			thread: this.#self,
			turnId
		};
		return this.#origin === void 0 ? void 0 : this.#parent.family.rootOf(this.#origin);
	}
	beginsForStopped(rootTurnId) {
		const isFirst = !this.#hasBegun;
		this.#hasBegun = true;
		const name = typeof rootTurnId === "string" ? rootTurnId : isFirst ? this.#origin : void 0;
		return name !== void 0 && this.#parent?.family.hasStopped(name) === true;
	}
	hasStopped(turnId) {
		return this.#self.turns.wasStopped(turnId) || this.#parent?.family.hasStopped(turnId) === true;
	}
	#noteOrigin() {
		const parent = this.#parent;
		if (this.#isOurs || parent === void 0) return;
		const isKnown = this.#origin !== void 0;
		this.#isOurs = !parent.family.isOthers(this.#origin ?? "") || !isKnown && parent.turns.hasOurs;
	}
};
// src/turn/turn-opening.ts
var TurnOpening = class {
	#first = "nothing";
	#firstClientId;
	#answered = /* @__PURE__ */ new Map();
	#begun = /* @__PURE__ */ new Set();
	get isKnown() {
		return this.#first !== "nothing";
	}
	get isMessage() {
		return this.#first === "message";
	}
	get messageId() {
		return this.#firstClientId;
	}
	see(method, params) {
		if (method !== "item/started" && method !== "item/completed") return;
		const item = params?.item;
		const type = item?.type;
		if (item == null || typeof type !== "string" || BEFORE_ANY_TURN.has(type)) return;
		if (type === "userMessage") {
			this.#seeMessage(item);
			return;
		}
		this.#open(isShellCommand(item) ? "shell command" : "goal or another request");
		if (isWork(item)) this.#seeWork(item.id);
	}
	contradicts(clientMessageId) {
		if (clientMessageId === void 0 || this.#first === "nothing") return void 0;
		if (this.#first === "message" && this.#firstClientId === clientMessageId) return void 0;
		if (this.#first === "message" && this.#firstClientId === void 0) return void 0;
		const answered = this.#answered.get(clientMessageId);
		if (answered === true) return void 0;
		if (answered === void 0 && this.#first === "goal or another request") return void 0;
		return `it was started by ${this.#first === "message" ? "another message" : `a ${this.#first}`}, and the model never answered the message that it was given`;
	}
	#seeMessage({ clientId }) {
		const id = typeof clientId === "string" ? clientId : void 0;
		if (this.#first === "nothing") {
			this.#first = "message";
			this.#firstClientId = id;
		}
		if (id !== void 0 && !this.#answered.has(id)) this.#answered.set(id, false);
	}
	#seeWork(itemId) {
		if (itemId === void 0 || this.#begun.has(itemId)) return;
		this.#begun.add(itemId);
		for (const id of this.#answered.keys()) this.#answered.set(id, true);
	}
	#open(how) {
		if (this.#first === "nothing") this.#first = how;
	}
};
const BEFORE_ANY_TURN = /* @__PURE__ */ new Set(["hookPrompt", "contextCompaction"]);
const NO_STEP = /* @__PURE__ */ new Set([
	"subAgentActivity",
	"enteredReviewMode",
	"exitedReviewMode"
]);
function isWork(item) {
	return !NO_STEP.has(item.type) && !isShellCommand(item);
}
function isShellCommand(item) {
	return item.source === "userShell";
}
// src/util/on-collected.ts
const registry = new FinalizationRegistry((clean) => clean());
function onCollected(target, owner, clean) {
	const token = {};
	registry.register(target, cleaning(new WeakRef(owner), clean), token);
	return () => void registry.unregister(token);
}
function cleaning(owner, clean) {
	return () => {
		const alive = owner.deref();
		if (alive) clean(alive);
	};
}
// src/turn/text-store.ts
const LONG$1 = 64;
const BLOCK = 256;
const LAST_LATIN_1 = 255;
const SHORTEST_SHARED$1 = 64;
var TextStore = class {
	#blocks = [];
	#blocksLength = 0;
	#bytes;
	#filled = 0;
	#wide = "";
	get length() {
		return this.#blocksLength + this.#filled + this.#wide.length;
	}
	append(text) {
		if (text.length >= LONG$1) {
			this.#flush();
			this.#addBlock(text);
		} else if (this.#wide !== "") {
			this.#wide += text;
			if (this.#wide.length >= BLOCK) this.#flush();
		} else if (!this.#copy(text)) {
			this.#flush();
			this.#wide = text;
		}
	}
	from(offset) {
		const tail = this.#tail(Math.max(0, offset - this.#blocksLength));
		if (offset >= this.#blocksLength) return tail;
		const parts = [tail];
		let start = this.#blocksLength;
		for (let index = this.#blocks.length - 1; index >= 0 && start > offset; index--) {
			const block = this.#blocks[index] ?? "";
			start -= block.length;
			parts.push(block);
		}
		return (parts.length === 2 && tail === "" ? parts[1] : parts.reverse().join(""))?.slice(offset - start) ?? "";
	}
	trim() {
		this.#flush();
		this.#bytes = void 0;
	}
	share(whole, at) {
		this.trim();
		if (this.length < SHORTEST_SHARED$1) return true;
		let end = at;
		for (const block of this.#blocks) {
			const start = end;
			end += block.length;
			if (whole.slice(start, end) !== block) return false;
		}
		this.#blocks = [whole.slice(at, end)];
		return true;
	}
	#copy(text) {
		const { length } = text;
		if (this.#filled + length > BLOCK) this.#flush();
		this.#bytes ??= Buffer.allocUnsafeSlow(BLOCK);
		const [bytes, start] = [this.#bytes, this.#filled];
		for (let index = 0; index < length; index++) {
			const code = text.charCodeAt(index);
			if (code > LAST_LATIN_1) return false;
			bytes[start + index] = code;
		}
		this.#filled = start + length;
		return true;
	}
	#tail(offset) {
		if (this.#filled === 0) return detached(this.#wide.slice(offset));
		return this.#bytes?.toString("latin1", offset, this.#filled) ?? "";
	}
	#flush() {
		const tail = this.#tail(0);
		if (tail === "") return;
		this.#filled = 0;
		this.#wide = "";
		this.#addBlock(tail);
	}
	#addBlock(text) {
		this.#blocks.push(text);
		this.#blocksLength += text.length;
	}
};
// src/turn/delta-run.ts
function notificationOf(delta) {
	return delta instanceof DeltaLine ? delta.notification() : delta;
}
function withText(delta, text) {
	if (delta instanceof DeltaLine) return delta.notification(text);
	return {
		...delta,
		params: {
			...delta.params,
			delta: text
		}
	};
}
function textOf(delta) {
	return delta instanceof DeltaLine ? delta.text : delta.params.delta;
}
var DeltaRun$1 = class extends TextStore {
	#like;
	#part;
	#fresh;
	#freshFrom = 0;
	constructor(like) {
		super();
		this.#like = like;
		this.#part = like;
	}
	get part() {
		return this.#like;
	}
	takes(part) {
		if (part === this.#part) return true;
		if (!isSamePart(part, this.#part)) return false;
		this.#part = part;
		return true;
	}
	close() {
		this.settle();
		this.trim();
	}
	expect(delta) {
		if (this.#fresh) return;
		this.#fresh = delta;
		this.#freshFrom = this.length;
	}
	settle() {
		this.#fresh = void 0;
	}
	notificationFrom(offset) {
		const fresh = offset === this.#freshFrom ? this.#fresh : void 0;
		if (fresh && offset + textOf(fresh).length === this.length) return notificationOf(fresh);
		return withText(fresh ?? this.#like, this.from(offset));
	}
	share(whole, at) {
		const isShared = super.share(whole, at);
		if (isShared) this.#like = withText(this.#like, "");
		return isShared;
	}
};
function isSamePart(one, other) {
	return one.params.itemId === other.params.itemId && one.params.turnId === other.params.turnId && one.method === other.method && one.params.summaryIndex === other.params.summaryIndex && one.params.contentIndex === other.params.contentIndex;
}
// src/turn/entries.ts
const MAX_RUNS$2 = 16;
var DeltaGroup = class {
	runs = [];
	#last;
	get isFull() {
		return this.runs.length >= MAX_RUNS$2;
	}
	runOf(part) {
		if (this.#last?.takes(part)) return this.#last;
		const found = this.runs.find((run) => run.takes(part));
		if (found) this.#last = found;
		return found;
	}
	settle() {
		for (const run of this.runs) run.settle();
	}
	close() {
		for (const run of this.runs) run.close();
	}
	add(run) {
		this.runs.push(run);
		this.#last = run;
	}
};
var Entry = class {
	content;
	next;
	previous;
	constructor(content) {
		this.content = content;
	}
	remove() {
		this.content = void 0;
		if (this.previous) this.previous.next = this.next;
		if (this.next) this.next.previous = this.previous;
	}
};
// src/turn/log-reader.ts
var LogReader = class {
	#log;
	#entry;
	#pick;
	#offsets = [];
	#run = 0;
	nextWaiting;
	#waiting;
	#queue = [];
	constructor(log, entry, pick) {
		this.#log = log;
		this.#entry = entry;
		this.#pick = pick;
	}
	wake() {
		while (this.#waiting) {
			const result = this.#take() ?? this.#finished();
			if (result === void 0) return false;
			this.#waiting(result);
			this.#waiting = this.#queue.shift();
		}
		return true;
	}
	next() {
		if (this.#waiting) return new Promise((resolve) => this.#queue.push(resolve));
		const result = this.#take() ?? this.#finished();
		if (result !== void 0) return Promise.resolve(result);
		return new Promise((resolve) => {
			this.#waiting = resolve;
			this.#log?.wakeLater(this);
		});
	}
	return() {
		this.#log?.leave(this);
		this.#log = void 0;
		this.#entry = new Entry();
		this.wake();
		return Promise.resolve(done());
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
	#take() {
		for (;;) {
			const notification = this.#nextNotification();
			if (notification === void 0) return void 0;
			const value = this.#pick(notification);
			if (value !== void 0) return {
				value,
				done: false
			};
		}
	}
	#nextNotification() {
		for (;;) {
			const { content, next } = this.#entry;
			const unread = content instanceof DeltaGroup ? this.#unreadOf(content) : void 0;
			if (unread !== void 0) return unread;
			if (next === void 0) return void 0;
			this.#entry = next;
			this.#offsets = [];
			this.#run = 0;
			if (next.content !== void 0 && !(next.content instanceof DeltaGroup)) return next.content;
		}
	}
	#unreadOf({ runs }) {
		for (let count = 0; count < runs.length; count++) {
			const index = (this.#run + count) % runs.length;
			const offset = this.#offsets[index] ?? 0;
			const run = runs[index];
			if (run === void 0 || run.length === offset && index in this.#offsets) continue;
			this.#run = index + 1;
			this.#offsets[index] = run.length;
			return run.notificationFrom(offset);
		}
	}
	#finished() {
		if (this.#log === void 0) return done();
		const { ending } = this.#log;
		if (ending === void 0) return void 0;
		this.#log = void 0;
		return ending.reason === void 0 ? done() : Promise.reject(ending.reason);
	}
};
function done() {
	return {
		value: void 0,
		done: true
	};
}
// src/turn/snapshots.ts
const SNAPSHOTS = {
	"turn/diff/updated": "turn",
	"turn/plan/updated": "turn",
	"item/fileChange/patchUpdated": "item",
	"thread/goal/updated": "turn",
	"model/safetyBuffering/updated": "turn"
};
function snapshotKey({ method, params }) {
	const scope = Object.hasOwn(SNAPSHOTS, method) ? SNAPSHOTS[method] : void 0;
	if (scope === void 0 || !isRecord(params)) return void 0;
	if (scope === "turn") return method;
	return typeof params.itemId === "string" ? `${method} ${params.itemId}` : void 0;
}
// src/turn/item-texts.ts
const MESSAGE = "item/agentMessage/delta";
const PLAN = "item/plan/delta";
const SUMMARY = "item/reasoning/summaryTextDelta";
const CONTENT = "item/reasoning/textDelta";
const OUTPUT$1 = "item/commandExecution/outputDelta";
const MAX_PARTS = 1e4;
function keyOf$1({ method, summaryIndex, contentIndex }) {
	return `${method} ${indexText(summaryIndex)} ${indexText(contentIndex)}`;
}
function indexText(index) {
	return typeof index === "number" ? `${index}` : typeof index;
}
function partOf({ method, params }) {
	const { summaryIndex, contentIndex } = params;
	return {
		method,
		summaryIndex,
		contentIndex
	};
}
function textsOf(item) {
	switch (item.type) {
		case "agentMessage": return present([{
			method: MESSAGE,
			text: item.text
		}]);
		case "plan": return present([{
			method: PLAN,
			text: item.text
		}]);
		case "commandExecution": return present([{
			method: OUTPUT$1,
			text: item.aggregatedOutput
		}]);
		case "reasoning": return present([...listed$1(item.summary).map((text, index) => ({
			method: SUMMARY,
			summaryIndex: index,
			text
		})), ...listed$1(item.content).map((text, index) => ({
			method: CONTENT,
			contentIndex: index,
			text
		}))]);
		default: return [];
	}
}
function withTexts(item, texts) {
	const whole = (method) => texts.find((one) => one.method === method)?.text;
	switch (item.type) {
		case "agentMessage": return {
			...item,
			text: whole(MESSAGE) ?? ""
		};
		case "plan": return {
			...item,
			text: whole(PLAN) ?? ""
		};
		case "commandExecution": return {
			...item,
			aggregatedOutput: whole(OUTPUT$1) ?? null
		};
		case "reasoning": return {
			...item,
			summary: list$1(texts, SUMMARY, "summaryIndex"),
			content: list$1(texts, CONTENT, "contentIndex")
		};
		default: return item;
	}
}
function streamedTexts(started, deltas) {
	return joined([...started ? textsOf(started) : [], ...deltas]);
}
function joined(texts) {
	const parts = /* @__PURE__ */ new Map();
	for (const one of texts) {
		const key = keyOf$1(one);
		const known = parts.get(key);
		if (known) known.pieces.push(one.text);
		else parts.set(key, {
			part: one,
			pieces: [one.text]
		});
	}
	return [...parts.values()].map(({ part, pieces }) => ({
		...part,
		text: pieces.join("")
	}));
}
function present(texts) {
	return texts.filter((one) => typeof one.text === "string" && one.text !== "");
}
function listed$1(texts) {
	return Array.isArray(texts) ? texts.slice(0, MAX_PARTS) : [];
}
function list$1(texts, method, place) {
	const all = [];
	for (const one of texts) {
		const { [place]: index = 0 } = one;
		if (one.method !== method || !Number.isInteger(index) || index < 0 || index >= MAX_PARTS) continue;
		while (all.length < index) all.push("");
		all[index] = one.text;
	}
	return all;
}
// src/turn/streams.ts
var Streams = class {
	#runs = /* @__PURE__ */ new Map();
	add(run) {
		const { itemId } = run.part.params;
		const runs = this.#runs.get(itemId);
		if (runs) runs.push(run);
		else this.#runs.set(itemId, [run]);
	}
	of(itemId) {
		return joined((this.#runs.get(itemId) ?? []).map((run) => ({
			...partOf(run.part),
			text: run.from(0)
		})));
	}
	get itemIds() {
		return this.#runs.keys();
	}
	complete(item) {
		const runs = this.#runs.get(item.id);
		if (runs === void 0) return;
		this.#runs.delete(item.id);
		for (const whole of textsOf(item)) {
			const own = runs.filter((run) => keyOf$1(partOf(run.part)) === keyOf$1(whole));
			let at = whole.text.length - own.reduce((sum, { length }) => sum + length, 0);
			if (at < 0) continue;
			for (const run of own) {
				run.share(whole.text, at);
				at += run.length;
			}
		}
	}
};
// src/turn/event-log.ts
const MAX_FORGETTABLE = 65536;
var EventLog = class EventLog {
	#first;
	#ending;
	#run;
	#group;
	#waiting;
	#isWaking = false;
	#readers = 0;
	#last;
	#wakes;
	#snapshots = /* @__PURE__ */ new Map();
	#streams = new Streams();
	#watched;
	constructor({ retain, wakes = new Wakes() }) {
		this.#wakes = wakes;
		this.#last = new Entry();
		this.#first = retain ? this.#last : void 0;
		this.#watched = retain ? void 0 : /* @__PURE__ */ new WeakMap();
	}
	retain() {
		if (this.#first) return;
		this.#leaveGroup();
		this.#first = this.#last;
	}
	append(notification) {
		if (!this.#takes) return;
		if (isDelta(notification)) {
			this.#extend(notification, notification.params.delta, notification);
			return;
		}
		const entry = this.#push(notification);
		if (this.#first) this.#shed(notification, entry);
		this.wake();
		this.#closeGroup();
	}
	appendLine(line) {
		const run = this.#run;
		if (run?.takes(line.part)) this.#add(run, line.text, line);
		else if (this.#takes) this.#extend(line.part, line.text, line);
	}
	end(reason) {
		if (this.#ending) return;
		this.#ending = { reason };
		this.wake();
		this.#closeGroup();
	}
	get ending() {
		return this.#ending;
	}
	read(pick) {
		if (!this.#first) this.#leaveGroup();
		const start = this.#first ?? this.#last;
		const reader = new LogReader(this, start, pick ?? ((one) => one));
		this.#readers++;
		this.#watched?.set(reader, onCollected(reader, this, EventLog.#forgetReader));
		return reader;
	}
	get hasReaders() {
		return this.#readers > 0;
	}
	streamed(itemId) {
		return this.#streams.of(itemId);
	}
	get streaming() {
		return this.#streams.itemIds;
	}
	*notifications() {
		for (let entry = this.#first; entry; entry = entry.next) if (entry.content && !(entry.content instanceof DeltaGroup)) yield entry.content;
	}
	wakeLater(reader) {
		reader.nextWaiting = this.#waiting;
		this.#waiting = reader;
	}
	leave(reader) {
		this.#watched?.get(reader)?.();
		EventLog.#forgetReader(this);
	}
	wake() {
		this.#isWaking = false;
		let reader = this.#waiting;
		this.#waiting = void 0;
		while (reader) {
			const next = reader.nextWaiting;
			reader.nextWaiting = void 0;
			if (!reader.wake()) this.wakeLater(reader);
			reader = next;
		}
		this.#group?.settle();
	}
	get #takes() {
		return this.#ending === void 0 && (this.#first !== void 0 || this.hasReaders);
	}
	#extend(part, text, delta) {
		const run = this.#openRunOf(part) ?? this.#openRun(delta);
		if (this.#first) this.#run = run;
		this.#add(run, text, delta);
	}
	#add(run, text, delta) {
		if (this.#waiting) this.#expect(run, delta);
		run.append(text);
	}
	#expect(run, delta) {
		run.expect(delta);
		this.#wakes.flow();
		if (this.#isWaking) return;
		this.#isWaking = true;
		this.#wakes.add(this);
	}
	#openRunOf(part) {
		const run = this.#group?.runOf(part);
		if (!run || this.#first || run.length < MAX_FORGETTABLE) return run;
		this.#group = void 0;
	}
	#openRun(delta) {
		const run = new DeltaRun$1(notificationOf(delta));
		if (!this.#group || this.#group.isFull) {
			this.#closeGroup();
			this.#group = new DeltaGroup();
			this.#push(this.#group);
		}
		this.#group.add(run);
		if (this.#first) this.#streams.add(run);
		return run;
	}
	#closeGroup() {
		this.#group?.close();
		this.#group = void 0;
		this.#run = void 0;
	}
	#leaveGroup() {
		if (this.#group === void 0) return;
		this.#closeGroup();
		this.#push();
	}
	#push(content) {
		const entry = new Entry(content);
		if (this.#first) entry.previous = this.#last;
		this.#last.next = entry;
		this.#last = entry;
		return entry;
	}
	#shed(notification, entry) {
		const item = notification.method === "item/completed" ? itemIn(notification.params) : void 0;
		if (item) this.#streams.complete(item);
		const key = snapshotKey(notification);
		if (key === void 0) return;
		this.#snapshots.get(key)?.remove();
		this.#snapshots.set(key, entry);
	}
	static #forgetReader(log) {
		log.#readers--;
		if (log.#readers > 0 || log.#first) return;
		log.#group = void 0;
		log.#last = new Entry();
	}
};
// src/turn/share-text.ts
const SHORTEST_SHARED = 64;
const MAX_DEPTH$1 = 8;
function shareTexts(value, known, depth = 0) {
	if (!isObject(value) || !isObject(known) || value === known || depth > MAX_DEPTH$1) return;
	for (const key of Object.keys(value)) {
		if (!Object.hasOwn(known, key)) continue;
		const [own, other] = [value[key], known[key]];
		if (typeof own !== "string") shareTexts(own, other, depth + 1);
		else if (own.length >= SHORTEST_SHARED && own === other) Reflect.set(value, key, other);
	}
}
function isObject(value) {
	return typeof value === "object" && value !== null;
}
// src/turn/unfinished.ts
function unfinishedItems(started, deltas) {
	const items = started.map((item) => {
		const streamed = deltas.streamed(item.id);
		return streamed.length === 0 ? item : withTexts(item, streamedTexts(item, streamed));
	});
	const ids = new Set(started.map(({ id }) => id));
	for (const id of deltas.streaming) {
		const item = ids.has(id) ? void 0 : itemOf$1(id, deltas.streamed(id));
		if (item) items.push(item);
	}
	return items;
}
function itemOf$1(id, texts) {
	switch (texts[0]?.method) {
		case "item/agentMessage/delta": return withTexts({
			type: "agentMessage",
			id,
			text: "",
			questions: null,
			phase: null,
			moderation: null,
			memoryCitation: null,
			delivery: null
		}, texts);
		case "item/plan/delta": return withTexts({
			type: "plan",
			id,
			text: ""
		}, texts);
		case "item/reasoning/textDelta":
		case "item/reasoning/summaryTextDelta": return withTexts({
			type: "reasoning",
			id,
			summary: [],
			content: []
		}, texts);
		default: return;
	}
}
// src/turn/fold.ts
const NO_DELTAS = {
	streamed: () => [],
	streaming: []
};
var TurnFold = class {
	#deltas;
	#started = /* @__PURE__ */ new Map();
	#completed = /* @__PURE__ */ new Map();
	#usage = null;
	#turn = {};
	constructor(deltas = NO_DELTAS) {
		this.#deltas = deltas;
	}
	apply({ method, params }) {
		switch (method) {
			case "turn/started":
			case "turn/completed":
				this.#applyTurn(isRecord(params) ? params.turn : void 0);
				return;
			case "item/started":
				this.#put(this.#started, itemIn(params));
				return;
			case "item/completed":
				this.#put(this.#completed, itemIn(params));
				return;
			case "thread/tokenUsage/updated": if (isRecord(params)) this.#usage = params;
		}
	}
	item(id) {
		return this.#completed.get(id) ?? this.#started.get(id);
	}
	items() {
		return [...this.#started].map(([id, item]) => this.#completed.get(id) ?? item);
	}
	openItems() {
		return this.#open().map(({ id }) => id);
	}
	isCompleted(itemId) {
		return this.#completed.has(itemId);
	}
	arrange(itemIds) {
		const rest = new Map(this.#completed);
		this.#completed.clear();
		for (const id of itemIds) {
			const item = rest.get(id);
			if (item) this.#completed.set(id, item);
			rest.delete(id);
		}
		for (const [id, item] of rest) this.#completed.set(id, item);
	}
	get state() {
		const status = typeof this.#turn.status === "string" ? this.#turn.status : "inProgress";
		const completed = [...this.#completed.values()];
		const open = status === "completed" ? [] : unfinishedItems(this.#open(), this.#deltas);
		return {
			status,
			error: this.#turn.error ?? null,
			text: finalText([...completed, ...open.filter(saysSomething)]),
			items: [...completed, ...open],
			usage: this.#usage,
			startedAt: this.#turn.startedAt ?? null,
			completedAt: this.#turn.completedAt ?? null,
			durationMs: this.#turn.durationMs ?? null
		};
	}
	#open() {
		return [...this.#started.values()].filter(({ id }) => !this.#completed.has(id));
	}
	#applyTurn(turn) {
		if (!isRecord(turn)) return;
		const { items, ...known } = turn;
		this.#turn = {
			...this.#turn,
			...known
		};
		if (!Array.isArray(items)) return;
		for (const item of items.map(asItem)) if (item) shareTexts(item, this.item(item.id));
	}
	#put(items, item) {
		if (item === void 0) return;
		shareTexts(item, this.item(item.id));
		items.set(item.id, item);
	}
};
function saysSomething(item) {
	return item.type !== "agentMessage" || item.text !== "";
}
function finalText(items) {
	let unphased;
	for (const item of items.toReversed()) {
		if (item.type !== "agentMessage" || typeof item.text !== "string") continue;
		if (item.phase === "final_answer") return item.text;
		if (item.phase == null) unphased ??= item.text;
	}
	return unphased ?? "";
}
// src/turn/missing-text.ts
const OMISSION = /\n\.\.\. (?:\d+ bytes omitted|command output truncated for persistence) \.\.\.\n/;
const OMITTED = "\n... output omitted ...\n";
const FOUND = 32;
function missingText(whole, delivered) {
	if (whole.text.startsWith(delivered)) return whole.text.slice(delivered.length);
	return whole.method === "item/commandExecution/outputDelta" ? missingOutput(whole.text, delivered) : void 0;
}
function missingOutput(whole, delivered) {
	const omission = OMISSION.exec(whole);
	const end = delivered.slice(-1024);
	const inHead = (omission ? whole.slice(0, omission.index) : whole).indexOf(end, delivered.length - end.length);
	if (inHead !== -1) return whole.slice(inHead + end.length);
	if (omission === null) return void 0;
	const tail = whole.slice(omission.index + omission[0].length);
	const inTail = tail.indexOf(end);
	if (inTail !== -1) return tail.slice(inTail + end.length);
	const overlap = overlapOf(end, tail);
	return overlap < FOUND ? OMITTED + tail : tail.slice(overlap);
}
function overlapOf(one, other) {
	let length = Math.min(one.length, other.length);
	while (length > 0 && !one.endsWith(other.slice(0, length))) length--;
	return length;
}
// src/turn/gap.ts
const PART_ADDED = "item/reasoning/summaryPartAdded";
const PATCH_OUTPUT = "item/fileChange/outputDelta";
var GapFiller = class {
	#fold;
	#log;
	#torn;
	constructor(fold, log) {
		this.#fold = fold;
		this.#log = log;
		this.#torn = new Set(fold.openItems());
	}
	fill(notification) {
		const { method, params } = notification;
		if (isDelta(notification) || method === PART_ADDED) return this.#passes(notification) ? [notification] : [];
		const item = itemIn(params);
		if (item && method === "item/started") return this.#start(notification, item);
		if (item && method === "item/completed") return this.#complete(notification, item);
		return [notification];
	}
	#passes({ method, params }) {
		const itemId = isRecord(params) ? params.itemId : void 0;
		if (typeof itemId !== "string") return true;
		if (this.#fold.isCompleted(itemId)) return false;
		if (method === PATCH_OUTPUT) return true;
		return this.#fold.item(itemId) !== void 0 && !this.#torn.has(itemId);
	}
	#start(notification, item) {
		const texts = textsOf(item);
		if (texts.length === 0) return [notification];
		const params = {
			...notification.params,
			item: withTexts(item, [])
		};
		return [{
			...notification,
			params
		}, ...this.#deltas(notification, item.id, texts)];
	}
	#complete(notification, item) {
		const isNew = this.#fold.item(item.id) === void 0;
		if (!isNew && !this.#torn.delete(item.id)) return [notification];
		const { completedAtMs, ...about } = notification.params;
		const params = {
			...about,
			item: withTexts(item, [])
		};
		const start = isNew ? [{
			method: "item/started",
			params
		}] : [];
		const delivered = new Map(streamedTexts(this.#fold.item(item.id), this.#log.streamed(item.id)).map((one) => [keyOf$1(one), one.text]));
		const missing = textsOf(item).flatMap((whole) => {
			const text = missingText(whole, delivered.get(keyOf$1(whole)) ?? "");
			return text ? [{
				...whole,
				text
			}] : [];
		});
		return [
			...start,
			...this.#deltas(notification, item.id, missing),
			notification
		];
	}
	#deltas({ params }, itemId, texts) {
		const { threadId, turnId } = params;
		const about = {
			threadId,
			turnId,
			itemId
		};
		const added = this.#addedParts(itemId);
		return texts.flatMap(({ method, text, summaryIndex, contentIndex }) => {
			const place = {
				...summaryIndex === void 0 ? {} : { summaryIndex },
				...contentIndex === void 0 ? {} : { contentIndex }
			};
			const delta = {
				method,
				params: {
					...about,
					delta: text,
					...place
				}
			};
			if (summaryIndex === void 0 || added.has(summaryIndex)) return [delta];
			return [{
				method: PART_ADDED,
				params: {
					...about,
					summaryIndex
				}
			}, delta];
		});
	}
	#addedParts(itemId) {
		const added = /* @__PURE__ */ new Set();
		for (const { method, params } of this.#log.notifications()) if (method === PART_ADDED && isRecord(params) && params.itemId === itemId) added.add(params.summaryIndex);
		return added;
	}
};
// src/turn/line-outlet.ts
var LineOutlet = class {
	#log;
	#hasFlowed = false;
	open(log) {
		this.#log = log;
	}
	close() {
		this.#log = void 0;
	}
	acceptLine(line) {
		if (this.#log === void 0) return false;
		this.#hasFlowed = true;
		this.#log.appendLine(line);
		return true;
	}
	hasFlowed() {
		const flowed = this.#hasFlowed;
		this.#hasFlowed = false;
		return flowed;
	}
};
// src/turn/text-deltas.ts
function textPicker() {
	const messages = /* @__PURE__ */ new Map();
	const give = (itemId, text) => {
		if (text === "") return void 0;
		const given = messages.get(itemId) ?? {
			length: 0,
			last: ""
		};
		given.length += text.length;
		given.last = text;
		messages.set(itemId, given);
		return text;
	};
	return (notification) => {
		const { method, params } = notification;
		if (method === "item/agentMessage/delta") {
			if (!isDelta(notification)) return void 0;
			return give(notification.params.itemId, notification.params.delta);
		}
		if (method !== "item/started" && method !== "item/completed") return void 0;
		const item = itemIn(params);
		if (item?.type !== "agentMessage" || typeof item.text !== "string") return void 0;
		if (method === "item/started") return give(item.id, item.text);
		const { length, last } = messages.get(item.id) ?? {
			length: 0,
			last: ""
		};
		messages.delete(item.id);
		return item.text.length > length && item.text.slice(0, length).endsWith(last) ? item.text.slice(length) : void 0;
	};
}
// src/turn/turn-record.ts
var TurnRecord = class {
	threadId;
	turnId;
	outlet = new LineOutlet();
	#events;
	#log;
	#fold;
	#started = deferred();
	#ending = deferred();
	#outcome = deferred();
	#opening = new TurnOpening();
	#phase = "starting";
	#isOwn = false;
	#isFollowed = false;
	#isAnnounced = false;
	#clientMessageId;
	#hasStarted = false;
	#hasOutcome = false;
	#isGivenUp = false;
	#gap;
	#lacksUsage = false;
	#silence = 0;
	#retryError;
	constructor(threadId, turnId, events, options) {
		this.threadId = threadId;
		this.turnId = turnId;
		this.#events = events;
		this.#log = new EventLog(options);
		this.#fold = new TurnFold(this.#log);
	}
	get phase() {
		return this.#phase;
	}
	get isOwn() {
		return this.#isOwn;
	}
	get isAwaited() {
		return this.#isOwn || this.#isFollowed;
	}
	get started() {
		return this.#started.promise;
	}
	get ending() {
		return this.#ending.promise;
	}
	get outcome() {
		return this.#outcome.promise;
	}
	get hasOutcome() {
		return this.#hasOutcome;
	}
	get state() {
		return this.#fold.state;
	}
	item(id) {
		return this.#fold.item(id);
	}
	items() {
		return this.#fold.items();
	}
	openCommands() {
		return this.#fold.openItems().filter((id) => this.#fold.item(id)?.type === "commandExecution");
	}
	get hasStarted() {
		return this.#hasStarted;
	}
	isOpenedHere(isOurs) {
		if (!this.#opening.isMessage) return this.#hasStarted;
		const { messageId } = this.#opening;
		return messageId !== void 0 && isOurs(messageId);
	}
	get unanswered() {
		return this.#opening.contradicts(this.#clientMessageId);
	}
	read() {
		return this.#log.read();
	}
	readText() {
		return this.#log.read(textPicker());
	}
	claim(clientMessageId) {
		this.#isOwn = true;
		this.#clientMessageId ??= clientMessageId;
		this.#announce();
	}
	follow() {
		this.#isFollowed = true;
		this.#log.retain();
		this.#announce();
	}
	accept(notification) {
		this.#silence = 0;
		if (this.#isKnown(notification)) return;
		this.#followRetries(notification);
		this.#begin(notification);
		const isRead = !this.#hasOutcome;
		for (const one of isRead && this.#gap?.fill(notification) || [notification]) {
			this.#fold.apply(one);
			if (isRead) this.#log.append(one);
			if (channels.turn.notification.hasSubscribers) this.#publish(one);
		}
		if (notification.method === "thread/tokenUsage/updated") this.#lacksUsage = false;
		if (notification.method === "turn/completed") this.#end();
		else this.#adjustOutlet();
	}
	acceptLine(line) {
		return this.outlet.acceptLine(line) || this.#takesLines && this.#hasOutcome;
	}
	missed() {
		this.#lacksUsage = true;
		if (!this.#hasOutcome) this.#gap = new GapFiller(this.#fold, this.#log);
		this.#adjustOutlet();
	}
	get hasGap() {
		return this.#gap !== void 0;
	}
	settle() {
		if (this.#phase !== "ended") this.#phase = "settling";
		this.#adjustOutlet();
	}
	unsettle() {
		if (this.#phase === "settling") this.#phase = "running";
		this.#adjustOutlet();
	}
	get lacksUsage() {
		return this.#lacksUsage;
	}
	arrange(itemIds) {
		this.#fold.arrange(itemIds);
	}
	get retryError() {
		return this.#retryError;
	}
	countSilence() {
		if (this.outlet.hasFlowed()) this.#silence = 0;
		return ++this.#silence;
	}
	abandon(reason) {
		if (this.#hasOutcome) return;
		this.#hasOutcome = true;
		this.#adjustOutlet();
		this.#log.end(reason);
		this.#outcome.reject(reason);
	}
	get isGivenUp() {
		return this.#isGivenUp;
	}
	fail(error) {
		this.#isGivenUp = true;
		this.abandon(error);
		this.#end();
	}
	drop() {
		this.#isGivenUp = true;
		this.#end();
	}
	#announce() {
		if (this.#isAnnounced || !isObserved(channels.turn)) return;
		this.#isAnnounced = true;
		const { threadId, turnId } = this;
		const end = begin(channels.turn, {
			threadId,
			turnId
		});
		this.#outcome.promise.then(({ status, error }) => end({
			status,
			error
		}), (error) => end({ error }));
	}
	#publish({ method, params }) {
		if (isDeltaMethod(method)) return;
		const { threadId, turnId } = this;
		const event = {
			threadId,
			turnId,
			method,
			params
		};
		channels.turn.notification.publish(event);
	}
	get #takesLines() {
		return this.#phase === "running" && !this.#gap && !this.#retryError;
	}
	#adjustOutlet() {
		if (this.#takesLines && !this.#hasOutcome) this.outlet.open(this.#log);
		else this.outlet.close();
	}
	#begin({ method, params }) {
		if (method === "turn/started") this.#hasStarted = true;
		this.#opening.see(method, params);
		if (this.#phase !== "starting" || NO_WORK.has(method)) return;
		this.#phase = "running";
		this.#started.resolve();
	}
	#end() {
		if (this.#phase === "ended") return;
		this.#phase = "ended";
		this.#adjustOutlet();
		this.#started.resolve();
		this.#ending.resolve();
		if (!this.#hasOutcome) {
			this.#hasOutcome = true;
			this.#log.end();
			this.#outcome.resolve(this.#fold.state);
		}
		this.#events.ended(this);
	}
	#followRetries({ method, params }) {
		const retry = method === "error" && params?.willRetry;
		if (!retry && this.#retryError === void 0) return;
		this.#retryError = retry ? params.error : void 0;
		this.#events.retrying(this, this.#retryError);
	}
	#isKnown({ method, params }) {
		switch (method) {
			case "turn/started": return this.#hasStarted;
			case "item/started": return this.#fold.item(itemIdOf(params)) !== void 0;
			case "item/completed": return this.#fold.isCompleted(itemIdOf(params));
			default: return false;
		}
	}
};
const NO_WORK = /* @__PURE__ */ new Set(["thread/tokenUsage/updated", "turn/completed"]);
function itemIdOf(params) {
	return params?.item?.id ?? "";
}
// src/thread/live-turns.ts
const REMEMBERED = 64;
const NO_SIGN_OF_LIFE = /* @__PURE__ */ new Set(["thread/tokenUsage/updated", "thread/goal/updated"]);
var LiveTurns = class {
	#threadId;
	#events;
	#wakes;
	#live = /* @__PURE__ */ new Map();
	#candidates = /* @__PURE__ */ new Map();
	#idleSince = /* @__PURE__ */ new Set();
	#ended = /* @__PURE__ */ new Set();
	#begun = /* @__PURE__ */ new Set();
	#stopped = /* @__PURE__ */ new Set();
	#awaited = /* @__PURE__ */ new Map();
	#ownMessages = /* @__PURE__ */ new Set();
	constructor(threadId, events, wakes) {
		this.#threadId = threadId;
		this.#events = events;
		this.#wakes = wakes;
	}
	areShown = false;
	get(turnId) {
		return this.#live.get(turnId) ?? this.#candidates.get(turnId);
	}
	get size() {
		return this.#live.size;
	}
	[Symbol.iterator]() {
		return this.#live.values();
	}
	awaited() {
		return [...this.#live.values()].filter((record) => record.isAwaited);
	}
	see(turnId, method, options) {
		const known = this.get(turnId);
		if (known || NO_SIGN_OF_LIFE.has(method) || this.#ended.has(turnId)) return known;
		if (!(method === "turn/started" || method === "item/started") && !options.mayBeOurs) return void 0;
		const record = this.#make(turnId, options.mayBeOurs || this.areShown);
		if (options.mayBeOurs) this.#candidates.set(turnId, record);
		return record;
	}
	claim(turnId, clientMessageId) {
		const record = this.get(turnId) ?? this.#make(turnId, true);
		record.claim(clientMessageId);
		remember(this.#begun, turnId);
		this.recheck();
		return record;
	}
	follow(turnId) {
		const record = this.get(turnId) ?? this.#make(turnId, true);
		record.follow();
		return record;
	}
	whenOurs(turnId) {
		const awaited = this.#awaited.get(turnId) ?? deferred();
		this.#awaited.set(turnId, awaited);
		keepNewest(this.#awaited);
		return awaited.promise;
	}
	recheck() {
		for (const [turnId, awaited] of this.#awaited) {
			if (!this.isOurs(turnId)) continue;
			this.#awaited.delete(turnId);
			awaited.resolve();
		}
	}
	hasSeenStart(turnId) {
		return this.get(turnId)?.hasStarted === true;
	}
	learn({ id, items }) {
		const opening = new TurnOpening();
		for (const item of items ?? []) opening.see("item/completed", { item });
		if (opening.isMessage ? this.#isOwnMessage(opening.messageId) : opening.isKnown) {
			remember(this.#begun, id);
			this.recheck();
		}
		return opening.isKnown;
	}
	isOurs(turnId) {
		const record = this.get(turnId);
		if (record?.isOwn || this.#begun.has(turnId)) return true;
		return record?.isOpenedHere((id) => this.#isOwnMessage(id)) === true;
	}
	get hasOurs() {
		return [...this.#live.keys()].some((id) => this.isOurs(id));
	}
	forgetCandidates() {
		this.#candidates.clear();
		const over = [...this.#idleSince];
		this.#idleSince.clear();
		for (const record of over) if (!record.isOwn) record.drop();
	}
	ended(record) {
		if (this.#live.get(record.turnId) === record) this.#live.delete(record.turnId);
		this.#awaited.delete(record.turnId);
		if (!record.isGivenUp) remember(this.#ended, record.turnId);
	}
	sentMessage(id) {
		remember(this.#ownMessages, id);
	}
	stops(turnId) {
		remember(this.#stopped, turnId);
	}
	goesOn(turnId) {
		this.#stopped.delete(turnId);
	}
	wasStopped(turnId) {
		return this.#stopped.has(turnId);
	}
	dropForeign() {
		for (const record of this.#live.values()) {
			if (record.isAwaited) continue;
			if (this.#candidates.has(record.turnId)) this.#idleSince.add(record);
			else record.drop();
		}
	}
	failAll(reason) {
		for (const record of [...this.#live.values()]) record.fail(reason);
	}
	#isOwnMessage(id) {
		return id !== void 0 && this.#ownMessages.has(id);
	}
	#make(turnId, retain) {
		const options = {
			retain,
			wakes: this.#wakes
		};
		const record = new TurnRecord(this.#threadId, turnId, this.#events, options);
		this.#live.set(turnId, record);
		return record;
	}
};
function remember(ids, id) {
	ids.add(id);
	keepNewest(ids);
}
function keepNewest(entries) {
	for (const oldest of entries.keys()) {
		if (entries.size <= REMEMBERED) break;
		entries.delete(oldest);
	}
}
// src/thread/model-retry-limit.ts
var ModelRetryLimit = class {
	#limitMs;
	#timers = /* @__PURE__ */ new Map();
	constructor(limitMs) {
		this.#limitMs = limitMs;
	}
	follow(record, error, giveUp) {
		if (error === void 0) {
			this.stop(record);
			return;
		}
		if (this.#limitMs === 0 || this.#timers.has(record) || !record.isOwn) return;
		const timer = startTimer(this.#limitMs, () => {
			this.#timers.delete(record);
			record.abandon(new ModelUnreachableError(record, this.#limitMs, record.retryError ?? error));
			giveUp();
		});
		this.#timers.set(record, timer);
	}
	stop(record) {
		this.#timers.get(record)?.cancel();
		this.#timers.delete(record);
	}
};
// src/thread/observers.ts
var Observers = class {
	#own = /* @__PURE__ */ new Set();
	#options;
	constructor(options) {
		this.#options = options;
	}
	get hasAny() {
		return this.#own.size > 0 || this.#options.ofParent()?.hasAny === true;
	}
	add(observer) {
		this.#own.add(observer);
		this.#options.onChanged();
		return { [dispose]: () => {
			if (this.#own.delete(observer)) this.#options.onChanged();
		} };
	}
	tell(tell) {
		for (const observer of this.#own) tell(observer);
		this.#options.ofParent()?.tell(tell);
	}
};
// src/thread/shown-turns.ts
var ShownTurns = class {
	#turns;
	#listeners = /* @__PURE__ */ new Set();
	#shown = /* @__PURE__ */ new WeakSet();
	constructor(turns) {
		this.#turns = turns;
	}
	add(listener) {
		this.#listeners.add(listener);
		this.#turns.areShown = true;
		return () => {
			this.#listeners.delete(listener);
			this.#turns.areShown = this.#listeners.size > 0;
		};
	}
	show(record) {
		if (this.#listeners.size === 0 || this.#shown.has(record)) return;
		this.#shown.add(record);
		record.follow();
		for (const listener of this.#listeners) listener(record);
	}
};
// src/thread/thread-profile.ts
var ThreadProfile = class {
	tools;
	settings = {};
	isEphemeral = false;
	cwd;
	usage;
	opened({ tools, settings }) {
		if (tools) this.tools = tools;
		if (settings) this.settings = settings;
	}
	inform({ ephemeral, cwd }) {
		if (typeof cwd === "string") this.cwd = cwd;
		if (typeof ephemeral === "boolean") this.isEphemeral = ephemeral;
	}
	count(usage) {
		if (isRecord(usage)) this.usage = usage;
	}
	clear() {
		this.tools = void 0;
		this.settings = {};
	}
};
// src/thread/activity.ts
var Activity = class {
	#active = false;
	#starting = false;
	#expecting = false;
	#ending = false;
	#seen = false;
	#pendingAnswers = 0;
	#queued = false;
	#changes = 0;
	#signs = 0;
	get changes() {
		return this.#changes;
	}
	get signs() {
		return this.#signs;
	}
	get isActive() {
		return this.#active;
	}
	get isStarting() {
		return this.#starting;
	}
	get isBusy() {
		return this.#starting || this.isOccupied;
	}
	get isOccupied() {
		return this.#active || this.#ending || this.#expecting || this.#pendingAnswers > 0;
	}
	report(active, asked) {
		if (active) this.saw();
		else if (this.#active && this.#queued) this.#expecting = true;
		this.#ending = this.#active && !active && !asked;
		this.#active = active;
	}
	believeActive() {
		this.#active = true;
	}
	sawEnd(isInterrupted) {
		this.#ending = false;
		this.#seen = false;
		if (isInterrupted) this.#expecting = false;
	}
	saw() {
		this.#seen = true;
		this.#signs++;
		this.#expecting = false;
	}
	begin() {
		this.#starting = true;
		this.#seen = false;
		this.#changes++;
	}
	finish() {
		this.#starting = false;
		this.#changes++;
	}
	expectTurn() {
		if (!this.#seen) this.#expecting = true;
		this.#changes++;
	}
	queueChanged() {
		this.#queued = true;
		this.#changes++;
		if (!this.#active) this.#expecting = true;
	}
	queueIsEmpty() {
		this.#queued = false;
	}
	get mayHaveQueue() {
		return this.#queued;
	}
	async whileAsking(work) {
		this.#pendingAnswers++;
		try {
			return await work();
		} finally {
			this.#pendingAnswers--;
		}
	}
	reset() {
		this.#active = false;
		this.#ending = false;
		this.#expecting = false;
	}
};
// src/thread/occupied-check.ts
const FIRST_MS = 300;
const LONGEST_MS = 6e4;
var OccupiedCheck = class {
	#ask;
	#timer;
	constructor(ask) {
		this.#ask = ask;
	}
	start() {
		if (this.#timer === void 0) this.#schedule(FIRST_MS);
	}
	stop() {
		clearTimeout(this.#timer);
		this.#timer = void 0;
	}
	#schedule(ms) {
		const timer = setTimeout(async () => {
			await this.#ask();
			if (this.#timer === timer) this.#schedule(Math.min(2 * ms, LONGEST_MS));
		}, ms);
		this.#timer = timer.unref();
	}
};
// src/thread/start-queue.ts
var StartQueue = class {
	#waiters = new Fifo();
	get isEmpty() {
		return this.#waiters.size === 0;
	}
	async wait(signal) {
		const { promise, resolve, reject } = deferred();
		const waiter = {
			admit: resolve,
			reject
		};
		this.#waiters.push(waiter);
		const stop = onAbort(signal, () => {
			if (this.#waiters.remove(waiter)) reject(signal?.reason);
		});
		await promise.finally(stop);
	}
	admitNext() {
		this.#waiters.shift()?.admit();
	}
	rejectAll(reason) {
		for (let waiter = this.#waiters.shift(); waiter; waiter = this.#waiters.shift()) waiter.reject(reason);
	}
};
// src/thread/turn-watchers.ts
var TurnWatchers = class {
	#watchers = /* @__PURE__ */ new Set();
	get isEmpty() {
		return this.#watchers.size === 0;
	}
	add() {
		const watcher = deferred();
		this.#watchers.add(watcher);
		return {
			record: watcher.promise,
			get seen() {
				return watcher.seen;
			},
			[dispose]: () => void this.#watchers.delete(watcher)
		};
	}
	resolve(record) {
		for (const watcher of this.#take()) {
			watcher.seen = record;
			watcher.resolve(record);
		}
	}
	reject(reason) {
		for (const watcher of this.#take()) watcher.reject(reason);
	}
	#take() {
		const watchers = [...this.#watchers];
		this.#watchers.clear();
		return watchers;
	}
};
// src/thread/thread-starts.ts
var ThreadStarts = class {
	#owner;
	#activity = new Activity();
	#queue = new StartQueue();
	#watchers = new TurnWatchers();
	#occupied;
	#refusal;
	#slot;
	constructor(owner) {
		this.#owner = owner;
		this.#occupied = new OccupiedCheck(() => owner.askWhetherActive());
	}
	get refusal() {
		return this.#refusal;
	}
	get isActive() {
		return this.#activity.isActive;
	}
	get changes() {
		return this.#activity.changes;
	}
	get signs() {
		return this.#activity.signs;
	}
	get isStarting() {
		return this.#activity.isStarting;
	}
	get isAtWork() {
		return this.#isBusy || !this.#queue.isEmpty;
	}
	get isFree() {
		return !this.#activity.isOccupied && this.#owner.turns.size === 0;
	}
	async acquire(signal) {
		signal?.throwIfAborted();
		if (this.#refusal) throw this.#refusal;
		if (this.isAtWork) {
			const admitted = this.#queue.wait(signal);
			this.update();
			await admitted;
		} else this.#activity.begin();
		let released = false;
		const taken = new AbortController();
		this.#slot = taken;
		return {
			taken: taken.signal,
			[dispose]: () => {
				if (released) return;
				released = true;
				this.#slot = void 0;
				this.#activity.finish();
				this.#owner.startFinished();
				this.update();
			}
		};
	}
	nextTurn() {
		const watcher = this.#watchers.add();
		this.update();
		return watcher;
	}
	expectTurn() {
		if (this.#refusal) return;
		this.#activity.expectTurn();
		this.update();
	}
	async whileAsking(work) {
		try {
			return await this.#activity.whileAsking(work);
		} finally {
			this.update();
		}
	}
	report(type, asked) {
		if (!this.#refusal) this.#activity.report(type === "active", asked || type === "notLoaded");
		this.update();
	}
	believeActive() {
		if (!this.#refusal) this.#activity.believeActive();
	}
	confirmIdle() {
		this.#activity.reset();
		this.#watchers.resolve(void 0);
		this.update();
	}
	sawStart(record) {
		this.#activity.saw();
		if (!this.#watchers.isEmpty) this.#owner.turns.claim(record.turnId, void 0);
		this.#watchers.resolve(record);
		this.#checkSlot();
	}
	sawEnd(isInterrupted) {
		this.#activity.sawEnd(isInterrupted);
	}
	queueChanged() {
		if (this.#refusal) return false;
		this.#activity.queueChanged();
		return true;
	}
	queueIsEmpty() {
		this.#activity.queueIsEmpty();
	}
	connectionLost(reason) {
		this.#activity.reset();
		this.#watchers.reject(reason);
	}
	refuse(reason) {
		this.#refusal = reason;
		this.#activity.reset();
		this.#queue.rejectAll(reason);
		this.#watchers.reject(reason);
	}
	reopen() {
		this.#refusal = void 0;
	}
	update() {
		this.#checkSlot();
		if (!this.#isBusy && !this.#queue.isEmpty) {
			this.#activity.begin();
			this.#queue.admitNext();
		}
		if (this.#mustAsk) this.#occupied.start();
		else this.#occupied.stop();
		this.#owner.settled();
	}
	#checkSlot() {
		if (this.#slot && !this.isFree) this.#slot.abort();
	}
	get #isBusy() {
		return this.#activity.isBusy || this.#owner.turns.size > 0;
	}
	get #mustAsk() {
		const { turns, hasHandles } = this.#owner;
		if (!(!this.#queue.isEmpty || !this.#watchers.isEmpty || !hasHandles) || this.#refusal || this.#activity.isStarting) return false;
		return turns.awaited().length === 0 && (this.#isBusy || !this.#watchers.isEmpty);
	}
};
// src/thread/thread-state.ts
var ThreadState = class {
	id;
	server;
	#holder;
	turns;
	starts;
	#retryLimit;
	family = new Family(this);
	profile = new ThreadProfile();
	shown;
	observers = new Observers({
		ofParent: () => this.family.parent?.observers,
		onChanged: () => this.#holder.reroute()
	});
	#handles = 0;
	#subscribed = true;
	#backlog = new Backlog((turnId, notification) => this.#acceptForTurn(turnId, notification));
	constructor(id, server, holder) {
		this.id = id;
		this.server = server;
		this.#holder = holder;
		this.turns = new LiveTurns(id, this, holder.wakes);
		this.shown = new ShownTurns(this.turns);
		this.starts = new ThreadStarts(this);
		this.#retryLimit = new ModelRetryLimit(server.modelRetryMs);
	}
	retain() {
		this.#handles++;
	}
	release() {
		this.#handles--;
		this.starts.update();
	}
	dropped() {
		this.profile.clear();
	}
	get hasHandles() {
		return this.#handles > 0;
	}
	get isAtWork() {
		if (this.starts.isAtWork) return true;
		return [...this.family.children].some((child) => child.isAtWork);
	}
	get tools() {
		return this.profile.tools ?? this.family.parent?.tools;
	}
	opened(thread, opening = {}) {
		this.profile.opened(opening);
		if (!this.#subscribed) this.observers.tell((observer) => observer.missed(this.id));
		this.#subscribed = true;
		this.starts.reopen();
		this.inform(thread);
		this.observers.tell((observer) => observer.subscribed(this.id));
	}
	inform(thread) {
		if (!isRecord(thread)) return;
		this.profile.inform(thread);
		if (isRecord(thread.status)) this.#report(thread.status.type, true);
	}
	unsubscribed(reason) {
		this.#subscribed = false;
		this.refuse(reason);
	}
	refuse(reason) {
		this.starts.refuse(reason);
		this.#backlog.clear();
		this.turns.failAll(reason);
		this.observers.tell((observer) => observer.refused?.(this.id, reason));
		this.starts.update();
	}
	queueChanged() {
		if (this.starts.queueChanged()) askQueue(this).catch(() => {});
	}
	claim(turnId, clientMessageId) {
		const record = this.turns.claim(turnId, clientMessageId);
		this.shown.show(record);
		const { refusal } = this.starts;
		if (refusal) record.fail(refusal);
		return record;
	}
	get isSubscribed() {
		return this.#subscribed;
	}
	async subscribe(signal) {
		if (this.#subscribed) return;
		await askToResume(this, this.profile.settings, (method, params, onResult) => this.server.request(method, params, {
			onResult,
			signal
		}));
	}
	accept(notification, turnId) {
		this.observers.tell((observer) => observer.notified(notification));
		const params = notification.params;
		switch (notification.method) {
			case "thread/status/changed":
				if (isRecord(params.status)) this.#report(params.status.type, false);
				return;
			case "thread/tokenUsage/updated":
				this.profile.count(params.tokenUsage);
				break;
			case "thread/queue/changed":
				this.queueChanged();
				return;
			case "thread/closed":
			case "thread/archived":
			case "thread/deleted":
				this.#subscribed = false;
				return;
		}
		if (turnId !== void 0) this.#acceptForTurn(turnId, notification);
	}
	acceptLine(line) {
		if (this.#backlog.isHolding || this.observers.hasAny) return false;
		return this.turns.get(line.part.params.turnId)?.acceptLine(line) ?? false;
	}
	itemsOf(turnId) {
		const all = [...this.turns.get(turnId)?.items() ?? [], ...this.#backlog.items(turnId)];
		return [...new Map(all.map((item) => [item.id, item])).values()];
	}
	connectionReplaced(connection) {
		this.#subscribed = false;
		this.observers.tell((observer) => observer.missed(this.id));
		if (this.starts.refusal) return;
		const atWork = this.isAtWork;
		const { isStarting } = this.starts;
		this.#backlog.abandon((turnId) => isStarting || this.turns.get(turnId)?.isAwaited === true);
		this.starts.connectionLost(new CallLost(new CodexError("the connection was lost"), true));
		if (atWork) this.catchUp(connection);
	}
	catchUp(connection) {
		const catchUp = new CatchUp(this, this.server, connection);
		this.#fetch(() => catchUp.resume());
	}
	get isCatchingUp() {
		return this.#backlog.isHolding;
	}
	async resumeOn(connection) {
		return askToResume(this, this.profile.settings, (method, params, onResult) => connection.ask(method, params, onResult));
	}
	adoptMissed(turnId, items, connection) {
		for (const id of childrenIn(items)) this.#holder.adoptMissed(id, this, turnId, connection);
	}
	async askWhetherActive() {
		const connection = this.server.connection();
		if (connection && !this.isCatchingUp) await askStatus(this, connection).catch(() => {});
	}
	startFinished() {
		this.turns.forgetCandidates();
		this.#deliver();
	}
	settled() {
		this.#holder.settled(this);
	}
	ended(record) {
		this.turns.ended(record);
		this.#retryLimit.stop(record);
		this.starts.update();
	}
	retrying(record, error) {
		this.#retryLimit.follow(record, error, () => this.#holder.interrupt(this, record));
	}
	#report(type, asked) {
		if (typeof type !== "string") return;
		if (type === "notLoaded") this.#subscribed = false;
		this.starts.report(type, asked);
	}
	#acceptForTurn(turnId, notification) {
		const { method, params } = notification;
		if (this.#backlog.isHolding && method !== "thread/tokenUsage/updated") {
			this.#backlog.push(turnId, notification);
			return;
		}
		if (method === "turn/completed") this.starts.sawEnd(isInterrupted(params));
		const record = this.turns.see(turnId, method, { mayBeOurs: this.starts.isStarting });
		if (record === void 0) {
			this.starts.update();
			return;
		}
		if (method === "turn/started") this.#begins(record, params);
		else this.shown.show(record);
		for (const childId of childrenNamedBy(method, params)) this.#holder.adopt(childId, this, turnId);
		if (method !== "turn/completed") {
			record.accept(notification);
			if (method === "item/started" || method === "item/completed") this.turns.recheck();
			return;
		}
		if (record.isAwaited && record.hasGap) this.#settle(record, notification);
		else completeTurn(record, notification);
		if (!this.starts.isActive) this.turns.dropForeign();
	}
	#begins(record, params) {
		this.starts.sawStart(record);
		const turn = isRecord(params) && isRecord(params.turn) ? params.turn : {};
		if (this.family.beginsForStopped(turn.rootTurnId) && !record.isOwn && !this.starts.isStarting) this.#holder.interrupt(this, record);
	}
	#settle(record, end) {
		record.settle();
		const connection = this.server.connection();
		if (!connection) return;
		this.#fetch(() => new CatchUp(this, this.server, connection).settle(record, end));
	}
	#deliver() {
		this.#backlog.deliver();
		this.turns.recheck();
	}
	#fetch(work) {
		this.#holder.reroute();
		this.starts.whileAsking(() => this.#backlog.fetch(work, () => {
			if (!this.starts.isStarting) this.#deliver();
		}));
	}
};
function isInterrupted(params) {
	return isRecord(params) && isRecord(params.turn) && params.turn.status === "interrupted";
}
// src/thread/thread-registry.ts
var ThreadRegistry = class {
	server;
	wakes = new Wakes();
	#options;
	#threads = /* @__PURE__ */ new Map();
	#silence;
	#forms = new DeltaForms();
	#routes = 1;
	#ended;
	constructor(server, options) {
		this.server = server;
		this.#options = options;
		this.#silence = new SilenceWatch(() => this.#threads.values(), server.turnIdleMs);
	}
	known(threadId) {
		return this.#threads.get(threadId);
	}
	open(threadId) {
		let thread = this.#threads.get(threadId);
		if (thread === void 0) {
			thread = new ThreadState(threadId, this.server, this);
			if (this.#ended) thread.refuse(this.#ended);
			this.#threads.set(threadId, thread);
		}
		return thread;
	}
	get size() {
		return this.#threads.size;
	}
	acceptLine(text) {
		const form = this.#forms.of(text);
		const line = form?.read(text);
		if (!form || !line || this.#options.wants(line.part.method)) return false;
		if (!this.#route(form, line)) return false;
		this.#options.onLine?.(form, line);
		return true;
	}
	#route(form, line) {
		if (form.routes === this.#routes && form.target?.acceptLine(line)) return true;
		const { threadId, turnId } = line.part.params;
		const thread = this.#threads.get(threadId);
		if (!thread?.acceptLine(line)) return false;
		form.target = thread.turns.get(turnId)?.outlet;
		form.routes = this.#routes;
		return true;
	}
	reroute() {
		this.#routes++;
	}
	accept(notification) {
		const { method, params } = notification;
		if (!isRecord(params)) return;
		const turn = isRecord(params.turn) ? params.turn : {};
		if (method === "thread/started") this.#adoptByRecord(params.thread);
		const { threadId } = params;
		if (typeof threadId !== "string") return;
		if (method === "turn/started") this.#adoptByRoot(threadId, turn.rootTurnId);
		const turnId = params.turnId ?? turn.id;
		const name = typeof turnId === "string" ? turnId : void 0;
		this.#threads.get(threadId)?.accept(notification, name);
	}
	adopt(childId, parent, turnId) {
		if (!this.#threads.has(parent.id) || isAncestor(childId, parent)) return;
		const child = this.open(childId);
		if (child.family.parent !== void 0) return;
		child.family.workFor(parent, turnId);
		this.reroute();
	}
	adoptMissed(childId, parent, turnId, connection) {
		if (this.#threads.has(childId)) return;
		this.adopt(childId, parent, turnId);
		this.#threads.get(childId)?.catchUp(connection);
	}
	settled(thread) {
		let root = thread;
		while (root.family.parent) root = root.family.parent;
		if (this.#threads.get(root.id) === root && !isNeeded(root)) this.#drop(root);
	}
	interrupt(thread, record) {
		interruptQuietly(thread, record);
	}
	connectionReplaced(connection) {
		for (const thread of [...this.#threads.values()]) thread.connectionReplaced(connection);
		this.#resubscribe(connection);
	}
	end(reason) {
		this.#ended = reason;
		this.#silence.stop();
		for (const thread of [...this.#threads.values()]) thread.refuse(reason);
	}
	async #resubscribe(connection) {
		for (const thread of [...this.#threads.values()]) {
			if (connection.isLost || this.#ended) return;
			if (thread.isSubscribed || thread.isCatchingUp || thread.isAtWork || thread.starts.refusal) continue;
			await thread.starts.whileAsking(() => thread.resumeOn(connection)).catch(() => {});
		}
	}
	#adoptByRecord(thread) {
		const parent = this.#threads.get(parentNamedBy(thread) ?? "");
		const id = isRecord(thread) ? thread.id : void 0;
		if (typeof id !== "string") return;
		if (parent) this.adopt(id, parent);
		if (isActive(thread)) this.#threads.get(id)?.inform(thread);
	}
	#adoptByRoot(threadId, rootTurnId) {
		if (typeof rootTurnId !== "string" || this.#threads.has(threadId)) return;
		for (const thread of this.#threads.values()) {
			if (!thread.turns.get(rootTurnId)) continue;
			this.adopt(threadId, thread, rootTurnId);
			return;
		}
	}
	#drop(thread) {
		this.#threads.delete(thread.id);
		thread.dropped();
		this.#options.onDropped(thread.id);
		for (const child of thread.family.children) this.#drop(child);
	}
};
function isActive(thread) {
	return isRecord(thread) && isRecord(thread.status) && thread.status.type === "active";
}
function isAncestor(id, thread) {
	for (let one = thread; one; one = one.family.parent) if (one.id === id) return true;
	return false;
}
function isNeeded(thread) {
	if (thread.hasHandles || thread.isAtWork) return true;
	return [...thread.family.children].some(isNeeded);
}
// src/session/hub.ts
var NotificationHub = class {
	#warn;
	#listeners = /* @__PURE__ */ new Map();
	#log = new EventLog({ retain: false });
	constructor(warn) {
		this.#warn = warn;
	}
	wants(method) {
		return this.#log.hasReaders || (this.#listeners.get(method)?.size ?? 0) > 0;
	}
	on(method, listener) {
		const listeners = this.#listeners.get(method) ?? new Listeners(method, this.#warn);
		const listening = listeners.add(listener);
		this.#listeners.set(method, listeners);
		return { [dispose]: () => {
			listening[dispose]();
			if (listeners.size === 0 && this.#listeners.get(method) === listeners) this.#listeners.delete(method);
		} };
	}
	notifications() {
		return this.#log.read();
	}
	publish(notification) {
		this.#log.append(notification);
		this.#listeners.get(notification.method)?.tell(notification.params);
	}
	end(error) {
		this.#log.end(error);
		this.#listeners.clear();
	}
};
// src/rpc/connection.ts
const MAX_METHOD_CHARS = 100;
var Connection = class {
	#transport;
	#events;
	#calls;
	#closed = deferred();
	#reason;
	constructor(transport, events, options = {}) {
		this.#transport = transport;
		this.#events = events;
		this.#calls = new PendingCalls({
			send: (text) => this.send(text),
			probe: options.probe,
			failed: (what, cause) => this.#failed(what, cause)
		});
		transport.listen({
			message: (text) => this.#receive(text),
			closed: (reason) => this.#end(reason)
		});
	}
	get closed() {
		return this.#closed.promise;
	}
	call(method, params, options) {
		return this.#calls.call(method, params, options);
	}
	notify(method, params) {
		this.send(encodeNotification(method, params));
	}
	send(text) {
		if (this.#reason) return;
		this.#trace("send", text);
		this.#transport.send(text);
	}
	keepAlive(on) {
		this.#transport.keepAlive?.(on);
	}
	async close(reason) {
		this.#end(reason);
		await this.#transport.close();
	}
	#receive(text) {
		if (this.#reason) return;
		try {
			if (this.#events.peek(text)) return;
		} catch (cause) {
			this.#failed("The first look at a message", cause);
		}
		this.#trace("receive", text);
		const incoming = classify(text);
		try {
			this.#dispatch(incoming, text);
		} catch (cause) {
			this.#failed(handlerOf(incoming), cause);
		}
	}
	#dispatch(incoming, text) {
		switch (incoming.kind) {
			case "notification":
				this.#events.notification(incoming.message, text);
				return;
			case "request":
				this.#events.request(incoming.message);
				return;
			case "response":
				if (this.#calls.settle(incoming.message)) return;
				this.#events.stray(incoming.flaw ?? "no request is waiting for it", text);
				return;
			case "malformed": this.#events.stray(incoming.why, text);
		}
	}
	#trace(direction, text) {
		try {
			this.#events.trace(direction, text);
		} catch (cause) {
			this.#failed("The log of the traffic", cause);
		}
	}
	#failed(what, cause) {
		try {
			this.#events.failed(what, cause);
		} catch {}
	}
	#end(reason) {
		if (this.#reason) return;
		this.#reason = reason;
		this.#calls.close(reason);
		this.#closed.resolve(reason);
	}
};
function handlerOf(incoming) {
	if (incoming.kind === "notification" || incoming.kind === "request") {
		const { method } = incoming.message;
		return `The handler of the ${incoming.kind} ${quoteForeign(method, MAX_METHOD_CHARS)}`;
	}
	return "The report of a message that was ignored";
}
// src/transport/guarded-transport.ts
const CLOSE_LIMIT_MS = 1e4;
const SENT_AFTER_HANDSHAKE = 2;
var GuardedTransport = class {
	#inner;
	#name;
	#events;
	#reason;
	#sent = 0;
	#closing;
	constructor(inner, name) {
		this.#inner = inner;
		this.#name = name;
	}
	get noise() {
		return this.#inner.noise;
	}
	get pid() {
		return this.#inner.pid;
	}
	listen(events) {
		this.#events = events;
		if (this.#reason) this.#tellEnd(this.#reason);
		else this.#listen();
	}
	#listen() {
		try {
			this.#inner.listen({
				message: (text) => this.#message(text),
				closed: (reason) => this.#end(reason)
			});
		} catch (error) {
			this.#fail("couldn't be opened", error);
		}
	}
	send(text) {
		if (this.#reason) return;
		this.#sent++;
		if (this.#sent === SENT_AFTER_HANDSHAKE) this.#inner.established?.();
		try {
			this.#inner.send(text);
		} catch (error) {
			if (error instanceof InvalidInputError) throw error;
			this.#fail("was closed, because sending failed", error);
		}
	}
	keepAlive(on) {
		this.#inner.keepAlive?.(on);
	}
	close() {
		this.#closing ??= this.#close();
		return this.#closing;
	}
	async #close() {
		let cause;
		try {
			await within(CLOSE_LIMIT_MS, this.#inner.close());
		} catch (error) {
			cause = error;
		}
		this.#end(new TransportClosedError(`The connection to ${this.#name} was closed`, { cause }));
	}
	#message(text) {
		if (this.#reason) return;
		try {
			this.#events?.message(text);
		} catch (error) {
			this.#fail("was closed, because a message from it couldn't be handled", error);
		}
	}
	#fail(what, cause) {
		const message = `The connection to ${this.#name} ${what}: ${messageOf(cause)}`;
		this.#end(new TransportClosedError(message, { cause }));
		this.close();
	}
	#end(reason) {
		if (this.#reason) return;
		this.#reason = reason;
		this.#tellEnd(reason);
	}
	#tellEnd(reason) {
		try {
			this.#events?.closed(reason);
		} catch (error) {
			process.emitWarning(`The end of the connection to ${this.#name} couldn't be handled: ${messageOf(error)}`);
		}
	}
};
// src/transport/dial.ts
const CLEAN_UP_MS = 1e3;
async function dial(endpoint, signal) {
	signal.throwIfAborted();
	const connecting = connect(endpoint, signal);
	try {
		return await orAborted(connecting, signal);
	} catch (error) {
		if (signal.aborted) {
			const cleanedUp = connecting.then((late) => late.close(), () => {});
			await within(CLEAN_UP_MS, cleanedUp);
		}
		throw error;
	}
}
async function connect(endpoint, signal) {
	const transport = await endpoint.connect(signal);
	if (transport instanceof GuardedTransport) return transport;
	if (isTransport(transport)) return new GuardedTransport(transport, endpoint.name);
	throw new LaunchError(`The endpoint ${endpoint.name} returned no transport: its connect() must resolve with an object that has listen, send and close`);
}
function isTransport(value) {
	return isRecord(value) && [
		value.listen,
		value.send,
		value.close
	].every((member) => typeof member === "function");
}
// src/session/handshake.ts
function initializeParams(client) {
	return {
		clientInfo: {
			name: client.name,
			title: client.title,
			version: client.version
		},
		capabilities: {
			experimentalApi: client.experimentalApi,
			requestAttestation: false
		}
	};
}
function readMetadata(answer) {
	const members = typeof answer === "object" && answer !== null ? answer : {};
	const said = (name, from = members) => {
		const value = from[name];
		return typeof value === "string" && value.trim() !== "" ? value.trim() : void 0;
	};
	const info = members.serverInfo;
	const serverInfo = typeof info === "object" && info !== null ? info : {};
	const userAgent = said("userAgent");
	const agent = splitUserAgent(userAgent ?? "");
	const name = said("name", serverInfo) ?? agent.name;
	const version = said("version", serverInfo) ?? agent.version;
	if (userAgent === void 0 || name === void 0 || version === void 0) throw new LaunchError(`The server's answer to initialize lacks its user agent, name or version: ${quoteForeign(jsonText(answer))}. Is this a Codex app-server?`);
	return {
		serverInfo: {
			name,
			version
		},
		userAgent,
		codexHome: said("codexHome"),
		platformFamily: said("platformFamily"),
		platformOs: said("platformOs")
	};
}
function splitUserAgent(userAgent) {
	const parts = /^\s*([^/]+)\/(\S+)/.exec(userAgent) ?? /^\s*(\S+)\s+(\S+)/.exec(userAgent);
	return {
		name: parts?.[1]?.trim(),
		version: parts?.[2]
	};
}
// src/session/launch.ts
var Launch = class {
	#open;
	#current;
	#unfinished = /* @__PURE__ */ new Set();
	constructor(open) {
		this.#open = open;
	}
	async join(signal) {
		this.#current ??= this.#start();
		const attempt = this.#current;
		attempt.waiting++;
		try {
			return await orAborted(attempt.promise, signal);
		} finally {
			attempt.waiting--;
			if (attempt.waiting === 0 && this.#unfinished.has(attempt)) {
				this.#current = void 0;
				attempt.controller.abort(signal?.reason);
			}
		}
	}
	async cancel(reason) {
		const attempts = [...this.#unfinished];
		for (const { controller } of attempts) controller.abort(reason);
		await Promise.allSettled(attempts.map(({ promise }) => promise));
	}
	#start() {
		const controller = new AbortController();
		const promise = this.#open(controller.signal).finally(() => {
			this.#unfinished.delete(attempt);
			if (this.#current === attempt) this.#current = void 0;
		});
		promise.catch(() => {});
		const attempt = {
			promise,
			controller,
			waiting: 0
		};
		this.#unfinished.add(attempt);
		return attempt;
	}
};
// src/session/managed-connection.ts
const PROBE = {
	method: "thread/loaded/list",
	params: { limit: 1 }
};
const BUSY = {
	maxAttempts: Number.POSITIVE_INFINITY,
	initialDelayMs: 50,
	maxDelayMs: 1e3
};
const STABLE_MS = 1e3;
var ManagedConnection = class {
	#options;
	#launch = new Launch((signal) => this.#start(signal));
	#abort = new AbortController();
	#connection;
	#reconnecting;
	#losses = 0;
	#stable;
	#metadata;
	#status = { state: "idle" };
	#endReason;
	constructor(options) {
		this.#options = options;
		const { recovery } = options;
		onAbort(recovery?.signal, () => {
			if (this.#reconnecting) this.#end(reconnectAborted(recovery?.signal?.reason));
		});
	}
	get metadata() {
		return this.#metadata;
	}
	get status() {
		return this.#status;
	}
	get endReason() {
		return this.#endReason;
	}
	get current() {
		return this.#connection;
	}
	async connected(signal) {
		signal?.throwIfAborted();
		if (this.#endReason) throw this.#endReason;
		if (this.#connection) return this.#connection;
		if (this.#reconnecting) return orAborted(this.#reconnecting.promise, signal);
		return this.#launch.join(signal);
	}
	madeProgress() {
		this.#losses = 0;
	}
	async drop(reason) {
		await this.#connection?.close(reason);
	}
	async close() {
		const connection = this.#connection;
		const reason = new TransportClosedError("The client was closed");
		this.#end(reason, { byUser: true });
		const closing = connection?.close(reason);
		await this.#launch.cancel(reason);
		await closing;
		await this.#reconnecting?.promise.catch(() => {});
	}
	async #start(signal) {
		this.#setStatus({ state: "connecting" });
		if (this.#endReason) throw this.#endReason;
		try {
			return await this.#open(signal, true);
		} catch (error) {
			this.#setStatus({ state: "idle" });
			throw error;
		}
	}
	async #open(signal, isFirst) {
		const { endpoint, client, handshakeTimeoutMs } = this.#options;
		const transport = await this.#dial(signal);
		const connection = new Connection(transport, this.#options.connection, { probe: PROBE });
		this.#options.onDialled(transport, connection.closed);
		try {
			try {
				var _usingCtx$6 = _usingCtx();
				const params = initializeParams(client);
				const late = (ms) => new RequestTimeoutError("initialize", ms);
				const limit = _usingCtx$6.u(deadline(signal, handshakeTimeoutMs, late));
				const call = () => connection.call("initialize", params, {
					signal: limit.signal,
					onResult: (answer) => {
						this.#metadata = readMetadata(answer);
					}
				});
				await repeatWhile(isServerBusy, call, {
					...BUSY,
					signal: limit.signal
				});
				signal.throwIfAborted();
				connection.notify("initialized");
				await this.#logIn(connection, limit.signal);
			} catch (_) {
				_usingCtx$6.e = _;
			} finally {
				_usingCtx$6.d();
			}
		} catch (error) {
			await connection.close(new TransportClosedError("The handshake failed", { cause: error }));
			throw signal.aborted ? signal.reason : handshakeError(endpoint.name, error, transport.noise);
		}
		this.#adopt(connection, isFirst);
		return connection;
	}
	async #logIn(connection, signal) {
		const { logIn } = this.#options;
		if (logIn === void 0) return;
		const params = await orAborted(logIn(), signal);
		await connection.call("account/login/start", params, { signal });
	}
	async #dial(signal) {
		try {
			var _usingCtx3 = _usingCtx();
			const { endpoint, handshakeTimeoutMs } = this.#options;
			const late = (ms) => new LaunchError(`The app-server (${endpoint.name}) did not accept the connection within ${ms} ms`);
			return await dial(endpoint, _usingCtx3.u(deadline(signal, handshakeTimeoutMs, late)).signal ?? signal);
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			_usingCtx3.d();
		}
	}
	#adopt(connection, isFirst) {
		this.#connection = connection;
		this.#reconnecting = void 0;
		this.#stable = setTimeout(() => this.madeProgress(), STABLE_MS).unref();
		connection.closed.then((reason) => this.#lost(connection, reason));
		this.#setStatus({ state: "ready" });
		if (!this.#endReason) this.#options.onReady(connection, isFirst);
	}
	#lost(connection, reason) {
		clearTimeout(this.#stable);
		if (this.#connection === connection) this.#connection = void 0;
		if (this.#endReason) return;
		const { recovery } = this.#options;
		if (!recovery || recovery.signal?.aborted) {
			this.#end(recovery ? reconnectAborted(recovery.signal?.reason) : reason);
			return;
		}
		this.#reconnecting = deferred();
		this.#setStatus({
			state: "reconnecting",
			reason
		});
		this.#reconnect(recovery, reason);
	}
	async #reconnect(policy, lost) {
		const { signal } = this.#abort;
		let cause = lost;
		while (!this.#endReason) {
			const wait = policy.delayBefore(++this.#losses);
			if (wait === void 0) {
				this.#end(gaveUp(lost, policy.gaveUp(this.#losses - 1), cause));
				break;
			}
			try {
				await delay(wait, signal);
				const { resolve } = this.#reconnecting ?? {};
				resolve?.(await this.#open(signal, false));
				return;
			} catch (error) {
				cause = error;
			}
		}
		this.#reconnecting?.reject(this.#endReason);
	}
	#end(reason, { byUser = false } = {}) {
		if (this.#endReason) return;
		const error = byUser ? void 0 : reason;
		this.#endReason = reason;
		this.#connection = void 0;
		clearTimeout(this.#stable);
		this.#abort.abort(reason);
		this.#setStatus({
			state: "closed",
			reason: error
		});
		this.#options.onEnd(reason, error);
	}
	#setStatus(status) {
		if (this.#status.state === "closed") return;
		this.#status = status;
		this.#options.onStatus(status);
	}
};
function handshakeError(name, failure, noise) {
	const error = failure instanceof CallLost ? failure.reason : failure;
	if (error instanceof LaunchError) return error;
	const stderr = error instanceof TransportClosedError ? error.stderr : [];
	const message = messageOf(error);
	const also = noise === void 0 ? "" : `. Unexpected output: ${noise}`;
	return new LaunchError(`The handshake with the app-server (${name}) failed: ${message}${also}`, {
		stderr,
		cause: error
	});
}
function gaveUp(lost, tried, cause) {
	const last = cause instanceof Error && cause !== lost ? `; the last error: ${cause.message}` : "";
	const { exitCode, signal = null, stderr } = lost;
	const exit = exitCode === void 0 ? void 0 : {
		code: exitCode,
		signal
	};
	return new TransportClosedError(`${lost.message}. ${tried}${last}`, {
		exit,
		stderr,
		cause
	});
}
function reconnectAborted(cause) {
	return new TransportClosedError("Reconnecting was aborted", { cause });
}
// src/session/methods.ts
const UNTIMED = /* @__PURE__ */ new Set([
	"command/exec",
	"feedback/upload",
	"marketplace/add",
	"marketplace/upgrade",
	"mcpServer/tool/call",
	"plugin/install",
	"thread/sample",
	"windowsSandbox/setupStart"
]);
const REPEATABLE = /* @__PURE__ */ new Set([
	"fs/getMetadata",
	"fs/readDirectory",
	"fs/readFile",
	"fuzzyFileSearch",
	"getAuthStatus",
	"getConversationSummary",
	"gitDiffToRemote",
	"plugin/search",
	"thread/resume",
	"thread/search",
	"thread/searchOccurrences",
	"turn/interrupt"
]);
function timeoutOf(method, requestTimeoutMs) {
	return UNTIMED.has(method) ? 0 : requestTimeoutMs;
}
function isRepeatable(method) {
	return /\/(?:list|read|get|status)$/.test(method) || REPEATABLE.has(method);
}
function bringsUpToDate(method) {
	return method === "thread/resume" || method === "thread/read" || method === "thread/turns/list";
}
// src/session/one-connection.ts
const BUSY_BACKOFF = {
	initialDelayMs: 100,
	maxDelayMs: 2e3,
	jitterRatio: .2
};
var OneConnection = class {
	#connection;
	#timeoutMs;
	#pause;
	#lost = false;
	#hydrations = 0;
	constructor(connection, options) {
		this.#connection = connection;
		this.#timeoutMs = options.timeoutMs;
		this.#pause = options.pause;
		connection.closed.then(() => {
			this.#lost = true;
		});
	}
	get isLost() {
		return this.#lost;
	}
	get isHydrating() {
		return this.#hydrations > 0;
	}
	async ask(method, params, onResult) {
		const hydrates = method === "thread/resume" && !("excludeTurns" in params);
		if (hydrates) this.#hydrations++;
		try {
			return await this.#askUntilAnswered(method, params, onResult);
		} finally {
			if (hydrates) this.#hydrations--;
		}
	}
	async #askUntilAnswered(method, params, onResult) {
		for (let attempt = 1;; attempt++) try {
			var _usingCtx$5 = _usingCtx();
			const late = (ms) => new RequestTimeoutError(method, ms);
			const limit = _usingCtx$5.u(deadline(void 0, this.#timeoutMs, late));
			try {
				return await this.#connection.call(method, params, {
					signal: limit.signal,
					onResult
				});
			} catch (error) {
				if (!isServerBusy(error)) throw error;
			}
			await this.#pause(backoffDelay(attempt, BUSY_BACKOFF));
		} catch (_) {
			_usingCtx$5.e = _;
		} finally {
			_usingCtx$5.d();
		}
	}
};
// src/thread/learn-opening.ts
const WRITE_LAG_MS = 15e3;
const FIRST_DELAY_MS$1 = 100;
const LONGEST_DELAY_MS = 2e3;
async function learnOpening(thread, turnId, signal) {
	const { turns, server } = thread;
	const ask = (method, params) => server.request(method, params, { signal });
	let waitedMs = 0;
	for (let ms = FIRST_DELAY_MS$1; !turns.hasSeenStart(turnId); ms = Math.min(2 * ms, LONGEST_DELAY_MS)) {
		const turn = (await recentTurns(thread.id, ask).catch((error) => {
			if (!isNoAnswer(error) || isEphemeral(error)) throw error;
		}))?.find(({ id }) => id === turnId);
		if (turn && turns.learn(turn) || waitedMs >= WRITE_LAG_MS) return;
		await server.pause(ms, signal);
		waitedMs += ms;
	}
}
// src/session/observed-request.ts
function observed({ method, params }, signal, answer) {
	if (!isObserved(channels.serverRequest)) return answer();
	const event = {
		method,
		params
	};
	const end = begin(channels.serverRequest, event);
	const answering = event.run ? event.run(answer) : answer();
	const stop = onAbort(signal, () => end({ error: signal.reason }));
	answering.then((result) => end({ result }), (error) => end({ error }));
	answering.then(stop, stop);
	return answering;
}
// src/session/running-items.ts
async function runningItems(connection, threadId, turnId) {
	const resumed = await connection.ask("thread/resume", { threadId });
	const thread = isRecord(resumed) && isRecord(resumed.thread) ? resumed.thread : {};
	const turn = (Array.isArray(thread.turns) ? thread.turns : []).find((one) => isRecord(one) && one.id === turnId);
	return (isRecord(turn) && Array.isArray(turn.items) ? turn.items : []).filter((item) => isRecord(item) && typeof item.id === "string");
}
// src/session/tool-approval.ts
function approvedToolCall(params, items) {
	if (!isToolApproval(params)) return void 0;
	const { serverName, message, requestedSchema, _meta: meta } = params;
	if (!isEmptyForm(requestedSchema)) return void 0;
	const { tool_params } = meta;
	return items.find((item) => {
		if (item.type !== "mcpToolCall" || item.status !== "inProgress") return false;
		if (item.server !== serverName) return false;
		const asked = `Allow the ${item.server} MCP server to run tool "${item.tool}"?`;
		return message === asked && isDeepStrictEqual(tool_params ?? {}, item.arguments ?? {});
	});
}
function isEmptyForm(schema) {
	if (!isRecord(schema) || schema.type !== "object") return false;
	const { type: _type, properties = {}, ...rest } = schema;
	return isRecord(properties) && Object.keys(properties).length === 0 && Object.keys(rest).length === 0;
}
// src/session/server-requests.ts
function turnIdOf({ params }) {
	return isRecord(params) && typeof params.turnId === "string" ? params.turnId : "";
}
function subjectOf(request, thread) {
	const turnId = turnIdOf(request);
	return {
		thread,
		record: thread?.turns.get(turnId),
		item: itemOf(request, thread?.itemsOf(turnId) ?? []),
		tools: thread?.tools
	};
}
function whenOurs(thread, turnId, signal) {
	const root = thread.family.rootOf(turnId);
	if (root) learnOpening(root.thread, root.turnId, signal).catch(() => {});
	return thread.family.whenOurs(turnId);
}
function itemOf({ method, params }, items) {
	if (method === "mcpServer/elicitation/request") return approvedToolCall(params, items);
	const itemId = isRecord(params) ? params.itemId : void 0;
	return items.find(({ id }) => id === itemId);
}
function needsItem({ method, params }) {
	if (method === "item/fileChange/requestApproval") return true;
	return method === "mcpServer/elicitation/request" && isToolApproval(params);
}
const MAX_DEPTH = 16;
var ServerRequests = class {
	#options;
	#inbound;
	#subjects = /* @__PURE__ */ new WeakMap();
	#replacements = 0;
	#isCut = false;
	constructor(options) {
		this.#options = options;
		this.#inbound = new InboundRequests((request, signal) => observed(request, signal, () => this.#answer(request, signal)), options.send, { replays: options.replays });
		options.pending.onAsked((request) => this.#holdIfStale(request));
	}
	accept(request) {
		this.#options.pending.confirm(request);
		this.#inbound.accept(request);
		const { threadId } = isRecord(request.params) ? request.params : {};
		const thread = typeof threadId === "string" ? this.#options.threads.known(threadId) : void 0;
		if (thread) this.#subjects.set(request, subjectOf(request, thread));
	}
	resolved({ params }) {
		const id = isRecord(params) ? params.requestId : void 0;
		if (typeof id === "string" || typeof id === "number") this.#inbound.withdraw(id, new CodexError("The server withdrew the request"));
	}
	acknowledge({ method, params }) {
		if (!isRecord(params)) return;
		if (method === "item/completed" && isRecord(params.item)) {
			const { id } = params.item;
			this.#forget((asked) => asked.callId === id || asked.itemId === id);
		} else if (method === "turn/completed" && isRecord(params.turn)) {
			const { id } = params.turn;
			this.#forget((asked) => asked.turnId === id);
			this.#inbound.withdrawWhere((request) => turnIdOf(request) === id, new TurnEnded());
		}
	}
	forgetThread(threadId) {
		this.#forget((asked) => asked.threadId === threadId);
	}
	withdrawAll(reason) {
		this.#inbound.withdrawAll(reason);
	}
	connectionLost(reason) {
		if (!this.#options.replays) {
			this.withdrawAll(reason);
			return;
		}
		this.#isCut = true;
		for (const requests of this.#options.pending.byThread().values()) this.#options.pending.hold(requests);
	}
	connectionReplaced() {
		this.#inbound.connectionReplaced();
		this.#replacements++;
		this.#isCut = false;
		for (const [threadId, requests] of this.#options.pending.byThread()) this.#askAgain(threadId, requests);
	}
	#holdIfStale(request) {
		const { threadId } = isRecord(request.params) ? request.params : {};
		if (typeof threadId !== "string") return;
		if (!this.#isCut && !this.#inbound.isUnrepeated(request)) return;
		this.#options.pending.hold([request]);
		if (!this.#isCut) this.#askAgain(threadId, [request]);
	}
	async #askAgain(threadId, requests) {
		const { threads } = this.#options;
		const replacements = this.#replacements;
		try {
			const known = threads.known(threadId);
			if (known) await known.subscribe();
			else await threads.server.request("thread/resume", {
				threadId,
				excludeTurns: true
			});
			await threads.server.request("thread/read", { threadId });
		} catch (error) {
			if (!(error instanceof JsonRpcError)) {
				if (threads.server.connection()) this.#confirm(requests);
				return;
			}
		}
		if (this.#replacements !== replacements) return;
		for (const request of requests) {
			if (!this.#inbound.isUnrepeated(request)) continue;
			this.#inbound.withdrawOnly(request, new CodexError("The server no longer asks"));
		}
	}
	#confirm(requests) {
		for (const request of requests) this.#options.pending.confirm(request);
	}
	#forget(matches) {
		this.#inbound.forget(({ params }) => isRecord(params) && matches(params));
	}
	async #answer(request, signal) {
		const params = isRecord(request.params) ? request.params : {};
		const asRead = this.#subjects.get(request);
		const { thread, isNobodys } = await this.#lookUp(params.threadId, asRead?.thread);
		const { record, item, tools } = asRead ?? subjectOf(request, thread);
		const turnId = turnIdOf(request);
		const isOthers = this.#options.replays && (isNobodys || thread?.family.isOthers(turnId) === true);
		record?.outcome.then(() => this.#inbound.withdrawOnly(request, new TurnEnded()), (reason) => {
			if (isOthers) this.#inbound.withdrawOnly(request, reason);
			else this.#inbound.cancel(request, reason);
		});
		const context = {
			method: request.method,
			item: item ?? await this.#missedItem(request, thread, record),
			threadId: thread?.id,
			parentThreadId: thread?.family.parent?.id,
			exactNumbers: request.exactNumbers === true,
			signal
		};
		const becomesOurs = isOthers && thread ? whenOurs(thread, turnId, signal) : void 0;
		return this.#options.responder.answer(request, context, {
			tools,
			isOthers,
			becomesOurs
		});
	}
	async #missedItem(request, thread, record) {
		const { replays, responder, threads } = this.#options;
		if (!replays || !responder.hasRules || !needsItem(request)) return void 0;
		const connection = threads.server.connection();
		if (record && !record.hasGap || !thread || !connection) return void 0;
		return itemOf(request, await runningItems(connection, thread.id, turnIdOf(request)).catch(() => []));
	}
	async #lookUp(threadId, known) {
		if (known) return {
			thread: known,
			isNobodys: false
		};
		if (typeof threadId !== "string") return { isNobodys: false };
		try {
			const thread = await this.#threadOf(threadId);
			return {
				thread,
				isNobodys: thread === void 0
			};
		} catch {
			return {
				thread: this.#options.threads.known(threadId),
				isNobodys: false
			};
		}
	}
	async #threadOf(threadId, depth = 0) {
		const { threads } = this.#options;
		const known = threads.known(threadId);
		if (known || depth >= MAX_DEPTH) return known;
		const read = await threads.server.request("thread/read", { threadId });
		if (!isRecord(read) || !isRecord(read.thread)) throw new CodexError("The server's answer to thread/read names no thread");
		const parentId = parentNamedBy(read.thread);
		const parent = parentId === void 0 ? void 0 : await this.#threadOf(parentId, depth + 1);
		if (parent) threads.adopt(threadId, parent);
		return threads.known(threadId);
	}
};
// src/session/server-warnings.ts
const CODES = /* @__PURE__ */ new Map([
	["warning", "SERVER_WARNING"],
	["configWarning", "CONFIG_WARNING"],
	["deprecationNotice", "DEPRECATION"]
]);
const MAX_WARNINGS = 100;
var ServerWarnings = class {
	#warn;
	#seen = /* @__PURE__ */ new Set();
	constructor(warn) {
		this.#warn = warn;
	}
	see({ method, params }) {
		const code = CODES.get(method);
		if (code === void 0 || !isRecord(params)) return;
		const said = [
			params.summary ?? params.message,
			params.details,
			params.path
		].filter((part) => typeof part === "string" && part !== "").join(" ");
		const text = safeMessage(said);
		if (text === "" || this.#seen.has(text) || this.#seen.size >= MAX_WARNINGS) return;
		this.#seen.add(text);
		this.#warn(new CodexWarning(code, text));
	}
};
// src/session/strays.ts
const EACH = 8;
const MAX_QUOTED = 200;
var Strays = class {
	#warn;
	#limit = new WarningLimit(EACH);
	constructor(warn) {
		this.#warn = warn;
	}
	add(why, text) {
		const howMany = this.#limit.next("such messages");
		if (howMany === void 0) return;
		const message = `Ignored a server message, because ${why}${howMany}: ${quoteForeign(outline(text), MAX_QUOTED)}`;
		this.#warn(new CodexWarning("STRAY_MESSAGE", message));
	}
};
function outline(text) {
	const message = parsed$2(text);
	if (!isRecord(message) || "method" in message || !("id" in message)) return text;
	const { id, ...rest } = message;
	const members = Object.keys(rest).map((name) => `, ${JSON.stringify(name)}: …`);
	return `{"id": ${JSON.stringify(id)}${members.join("")}}`;
}
function parsed$2(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
// src/session/trace.ts
const MAX_LENGTH = 2e3;
function trafficLog(recorder) {
	const debug = debuglog("codex-app-server");
	const log = debug.enabled ? (direction, text) => debug("%s %s", direction === "send" ? "→" : "←", quoteForeign(text, MAX_LENGTH)) : void 0;
	return {
		message(direction, text) {
			recorder?.message(direction, text);
			log?.(direction, text);
		},
		delta: log ? (form, line) => {
			recorder?.delta(form.head, line.text, line.time);
			log("receive", line.raw);
		} : recorder && ((form, line) => recorder.delta(form.head, line.text, line.time))
	};
}
function traceStatus(recorder, status) {
	const reason = "reason" in status ? status.reason?.message : void 0;
	recorder.event(status.state, { reason });
}
function traceConnection(recorder, { pid }, closed, client) {
	recorder.event("connected", { pid });
	closed.then(({ message, exitCode, signal, stderr }) => {
		const byClient = client.endReason !== void 0;
		recorder.event("disconnected", {
			byClient,
			message,
			exitCode,
			signal,
			stderr
		});
	});
}
// src/session/work.ts
var Work = class {
	#changed;
	#count = 0;
	constructor(changed) {
		this.#changed = changed;
	}
	get isBusy() {
		return this.#count > 0;
	}
	begin() {
		if (this.#count++ === 0) this.#changed(true);
		let isOver = false;
		return { [dispose]: () => {
			if (isOver) return;
			isOver = true;
			if (--this.#count === 0) this.#changed(false);
		} };
	}
	until(settled) {
		const work = this.begin();
		const end = () => work[dispose]();
		settled.then(end, end);
	}
};
// src/session/session.ts
const MAX_LOSSES = 5;
const RESEND_BACKOFF = {
	initialDelayMs: 100,
	maxDelayMs: 5e3,
	jitterRatio: .2
};
var Session = class {
	hub;
	threads;
	busyRetry;
	work = new Work((busy) => this.#keepAlive(busy));
	#options;
	#link;
	#requests;
	#serverWarnings;
	#ended = deferred();
	#over = new AbortController();
	#present;
	#closing;
	constructor(options) {
		const { endpoint, warn } = options;
		this.#options = options;
		this.busyRetry = options.retry;
		this.hub = new NotificationHub(warn);
		const trace = trafficLog(options.recorder);
		this.threads = new ThreadRegistry(this, {
			onLine: trace.delta,
			wants: (method) => this.hub.wants(method),
			onDropped: (threadId) => this.#requests.forgetThread(threadId)
		});
		this.#requests = new ServerRequests({
			threads: this.threads,
			responder: options.responder,
			pending: options.pending,
			replays: endpoint.outlivesTransport,
			send: (text) => this.#link.current?.send(text)
		});
		this.#serverWarnings = new ServerWarnings(warn);
		const strays = new Strays(warn);
		this.#link = new ManagedConnection({
			endpoint,
			client: options.client,
			handshakeTimeoutMs: options.requestTimeoutMs,
			logIn: options.logIn,
			recovery: options.recovery,
			connection: {
				peek: (text) => this.threads.acceptLine(text),
				notification: (message) => this.#accept(message),
				request: (message) => this.#requests.accept(message),
				stray: (why, text) => strays.add(why, text),
				trace: trace.message,
				failed: (what, cause) => {
					const message = `A server message could not be handled (${what}): ${messageOf(cause)}`;
					warn(new CodexWarning("STRAY_MESSAGE", message, { cause }));
				}
			},
			onDialled: (transport, closed) => {
				if (options.recorder) traceConnection(options.recorder, transport, closed, this.#link);
			},
			onReady: (connection, isFirst) => this.#ready(connection, isFirst),
			onStatus: (status) => {
				if (options.recorder) traceStatus(options.recorder, status);
				options.onStatus(status);
				if (status.state === "reconnecting") this.#requests.connectionLost(status.reason);
			},
			onEnd: (reason, error) => this.#end(reason, error)
		});
	}
	get ended() {
		return this.#ended.promise;
	}
	get metadata() {
		return this.#link.metadata;
	}
	get status() {
		return this.#link.status;
	}
	get pending() {
		return this.#options.pending;
	}
	get warn() {
		return this.#options.warn;
	}
	get version() {
		return this.#link.metadata?.serverInfo.version ?? "";
	}
	get modelRetryMs() {
		return this.#options.modelRetryMs;
	}
	get turnIdleMs() {
		return this.#options.turnIdleMs;
	}
	get recovers() {
		return this.#options.recovery !== void 0;
	}
	get outlivesConnection() {
		return this.#options.endpoint.outlivesTransport;
	}
	get sharesFiles() {
		return this.#options.endpoint.sharesFiles ?? true;
	}
	async connect(signal) {
		const caller = callerOf(this.connect);
		try {
			checkSignal(signal);
			await this.#link.connected(signal);
		} catch (error) {
			throw atCaller(error, caller);
		}
	}
	connection() {
		const present = this.#present;
		return present?.isLost ? void 0 : present;
	}
	async userRequest(method, params, options = {}) {
		const caller = callerOf(this.userRequest);
		try {
			return await requestForThread(this.threads, method, params, options);
		} catch (error) {
			throw atCaller(error, caller);
		}
	}
	async request(method, params, options = {}) {
		try {
			var _usingCtx$4 = _usingCtx();
			_usingCtx$4.u(this.work.begin());
			const { timeoutMs = timeoutOf(method, this.#options.requestTimeoutMs) } = options;
			const late = (ms) => new RequestTimeoutError(method, ms, this.#whyLate(method, ms));
			const { signal } = _usingCtx$4.u(deadline(options.signal, timeoutMs, late));
			const { retry = true } = options;
			if (!retry || this.busyRetry === false) return await this.#call(method, params, {
				...options,
				signal
			}, options.unsent);
			let isRetry = false;
			const send = () => {
				const unsent = isRetry ? this.#retrySignal : void 0;
				isRetry = true;
				return this.#call(method, params, {
					...options,
					signal
				}, unsent);
			};
			return await repeatWhile(isServerBusy, send, {
				...this.busyRetry,
				signal,
				pause: (ms) => this.pause(ms, signal)
			});
		} catch (_) {
			_usingCtx$4.e = _;
		} finally {
			_usingCtx$4.d();
		}
	}
	async pause(ms, signal) {
		try {
			var _usingCtx3 = _usingCtx();
			const stop = _usingCtx3.u(either(signal, this.#retrySignal, this.#over.signal));
			await delay(ms, stop.signal);
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			_usingCtx3.d();
		}
	}
	get #retrySignal() {
		return this.busyRetry === false ? void 0 : this.busyRetry.signal;
	}
	restartServer(reason) {
		if (this.outlivesConnection || !this.recovers) return false;
		this.#link.drop(new TransportClosedError(reason.message, { cause: reason }));
		return true;
	}
	close() {
		this.#closing ??= this.#link.close().finally(() => this.#endTrace());
		return this.#closing;
	}
	async #call(method, params, options, unsent) {
		try {
			var _usingCtx4 = _usingCtx();
			const { signal, onResult, urgent } = options;
			const both = _usingCtx4.u(unsent && either(signal, unsent));
			const early = both ? both.signal : signal;
			for (let losses = 0;;) {
				const connection = await this.#link.connected(early);
				try {
					const call = {
						signal,
						unsent,
						onResult,
						urgent
					};
					const result = await connection.call(method, params, call);
					if (!bringsUpToDate(method)) this.#link.madeProgress();
					return result;
				} catch (error) {
					if (!(error instanceof CallLost)) throw error;
					if (this.#link.endReason || !this.recovers) throw this.#link.endReason ?? error.reason;
					if (!error.sent) continue;
					if (!isRepeatable(method) || ++losses >= MAX_LOSSES) throw new OutcomeUnknownError(method, error.reason);
					if (losses > 1) await this.pause(backoffDelay(losses - 1, RESEND_BACKOFF), signal);
				}
			}
		} catch (_) {
			_usingCtx4.e = _;
		} finally {
			_usingCtx4.d();
		}
	}
	#whyLate(method, ms) {
		const { status } = this.#link;
		if (status.state === "ready") return void 0;
		return `${method} got no answer within ${ms} ms: there was no connection to the app-server${status.state === "reconnecting" ? ` (${status.reason.message})` : ""}`;
	}
	#ready(connection, isFirst) {
		const present = new OneConnection(connection, {
			timeoutMs: this.#options.requestTimeoutMs,
			pause: (ms) => this.pause(ms)
		});
		this.#present = present;
		this.#keepAlive(this.work.isBusy);
		if (isFirst) return;
		this.threads.connectionReplaced(present);
		this.#requests.connectionReplaced();
	}
	#keepAlive(on) {
		if (!this.#options.keepAlive) this.#link.current?.keepAlive(on);
	}
	#accept(notification) {
		try {
			if (notification.method === "serverRequest/resolved") this.#requests.resolved(notification);
			this.threads.accept(notification);
			this.#requests.acknowledge(notification);
			if (!(notification.method === "deprecationNotice" && this.#present?.isHydrating)) this.#serverWarnings.see(notification);
		} finally {
			this.hub.publish(notification);
		}
	}
	#endTrace() {
		this.#options.recorder?.[dispose]();
	}
	#end(reason, error) {
		this.#over.abort(reason);
		this.#requests.withdrawAll(reason);
		this.threads.end(reason);
		this.hub.end(error);
		this.#options.pending.end(error);
		if (error) this.#endTrace();
		this.#ended.resolve(error);
	}
};
// src/process/environment.ts
const OF_ENCLOSING_CODEX = /^CODEX_(?:INTERNAL_|SANDBOX|NETWORK_|CONFIG_SECRET_|MANAGED_|SHELL_SNAPSHOT|PLUGIN_METRICS_|(?:THREAD_ID|SESSION_ID|TURN_ID|TOOL_CALL_ID|CI|VERSION|PERMISSION_PROFILE|ESCALATE_SOCKET|APPLY_PATCH_PRESERVE_LINE_ENDINGS)$)/;
function serverEnvironment(overrides, base = process.env, platform = process.platform) {
	const own = Object.entries(base).filter(([name]) => !isOfEnclosingCodex(name, platform) && name !== "CODEX_APP_SERVER_TRACE");
	return mergeEnvironment(Object.fromEntries(own), overrides, platform);
}
function isOfEnclosingCodex(name, platform) {
	return OF_ENCLOSING_CODEX.test(platform === "win32" ? name.toUpperCase() : name);
}
function mergeEnvironment(base, overrides = {}, platform = process.platform) {
	const sameName = platform === "win32" ? (name) => name.toUpperCase() : String;
	const overridden = new Set(Object.keys(overrides).map(sameName));
	const kept = Object.entries(base).filter(([name]) => !overridden.has(sameName(name)));
	return Object.fromEntries([...kept, ...Object.entries(overrides)]);
}
// src/process/native-binary.ts
const triples = {
	"linux-x64": "x86_64-unknown-linux-musl",
	"linux-arm64": "aarch64-unknown-linux-musl",
	"darwin-x64": "x86_64-apple-darwin",
	"darwin-arm64": "aarch64-apple-darwin",
	"win32-x64": "x86_64-pc-windows-msvc",
	"win32-arm64": "aarch64-pc-windows-msvc"
};
function nativeForModule(module, target) {
	const manifest = codexManifest(module);
	return [...manifest === void 0 ? [] : nativeInPackage(dirname(manifest), target), ...nativeInPlatformPackage(module, target)];
}
function nativeInPackage(folder, target) {
	const manifest = join(realPath(folder), "package.json");
	return [...nativeInPlatformPackage(manifest, target), ...nativeUnder(dirname(manifest), target)];
}
function codexManifest(module) {
	return resolveFrom(module, "@openai/codex/package.json");
}
function isWithoutNative(folder, target) {
	const manifest = join(realPath(folder), "package.json");
	const hasPart = platformManifest(manifest, target) !== void 0;
	return isFile(manifest) && !hasPart && !isDirectory(join(dirname(manifest), "vendor"));
}
function platformPackage(target) {
	return nameOf(target) in triples ? `@openai/codex-${nameOf(target)}` : void 0;
}
function platformSpecifier(manifest, target) {
	const name = platformPackage(target);
	if (name === void 0) return void 0;
	try {
		const { optionalDependencies } = JSON.parse(readFileSync(manifest, "utf8"));
		const version = optionalDependencies[name];
		return typeof version === "string" ? `${name}@${version}` : void 0;
	} catch {
		return;
	}
}
function platformManifest(module, target) {
	return resolveFrom(module, `@openai/codex-${nameOf(target)}/package.json`);
}
function nativeInPlatformPackage(module, target) {
	const manifest = platformManifest(module, target);
	return manifest === void 0 ? [] : nativeUnder(dirname(manifest), target);
}
function nativeUnder(folder, target) {
	const triple = triples[nameOf(target)];
	if (triple === void 0) return [];
	const file = target.platform === "win32" ? "codex.exe" : "codex";
	return ["bin", "codex"].map((place) => outsideArchive(join(folder, "vendor", triple, place, file)));
}
function outsideArchive(path) {
	return path.replace(/(?<=[\\/]app\.asar)(?=[\\/])/, ".unpacked");
}
function nameOf({ platform, arch }) {
	return `${platform === "android" ? "linux" : platform}-${arch}`;
}
function resolveFrom(module, request) {
	const found = moduleFolders(module).map((folder) => join(folder, request)).find(isFile);
	if (found !== void 0) return realPath(found);
	return process.versions.pnp === void 0 ? void 0 : resolveByPnp(module, request);
}
function moduleFolders(module) {
	const path = pathOf(module);
	if (path === void 0) return [];
	const folders = [];
	for (let folder = dirname(path);; folder = dirname(folder)) {
		if (basename(folder) !== "node_modules") folders.push(join(folder, "node_modules"));
		if (folder === dirname(folder)) return folders;
	}
}
function pathOf(module) {
	try {
		const path = module.startsWith("file:") ? fileURLToPath(module) : module;
		return isAbsolute(path) ? path : void 0;
	} catch {
		return;
	}
}
function resolveByPnp(module, request) {
	try {
		return Module.createRequire(module).resolve(request);
	} catch {
		return;
	}
}
function realPath(path) {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}
function isFile(path) {
	try {
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
function isDirectory(path) {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}
// src/process/system-program.ts
function systemProgram(name, env = process.env, platform = process.platform) {
	if (platform !== "win32") return ["/bin", "/usr/bin"].map((folder) => posix.join(folder, name)).find(isFile);
	return [systemRoot(env), "C:\\Windows"].map((root) => join(root, "System32", `${name}.exe`)).find(isFile);
}
function systemRoot(env) {
	const root = Object.entries(env).find(([name]) => name.toUpperCase() === "SYSTEMROOT")?.[1];
	return root !== void 0 && win32.isAbsolute(root) ? root : "C:\\Windows";
}
// src/process/process-table.ts
function hasProcTable() {
	return process.platform === "linux" && isReadable("/proc/thread-self/children");
}
const procTable = {
	children(pid) {
		return list(`/proc/${pid}/task`).flatMap((thread) => read$1(`/proc/${pid}/task/${thread}/children`).split(" ")).filter((text) => text !== "").map(Number);
	},
	startedAt(pid) {
		const stat = procStat(pid);
		return stat === void 0 || stat.state === "Z" ? void 0 : stat.startedAt;
	}
};
function sessionMembers(pid) {
	return list("/proc").map(Number).filter((member) => procStat(member)?.session === pid);
}
function psTable() {
	const ps = systemProgram("ps");
	if (ps === void 0) return Promise.resolve(parsePs(""));
	return new Promise((resolve) => {
		execFile(ps, [
			"-A",
			"-o",
			"pid=,ppid=,stat=,lstart="
		], { timeout: 2e3 }, (_error, output) => {
			resolve(parsePs(output));
		});
	});
}
function parsePs(output) {
	const started = /* @__PURE__ */ new Map();
	const children = /* @__PURE__ */ new Map();
	for (const line of output.split("\n")) {
		const [, pidText, parentText, startedAt] = /^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(.*)$/.exec(line) ?? [];
		if (startedAt === void 0) continue;
		const pid = Number(pidText);
		const parent = Number(parentText);
		started.set(pid, startedAt);
		const siblings = children.get(parent) ?? [];
		siblings.push(pid);
		children.set(parent, siblings);
	}
	return {
		children: (pid) => children.get(pid) ?? [],
		startedAt: (pid) => started.get(pid)
	};
}
function procStat(pid) {
	const text = read$1(`/proc/${pid}/stat`);
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const [state, , , session] = fields;
	const startedAt = fields[19];
	return startedAt === void 0 ? void 0 : {
		state,
		session: Number(session),
		startedAt
	};
}
function isReadable(file) {
	try {
		accessSync(file);
		return true;
	} catch {
		return false;
	}
}
function list(directory) {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}
function read$1(file) {
	try {
		return readFileSync(file, "latin1");
	} catch {
		return "";
	}
}
// src/process/family.ts
function familyOf(head) {
	const startTimes = /* @__PURE__ */ new Map();
	function survivors(table) {
		return [...startTimes].filter(([pid, time]) => table.startedAt(pid) === time).map(([pid]) => pid);
	}
	function addDescendants(parent, table) {
		const parents = [parent];
		for (let next = parents.pop(); next !== void 0; next = parents.pop()) for (const pid of table.children(next)) {
			const startedAt = table.startedAt(pid);
			if (startedAt === void 0 || startTimes.get(pid) === startedAt) continue;
			startTimes.set(pid, startedAt);
			parents.push(pid);
		}
	}
	return {
		isEmpty: () => startTimes.size === 0,
		remember(table) {
			for (const pid of [head, ...survivors(table)]) addDescendants(pid, table);
		},
		killSurvivors(table) {
			for (const pid of survivors(table)) addDescendants(pid, table);
			for (const pid of survivors(table)) signalQuietly(pid, "SIGKILL");
		}
	};
}
function killLeftBehind(pid, cleanExit) {
	if (process.platform === "win32") return;
	signalQuietly(-pid, "SIGKILL");
	if (cleanExit) return;
	for (const member of sessionMembers(pid)) signalQuietly(member, "SIGKILL");
}
function signalQuietly(pid, signal) {
	try {
		process.kill(pid, signal);
	} catch {}
}
// src/process/launch-error.ts
function launchError(attempt, cause) {
	const { command, cwd } = attempt;
	const reason = aboutCwd(cwd) ?? aboutCommand(command, codeOf(cause)) ?? messageOf(cause);
	return new LaunchError(`Could not start ${command}: ${reason}`, { cause });
}
function aboutCwd(cwd) {
	if (cwd === void 0) return void 0;
	const kind = kindOf$1(cwd);
	if (kind === "missing") return `the working directory ${cwd} doesn't exist.`;
	return kind === "directory" ? void 0 : `the working directory ${cwd} isn't a directory.`;
}
function aboutCommand(command, code) {
	const kind = kindOf$1(command);
	if (kind === "directory") return "it is a directory.";
	switch (code) {
		case "ENOENT": return kind === "missing" ? "it doesn't exist." : "it exists, but the interpreter or loader that it names doesn't.";
		case "EACCES":
		case "EPERM": return "no permission to execute it (chmod +x may help).";
		case "ENOEXEC":
		case "EFTYPE":
		case "UNKNOWN": return `it isn't a program for this machine (${process.platform} ${process.arch}).`;
		case "EINVAL": return "it needs a shell (a .cmd or .bat file?); start the native executable instead.";
		case "E2BIG":
		case "ENAMETOOLONG": return "its arguments and environment are too long; put large settings in config.toml.";
		case "EMFILE":
		case "ENFILE":
		case "EAGAIN": return `the system is out of processes or open files (${code}).`;
		default: return;
	}
}
function kindOf$1(path) {
	try {
		const stats = statSync(path, { throwIfNoEntry: false });
		if (stats === void 0) return "missing";
		return stats.isDirectory() ? "directory" : "other";
	} catch {
		return "other";
	}
}
function codeOf(cause) {
	return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
// src/process/stderr-tail.ts
const maxLines = 400;
const maxLineBytes = 8192;
const newline = 10;
function followStderr(stream, onLine) {
	const lines = [];
	const current = Buffer.alloc(maxLineBytes);
	let length = 0;
	function text() {
		return stripVTControlCharacters(current.toString("utf8", 0, length)).trimEnd();
	}
	function endLine() {
		const line = text();
		length = 0;
		lines.push(line);
		if (lines.length > maxLines) lines.shift();
		onLine?.(line);
	}
	function take(chunk) {
		let start = 0;
		while (start < chunk.length) {
			const found = chunk.indexOf(newline, start);
			const end = found === -1 ? chunk.length : found;
			length += chunk.copy(current, length, start, end);
			if (found !== -1) endLine();
			start = end + 1;
		}
	}
	stream.on("data", take);
	stream.once("close", () => {
		if (length > 0) endLine();
	});
	return () => safeLines(length > 0 ? [...lines, text()].slice(-400) : lines);
}
// src/process/terminate.ts
async function terminate(server, { graceMs = 2e3 } = {}) {
	if (!server.isRunning()) return server.exited;
	const family = familyOf(server.pid);
	if (hasProcTable()) family.remember(procTable);
	server.stdin.end();
	const status = await within(graceMs, server.exited) ?? await climb(server, family, graceMs) ?? killed;
	if (!family.isEmpty()) family.killSurvivors(await currentTable());
	return status;
}
const killed = {
	code: null,
	signal: "SIGKILL"
};
async function climb(server, family, graceMs) {
	for (const step of process.platform === "win32" ? [killTree, kill] : [askGroup, killGroup]) {
		const table = await currentTable();
		if (server.isRunning()) {
			family.remember(table);
			await step(server.pid);
		}
		const status = await within(graceMs, server.exited);
		if (status !== void 0) return status;
	}
}
const askGroup = (pid) => signalQuietly(-pid, "SIGTERM");
const killGroup = (pid) => signalQuietly(-pid, "SIGKILL");
const kill = (pid) => signalQuietly(pid, "SIGKILL");
const killTree = (pid) => {
	const taskkill = systemProgram("taskkill");
	if (taskkill === void 0) return kill(pid);
	return new Promise((resolve) => {
		execFile(taskkill, [
			"/PID",
			String(pid),
			"/T",
			"/F"
		], {
			windowsHide: true,
			timeout: 2e3
		}, () => resolve());
	});
};
function currentTable() {
	return hasProcTable() ? procTable : psTable();
}
// src/process/app-server-process.ts
async function spawnAppServer(options) {
	const child = start(options);
	if (child.pid === void 0) {
		const [cause] = await once(child, "error");
		throw launchError(options, cause);
	}
	return appServerProcess(child, child.pid, options);
}
function start(options) {
	try {
		return spawn(options.command, options.args, {
			cwd: options.cwd,
			env: serverEnvironment(options.env),
			detached: process.platform !== "win32",
			windowsHide: true
		});
	} catch (cause) {
		throw launchError(options, cause);
	}
}
function appServerProcess(child, pid, { onStderrLine }) {
	const { stdin, stdout, stderr } = child;
	for (const emitter of [
		child,
		stdin,
		stdout,
		stderr
	]) emitter.on("error", () => {});
	const stderrTail = followStderr(stderr, onStderrLine);
	const stderrClosed = new Promise((resolve) => stderr.once("close", resolve));
	const gone = exitOf(child, pid);
	const isRunning = () => child.exitCode === null && child.signalCode === null;
	let ending;
	return {
		pid,
		stdin,
		stdout,
		exited: gone.then((status) => stderrClosed.then(() => status)),
		stderrTail,
		keepAlive(on) {
			const handles = [child, ...[
				stdin,
				stdout,
				stderr
			].filter((pipe) => pipe instanceof Socket)];
			for (const handle of handles) on ? handle.ref() : handle.unref();
		},
		terminate(options) {
			ending ??= terminate({
				pid,
				stdin,
				exited: gone,
				isRunning
			}, options);
			return ending;
		}
	};
}
function exitOf(child, pid) {
	return new Promise((resolve) => {
		child.once("exit", (code, signal) => {
			killLeftBehind(pid, code === 0);
			closePipesSoon(child);
			resolve({
				code,
				signal
			});
		});
	});
}
const drainMs = 500;
function closePipesSoon(child) {
	const timer = setTimeout(() => {
		setImmediate(() => {
			child.stdout.destroy();
			child.stderr.destroy();
		});
	}, drainMs);
	timer.unref();
	child.once("close", () => clearTimeout(timer));
}
// src/process/last-words.ts
const MAX_LINE = 1e3;
const BACKTRACE = /^(stack backtrace:|note: run with `RUST_BACKTRACE=|\s+\d+: |\s+at )/i;
function lastWords(stderr, count = 5) {
	return stderr.filter((line) => line.trim() !== "" && !BACKTRACE.test(line)).slice(-count).map((line) => quoteForeign(line, MAX_LINE));
}
// src/process/toml.ts
function tomlValue(value, path) {
	return write(value, path, []);
}
function tomlFile(table, path = []) {
	const entries = Object.entries(table).filter(([, value]) => value !== void 0);
	const name = (key) => [...path, key].join(".");
	const lines = entries.filter(([, value]) => !isTable(value)).map(([key, value]) => `${keyOf(key, name(key))} = ${tomlValue(value, name(key))}\n`);
	const tables = entries.flatMap(([key, value]) => isTable(value) ? [tomlFile(value, [...path, key])] : []);
	const header = path.map((key) => keyOf(key, path.join("."))).join(".");
	return (header && `[${header}]\n`) + lines.join("") + tables.join("");
}
function isBareKey(key) {
	return /^[A-Za-z0-9_-]+$/.test(key);
}
function isTable(value) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	const prototype = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}
function write(value, path, ancestors) {
	switch (typeof value) {
		case "string": return basicString(value, path);
		case "boolean": return String(value);
		case "number": return numberOf(value);
		case "bigint":
			if (BigInt.asIntN(64, value) !== value) refuse(path, "is an integer of more than 64 bits");
			return String(value);
		case "object": return compound(value, path, ancestors);
		default: return refuse(path, `is ${value === void 0 ? "undefined" : `a ${typeof value}`}`);
	}
}
function compound(value, path, ancestors) {
	if (value === null) return refuse(path, "is null; omit the key instead");
	if (value instanceof Date) return dateTime(value, path);
	if (ancestors.includes(value)) return refuse(path, "contains itself");
	const line = [...ancestors, value];
	if (Array.isArray(value)) return `[${Array.from(value, (item, i) => write(item, `${path}[${i}]`, line)).join(", ")}]`;
	if (!isTable(value)) return refuse(path, `is a ${value.constructor.name}, not a plain object`);
	return `{${Object.entries(value).filter(([, item]) => item !== void 0).map(([key, item]) => `${keyOf(key, `${path}.${key}`)} = ${write(item, `${path}.${key}`, line)}`).join(", ")}}`;
}
function keyOf(key, path) {
	return isBareKey(key) ? key : basicString(key, path);
}
const shortEscapes = {
	"\b": "\\b",
	"	": "\\t",
	"\n": "\\n",
	"\f": "\\f",
	"\r": "\\r",
	"\"": "\\\"",
	"\\": "\\\\"
};
function basicString(text, path) {
	if (/\p{Surrogate}/u.test(text)) refuse(path, "contains a lone surrogate (half of a character)");
	return `"${text.replace(/[\p{Cc}"\\]/gu, (char) => shortEscapes[char] ?? unicode(char))}"`;
}
function unicode(char) {
	return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
function numberOf(value) {
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	if (Object.is(value, -0)) return "-0.0";
	if (Math.abs(value) >= 2 ** 63) return value.toExponential();
	return Number.isInteger(value) ? String(BigInt(value)) : String(value);
}
function dateTime(date, path) {
	const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
	if (!/^\d{4}-/.test(text)) refuse(path, "isn't a date of the years 0 to 9999");
	return text;
}
function refuse(path, why) {
	throw new TypeError(`config ${path} ${why}; it can't be written as TOML`);
}
// src/process/config-args.ts
function configArgs(config) {
	return Object.entries(config).flatMap(([key, value]) => settings({
		path: outermostPath(key),
		value
	}, [])).sort((a, b) => a.path.length - b.path.length).flatMap(({ path, value }) => ["--config", argument(path.join("."), value)]);
}
function argument(path, value) {
	return `${path}=${tomlValue(value, path)}`;
}
function settings(setting, ancestors) {
	const { path, value } = setting;
	if (value === void 0) return [];
	if (!isTable(value) || ancestors.includes(value)) return [setting];
	const entries = Object.entries(value).filter(([, item]) => item !== void 0);
	if (entries.length === 0 || !entries.every(([key]) => isBareKey(key))) return [setting];
	return entries.flatMap(([key, item]) => settings({
		path: [...path, key],
		value: item
	}, [...ancestors, value]));
}
function outermostPath(key) {
	const path = key.split(".");
	if (path.every(isBareKey)) return path;
	throw new TypeError(`config key ${JSON.stringify(key)} isn't a dotted path of letters, digits, _ and -: Codex doesn't support quotes in such paths. Put an unusual key inside a nested object.`);
}
// src/process/own-modules.ts
function ownModules() {
	const modules = [
		import.meta.url,
		bundleFile(),
		mainScript()
	].filter((module) => module !== void 0);
	return [...new Set(modules.map(onDisk))];
}
function bundleFile() {
	try {
		return __filename;
	} catch {
		return;
	}
}
function mainScript() {
	const { mainModule, versions, execArgv, argv } = process;
	if (mainModule !== void 0) return mainModule.filename;
	return versions.electron !== void 0 || execArgv.some((flag) => /^(-[a-z]*[epi]|--(eval|print|interactive))/.test(flag)) ? void 0 : argv[1];
}
function onDisk(module) {
	return /^(file:\/\/\/)?(\/?\$bunfs|B:[\\/]~BUN)[\\/]/.test(module) ? process.execPath : module;
}
// src/process/path-lookup.ts
function lookUpOnPath(name, env, target) {
	const looked = [];
	for (const path of executables(name, env, target)) {
		const { found, problem } = startable(path, target);
		if (found !== void 0) return {
			found,
			looked
		};
		looked.push(`${path} (${problem})`);
	}
	return { looked: [
		...looked,
		`${name} on PATH`,
		...skipped(env, target)
	] };
}
function programOnPath(name, env, target) {
	const [found] = executables(name, env, target);
	if (found !== void 0) return {
		found,
		looked: []
	};
	return { looked: [`${name} on PATH`, ...skipped(env, target)] };
}
function* executables(name, env, target) {
	for (const folder of pathEntries(env, target).filter(isTrusted)) for (const file of fileNames(name, env, target)) {
		const path = join(folder, file);
		if (isExecutable(path, target)) yield path;
	}
}
function isTrusted(folder) {
	return isAbsolute(folder) && !(process.platform === "win32" && /^[\\/](?![\\/])/.test(folder));
}
function skipped(env, target) {
	return pathEntries(env, target).filter((folder) => !isTrusted(folder)).map((folder) => `not in the PATH entry ${JSON.stringify(folder)}: only absolute entries count`);
}
function isExecutable(path, { platform }) {
	if (!isFile(path)) return false;
	try {
		if (platform !== "win32") accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
function startable(path, target) {
	if (target.platform === "win32" && /\.(cmd|bat|ps1)$/i.test(path)) {
		const native = shimmedPackages(dirname(path)).flatMap((folder) => nativeInPackage(folder, target)).find(isFile);
		if (native !== void 0) return { found: native };
		return { problem: "a shell script without a native codex.exe beside it" };
	}
	const real = realPath(path);
	if (basename(real) !== "codex.js") return { found: path };
	const folder = dirname(dirname(real));
	const native = nativeInPackage(folder, target).find(isFile);
	if (native === void 0 && isWithoutNative(folder, target)) return { problem: `npm's wrapper script, whose ${platformPackage(target) ?? `part for ${target.platform}-${target.arch}`} is not installed` };
	return { found: native ?? path };
}
function shimmedPackages(folder) {
	return [join(folder, "node_modules"), dirname(folder)].map((modules) => join(modules, "@openai", "codex"));
}
function pathEntries(env, { platform }) {
	const path = variable("PATH", env, platform);
	return path === void 0 ? [] : path.split(platform === "win32" ? ";" : ":");
}
function fileNames(name, env, { platform }) {
	if (platform !== "win32" || extname(name) !== "") return [name];
	return [...(variable("PATHEXT", env, platform) ?? ".COM;.EXE;.BAT;.CMD").split(";"), ".PS1"].map((extension) => name + extension.toLowerCase());
}
function variable(name, env, platform) {
	if (platform !== "win32") return env[name];
	return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}
// src/process/find-binary.ts
function findCodexBinary(options = {}) {
	const { codexBin, env = process.env, platform = process.platform, arch = process.arch, modules = ownModules() } = options;
	const target = {
		platform,
		arch
	};
	if (codexBin !== void 0) return explicitBinary(codexBin, env, target);
	const candidates = [...new Set(modules.flatMap((module) => nativeForModule(module, target)))];
	const native = candidates.find(isFile);
	if (native !== void 0) return native;
	const { found, looked } = lookUpOnPath("codex", env, target);
	if (found !== void 0) return found;
	const manifest = modules.map(codexManifest).find((file) => file !== void 0);
	throw notFound([...candidates, ...looked], manifest, target);
}
function explicitBinary(codexBin, env, target) {
	if (codexBin !== "" && basename(codexBin) === codexBin) {
		const { found, looked } = lookUpOnPath(codexBin, env, target);
		if (found !== void 0) return found;
		throw new LaunchError(`codexBin ${JSON.stringify(codexBin)} was not found:${listed(looked)}`);
	}
	const path = resolve(codexBin);
	if (!isFile(path)) throw new LaunchError(`codexBin ${JSON.stringify(codexBin)} isn't an existing file.`);
	const { found, problem } = startable(path, target);
	if (found !== void 0) return found;
	throw new LaunchError(`codexBin ${codexBin} can't be started: it is ${problem}. Set it to the native executable, or omit codexBin and install @openai/codex.`);
}
function notFound(looked, manifest, target) {
	const name = `${target.platform}-${target.arch}`;
	const part = platformPackage(target);
	if (part === void 0) return new LaunchError(`No Codex executable was found: @openai/codex has none for ${name}. Looked for:${listed(looked)}\nBuild or install one yourself, and name it with codexBin.`);
	if (looked.some((place) => place.includes("app.asar.unpacked"))) return new LaunchError(`No Codex executable was found outside of app.asar, in which it can't be started. Looked for:${listed(looked)}\nUnpack the package ${part} (asarUnpack), or set codexBin.`);
	if (manifest !== void 0) {
		const specifier = platformSpecifier(manifest, target) ?? "@openai/codex";
		return new LaunchError(`No Codex executable was found: @openai/codex is installed without ${part}, its part for ${name}. Looked for:${listed(looked)}\nInstall it with \`npm install ${specifier}\`, or everything again without --omit=optional, or set codexBin.`);
	}
	return new LaunchError(`No Codex executable was found: @openai/codex, with its part ${part}, is not installed. Looked for:${listed(looked)}\nInstall it with \`npm install @openai/codex\`, beside the bundle if this program is bundled, or set codexBin.`);
}
function listed(places) {
	return places.map((place) => `\n  - ${place}`).join("");
}
// src/process/config-tree.ts
function expanded(config) {
	return Object.entries(config).reduce((table, [key, value]) => withSetting(table, key.split("."), value), {});
}
function withSetting(table, [key = "", ...rest], value) {
	if (value === void 0) return table;
	const before = member(table, key);
	const after = rest.length > 0 ? withSetting(isTable(before) ? before : {}, rest, value) : merged(before, value);
	return {
		...table,
		[key]: after
	};
}
function merged(before, value) {
	if (!isTable(before) || !isTable(value)) return value;
	return Object.entries(value).reduce((table, [key, item]) => withSetting(table, [key], item), before);
}
function member(table, key) {
	return Object.hasOwn(table, key) ? table[key] : void 0;
}
function mapTables(config, name, change) {
	const tables = member(config, name);
	if (!isTable(tables)) return config;
	const changed = Object.entries(tables).map(([key, table]) => [key, isTable(table) ? change(table) : table]);
	if (changed.every(([key, table]) => table === tables[key])) return config;
	return {
		...config,
		[name]: Object.fromEntries(changed)
	};
}
function isText(value) {
	return typeof value === "string" && value.trim() !== "";
}
// src/process/refuse-secrets.ts
const FOREIGN_NAMES = /* @__PURE__ */ new Set([
	"env",
	"set",
	"headers",
	"http_headers",
	"query_params"
]);
const NAMES_ONLY = /^(?:env_key|env_vars|env_http_headers|client-private-key)$|_env_var$/;
function refuseSecrets(config) {
	const found = findSecret(config, []);
	if (found === void 0) return;
	throw new TypeError(`config ${found.join(".")} is a secret, which every user of this machine could read on the server's command line: ${remedy(found)}, or set it in config.toml in CODEX_HOME`);
}
function findSecret(value, path) {
	if (typeof value === "string") return isSecret(value, path) ? path : void 0;
	if (Array.isArray(value)) {
		if (value.some((item, index) => isSecretArgument(item, value[index - 1]))) return path;
		return firstOf(value, (item) => findSecret(item, path));
	}
	if (!isTable(value)) return void 0;
	return firstOf(Object.entries(value), ([key, item]) => {
		if (containsSecret(key)) return path;
		return (NAMES_ONLY.test(key) ? findMistaken : findSecret)(item, [...path, key]);
	});
}
function findMistaken(value, path) {
	if (typeof value === "string") return containsSecret(value) ? path : void 0;
	if (typeof value !== "object" || value === null) return void 0;
	return firstOf(Object.values(value), (item) => findMistaken(item, path));
}
function firstOf(items, find) {
	for (const item of items) {
		const found = find(item);
		if (found !== void 0) return found;
	}
}
function isSecret(text, path) {
	if (!isText(text) || isReference(text)) return false;
	const key = path.at(-1) ?? "";
	return (FOREIGN_NAMES.has(path.at(-2) ?? "") ? mayNameSecret : namesSecret)(key) || looksLikeSecret(text) || containsSecret(text) || isSecretUrl(text);
}
function isSecretArgument(argument, before) {
	if (typeof argument !== "string" || isReference(argument)) return false;
	if (isOption(before) && namesSecret(before) && !isOption(argument)) return true;
	const [, name = "", value = ""] = /^([\w-]+)(?:=|: ?)([\s\S]*)$/.exec(argument) ?? [];
	if (value === "" || isReference(value)) return false;
	return namesSecret(name) || looksLikeSecret(value);
}
function isOption(argument) {
	return typeof argument === "string" && /^--?[a-z]/i.test(argument);
}
function isReference(text) {
	return /^\$\{\w+\}$/.test(text);
}
function isSecretUrl(text) {
	if (!URL.canParse(text)) return false;
	const { username, searchParams } = new URL(text);
	if (looksLikeSecret(username)) return true;
	return [...searchParams].some(([name, value]) => mayNameSecret(name) && value !== "" || looksLikeSecret(value));
}
function remedy([first, , third]) {
	if (first === "mcp_servers" && third === "env") return "set the variable in the option env and name it in env_vars of the MCP server";
	if (first === "shell_environment_policy") return "set the variable in the option env";
	return "pass it to each thread, in config of threadStart()";
}
// src/process/private-config.ts
function privateConfig(config, inherited) {
	configArgs(config);
	const secrets = new Secrets(inherited);
	const tree = expanded(config);
	const hidden = secrets.hiddenFromCommands(mapTables(mapTables(tree, "model_providers", (provider) => hideInProvider(provider, secrets)), "mcp_servers", (server) => hideInMcpServer(server, secrets)));
	refuseSecrets(hidden);
	return {
		config: hidden === tree ? config : hidden,
		env: secrets.env
	};
}
function hideInProvider(provider, secrets) {
	const { experimental_bearer_token: token, ...rest } = provider;
	if (!isText(token)) return hideHeaders(provider, secrets);
	const env_key = rest.env_key ?? secrets.add(token);
	return hideHeaders({
		...rest,
		env_key
	}, secrets);
}
function hideInMcpServer(server, secrets) {
	const { bearer_token: token, ...rest } = server;
	return hideVariables(hideHeaders(isText(token) ? {
		...rest,
		bearer_token_env_var: rest.bearer_token_env_var ?? secrets.add(token)
	} : server, secrets), secrets);
}
function hideHeaders(table, secrets) {
	const { http_headers: headers, ...rest } = table;
	const given = rest.env_http_headers ?? {};
	if (!isTable(headers) || !isTable(given) || !Object.values(headers).some(isText)) return table;
	const byVariable = [];
	const plain = [];
	for (const [name, value] of Object.entries(headers)) if (!isText(value)) plain.push([name, value]);
	else if (!secrets.isSet(member(given, name))) byVariable.push([name, secrets.add(value)]);
	return {
		...rest,
		...plain.length > 0 ? { http_headers: Object.fromEntries(plain) } : {},
		...byVariable.length > 0 ? { env_http_headers: Object.fromEntries([...Object.entries(given), ...byVariable]) } : {}
	};
}
function hideVariables(server, secrets) {
	const { env, ...rest } = server;
	const named = rest.env_vars ?? [];
	if (!isTable(env) || !Array.isArray(named) || rest.command === void 0) return server;
	const moved = [];
	const plain = [];
	for (const [name, value] of Object.entries(env)) if (isText(value) && (mayNameSecret(name) || looksLikeSecret(value) || containsSecret(value)) && secrets.addAs(name, value)) moved.push(name);
	else plain.push([name, value]);
	if (moved.length === 0) return server;
	return {
		...rest,
		env: Object.fromEntries(plain),
		env_vars: [...named, ...moved]
	};
}
var Secrets = class {
	#inherited;
	#values = /* @__PURE__ */ new Map();
	constructor(inherited) {
		this.#inherited = inherited;
	}
	get isEmpty() {
		return this.#values.size === 0;
	}
	get env() {
		return Object.fromEntries(this.#values);
	}
	isSet(variable) {
		return typeof variable === "string" && isText(this.#inherited[variable]);
	}
	add(secret) {
		const name = `CODEX_CONFIG_SECRET_${this.#values.size + 1}`;
		this.#set(name, secret);
		return name;
	}
	addAs(name, secret) {
		const value = this.#values.get(name) ?? this.#inherited[name];
		if (value !== void 0 && value !== secret) return false;
		if (this.#inherited[name] === void 0) this.#set(name, secret);
		return true;
	}
	#set(name, secret) {
		if (secret.includes("\0")) throw new TypeError("A secret in config holds a NUL character, which an environment variable can't contain");
		this.#values.set(name, secret);
	}
	hiddenFromCommands(config) {
		const policy = config.shell_environment_policy ?? {};
		const given = isTable(policy) ? policy.set ?? {} : void 0;
		if (this.isEmpty || !isTable(policy) || !isTable(given)) return config;
		const empty = [...this.#values.keys()].map((name) => [name, ""]);
		const set = {
			...Object.fromEntries(empty),
			...given
		};
		return {
			...config,
			shell_environment_policy: {
				...policy,
				set
			}
		};
	}
};
// src/process/server-command.ts
function serverCommand(options, args) {
	const { codexBin, config = {}, configOverrides = [], env } = options;
	const inherited = serverEnvironment(env);
	const command = findCodexBinary({
		codexBin,
		env: inherited
	});
	const settings = privateConfig(config, inherited);
	return {
		command,
		args: [
			...configArgs(settings.config),
			...configOverrides.flatMap((setting) => ["--config", setting]),
			...args
		],
		env: {
			...env,
			...settings.env
		}
	};
}
function givenCommand([program = "", ...args], env) {
	if (basename(program) !== program) return {
		command: program,
		args,
		env
	};
	const { platform, arch } = process;
	const { found, looked } = programOnPath(program, serverEnvironment(env), {
		platform,
		arch
	});
	if (found !== void 0) return {
		command: found,
		args,
		env
	};
	throw new LaunchError(`launchArgs: the program ${JSON.stringify(program)} was not found: ${looked.join("; ")}`);
}
// src/transport/line-writer.ts
const PIECE_CHARS = 2 ** 20;
var LineWriter = class {
	#stream;
	#waiting = "";
	#scheduled = false;
	constructor(stream) {
		this.#stream = stream;
	}
	write(line) {
		if (this.#waiting.length + line.length >= PIECE_CHARS) {
			this.flush();
			this.#writePieces(line);
			this.#waiting = "\n";
		} else this.#waiting += `${line}\n`;
		if (!this.#scheduled) process.nextTick(() => this.#flushTick());
		this.#scheduled = true;
	}
	flush() {
		const text = this.#waiting;
		this.#waiting = "";
		if (text !== "") this.#stream.write(text);
	}
	#flushTick() {
		this.#scheduled = false;
		this.flush();
	}
	#writePieces(line) {
		let start = 0;
		while (start < line.length) {
			const end = endOfPiece$1(line, start);
			this.#stream.write(line.slice(start, end));
			start = end;
		}
	}
};
function endOfPiece$1(line, start) {
	const end = start + PIECE_CHARS;
	return /^[\ud800-\udbff][\udc00-\udfff]$/.test(line.slice(end - 1, end + 1)) ? end - 1 : end;
}
// src/transport/lines.ts
const NEWLINE$1 = 10;
const PIECE_BYTES = 8192;
var LineTooLong = class extends Error {
	name = "LineTooLong";
};
var LineSplitter = class {
	#onLine;
	#maxBytes;
	#partial;
	constructor(onLine, maxBytes = DEFAULT_MAX_MESSAGE_BYTES) {
		this.#onLine = onLine;
		this.#maxBytes = maxBytes;
		this.#partial = new Partial(maxBytes);
	}
	push(chunk) {
		let start = this.#partial.isEmpty ? 0 : this.#finishPartial(chunk);
		while (start < chunk.length) {
			const end = endOfPiece(chunk, start);
			if (end === -1) {
				this.#partial.add(chunk.subarray(start));
				return;
			}
			this.#cut(chunk.subarray(start, end));
			start = end + 1;
		}
	}
	end() {
		this.#cut(this.#partial.take());
	}
	#finishPartial(chunk) {
		const end = chunk.indexOf(NEWLINE$1);
		this.#partial.add(end === -1 ? chunk : chunk.subarray(0, end));
		if (end === -1) return chunk.length;
		this.end();
		return end + 1;
	}
	#cut(lines) {
		const text = lines.toString(isAscii(lines) ? "latin1" : "utf8");
		let start = 0;
		for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
			this.#emit(text.slice(start, end));
			start = end + 1;
		}
		this.#emit(text.slice(start));
	}
	#emit(line) {
		if (line.length > this.#maxBytes) throw new LineTooLong();
		if (line !== "" && line !== "\r") this.#onLine(line);
	}
};
const EMPTY = Buffer.alloc(0);
var Partial = class {
	#maxBytes;
	#buffer = EMPTY;
	#length = 0;
	constructor(maxBytes) {
		this.#maxBytes = maxBytes;
	}
	get isEmpty() {
		return this.#length === 0;
	}
	add(chunk) {
		const length = this.#length + chunk.length;
		if (length > this.#maxBytes) throw new LineTooLong();
		if (this.isEmpty) this.#buffer = chunk;
		else {
			this.#makeRoom(length);
			chunk.copy(this.#buffer, this.#length);
		}
		this.#length = length;
	}
	take() {
		const bytes = this.#buffer.subarray(0, this.#length);
		this.#buffer = EMPTY;
		this.#length = 0;
		return bytes;
	}
	#makeRoom(length) {
		if (length <= this.#buffer.length) return;
		const larger = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * length, this.#maxBytes)));
		this.#buffer.copy(larger, 0, 0, this.#length);
		this.#buffer = larger;
	}
};
function endOfPiece(chunk, start) {
	const last = chunk.lastIndexOf(NEWLINE$1, start + PIECE_BYTES);
	return last >= start ? last : chunk.indexOf(NEWLINE$1, start + PIECE_BYTES);
}
// src/transport/noise.ts
const MAX_PIECES = 5;
const MAX_PIECE_CHARS = 200;
var Noise = class {
	#pieces = [];
	add(text) {
		if (text.trim() === "" || this.#pieces.length === MAX_PIECES) return;
		this.#pieces.push(quoteForeign(text, MAX_PIECE_CHARS));
	}
	quote() {
		if (this.#pieces.length === 0) return void 0;
		return this.#pieces.map((piece) => `"${piece}"`).join(", ");
	}
};
function isMessage(line) {
	try {
		const value = JSON.parse(line);
		return typeof value === "object" && value !== null && !Array.isArray(value);
	} catch {
		return false;
	}
}
// src/transport/stdio.ts
const NAME = "stdio";
function stdio(options = {}) {
	return {
		name: NAME,
		outlivesTransport: false,
		async connect(signal) {
			signal.throwIfAborted();
			const { launchArgs, cwd } = options;
			const server = await spawnAppServer({
				...launchArgs ? givenCommand(launchArgs, options.env) : serverCommand(options, [
					"app-server",
					"--listen",
					"stdio://"
				]),
				cwd
			});
			if (signal.aborted) {
				await server.terminate();
				throw signal.reason;
			}
			return new GuardedTransport(new StdioTransport(server, options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES), NAME);
		}
	};
}
const BRACE = "{".charCodeAt(0);
var StdioTransport = class {
	#server;
	#maxMessageBytes;
	#writer;
	#noise = new Noise();
	#stopWatching;
	#isEstablished = false;
	#refused = false;
	constructor(server, maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES) {
		this.#server = server;
		this.#maxMessageBytes = maxMessageBytes;
		this.#writer = new LineWriter(server.stdin);
	}
	get noise() {
		return this.#noise.quote();
	}
	get pid() {
		return this.#server.pid;
	}
	listen(events) {
		const { stdin, stdout, exited } = this.#server;
		const lines = new LineSplitter((line) => events.message(this.#messageIn(line)), this.#maxMessageBytes);
		this.#stopWatching = watchHandshake(stdout, () => this.#refuse(events, tooMuchTooEarly(NAME)));
		const read = (run) => {
			if (this.#refused) return;
			try {
				run();
			} catch (error) {
				this.#refuse(events, this.#unreadable(error));
			}
		};
		stdout.on("data", (chunk) => read(() => lines.push(chunk)));
		stdout.once("end", () => this.close());
		stdin.once("error", () => this.close());
		stdout.once("close", async () => {
			read(() => lines.end());
			events.closed(this.#closedError(await exited));
		});
	}
	established() {
		this.#isEstablished = true;
		this.#stopWatching?.();
	}
	send(text) {
		this.#writer.write(text);
	}
	keepAlive(on) {
		this.#server.keepAlive(on);
	}
	async close() {
		this.keepAlive(true);
		this.#writer.flush();
		await this.#server.terminate();
	}
	#messageIn(line) {
		const text = line.charCodeAt(0) === BRACE ? line : line.slice(Math.max(line.indexOf("{"), 0));
		if (!this.#isEstablished) this.#noteNoise(line, text);
		return text;
	}
	#noteNoise(line, text) {
		this.#noise.add(isMessage(text) ? line.slice(0, line.length - text.length) : line);
	}
	#refuse(events, why) {
		this.#refused = true;
		events.closed(new TransportClosedError(why, { stderr: this.#server.stderrTail().slice(-40) }));
		this.close();
	}
	#unreadable(error) {
		if (error instanceof LineTooLong) return tooLarge(NAME, this.#maxMessageBytes);
		return `The app-server's output couldn't be read: ${messageOf(error)}`;
	}
	#closedError(exit) {
		const stderr = this.#server.stderrTail().slice(-40);
		const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`;
		const words = lastWords(stderr);
		const said = words.length > 0 ? `; the end of its stderr:\n${words.join("\n")}` : "";
		const message = `The app-server (pid ${this.#server.pid}) ${how}${said}`;
		return new TransportClosedError(message, {
			exit,
			stderr
		});
	}
};
// src/client/api.ts
function apiOf(send) {
	return node("", send);
}
function node(method, send) {
	const call = async (params, options) => send(method, params, options);
	return new Proxy(call, {
		get: (_call, word) => {
			if (typeof word === "symbol" || word === "then" || word === "toJSON") return void 0;
			if (word in Object.prototype) return Reflect.get(call, word);
			return node(method === "" ? word : `${method}/${word}`, send);
		},
		apply: (_call, _self, args) => {
			if (method === "") throw new TypeError("codex.api is not a function: name a method of it");
			return call(...args);
		}
	});
}
// src/client/credentials.ts
const EPHEMERAL_STORE = { cli_auth_credentials_store: "ephemeral" };
function loginOf({ apiKey, chatgptTokens }) {
	if (apiKey !== void 0) return async () => ({
		type: "apiKey",
		apiKey
	});
	if (chatgptTokens === void 0) return void 0;
	return async () => ({
		type: "chatgptAuthTokens",
		...checkedTokens(await chatgptTokens(void 0))
	});
}
function handlersOf({ handlers = {}, chatgptTokens }) {
	const method = "account/chatgptAuthTokens/refresh";
	if (chatgptTokens === void 0 || handlers[method] !== void 0) return handlers;
	const refresh = async (request) => checkedTokens(await chatgptTokens(request));
	return {
		...Object.fromEntries(copyMembers(handlers)),
		[method]: refresh
	};
}
function checkedTokens(tokens) {
	const { accessToken, chatgptAccountId, chatgptPlanType } = isRecord(tokens) ? tokens : {};
	if (typeof accessToken !== "string" || typeof chatgptAccountId !== "string") throw new CodexError("The option chatgptTokens returned no tokens: it must return { accessToken, chatgptAccountId }");
	return {
		accessToken,
		chatgptAccountId,
		chatgptPlanType: typeof chatgptPlanType === "string" ? chatgptPlanType : null
	};
}
// src/client/bytes.ts
function bytesOf(subject, content) {
	if (typeof content === "string") return Buffer.from(content);
	if (content instanceof Uint8Array) return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
	throw new TypeError(`${subject}: the content must be a string or a Uint8Array, not ${describe(content)}`);
}
// src/client/exec.ts
const SET_HERE = [
	"command",
	"processId",
	"streamStdin",
	"streamStdoutStderr",
	"disableTimeout"
];
const OUTPUT = "command/exec/outputDelta";
const STREAMS = ["stdout", "stderr"];
const KILL_TRIES = 5;
const FIRST_DELAY_MS = 50;
var ExecCommand = class {
	#client;
	#processId = randomUUID();
	#log = new EventLog({ retain: true });
	#decoders = {
		stdout: new TextDecoder(),
		stderr: new TextDecoder()
	};
	#texts = {
		stdout: [],
		stderr: []
	};
	#result;
	#isCut = false;
	constructor(client, command, options) {
		if (!(Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === "string"))) throw new TypeError(`exec: the command must be a list of a program and its arguments, not ${describe(command)}`);
		checkParams("exec", "command/exec", options, { omitted: SET_HERE });
		checkedMs(options.timeoutMs ?? 0, "exec option timeoutMs");
		this.#client = client;
		this.#result = this.#start(command, options);
		this.#result.catch(() => {});
	}
	run() {
		return this.#result;
	}
	stream() {
		return this.#log.read(({ params }) => params);
	}
	async write(input, options) {
		const deltaBase64 = bytesOf("exec.write", input).toString("base64");
		await this.#control("command/exec/write", { deltaBase64 }, options);
	}
	async closeStdin(options) {
		await this.#control("command/exec/write", { closeStdin: true }, options);
	}
	async resize(size, options) {
		await this.#control("command/exec/resize", { size }, options);
	}
	async kill(options) {
		if (!this.#log.ending) await this.#control("command/exec/terminate", {}, options);
	}
	async #start(command, options) {
		const { signal, timeoutMs = null, ...params } = options;
		const listening = this.#client.on(OUTPUT, (delta) => this.#accept(delta));
		const hasLimit = timeoutMs !== 0 && timeoutMs !== Number.POSITIVE_INFINITY;
		const request = {
			...params,
			command: [...command],
			processId: this.#processId,
			streamStdoutStderr: true,
			streamStdin: true,
			...hasLimit ? { timeoutMs } : { disableTimeout: true }
		};
		const stop = onAbort(signal, () => void this.#giveUp());
		try {
			const answer = await this.#client.request("command/exec", request, { signal });
			const exitCode = isRecord(answer) ? answer.exitCode : void 0;
			if (typeof exitCode !== "number") throw new CodexError("The server's answer to command/exec has no exit code");
			for (const stream of STREAMS) this.#append(stream, this.#decoders[stream].decode());
			this.#log.end();
			const [stdout, stderr] = STREAMS.map((stream) => this.#texts[stream].join(""));
			return {
				exitCode,
				stdout,
				stderr,
				isCut: this.#isCut
			};
		} catch (error) {
			this.#log.end(error);
			throw error;
		} finally {
			listening[dispose]();
			stop();
		}
	}
	async #giveUp() {
		for (let tries = 0; tries < KILL_TRIES; tries++) {
			if (this.#client.status.state !== "ready") return;
			try {
				await this.#control("command/exec/terminate", {});
				return;
			} catch {
				await delay(FIRST_DELAY_MS * 2 ** tries);
			}
		}
	}
	#accept(delta) {
		if (delta?.processId !== this.#processId) return;
		const stream = delta.stream === "stderr" ? "stderr" : "stdout";
		if (delta.capReached) this.#isCut = true;
		const bytes = Buffer.from(String(delta.deltaBase64), "base64");
		this.#append(stream, this.#decoders[stream].decode(bytes, { stream: true }));
	}
	#append(stream, text) {
		if (text === "") return;
		this.#texts[stream].push(text);
		this.#log.append({
			method: OUTPUT,
			params: {
				stream,
				text
			}
		});
	}
	#control(method, params, options) {
		return this.#client.request.bind(this.#client)(method, {
			...params,
			processId: this.#processId
		}, options);
	}
};
// src/input/directory.ts
async function checkDirectory(path, what) {
	if (!(await stat(path).catch((cause) => {
		throw new InvalidInputError(`${what}: ${resolve(path)} can't be found`, { cause });
	})).isDirectory()) throw new InvalidInputError(`${what}: ${resolve(path)} isn't a directory`);
}
// src/client/local-files.ts
var LocalFiles = class {
	#session;
	#cwd;
	constructor(session, cwd) {
		this.#session = session;
		this.#cwd = cwd ?? process.cwd();
	}
	async checkCwd(cwd) {
		if (typeof cwd === "string" && this.#session.sharesFiles) await checkDirectory(resolve(this.#cwd, cwd), "cwd");
	}
	inputOptions(thread, cwd) {
		const skillsCwd = typeof cwd === "string" ? cwd : thread.profile.cwd ?? this.#cwd;
		return {
			cwd: this.#cwd,
			checkPaths: this.#session.sharesFiles,
			knownSkills: async () => {
				const params = { cwds: [resolve(this.#cwd, skillsCwd)] };
				const listed = await this.#session.request("skills/list", params);
				return dataOf(listed, "skills/list").flatMap(({ skills }) => skills.map(({ path }) => path));
			}
		};
	}
};
// src/client/namespaces/client.ts
function splitLimits(options) {
	const { signal, timeoutMs, ...params } = options;
	return [params, {
		signal,
		timeoutMs
	}];
}
// src/client/namespaces/login.ts
var Login = class {
	url;
	completed;
	constructor(url, completed) {
		this.url = url;
		this.completed = completed;
	}
};
var ChatGPTLogin = class extends Login {
	loginId;
	#cancel;
	constructor(loginId, url, completed, cancel) {
		super(url, completed);
		this.loginId = loginId;
		this.#cancel = cancel;
	}
	cancel(options) {
		return this.#cancel(options);
	}
};
var DeviceCodeLogin = class extends ChatGPTLogin {
	code;
	constructor(code, ...[loginId, url, completed, cancel]) {
		super(loginId, url, completed, cancel);
		this.code = code;
	}
};
async function startLogin(client, { completed: method, start, isEnd }) {
	const outcome = deferred();
	outcome.promise.catch(() => {});
	const early = [];
	let settle = (end) => void early.push(end);
	const listening = client.on(method, (end) => settle(end));
	const watching = client.onStatus((status) => {
		if (status.state === "reconnecting") outcome.reject(new LoginError(LOST));
		if (status.state !== "closed") return;
		outcome.reject(status.reason ?? new TransportClosedError("The client was closed"));
	});
	const stop = () => {
		listening[dispose]();
		watching[dispose]();
	};
	outcome.promise.then(stop, stop);
	try {
		const answer = await start();
		settle = (end) => {
			if (!isEnd(end, answer)) return;
			if (end.success === true) outcome.resolve();
			else outcome.reject(new LoginError(end.error ?? "the server gives no reason"));
		};
		for (const end of early) settle(end);
		return {
			answer,
			completed: outcome.promise
		};
	} catch (error) {
		stop();
		throw error;
	}
}
const LOST = "the connection to the server was lost before the login ended, which may have succeeded";
// src/client/namespaces/rate-limits.ts
function rateLimitsOf(answer) {
	const byId = isRecord(answer?.rateLimitsByLimitId) ? answer.rateLimitsByLimitId : {};
	const several = Object.values(byId).filter(isSnapshot);
	return fromSnapshots(several.length > 0 ? several : [answer?.rateLimits].filter(isSnapshot));
}
function rateLimitsUpdate(params) {
	return fromSnapshots([params?.rateLimits].filter(isSnapshot));
}
function fromSnapshots(snapshots) {
	return {
		limits: snapshots.flatMap(limitsIn),
		snapshots
	};
}
function limitsIn(snapshot) {
	const id = snapshot.limitId ?? void 0;
	const name = snapshot.limitName ?? void 0;
	return ["primary", "secondary"].flatMap((window) => {
		const limit = snapshot[window];
		if (!isRecord(limit) || typeof limit.usedPercent !== "number") return [];
		const { usedPercent, windowDurationMins, resetsAt } = limit;
		const windowMs = typeof windowDurationMins === "number" ? windowDurationMins * 6e4 : void 0;
		const reset = typeof resetsAt === "number" ? /* @__PURE__ */ new Date(resetsAt * 1e3) : void 0;
		return [{
			id,
			name,
			window,
			usedPercent,
			windowMs,
			resetsAt: reset
		}];
	});
}
function isSnapshot(value) {
	return isRecord(value);
}
// src/client/namespaces/account.ts
var Account = class {
	#client;
	constructor(client) {
		this.#client = client;
	}
	async read(options = {}) {
		checkParams("account.read", "account/read", options);
		const [{ refreshToken = false }, limits] = splitLimits(options);
		return this.#client.request("account/read", { refreshToken }, limits);
	}
	async login(key) {
		const { apiKey, ...options } = key ?? {};
		if (typeof apiKey !== "string" || apiKey === "") throw new TypeError("account.login: apiKey must be a non-empty string");
		await this.#client.request("account/login/start", {
			type: "apiKey",
			apiKey
		}, options);
	}
	async loginWithChatGPT(options = {}) {
		const { answer, completed } = await this.#start(async () => ofType("chatgpt", await this.#ask("chatgpt", options)));
		const { loginId, authUrl: url } = answer;
		return new ChatGPTLogin(loginId, url, completed, (limits) => this.#cancel(loginId, limits));
	}
	async loginWithDeviceCode(options = {}) {
		const { answer, completed } = await this.#start(async () => ofType("chatgptDeviceCode", await this.#ask("chatgptDeviceCode", options)));
		const { loginId, verificationUrl: url, userCode: code } = answer;
		const cancel = (limits) => this.#cancel(loginId, limits);
		return new DeviceCodeLogin(code, loginId, url, completed, cancel);
	}
	async logout(options) {
		await this.#client.request("account/logout", void 0, options);
	}
	onChange(listener) {
		return this.#client.on("account/updated", listener);
	}
	async rateLimits(options) {
		return rateLimitsOf(await this.#client.request("account/rateLimits/read", {}, options));
	}
	onRateLimits(listener) {
		checkListener(listener);
		return this.#client.on("account/rateLimits/updated", (params) => {
			listener(rateLimitsUpdate(params));
		});
	}
	#ask(type, options) {
		return this.#client.request("account/login/start", { type }, options);
	}
	#start(start) {
		return startLogin(this.#client, {
			completed: "account/login/completed",
			start,
			isEnd: (end, { loginId }) => end?.loginId === loginId
		});
	}
	#cancel(loginId, options) {
		return this.#client.request("account/login/cancel", { loginId }, options);
	}
};
function ofType(type, answer) {
	if (answer?.type === type) return answer;
	throw new CodexError(`The server's answer to account/login/start isn't a login of type ${type}`);
}
// src/client/namespaces/config.ts
var Config = class {
	#client;
	constructor(client) {
		this.#client = client;
	}
	async read(options = {}) {
		checkParams("config.read", "config/read", options);
		const [params, limits] = splitLimits(options);
		return this.#client.request("config/read", params, limits);
	}
	async layers(options = {}) {
		return (await this.read({
			...options,
			includeLayers: true
		})).layers ?? [];
	}
	async write(values, options = {}) {
		checkParams("config.write", "config/batchWrite", options, {
			omitted: ["edits"],
			extra: { mergeStrategy: string }
		});
		const [{ mergeStrategy = "upsert", ...params }, limits] = splitLimits(options);
		const edits = Object.entries(values).map(([keyPath, value]) => ({
			keyPath,
			value,
			mergeStrategy
		}));
		return this.#client.request("config/batchWrite", {
			...params,
			edits
		}, limits);
	}
	requirements(options) {
		return this.#client.request("configRequirements/read", void 0, options);
	}
};
// src/client/namespaces/files.ts
var FileWatch = class {
	path;
	#stop;
	constructor(path, stop) {
		this.path = path;
		this.#stop = stop;
	}
	close() {
		return this.#stop();
	}
	[asyncDispose]() {
		return this.close();
	}
};
var Files = class {
	#client;
	constructor(client) {
		this.#client = client;
	}
	async read(path, options) {
		const { dataBase64 } = await this.#client.request("fs/readFile", { path }, options);
		return Buffer.from(dataBase64, "base64");
	}
	async readText(path, options) {
		return (await this.read(path, options)).toString("utf8");
	}
	async write(path, content, options) {
		const dataBase64 = bytesOf("files.write", content).toString("base64");
		await this.#client.request("fs/writeFile", {
			path,
			dataBase64
		}, options);
	}
	async list(path, options) {
		return (await this.#client.request("fs/readDirectory", { path }, options)).entries;
	}
	metadata(path, options) {
		return this.#client.request("fs/getMetadata", { path }, options);
	}
	async createDirectory(path, options = {}) {
		checkParams("files.createDirectory", "fs/createDirectory", options, { omitted: ["path"] });
		const [{ recursive = true }, limits] = splitLimits(options);
		await this.#client.request("fs/createDirectory", {
			path,
			recursive
		}, limits);
	}
	async remove(path, options = {}) {
		checkParams("files.remove", "fs/remove", options, { omitted: ["path"] });
		const [params, limits] = splitLimits(options);
		await this.#client.request("fs/remove", {
			...params,
			path
		}, limits);
	}
	async copy(from, to, options = {}) {
		checkParams("files.copy", "fs/copy", options, { omitted: ["sourcePath", "destinationPath"] });
		const [{ recursive = false }, limits] = splitLimits(options);
		const params = {
			sourcePath: from,
			destinationPath: to,
			recursive
		};
		await this.#client.request("fs/copy", params, limits);
	}
	async watch(path, listener, options) {
		checkListener(listener);
		const watchId = randomUUID();
		const listening = this.#client.on("fs/changed", (change) => {
			if (change?.watchId === watchId) listener(change.changedPaths ?? []);
		});
		let isOpen = true;
		let isOurs = false;
		const watching = this.#client.onStatus(async ({ state }) => {
			if (state !== "ready" || !isOurs) return;
			await this.#client.request("fs/watch", {
				watchId,
				path
			}).catch(() => {});
			if (isOpen) await listener([path]);
		});
		const close = async () => {
			if (!isOpen) return;
			isOpen = false;
			listening[dispose]();
			watching[dispose]();
			if (this.#client.status.state !== "ready") return;
			await this.#client.request("fs/unwatch", { watchId });
		};
		try {
			const params = {
				watchId,
				path
			};
			const { path: resolved } = await this.#client.request("fs/watch", params, options);
			isOurs = true;
			return new FileWatch(resolved, close);
		} catch (error) {
			close().catch(() => {});
			throw error;
		}
	}
	async search(query, roots, options) {
		const params = {
			query,
			roots: [...roots],
			cancellationToken: null
		};
		return (await this.#client.request("fuzzyFileSearch", params, options)).files;
	}
};
// src/client/pages.ts
function pages$1(method, cursor, fetchPage) {
	return new Leavable(() => read(method, cursor, fetchPage));
}
async function* read(method, cursor, fetchPage) {
	const seen = /* @__PURE__ */ new Set();
	let next = cursor ?? void 0;
	do {
		const page = await fetchPage(next);
		yield* dataOf(page, method);
		next = isRecord(page) && typeof page.nextCursor === "string" ? page.nextCursor : void 0;
		if (next !== void 0 && seen.has(next)) throw new CodexError(`${method} returned the cursor ${JSON.stringify(next)} twice`);
		if (next !== void 0) seen.add(next);
	} while (next !== void 0);
}
// src/client/namespaces/mcp.ts
var Mcp = class {
	#client;
	constructor(client) {
		this.#client = client;
	}
	servers(options = {}) {
		checkParams("mcp.servers", "mcpServerStatus/list", options);
		const [params, limits] = splitLimits(options);
		return pages$1("mcpServerStatus/list", params.cursor, (cursor) => this.#client.request("mcpServerStatus/list", {
			...params,
			cursor
		}, limits));
	}
	onStatus(listener) {
		return this.#client.on("mcpServer/startupStatus/updated", listener);
	}
	async reload(options) {
		await this.#client.request("config/mcpServer/reload", void 0, options);
	}
	async login(name, options = {}) {
		checkParams("mcp.login", "mcpServer/oauth/login", options, { omitted: ["name"] });
		const [params, limits] = splitLimits(options);
		const { answer, completed } = await startLogin(this.#client, {
			completed: "mcpServer/oauthLogin/completed",
			start: () => this.#client.request("mcpServer/oauth/login", {
				...params,
				name
			}, limits),
			isEnd: (end, { loginId }) => typeof loginId === "string" && end?.loginId != null ? end.loginId === loginId : end?.name === name
		});
		return new Login(answer.authorizationUrl, completed);
	}
	call(threadId, server, tool, args, options) {
		const params = {
			threadId,
			server,
			tool,
			...args !== void 0 && { arguments: args }
		};
		return this.#client.request("mcpServer/tool/call", params, options);
	}
	async readResource(server, uri, options = {}) {
		checkParams("mcp.readResource", "mcpServer/resource/read", options, { omitted: ["server", "uri"] });
		const [params, limits] = splitLimits(options);
		return this.#client.request("mcpServer/resource/read", {
			...params,
			server,
			uri
		}, limits);
	}
};
// src/client/namespaces/plugins.ts
var Plugins = class {
	#client;
	constructor(client) {
		this.#client = client;
	}
	async list(options = {}) {
		checkParams("plugins.list", "plugin/list", options);
		const [params, limits] = splitLimits(options);
		return this.#client.request("plugin/list", params, limits);
	}
	async installed(options = {}) {
		checkParams("plugins.installed", "plugin/installed", options);
		const [params, limits] = splitLimits(options);
		return this.#client.request("plugin/installed", params, limits);
	}
	read(plugin, options) {
		return this.#client.request("plugin/read", plugin, options);
	}
	install(plugin, options) {
		return this.#client.request("plugin/install", plugin, options);
	}
	async uninstall(pluginId, options) {
		await this.#client.request("plugin/uninstall", { pluginId }, options);
	}
};
// src/client/namespaces/requests.ts
var Requests = class {
	#pending;
	constructor(pending) {
		this.#pending = pending;
	}
	get pending() {
		return this.#pending.all;
	}
	get(id) {
		return this.#pending.get(id);
	}
	answer(id, optionId, content) {
		return this.#pending.answer(id, optionId, content);
	}
	on(event, listener) {
		switch (event) {
			case "added": return this.#pending.onAdded(listener);
			case "settled": return this.#pending.onSettled(listener);
			default: throw new TypeError(`codex.requests has no event ${JSON.stringify(event)}; its events are added and settled`);
		}
	}
	async next(options = {}) {
		try {
			var _usingCtx$3 = _usingCtx();
			checkCall("nextRequest", "requests.next", options);
			const { id, threadId, timeoutMs } = options;
			const timeUp = /* @__PURE__ */ new Error("No request came in time");
			const limit = _usingCtx$3.u(deadline(options.signal, timeoutMs, () => timeUp));
			const fits = (request) => (id === void 0 || request.id === id) && (threadId === void 0 || request.threadId === threadId);
			try {
				return await this.#pending.first(fits, limit.signal);
			} catch (error) {
				if (error === timeUp) return void 0;
				throw error;
			}
		} catch (_) {
			_usingCtx$3.e = _;
		} finally {
			_usingCtx$3.d();
		}
	}
	[Symbol.asyncIterator]() {
		return this.#pending.read();
	}
};
// src/client/namespaces/skills.ts
var Skills = class {
	#client;
	constructor(client) {
		this.#client = client;
	}
	async list(options = {}) {
		checkParams("skills.list", "skills/list", options);
		const [params, limits] = splitLimits(options);
		return dataOf(await this.#client.request("skills/list", params, limits), "skills/list");
	}
	setEnabled(skill, enabled, options) {
		return this.#client.request("skills/config/write", {
			...skill,
			enabled
		}, options);
	}
	async setExtraRoots(roots, options) {
		await this.#client.request("skills/extraRoots/set", { extraRoots: [...roots] }, options);
	}
	onChange(listener) {
		checkListener(listener);
		return this.#client.on("skills/changed", () => listener());
	}
};
// src/input/tool-set.ts
const MAX_NAMESPACE_DESCRIPTION = 1024;
const NAMESPACE = {
	name: string,
	description: string,
	tools: () => void 0
};
var ToolSet = class {
	#specs;
	#byName = /* @__PURE__ */ new Map();
	constructor(tools) {
		if (!Array.isArray(tools)) throw new TypeError(`tools must be a list of tools, got ${describe(tools)}`);
		const namespaces = /* @__PURE__ */ new Set();
		this.#specs = tools.map((entry, index) => {
			if (isTool(entry)) return this.#addFunction(entry, null);
			if (!isNamespace(entry)) throw new TypeError(`tools[${index}] must come from tool(), got ${describe(entry)}`);
			if (namespaces.has(entry.name)) throw taken(`tool namespace "${entry.name}"`);
			namespaces.add(entry.name);
			return this.#addNamespace(entry);
		});
	}
	specs() {
		return [...this.#specs];
	}
	async call(params, options) {
		const { threadId, turnId, callId, namespace, tool, arguments: args } = params;
		const name = fullName(tool, namespace);
		const found = this.#byName.get(name);
		if (found === void 0) {
			const known = [...this.#byName.keys()].join(", ") || "none";
			return toolFailure(`There is no tool ${name}. The tools are: ${known}`);
		}
		const context = {
			threadId,
			turnId,
			callId,
			signal: options.signal
		};
		try {
			const response = await found.call(args, context, options.warn);
			checkResponse(response);
			return response;
		} catch (error) {
			const text = `The tool ${name} failed: ${messageOf(error)}`;
			options.warn?.(new CodexWarning("TOOL_RESULT_UNUSABLE", text, { cause: error }));
			return toolFailure(text);
		}
	}
	#addFunction(tool, namespace) {
		const { name, deferLoading } = tool.spec;
		if (deferLoading === true && namespace === null) throw new TypeError(`tool "${name}": deferLoading works only inside a namespace`);
		const key = fullName(name, namespace);
		if (this.#byName.has(key)) throw taken(`tool "${key}"`);
		this.#byName.set(key, tool);
		return {
			type: "function",
			...tool.spec
		};
	}
	#addNamespace(namespace) {
		const { name, description = "", tools } = namespace;
		checkToolName(name, "tool namespace", 64);
		requireOptions(`tool namespace "${name}"`, namespace, NAMESPACE);
		const length = countCodePoints(description);
		if (length > MAX_NAMESPACE_DESCRIPTION) throw new TypeError(`tool namespace "${name}": description must have at most ${MAX_NAMESPACE_DESCRIPTION} characters, got ${length}`);
		if (tools.length === 0) throw new TypeError(`tool namespace "${name}" has no tools`);
		return {
			type: "namespace",
			name,
			description,
			tools: tools.map((tool) => this.#addFunction(tool, name))
		};
	}
};
function isTool(entry) {
	return isRecord(entry) && isRecord(entry.spec) && typeof entry.call === "function";
}
function isNamespace(entry) {
	return isRecord(entry) && Array.isArray(entry.tools) && entry.tools.every(isTool);
}
function fullName(tool, namespace) {
	return namespace === null ? tool : `${namespace}.${tool}`;
}
function taken(what) {
	return /* @__PURE__ */ new TypeError(`${what} is defined twice: names must be unique`);
}
// src/thread/active-turn.ts
async function activeTurn(thread, limits = {}) {
	const { server, turns } = thread;
	await thread.subscribe(limits.signal);
	const known = [...turns].find((record) => record.isAwaited || record.items().length > 0);
	const ask = (method, params) => server.request(method, params, limits);
	const turnId = known?.turnId ?? await runningTurn(thread.id, ask);
	if (turnId === void 0) return void 0;
	const record = turns.follow(turnId);
	if (record.isOwn || thread.profile.isEphemeral) return record;
	record.missed();
	const connection = server.connection();
	if (connection) thread.catchUp(connection);
	return record;
}
// src/thread/start-other.ts
function startNamedTurn(thread, { method, params }, { signal, timeoutMs }) {
	const starting = inSlot(thread, signal, async (unsent) => {
		let record;
		const onResult = (result) => {
			record = thread.claim(turnIdIn(result, method));
		};
		await thread.server.request(method, params, {
			timeoutMs,
			onResult,
			unsent,
			retry: false
		});
		if (record === void 0) throw new CodexError(`${method} was answered without a result`);
		return record;
	});
	return orInterrupted(thread, starting, signal);
}
async function startNextTurn(thread, { method, params, isIt }, { signal, timeoutMs }) {
	const { answer, next } = await orAborted(inSlot(thread, signal, async (unsent) => {
		let next = thread.starts.nextTurn();
		const onResult = () => {
			const { seen } = next;
			if (seen?.phase === "ended" && !isIt(seen)) next = thread.starts.nextTurn();
			thread.starts.expectTurn();
		};
		try {
			const send = {
				timeoutMs,
				onResult,
				unsent,
				retry: false
			};
			return {
				answer: await thread.server.request(method, params, send),
				next
			};
		} catch (error) {
			next[dispose]();
			throw error;
		}
	}), signal);
	const starting = next.record.then((record) => record ?? notSeen(thread, method), (cause) => {
		if (!(cause instanceof CallLost)) throw cause;
		throw new OutcomeUnknownError(method, cause.reason);
	});
	return {
		answer,
		record: await orInterrupted(thread, starting, signal)
	};
}
function isShellTurn(record) {
	return record.items().some((item) => "source" in item && item.source === "userShell");
}
function notSeen(thread, method) {
	throw new CodexError(`Thread ${thread.id}: ${method} was accepted, and nothing of its turn was seen. It may or may not have been carried out`);
}
// src/thread/compact.ts
async function compactThread(thread, options) {
	const { answer, record } = await startNextTurn(thread, {
		method: "thread/compact/start",
		params: { threadId: thread.id },
		isIt: isCompaction
	}, options);
	const state = await record.outcome;
	if (state.status !== "completed") throw new TurnFailedError(new TurnResult(record, state));
	if (isOther(record)) throw new CodexError(`The compaction of thread ${thread.id} was accepted, and its end was not seen: it may or may not have been carried out`);
	return answer;
}
function isCompaction(record) {
	const { items, status } = record.state;
	return status !== "interrupted" && items.some(({ type }) => type === "contextCompaction");
}
function isOther(record) {
	return record.state.items.length > 0 && !isCompaction(record);
}
// src/thread/follow-turns.ts
function followTurns(thread, listener) {
	const stop = thread.shown.add(listener);
	thread.retain();
	let isStopped = false;
	return () => {
		if (isStopped) return;
		isStopped = true;
		stop();
		thread.release();
	};
}
// src/client/agents.ts
const KINDS = [
	"subAgent",
	"subAgentReview",
	"subAgentCompact",
	"subAgentThreadSpawn",
	"subAgentOther"
];
async function agentsOf(thread, ask, options) {
	const seen = descendants(thread);
	const listed = new Map((await listDescendants(thread.id, ask, options)).map((one) => [one.id, one]));
	const unlisted = [...seen.keys()].filter((id) => !listed.has(id));
	for (const one of await Promise.all(unlisted.map((id) => readThread(id, ask, options)))) listed.set(one.id, one);
	listed.delete(thread.id);
	const treeBelow = (parentId) => [...listed.values()].filter((one) => parentOf(one, seen) === parentId).map((one) => agentFrom(one, seen.get(one.id)?.profile.usage, treeBelow(one.id)));
	return treeBelow(thread.id);
}
function usageOf(thread, { withAgents = false } = {}) {
	const totals = (withAgents ? [thread, ...descendants(thread).values()] : [thread]).flatMap(({ profile: { usage } }) => usage ? [usage.total] : []);
	return totals.length === 0 ? void 0 : totals.reduce(sum);
}
function sum(one, other) {
	const entries = Object.entries(one).map(([name, value]) => {
		const more = other[name];
		return [name, typeof value === "number" && typeof more === "number" ? value + more : value];
	});
	return Object.fromEntries(entries);
}
function descendants(thread) {
	const all = /* @__PURE__ */ new Map();
	const add = (one) => {
		for (const child of one.family.children) {
			if (all.has(child.id)) continue;
			all.set(child.id, child);
			add(child);
		}
	};
	add(thread);
	return all;
}
async function listDescendants(ancestorThreadId, ask, options) {
	const params = {
		ancestorThreadId,
		sourceKinds: KINDS
	};
	const listed = pages$1("thread/list", void 0, (cursor) => ask("thread/list", {
		...params,
		cursor
	}, options));
	const all = [];
	try {
		for await (const one of listed) if (isThreadRecord(one)) all.push(one);
	} catch (error) {
		if (!isNoAnswer(error)) throw error;
	}
	return all.filter((one) => parentNamed(one) !== void 0);
}
async function readThread(id, ask, options) {
	try {
		const answer = await ask("thread/read", { threadId: id }, options);
		const thread = isRecord(answer) ? answer.thread : void 0;
		if (isThreadRecord(thread)) return thread;
	} catch (error) {
		if (!isNoAnswer(error)) throw error;
	}
	return { id };
}
function agentFrom(thread, usage, agents) {
	const spawn = spawnOf(thread);
	const path = text(spawn.agent_path);
	const { status } = thread;
	return {
		threadId: thread.id,
		path,
		name: path?.split("/").at(-1),
		nickname: text(thread.agentNickname) ?? text(spawn.agent_nickname),
		role: text(thread.agentRole) ?? text(spawn.agent_role),
		task: text(thread.preview),
		state: stateOf$1(isRecord(status) ? status.type : void 0),
		model: text(thread.model),
		usage,
		agents
	};
}
const STATES = [
	"active",
	"idle",
	"notLoaded",
	"systemError"
];
function stateOf$1(type) {
	return STATES.find((state) => state === type) ?? "unknown";
}
function parentOf(thread, seen) {
	return seen.get(thread.id)?.family.parent?.id ?? parentNamed(thread);
}
function parentNamed(thread) {
	return text(thread.parentThreadId) ?? text(spawnOf(thread).parent_thread_id);
}
function spawnOf({ source }) {
	const subAgent = isRecord(source) ? source.subAgent : void 0;
	const spawn = isRecord(subAgent) ? subAgent.thread_spawn : void 0;
	return isRecord(spawn) ? spawn : {};
}
function isThreadRecord(value) {
	return isRecord(value) && typeof value.id === "string";
}
function text(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}
// src/client/goal-run.ts
const NOT_YET_MS = 500;
const GONE = {
	"thread/archived": "was archived",
	"thread/deleted": "was deleted",
	"thread/closed": "was closed"
};
var GoalRun = class {
	#thread;
	#turns = [];
	#over = deferred();
	#stopTurns;
	#observing;
	#set;
	#hasMissed = false;
	#isAsking = false;
	constructor(thread) {
		this.#thread = thread;
		this.#stopTurns = followTurns(thread, (record) => this.#turns.push(record));
		this.#observing = thread.observers.add({
			notified: (notification) => this.#notified(notification),
			missed: (threadId) => {
				if (threadId === thread.id) this.#missed();
			},
			subscribed: () => {},
			refused: (threadId, reason) => {
				if (threadId === thread.id) this.#over.reject(reason);
			}
		});
	}
	get over() {
		return this.#over.promise;
	}
	wasSet(goal) {
		this.#set = goal ?? void 0;
		this.#see(goal);
	}
	async turns() {
		if (this.#hasMissed) await this.#addMissed();
		return this.#turns.filter((record) => !record.isOwn);
	}
	get running() {
		return this.#turns.find((record) => !record.isOwn && record.phase !== "ended");
	}
	[dispose]() {
		this.#stopTurns();
		this.#observing[dispose]();
	}
	#notified({ method, params }) {
		if (!isRecord(params) || params.threadId !== this.#thread.id) return;
		const gone = GONE[method];
		if (gone !== void 0) this.#over.reject(new CodexError(`The thread ${this.#thread.id} ${gone} before its goal had ended`));
		if (this.#set === void 0) return;
		if (method === "thread/goal/cleared") this.#see(null);
		const goal = method === "thread/goal/updated" ? goalIn(params) : null;
		if (goal) this.#see(goal);
	}
	#see(goal) {
		if (goal?.status !== "active") this.#over.resolve(goal);
	}
	#missed() {
		if (this.#set === void 0) return;
		this.#hasMissed = true;
		if (this.#isAsking) return;
		this.#isAsking = true;
		this.#ask().catch((error) => this.#over.reject(error)).finally(() => {
			this.#isAsking = false;
		});
	}
	async #ask() {
		const { id: threadId, server } = this.#thread;
		for (;;) {
			await this.#thread.subscribe();
			const isWhole = this.#thread.isSubscribed;
			this.#see(goalIn(await server.request("thread/goal/get", { threadId })));
			if (isWhole && this.#thread.isSubscribed) return;
			await server.pause(NOT_YET_MS);
		}
	}
	async #isActive() {
		const { id: threadId, server } = this.#thread;
		const answer = await server.request("thread/read", { threadId });
		const thread = isRecord(answer) && isRecord(answer.thread) ? answer.thread : {};
		return isRecord(thread.status) && thread.status.type === "active";
	}
	async #addMissed() {
		const { id, server, turns } = this.#thread;
		const since = this.#set?.updatedAt ?? 0;
		const begins = ({ startedAt }) => startedAt ?? 0;
		const read = () => recentTurns(id, (method, params) => server.request(method, params), (some) => some.some((turn) => begins(turn) < since));
		let listed = await read();
		while (!listed.some(({ status }) => status === "inProgress") && await this.#isActive()) {
			await server.pause(NOT_YET_MS);
			listed = await read();
		}
		const ids = listed.filter((turn) => begins(turn) >= since && !turns.isOurs(turn.id)).map((turn) => turn.id).toReversed();
		const seen = new Map(this.#turns.map((record) => [record.turnId, record]));
		const unseen = ids.filter((turnId) => !seen.has(turnId));
		for (const turnId of unseen) seen.set(turnId, turns.follow(turnId));
		const connection = server.connection();
		if (connection && unseen.length > 0) this.#thread.catchUp(connection);
		const inOrder = ids.flatMap((turnId) => seen.get(turnId) ?? []);
		const others = this.#turns.filter((record) => !inOrder.includes(record));
		this.#turns.splice(0, this.#turns.length, ...others, ...inOrder);
	}
};
function goalIn(answer) {
	return isRecord(answer) && isRecord(answer.goal) ? answer.goal : null;
}
// src/client/goal.ts
var Goal = class {
	#session;
	#thread;
	constructor(session, thread) {
		this.#session = session;
		this.#thread = thread;
	}
	async get(options) {
		return goalIn(await this.#request("thread/goal/get", {}, options));
	}
	async set(objective, options = {}) {
		checkCall("goal", "goal.set", options);
		return this.#start(objective, options);
	}
	pause(options) {
		return this.#set({ status: "paused" }, options);
	}
	resume(options) {
		return this.#set({
			status: "active",
			origin: "user"
		}, options);
	}
	async clear(options) {
		await this.#request("thread/goal/clear", {}, options);
	}
	onChange(listener) {
		checkListener(listener);
		const { id } = this.#thread;
		const { hub } = this.#session;
		const isOurs = (params) => isRecord(params) && params.threadId === id;
		const updated = hub.on("thread/goal/updated", (params) => {
			if (isOurs(params)) listener(goalIn(params));
		});
		const cleared = hub.on("thread/goal/cleared", (params) => {
			if (isOurs(params)) listener(null);
		});
		return { [dispose]: () => {
			updated[dispose]();
			cleared[dispose]();
		} };
	}
	async run(objective, options = {}) {
		try {
			var _usingCtx$2 = _usingCtx();
			checkCall("goal", "goal.run", options);
			const { signal, timeoutMs, tokenBudget } = options;
			const limit = _usingCtx$2.u(deadline(signal, timeoutMs, turnTimeUp));
			const run = _usingCtx$2.u(new GoalRun(this.#thread));
			try {
				const onResult = (answer) => run.wasSet(goalIn(answer));
				await this.#start(objective, {
					tokenBudget,
					signal: limit.signal
				}, onResult);
				const goal = await orAborted(run.over, limit.signal);
				const turns = await orAborted(outcomesOf(run), limit.signal);
				return {
					goal,
					turns,
					text: turns.at(-1)?.text ?? ""
				};
			} catch (error) {
				if (limit.signal?.aborted) this.#giveUp(run);
				throw error;
			}
		} catch (_) {
			_usingCtx$2.e = _;
		} finally {
			_usingCtx$2.d();
		}
	}
	#giveUp({ running }) {
		this.pause().catch(() => {});
		if (running) interruptQuietly(this.#thread, running);
	}
	#start(objective, options, onResult) {
		if (typeof objective !== "string" || objective === "") throw new TypeError(`goal: the objective must be a non-empty string, not ${describe(objective)}`);
		const { tokenBudget, ...limits } = options;
		return this.#set({
			objective,
			status: "active",
			origin: "user",
			tokenBudget
		}, limits, onResult);
	}
	async #set(params, options, onResult) {
		const goal = goalIn(await this.#request("thread/goal/set", params, options, onResult));
		if (goal) return goal;
		throw new CodexError("The server's answer to thread/goal/set has no goal");
	}
	async #request(method, params, options, onResult) {
		checkCall("request", method, options);
		const about = {
			threadId: this.#thread.id,
			...params
		};
		return this.#session.userRequest(method, about, {
			...options,
			onResult
		});
	}
};
async function outcomesOf(run) {
	const records = await run.turns();
	return Promise.all(records.map(async (record) => new TurnResult(record, await record.outcome)));
}
// src/client/read-thread.ts
const PAGE = 50;
async function readWithTurns(ask, options) {
	try {
		const [read, turns] = await Promise.all([ask("thread/read", {}, options), pages(ask, options)]);
		const { thread, ...rest } = read;
		return {
			...rest,
			thread: {
				...thread,
				turns
			}
		};
	} catch (error) {
		if (!(error instanceof JsonRpcError)) throw error;
		return await ask("thread/read", { includeTurns: true }, options);
	}
}
async function turnBefore(thread, count, options) {
	if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`rollback: the number of turns must be a whole number from 1, not ${count}`);
	let left = count;
	const newestFirst = {
		...options,
		sortDirection: "desc",
		itemsView: "summary"
	};
	for await (const { id } of thread.turns(newestFirst)) if (--left === 0) return id;
	throw new RangeError(`rollback: the thread has ${count - left} turns, fewer than ${count}`);
}
async function pages(ask, options) {
	const turns = [];
	const seen = /* @__PURE__ */ new Set();
	let cursor = null;
	do {
		const page = await ask("thread/turns/list", {
			cursor,
			limit: PAGE,
			sortDirection: "asc",
			itemsView: "full"
		}, options);
		turns.push(...page.data);
		cursor = page.nextCursor ?? null;
		if (seen.has(cursor)) break;
		seen.add(cursor);
	} while (cursor !== null);
	return turns;
}
// src/input/external-message.ts
function externalMessage(message) {
	const { toolName, content, namespace } = isRecord(message) ? message : {};
	if (typeof toolName !== "string" || toolName.trim() === "") throw new TypeError(`externalMessage: toolName must be a non-empty string, not ${describe(toolName)}`);
	if (namespace !== void 0 && typeof namespace !== "string") throw new TypeError(`externalMessage: namespace must be a string, not ${describe(namespace)}`);
	if (typeof content !== "string" && !Array.isArray(content)) throw new TypeError(`externalMessage: content must be a string or a list of items, not ${describe(content)}`);
	if (content.length === 0) throw new InvalidInputError("externalMessage: content is empty");
	return {
		type: "externalMessage",
		toolName,
		namespace,
		content
	};
}
function isExternalMessage(input) {
	return isRecord(input) && input.type === "externalMessage";
}
function toolOutputOf(message) {
	const { toolName, namespace, content } = externalMessage(message);
	return {
		name: toolName,
		namespace: namespace ?? null,
		output: content
	};
}
// src/input/output-schema.ts
function prepareOutput(schema, options = {}) {
	const strict = options.strict !== false;
	const { jsonSchema, validate } = prepareSchema(schema, "outputSchema", {
		...options,
		strict
	});
	if (strict) checkStrict(jsonSchema, "outputSchema");
	return {
		jsonSchema,
		parse: async (text) => {
			const parsed = parseJson(text);
			if (parsed.issues !== void 0) return parsed;
			return await validate(parsed.value);
		}
	};
}
function parseJson(text) {
	if (text.trim() === "") return { issues: [{
		message: "The output is empty",
		path: []
	}] };
	try {
		return { value: JSON.parse(text) };
	} catch (error) {
		return { issues: [{
			message: `The output is not JSON: ${messageOf(error)}`,
			path: []
		}] };
	}
}
// src/client/sandbox.ts
const POLICIES = {
	"read-only": {
		type: "readOnly",
		networkAccess: false
	},
	"workspace-write": {
		type: "workspaceWrite",
		writableRoots: [],
		networkAccess: false,
		excludeTmpdirEnvVar: false,
		excludeSlashTmp: false
	},
	"danger-full-access": { type: "dangerFullAccess" }
};
function sandboxPolicyOf(sandbox) {
	if (Object.hasOwn(POLICIES, sandbox)) return POLICIES[sandbox];
	const names = Object.keys(POLICIES).map((name) => JSON.stringify(name));
	throw new TypeError(`sandbox must be one of ${names.join(", ")}, not ${JSON.stringify(sandbox)}`);
}
const presets = {
	readOnly: {
		sandbox: "read-only",
		approvalPolicy: "on-request",
		approvalsReviewer: "user"
	},
	ask: {
		sandbox: "workspace-write",
		approvalPolicy: "on-request",
		approvalsReviewer: "user"
	},
	autoReview: {
		sandbox: "workspace-write",
		approvalPolicy: "on-request",
		approvalsReviewer: "auto_review"
	},
	fullAccess: {
		sandbox: "danger-full-access",
		approvalPolicy: "never",
		approvalsReviewer: "user"
	}
};
// src/client/turn-params.ts
async function turnParams(thread, files, input, options) {
	const { signal: _, timeoutMs: __, outputSchema, strict, sandbox, ...given } = options;
	const settings = sandbox === void 0 ? {} : sandboxSetting(sandbox, given);
	const output = outputSchema && prepareOutput(outputSchema, { strict });
	await files.checkCwd(options.cwd);
	const asked = isExternalMessage(input) ? {
		input: [],
		toolOutput: toolOutputOf(input)
	} : { input: await prepareInput(input, files.inputOptions(thread, options.cwd)) };
	const params = {
		...given,
		...settings,
		...asked,
		threadId: thread.id
	};
	if (output) params.outputSchema = output.jsonSchema;
	return {
		params,
		output
	};
}
function sandboxSetting(sandbox, { sandboxPolicy }) {
	if (sandboxPolicy != null) throw new TypeError("Set sandbox or sandboxPolicy, not both");
	return { sandboxPolicy: sandboxPolicyOf(sandbox) };
}
// src/client/start.ts
async function startInput({ session, state, files }, input, options) {
	const { params, output } = await turnParams(state, files, input, options);
	return startWith({
		session,
		state,
		files
	}, params, options, output);
}
async function startWith({ session, state, files }, params, options, output) {
	const limit = deadline(options.signal, options.timeoutMs, turnTimeUp);
	const dispose$1 = () => limit[dispose]();
	const starting = session.connect(limit.signal).then(() => startTurn(state, params, limit.signal));
	starting.then(({ outcome }) => outcome.then(dispose$1, dispose$1), dispose$1);
	session.work.until(starting);
	const record = await starting;
	session.work.until(record.outcome);
	return new Turn({
		thread: state,
		record,
		output,
		files,
		pending: session.pending
	});
}
async function startReview(host, target, options) {
	const { session, state } = host;
	await session.connect(options.signal);
	return turnOf(host, await startNamedTurn(state, {
		method: "review/start",
		params: {
			threadId: state.id,
			target
		}
	}, options));
}
async function startShell(host, command, options) {
	const { session, state } = host;
	if (typeof command !== "string" || command === "") throw new TypeError(`shell: the command must be a non-empty string, not ${describe(command)}`);
	await session.connect(options.signal);
	return turnOf(host, (await startNextTurn(state, {
		method: "thread/shellCommand",
		params: {
			threadId: state.id,
			command
		},
		isIt: isShellTurn
	}, options)).record);
}
function turnOf({ session, state, files }, record) {
	session.work.until(record.outcome);
	const { pending } = session;
	return new Turn({
		thread: state,
		record,
		output: void 0,
		files,
		pending
	});
}
// src/client/thread.ts
let startUnchecked;
const MAX_RUNS$1 = 3;
var Thread = class {
	id;
	goal;
	#internals;
	static {
		startUnchecked = (thread, params, options) => startWith(thread.#internals, {
			...params,
			threadId: thread.id
		}, options, void 0);
	}
	constructor(id, internals) {
		this.id = id;
		this.goal = new Goal(internals.session, internals.state);
		this.#internals = internals;
	}
	turn(input, options = {}) {
		return forCaller(this.turn, () => this.#start("turn", input, options));
	}
	async #start(subject, input, options) {
		checkCall("turn", subject, options);
		return startInput(this.#internals, input, options);
	}
	run(input, options = {}) {
		return forCaller(this.run, () => this.#run(input, options));
	}
	async #run(input, options) {
		for (let attempt = 1;; attempt++) try {
			return await (await this.#start("run", input, options)).run();
		} catch (error) {
			if (!(error instanceof MessageUnansweredError) || attempt >= MAX_RUNS$1) throw error;
		}
	}
	async review(target, options = {}) {
		checkCall("request", "review", options);
		return startReview(this.#internals, target, options);
	}
	async shell(command, options = {}) {
		checkCall("request", "shell", options);
		return startShell(this.#internals, command, options);
	}
	async queue(input, options = {}) {
		checkCall("request", "queue", options);
		const { state, files } = this.#internals;
		const params = {
			input: await prepareInput(input, files.inputOptions(state, void 0)),
			clientUserMessageId: randomUUID()
		};
		const { queuedSubmission } = await this.#request("thread/queue/add", params, options);
		return queuedSubmission;
	}
	async activeTurn(options = {}) {
		checkCall("request", "activeTurn", options);
		const record = await activeTurn(this.#internals.state, options);
		return record && turnOf(this.#internals, record);
	}
	onTurn(listener) {
		const { session, state } = this.#internals;
		const listeners = new Listeners("the turns of a thread", session.warn);
		listeners.add(listener);
		const stop = followTurns(state, (record) => listeners.tell(turnOf(this.#internals, record)));
		return { [dispose]: stop };
	}
	turns(options = {}) {
		checkParams("turns", "thread/turns/list", options, { omitted: ["threadId"] });
		return this.#list("thread/turns/list", {
			sortDirection: "asc",
			itemsView: "full",
			...options
		});
	}
	items(options = {}) {
		checkParams("items", "thread/items/list", options, { omitted: ["threadId"] });
		return this.#list("thread/items/list", {
			sortDirection: "asc",
			...options
		});
	}
	async agents(options = {}) {
		checkCall("request", "agents", options);
		const { session, state } = this.#internals;
		const ask = (method, params, limits) => session.userRequest(method, params, limits);
		return agentsOf(state, ask, options);
	}
	usage(options) {
		return usageOf(this.#internals.state, options);
	}
	revert(beforeTurnId, options) {
		return this.#call("revert", "thread/revert", { beforeTurnId }, options);
	}
	async rollback(turns, options = {}) {
		checkCall("request", "rollback", options);
		return this.revert(await turnBefore(this, turns, options), options);
	}
	read(options = {}) {
		const ask = (method, params, limits) => this.#request(method, params, limits);
		return forCaller(this.read, async () => {
			checkCall("read", "read", options);
			const { includeTurns = false, ...rest } = options;
			if (includeTurns) return readWithTurns(ask, rest);
			return this.#request("thread/read", {}, rest);
		});
	}
	timeline(options = {}) {
		return forCaller(this.timeline, async () => {
			checkCall("timeline", "timeline", options);
			const { session, state } = this.#internals;
			const { ThreadTimeline } = await import("./thread-timeline-BylCCNOt.js");
			return ThreadTimeline.open(session, state, options);
		});
	}
	setName(name, options) {
		return this.#call("setName", "thread/name/set", { name }, options);
	}
	async compact(options = {}) {
		checkCall("request", "compact", options);
		const { session, state } = this.#internals;
		await session.connect(options.signal);
		return forCaller(this.compact, () => compactThread(state, options));
	}
	async updateSettings(settings, options) {
		checkParams("updateSettings", "thread/settings/update", settings, { omitted: ["threadId"] });
		await this.#call("updateSettings", "thread/settings/update", settings, options);
	}
	async updateMetadata(metadata, options) {
		checkParams("updateMetadata", "thread/metadata/update", metadata, { omitted: ["threadId"] });
		return this.#call("updateMetadata", "thread/metadata/update", metadata, options);
	}
	async delete(options) {
		await this.#call("delete", "thread/delete", {}, options);
	}
	archive(options) {
		return this.#call("archive", "thread/archive", {}, options);
	}
	async fork(options = {}) {
		checkCall("threadFork", "fork", options);
		return this.#internals.fork(this.id, options);
	}
	unsubscribe(options) {
		return this.#call("unsubscribe", "thread/unsubscribe", {}, options);
	}
	async #call(subject, method, params, options) {
		checkCall("request", subject, options);
		return this.#request(method, params, options);
	}
	async *#list(method, { signal, timeoutMs, cursor, ...params }) {
		try {
			yield* pages$1(method, cursor, (next) => this.#request(method, {
				...params,
				cursor: next ?? null
			}, {
				signal,
				timeoutMs
			}));
		} catch (error) {
			if (!isBeforeFirstTurn(error)) throw error;
		}
	}
	#request(method, params, options) {
		const { session } = this.#internals;
		return session.userRequest(method, {
			threadId: this.id,
			...params
		}, options);
	}
};
// src/client/open-threads.ts
var ThreadOpener = class {
	#session;
	#files;
	constructor(session, files) {
		this.#session = session;
		this.#files = files;
	}
	async start(options) {
		const { tools, signal, timeoutMs, ...params } = options;
		const toolSet = tools && new ToolSet(tools);
		const dynamicTools = [...params.dynamicTools ?? [], ...toolSet?.specs() ?? []];
		await this.#files.checkCwd(params.cwd);
		const asked = {
			...params,
			dynamicTools: dynamicTools.length > 0 ? dynamicTools : void 0
		};
		const opening = {
			tools: toolSet,
			settings: resumable(params)
		};
		return this.#open("thread/start", asked, {
			signal,
			timeoutMs
		}, opening);
	}
	async resume(threadId, options) {
		const { tools, signal, timeoutMs, ...params } = options;
		let wanted = {
			tools: tools && new ToolSet(tools),
			settings: resumable(params)
		};
		const asked = {
			excludeTurns: true,
			...params,
			threadId
		};
		await this.#files.checkCwd(params.cwd);
		const state = this.#session.threads.open(threadId);
		state.retain();
		try {
			await state.starts.whileAsking(() => this.#session.userRequest("thread/resume", asked, {
				signal,
				timeoutMs,
				onResult: (result) => state.opened(threadIn(result), wanted)
			}));
			return this.#handle(state);
		} finally {
			wanted = void 0;
			state.release();
		}
	}
	async fork(threadId, options) {
		const { tools, signal, timeoutMs, ...params } = options;
		await this.#files.checkCwd(params.cwd);
		const inherited = this.#session.threads.known(threadId)?.tools;
		const opening = {
			tools: tools ? new ToolSet(tools) : inherited,
			settings: resumable(params)
		};
		const asked = {
			excludeTurns: true,
			...params,
			threadId
		};
		return this.#open("thread/fork", asked, {
			signal,
			timeoutMs
		}, opening);
	}
	async #open(method, params, options, opening) {
		let handle;
		let wanted = opening;
		const onResult = (result) => {
			if (wanted === void 0) return;
			const thread = threadIn(result);
			const state = this.#session.threads.open(idIn(thread, method));
			handle = this.#handle(state);
			state.opened(thread, wanted);
		};
		try {
			await this.#session.userRequest(method, params, {
				...options,
				onResult
			});
		} finally {
			wanted = void 0;
		}
		if (handle === void 0) throw new CodexError(`${method} was answered without a result`);
		return handle;
	}
	#handle(state) {
		const thread = new Thread(state.id, {
			session: this.#session,
			state,
			files: this.#files,
			fork: (id, options) => this.fork(id, options)
		});
		state.retain();
		onCollected(thread, state, release);
		return thread;
	}
};
function release(state) {
	state.release();
}
function threadIn(result) {
	return isRecord(result) ? result.thread : void 0;
}
function idIn(thread, method) {
	if (isRecord(thread) && typeof thread.id === "string") return thread.id;
	throw new CodexError(`The server's answer to ${method} names no thread: is this an app-server?`);
}
function resumable(settings) {
	const { approvalPolicy, baseInstructions, config, cwd, developerInstructions } = settings;
	const { model, modelProvider, permissions, personality, sandbox } = settings;
	return {
		approvalPolicy,
		baseInstructions,
		config,
		cwd,
		developerInstructions,
		model,
		modelProvider,
		permissions,
		personality,
		sandbox
	};
}
// src/process/listen-address.ts
function parseListen(listen) {
	if (typeof listen !== "string") return void 0;
	if (listen.startsWith("unix://")) {
		const path = listen.slice(7);
		return isAbsolute(path) ? {
			kind: "unix",
			path
		} : void 0;
	}
	const [, host = "", digits = ""] = /^ws:\/\/(.+):(\d{1,5})$/.exec(listen) ?? [];
	const ip = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
	const version = isIP(ip);
	const port = Number(digits);
	return (version === 4 ? ip === host : version === 6 && ip !== host) && port < 2 ** 16 ? {
		kind: "ws",
		host,
		port
	} : void 0;
}
function isLoopbackHost(host) {
	return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
function reportedAddress(line, listen) {
	const address = /^\s*listening on: (\S+)\s*$/.exec(line)?.[1];
	if (address === void 0) return void 0;
	const [asked, got] = [parseListen(listen), parseListen(address)];
	if (asked?.kind === "ws" && got?.kind === "ws" && asked.host === got.host && got.port !== 0) {
		if (asked.port === 0 || asked.port === got.port) return address;
	}
	throw new LaunchError(`The app-server was asked to listen at ${listen}, but reports another address: "${quoteForeign(address)}"`);
}
function localAddress(address) {
	return address.replace(/^ws:\/\/0\.0\.0\.0:/, "ws://127.0.0.1:").replace(/^ws:\/\/\[::\]:/, "ws://[::1]:");
}
// src/process/guarded-command.ts
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
  while read -r line; do :; done <&3
  kill -TERM "$server"
  command -p sleep 0.1
  kill -TERM "$server"
  command -p sleep 2
  kill -KILL "$server"
) 2>/dev/null &
guard=$!
wait "$server"
code=$?
kill "$guard" 2>/dev/null
exit "$code"
`;
function guarded(options) {
	if (process.platform === "win32") return options;
	return {
		...options,
		command: "/bin/sh",
		args: [
			"-c",
			GUARD,
			"sh",
			options.command,
			...options.args
		]
	};
}
// src/process/readiness.ts
async function knock(path, signal) {
	signal?.throwIfAborted();
	const socket = connect$1(path);
	socket.on("error", () => {});
	await once(socket, "connect", signal && { signal }).finally(() => socket.destroy());
}
function readyz(url, signal) {
	return new Promise((resolve, reject) => {
		const request = get(url, {
			agent: false,
			signal
		}, (response) => {
			const { statusCode } = response;
			request.destroy();
			if (statusCode === 200) resolve();
			else reject(/* @__PURE__ */ new Error(`${url} answered ${statusCode}`));
		});
		request.on("error", reject);
	});
}
// src/process/listening-server.ts
async function spawnListening(options, listen, signal) {
	signal?.throwIfAborted();
	if (await isTaken(listen, signal)) throw new LaunchError(`Another server already listens at ${listen}: connect to it, or stop it`);
	const report = addressReport(listen);
	const server = await spawnAppServer({
		...guarded(options),
		onStderrLine: report.line
	});
	server.stdout.resume();
	try {
		const poll = polling(server, signal);
		const address = listen.startsWith("unix://") ? listen : await poll(async () => report.address());
		await poll(() => isReady(address, signal));
		return {
			address,
			pid: server.pid,
			exited: server.exited,
			close: () => close(server)
		};
	} catch (error) {
		await close(server);
		throw error;
	}
}
async function close(server) {
	await server.terminate();
}
function addressReport(listen) {
	let address;
	let fault;
	return {
		line(text) {
			try {
				address ??= reportedAddress(text, listen);
			} catch (error) {
				fault ??= error;
			}
		},
		address() {
			if (fault !== void 0) throw fault;
			return address;
		}
	};
}
async function isTaken(listen, signal) {
	return listen.startsWith("unix://") && await isReady(listen, signal) === true;
}
async function isReady(address, signal) {
	return (address.startsWith("unix://") ? knock(address.slice(7), signal) : readyz(`${localAddress(address).replace(/^ws/, "http")}/readyz`, signal)).then(() => true, () => void 0);
}
const POLL_MS = 10;
function polling(server, signal) {
	let exit;
	server.exited.then((status) => {
		exit = status;
	});
	return async (ask) => {
		for (;;) {
			const answer = await orAborted(ask(), signal);
			if (answer !== void 0) return answer;
			if (exit) throw exitedEarly(server, exit);
			await delay(POLL_MS, signal);
		}
	};
}
function exitedEarly(server, { code, signal }) {
	const stderr = server.stderrTail();
	const said = lastWords(stderr).join("\n");
	return new LaunchError(`The app-server ended before it was ready (${signal ?? `exit code ${code}`}):\n${said}`, { stderr });
}
// src/process/running-process.ts
async function markProcess(pid) {
	return {
		pid,
		startedAt: await startOf(pid)
	};
}
async function isStillRunning({ pid, startedAt }) {
	return startedAt === void 0 ? exists(pid) : await startOf(pid) === startedAt;
}
async function startOf(pid) {
	return (hasProcTable() ? procTable : await psTable()).startedAt(pid);
}
function exists(pid) {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
// src/transport/carrier.ts
function withErrorListener(stream) {
	stream.on("error", () => {});
	return stream;
}
// src/transport/private-group.ts
async function privateGroup(uid) {
	const [users, groups] = await Promise.all(["/etc/passwd", "/etc/group"].map(entries));
	return privateGroupAmong(uid, users ?? [], groups ?? []);
}
function privateGroupAmong(uid, users, groups) {
	const name = users.find((user) => user[2] === String(uid))?.[0];
	const own = groups.find(([group]) => group === name);
	if (name === void 0 || own === void 0) return void 0;
	const isOthers = (member) => member !== void 0 && member !== name;
	const gid = own[2];
	const listed = groups.filter((group) => group[2] === gid).flatMap((group) => group[3]?.split(","));
	const primary = users.filter((user) => user[3] === gid).map((user) => user[0]);
	return [...listed.filter((member) => member !== ""), ...primary].some(isOthers) ? void 0 : Number(gid);
}
async function entries(file) {
	return (await readFile(file, "utf8").catch(() => "")).split("\n").map((line) => line.split(":"));
}
// src/transport/socket-owner.ts
const MAX_LINKS = 40;
async function checkSocketOwner(path) {
	const uid = process.getuid?.();
	if (uid === void 0) return "";
	const group = await privateGroup(uid);
	const waiting = ["", ...componentsOf(path)];
	let current = sep;
	let links = 0;
	let identity = "";
	for (let name = waiting.shift(); name !== void 0; name = waiting.shift()) {
		const next = join(current, name);
		const stats = await lstat(next, { bigint: true });
		const fault = faultOf(stats, uid, group);
		if (fault !== void 0) throw untrusted(path, next, fault);
		identity = `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
		if (!stats.isSymbolicLink()) {
			current = next;
			continue;
		}
		if (++links > MAX_LINKS) throw untrusted(path, next, "is one of too many links");
		const target = await readlink(next);
		waiting.unshift(...componentsOf(target));
		if (isAbsolute(target)) current = sep;
	}
	return identity;
}
function componentsOf(path) {
	return path.split(sep).filter((name) => name !== "" && name !== ".");
}
function faultOf(stats, uid, group) {
	const owner = Number(stats.uid);
	if (owner !== uid && owner !== 0) return `belongs to another user (uid ${owner}; this process has ${uid})`;
	const isSticky = (stats.mode & 512n) !== 0n;
	if (!stats.isDirectory() || isSticky) return void 0;
	if ((stats.mode & 2n) !== 0n) return "is a folder in which every user can replace files";
	if ((stats.mode & 16n) !== 0n && Number(stats.gid) !== group) return `is a folder in which the group ${stats.gid} can replace files`;
}
function untrusted(path, file, fault) {
	return new LaunchError(`The socket ${path} isn't trusted: ${file} ${fault}. Put the socket into a folder that only you can write to (chmod go-w), or connect with allowOtherOwner: true if you trust the server behind it`);
}
// src/transport/websocket-transport.ts
const MAX_FRAME_BYTES = 8 * 2 ** 20;
const MAX_SENT_BYTES = 64e6;
const HEARTBEAT_MS = 2e4;
const CLOSE_GRACE_MS = 1e3;
var WebSocketTransport = class {
	#socket;
	#peer;
	#early = [];
	#events;
	#ended;
	#heard = true;
	#stopWatching;
	#heartbeat;
	#gone;
	constructor(socket, peer) {
		this.#socket = socket;
		this.#peer = peer;
		this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
		socket.once("upgrade", ({ socket: stream }) => {
			if (stream) socket.once("open", () => this.#watch(stream));
		});
		socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
		socket.on("pong", () => {
			this.#heard = true;
		});
		socket.on("error", (error) => this.#refuse(this.#wordsFor(error), error));
		this.#gone = new Promise((resolve) => {
			socket.once("close", (code, why) => {
				clearInterval(this.#heartbeat);
				this.#end(this.#closedError([`code ${code}`, why.toString()]));
				resolve(peer.carrier?.close());
			});
		});
	}
	listen(events) {
		this.#events = events;
		for (const text of this.#early.splice(0)) events.message(text);
		if (this.#ended) events.closed(this.#ended);
	}
	established() {
		this.#stopWatching?.();
	}
	send(text) {
		if (text.length * 3 <= MAX_FRAME_BYTES) this.#socket.send(text);
		else this.#sendInFrames(text);
	}
	async close() {
		this.#socket.close(1e3);
		this.#peer.carrier?.stream.end();
		const timer = startTimer(CLOSE_GRACE_MS, () => this.#socket.terminate());
		await this.#gone;
		timer.cancel();
	}
	#sendInFrames(text) {
		const length = Buffer.byteLength(text);
		if (length > MAX_SENT_BYTES) throw new InvalidInputError(`A message of ${length} bytes can't be sent to ${this.#peer.name}: it accepts at most ${MAX_SENT_BYTES}`);
		const bytes = Buffer.from(text);
		for (let start = 0; start < length; start += MAX_FRAME_BYTES) {
			const end = start + MAX_FRAME_BYTES;
			this.#socket.send(bytes.subarray(start, end), {
				binary: false,
				fin: end >= length
			});
		}
	}
	#watch(stream) {
		this.#stopWatching = watchHandshake(stream, () => this.#refuse(tooMuchTooEarly(this.#peer.name)));
	}
	#receive(data, isBinary) {
		this.#heard = true;
		if (isBinary || this.#ended) return;
		const text = data.toString();
		if (this.#events) this.#events.message(text);
		else this.#early.push(text);
	}
	#beat() {
		if (!this.#heard) this.#socket.terminate();
		this.#heard = false;
		if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
	}
	#refuse(why, cause) {
		this.#early = [];
		this.#end(new TransportClosedError(why, { cause }));
		this.#socket.terminate();
	}
	#end(reason) {
		if (this.#ended) return;
		this.#ended = reason;
		this.#events?.closed(reason);
	}
	#wordsFor(error) {
		const { code } = error;
		if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return tooLarge(this.#peer.name, this.#peer.maxMessageBytes);
		return this.#closedError([error.message || code]).message;
	}
	#closedError(words) {
		const said = words.filter(Boolean).join(", ");
		return new TransportClosedError(`The connection to ${this.#peer.name} has closed (${said})`);
	}
};
// src/transport/websocket-dial.ts
async function openWebSocket(name, dial) {
	const { url, headers, maxMessageBytes, signal } = dial;
	const { WebSocket } = await import("ws");
	const carrier = await openCarrier(name, dial);
	const socket = new WebSocket(url, {
		...clientOptions(maxMessageBytes),
		headers,
		...carrier ? { createConnection: () => carrier.stream } : {}
	});
	const transport = new WebSocketTransport(socket, {
		name,
		carrier,
		maxMessageBytes
	});
	try {
		await opened(socket, name, signal);
		return transport;
	} catch (error) {
		socket.terminate();
		await carrier?.close();
		throw error;
	}
}
async function openCarrier(name, { carrier, signal }) {
	signal.throwIfAborted();
	if (carrier === void 0) return void 0;
	try {
		return await orAborted(carrier(signal), signal, (late) => void late.close());
	} catch (error) {
		signal.throwIfAborted();
		throw error instanceof LaunchError ? error : unreachable(name, error);
	}
}
function clientOptions(maxMessageBytes) {
	return {
		perMessageDeflate: false,
		maxPayload: maxMessageBytes,
		maxFragments: Math.max(16384, Math.ceil(maxMessageBytes / 1024)),
		maxBufferedChunks: Math.max(262144, Math.ceil(maxMessageBytes / 512))
	};
}
function opened(socket, name, signal) {
	return new Promise((resolve, reject) => {
		const stop = onAbort(signal, () => reject(signal.reason));
		const settle = (run) => {
			stop();
			run();
		};
		socket.once("open", () => settle(resolve));
		socket.once("error", (cause) => settle(() => reject(unreachable(name, cause))));
		socket.once("close", () => settle(() => reject(unreachable(name))));
		socket.once("unexpected-response", (_request, response) => {
			refusal(name, response).then((error) => settle(() => reject(error)));
		});
	});
}
function unreachable(name, cause) {
	const { message, code } = cause ?? {};
	return new LaunchError(`Couldn't connect to the app-server at ${name}: ${message || code || "it closed the connection"}. Is it running there?`, { cause });
}
const MAX_QUOTED_CHARS = 1e3;
async function refusal(name, response) {
	let body = "";
	try {
		for await (const chunk of response.setEncoding("utf8")) {
			body += chunk;
			if (body.length > MAX_QUOTED_CHARS) break;
		}
	} catch {}
	const said = quoteForeign(body.trim() || (response.statusMessage ?? ""), MAX_QUOTED_CHARS);
	return new LaunchError(`The app-server at ${name} refused the connection: ${response.statusCode} ${said}`);
}
// src/transport/websocket-endpoint.ts
function webSocketEndpoint(name, route) {
	const endpoint = {
		name,
		outlivesTransport: true,
		sharesFiles: isLoopbackHost(new URL(route.url).hostname),
		async connect(signal) {
			signal.throwIfAborted();
			const headers = await orAborted(headersOf(route), signal) ?? {};
			return new GuardedTransport(await openWebSocket(name, {
				url: route.url,
				headers,
				carrier: route.carrier,
				maxMessageBytes: route.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
				signal
			}), name);
		}
	};
	return Object.defineProperty(endpoint, "recipe", {
		value: route.recipe,
		enumerable: false
	});
}
async function headersOf(route) {
	return route.headers?.();
}
// src/transport/unix-socket.ts
const CHECKS$2 = {
	allowOtherOwner: boolean,
	maxMessageBytes: messageBytes
};
function unixSocket(path = defaultSocketPath(), options = {}) {
	requireOptions("unixSocket", {
		path,
		...options
	}, {
		path: nonEmpty,
		...CHECKS$2
	});
	const socketPath = resolve(path);
	return webSocketEndpoint(`unix://${socketPath}`, {
		url: "ws://localhost/",
		maxMessageBytes: options.maxMessageBytes,
		async carrier(signal) {
			const check = async () => options.allowOtherOwner ? "" : await checkSocketOwner(socketPath);
			const checked = await check();
			signal.throwIfAborted();
			const stream = withErrorListener(connect$1(socketPath));
			try {
				await once(stream, "connect", { signal });
				if (await check() !== checked) throw new Error("the socket was replaced meanwhile");
			} catch (error) {
				stream.destroy();
				throw error;
			}
			return {
				stream,
				close: async () => void stream.destroy()
			};
		},
		recipe: {
			maker: "unixSocket",
			args: [socketPath, options]
		}
	});
}
function defaultSocketPath(env = process.env) {
	const home = env.CODEX_HOME || join(homedir(), ".codex");
	return join(home, "app-server-control", "app-server-control.sock");
}
// src/client/serve-auth.ts
const MIN_TOKEN_CHARS = 16;
function authentication(auth, address) {
	if (address.kind === "unix") return ofSocket(auth);
	if (auth === "none") return ofNobody(address.host);
	if (auth === void 0 || auth === true) return ofToken(randomBytes(32).toString("base64url"));
	if (isObject$2(auth) && Object.keys(auth).join() === "token" && "token" in auth) return ofToken(checkedToken(auth.token));
	throw new TypeError(`Codex.serve option auth must be true, "none" or { token }, not ${kindOf(auth)}`);
}
function ofToken(token) {
	return {
		token,
		args: [
			"--ws-auth",
			"capability-token",
			"--ws-token-sha256",
			createHash("sha256").update(token).digest("hex")
		]
	};
}
function ofNobody(host) {
	if (isLoopbackHost(host)) return {
		token: void 0,
		args: []
	};
	throw new TypeError(`Codex.serve option auth: "none" would let everybody who reaches ${host} run commands on this machine. Leave it out, or listen on 127.0.0.1`);
}
function ofSocket(auth) {
	if (auth === void 0 || auth === "none") return {
		token: void 0,
		args: []
	};
	throw new TypeError("Codex.serve option auth: on a Unix socket the server checks no token. Leave it out: only this user can open the socket");
}
function checkedToken(token) {
	if (typeof token !== "string") throw new TypeError(`Codex.serve option auth.token must be a string, not ${typeof token}`);
	if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError("Codex.serve option auth.token must consist of visible ASCII characters, without spaces: no client could send others");
	if (token.length < MIN_TOKEN_CHARS) throw new TypeError(`Codex.serve option auth.token must have at least ${MIN_TOKEN_CHARS} characters, and should be random`);
	return token;
}
function kindOf(value) {
	if (isObject$2(value)) return `an object with the members ${Object.keys(value).join(", ") || "(none)"}`;
	if (Array.isArray(value)) return "a list";
	return typeof value === "string" ? "another string" : String(value);
}
// src/transport/credentials.ts
function checkCredentials(url, credentials) {
	const { token, tokenProvider, headers = {}, allowInsecureToken } = credentials;
	if (token !== void 0 && tokenProvider !== void 0) throw new TypeError("websocket: pass either token or tokenProvider, not both");
	if (token !== void 0) checkBearer(token, "token");
	for (const [name, value] of Object.entries(headers)) checkHeader(name, value);
	const carriers = carriersOf(url, credentials);
	const ofAuthorization = carriers.filter(({ setsAuthorization }) => setsAuthorization);
	if (ofAuthorization.length > 1) {
		const names = ofAuthorization.map(({ name }) => name).join(" and ");
		throw new TypeError(`websocket: ${names} set the Authorization header: pass only one of them`);
	}
	const [first] = carriers;
	if (first === void 0 || allowInsecureToken || isPrivate(url)) return;
	throw new TypeError(`websocket: ${first.name} would be sent to ${url.hostname} unencrypted: use wss://, or set allowInsecureToken: true`);
}
function checkBearer(token, name) {
	if (typeof token !== "string") throw new TypeError(`websocket: ${name} must be a string, not ${typeof token}`);
	if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError(`websocket: ${name} must consist of visible ASCII characters without spaces: a header can't contain others`);
}
function carriersOf(url, { token, tokenProvider, headers = {} }) {
	const carriers = [];
	const add = (name, setsAuthorization = false) => carriers.push({
		name,
		setsAuthorization
	});
	if (token !== void 0) add("the option token", true);
	if (tokenProvider !== void 0) add("the option tokenProvider", true);
	for (const name of Object.keys(headers).filter(mayNameSecret)) add(`the header ${name}`, name.toLowerCase() === "authorization");
	if (url.username !== "" || url.password !== "") add("the user in the URL", true);
	for (const name of new Set(url.searchParams.keys())) if (mayNameSecret(name)) add(`the parameter ${name} of the URL`);
	return carriers;
}
function checkHeader(name, value) {
	if (name.toLowerCase() === "origin") throw new TypeError("websocket: the app-server refuses connections with an Origin header: remove it");
	try {
		validateHeaderName(name);
		validateHeaderValue(name, value);
	} catch {
		throw new TypeError(`websocket: "${quoteForeign(name)}" in headers isn't a valid HTTP header: check its name and its value`);
	}
}
function isPrivate(url) {
	return url.protocol === "wss:" || isLoopbackHost(url.hostname);
}
// src/transport/shown-url.ts
function shownUrl(url) {
	const shown = new URL(url);
	if (shown.username !== "" || shown.password !== "") {
		shown.username = "***";
		shown.password = "";
	}
	for (const name of new Set(shown.searchParams.keys())) shown.searchParams.set(name, "***");
	return shown.href;
}
function shownAddress(address) {
	if (URL.canParse(address)) return shownUrl(new URL(address));
	return address.replace(/\/\/[^/?#]*@/, "//***@").replace(/[?#].*/s, "?***").slice(0, 200);
}
// src/transport/websocket.ts
const secretText = (value) => typeof value === "string" ? void 0 : ` must be a string, not ${typeof value}`;
const provider = (value) => typeof value === "function" ? void 0 : ` must be a function, not ${typeof value}`;
const headerTable = (value) => {
	if (!isObject$2(value)) return ` must be an object of strings, not ${kindOf$2(value)}`;
	const wrong = Object.entries(value).find(([, header]) => typeof header !== "string");
	return wrong && `[${JSON.stringify(wrong[0])}] must be a string, not ${typeof wrong[1]}`;
};
const CHECKS$1 = {
	token: secretText,
	tokenProvider: provider,
	headers: headerTable,
	allowInsecureToken: boolean,
	maxMessageBytes: messageBytes
};
function websocket(url, options = {}) {
	requireOptions("websocket", options, CHECKS$1);
	const target = checkedUrl(url);
	checkCredentials(target, options);
	return webSocketEndpoint(shownUrl(target), {
		url: target.href,
		headers: () => handshakeHeaders(options),
		maxMessageBytes: options.maxMessageBytes,
		recipe: {
			maker: "websocket",
			args: [target.href, options]
		}
	});
}
function checkedUrl(url) {
	const parsed = URL.canParse(String(url)) ? new URL(url) : void 0;
	if (parsed?.protocol !== "ws:" && parsed?.protocol !== "wss:") throw new TypeError(`websocket: the URL must begin with ws:// or wss://, not ${shownAddress(String(url))}`);
	if (parsed.hash !== "") throw new TypeError("websocket: the URL must have no fragment (#…)");
	return parsed;
}
async function handshakeHeaders({ token, tokenProvider, headers }) {
	const bearer = tokenProvider === void 0 ? token : await tokenProvider();
	if (tokenProvider !== void 0) checkBearer(bearer, "the result of tokenProvider");
	return {
		...headers,
		...bearer === void 0 ? {} : { Authorization: `Bearer ${bearer}` }
	};
}
// src/client/served-endpoint.ts
function servedEndpoint(address, token, server) {
	const endpoint = websocket(localAddress(address), {
		token,
		allowInsecureToken: true
	});
	const guarded = {
		...endpoint,
		connect: async (signal) => {
			if (await isStillRunning(server)) return endpoint.connect(signal);
			throw new LaunchError(`The app-server at ${address} has ended`);
		}
	};
	return Object.defineProperty(guarded, "recipe", {
		value: {
			maker: "served",
			args: [
				address,
				token,
				server
			]
		},
		enumerable: false
	});
}
// src/client/serve.ts
const CHECKS = {
	listen: nonEmpty,
	auth: () => void 0,
	...LAUNCH_CHECKS,
	timeoutMs: milliseconds,
	signal
};
async function serve(options) {
	try {
		var _usingCtx$1 = _usingCtx();
		requireOptions("Codex.serve", options, CHECKS);
		const { listen, cwd, timeoutMs = 3e4 } = options;
		const { token, args } = authentication(options.auth, checkedListen(listen));
		const late = (ms) => new LaunchError(`The app-server was not ready at ${listen} within ${ms} ms`);
		const limit = _usingCtx$1.u(deadline(options.signal, timeoutMs, late));
		limit.signal?.throwIfAborted();
		const server = await spawnListening({
			...serverCommand(options, [
				"app-server",
				"--listen",
				listen,
				...args
			]),
			cwd
		}, listen, limit.signal);
		return new Served(server, token, await markProcess(server.pid));
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		_usingCtx$1.d();
	}
}
function checkedListen(listen) {
	const address = parseListen(listen);
	if (address !== void 0) return address;
	throw new TypeError(`Codex.serve option listen must be "ws://IP:PORT" or "unix:///absolute/path", not ${show(listen)}`);
}
var Served = class {
	#server;
	#token;
	#mark;
	constructor(server, token, mark) {
		this.#server = server;
		this.#token = token;
		this.#mark = mark;
	}
	get address() {
		return this.#server.address;
	}
	get token() {
		return this.#token;
	}
	get pid() {
		return this.#server.pid;
	}
	get exited() {
		return this.#server.exited;
	}
	endpoint() {
		const { address } = this;
		if (address.startsWith("unix://")) return unixSocket(address.slice(7));
		return servedEndpoint(address, this.#token, this.#mark);
	}
	close() {
		return this.#server.close();
	}
	[asyncDispose]() {
		return this.close();
	}
};
// src/trace/mask.ts
const LONG = 1024;
const SHORTEST_SECRET = 8;
var TraceMask = class {
	#values;
	#harmless = "";
	constructor(values) {
		const all = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
		this.#values = [...new Set(all)].sort((a, b) => b.length - a.length);
	}
	apply(text) {
		let masked = text;
		for (const value of this.#values) if (masked.includes(value)) masked = masked.replaceAll(value, "***");
		return maskSecrets(masked, (one) => this.#maskText(one));
	}
	#maskText(text) {
		if (text.length < LONG) return maskText(text);
		if (this.#harmless === text) return text;
		const masked = maskText(text);
		if (masked === text) this.#harmless = text;
		return masked;
	}
};
function secretValuesOf(...environments) {
	return environments.flatMap((variables = {}) => Object.entries(variables).flatMap(([name, value = ""]) => isSecretName(name) && value.length >= SHORTEST_SECRET ? [value] : []));
}
// src/trace/at-exit.ts
var ExitList = class {
	#open = /* @__PURE__ */ new Set();
	add(one) {
		if (this.#open.size === 0) process.on("exit", this.#close);
		this.#open.add(one);
	}
	delete(one) {
		this.#open.delete(one);
		if (this.#open.size === 0) process.off("exit", this.#close);
	}
	#close = () => {
		for (const one of [...this.#open]) one[dispose]();
	};
};
const atExit = new ExitList();
// src/trace/delta-run.ts
const HEAD = /^\{"method":"item\/[a-zA-Z/]+","params":\{(?:"[a-zA-Z]+":(?:"[^"\\\p{Cc}]+"|\d+),)*"itemId":"([^"\\\p{Cc}]+)",(?:"[a-zA-Z]+":(?:"[^"\\\p{Cc}]+"|\d+),)*"delta":"/u;
const TURN = /"turnId":"([^"\\]+)"/;
const TAIL = /"((?:,"[a-zA-Z]+":\d+)*)\}(?:,"emittedAtMs":([1-9]\d{12}))?\}$/;
const TAIL_CHARS = 120;
const TIMED = "\"},\"emittedAtMs\":";
const TIMED_LENGTH = 31;
const NOT_PLAIN = /["\\\p{Cc}]/u;
const NEWLINE = 10;
const SPACE = 32;
const LINES = 4096;
const WORDS = 32768;
const ANYWHERE = 131072;
var DeltaRun = class DeltaRun {
	itemId;
	#turnId;
	#head;
	#extra = "";
	#texts = [];
	#length = 0;
	#groups = [];
	#nextAt = -1;
	#emitted = "";
	#emittedAtMs = null;
	constructor(head, itemId) {
		this.#head = head;
		this.itemId = itemId;
		this.#turnId = TURN.exec(head)?.[1];
	}
	static of(line) {
		const found = HEAD.exec(line);
		return found?.[1] === void 0 ? void 0 : new DeltaRun(found[0], found[1]);
	}
	get head() {
		return this.#head;
	}
	begins(line) {
		return line.slice(0, this.#head.length) === this.#head;
	}
	add(line, at, write) {
		const start = this.#head.length;
		const tail = line.length - TIMED_LENGTH;
		if (tail >= start && line.slice(tail, tail + 17) === TIMED) {
			const time = line.slice(tail + 17, -1);
			const text = readText(line, start, tail);
			return text !== void 0 && this.addText(text, time, at, write);
		}
		const end = Math.max(start, line.length - TAIL_CHARS);
		const found = TAIL.exec(line.slice(end));
		if (!found) return false;
		const [, extra = "", time = ""] = found;
		const text = readText(line, start, end + found.index);
		return text !== void 0 && this.addText(text, time, at, write, extra);
	}
	addText(text, time, at, write, extra = "") {
		if (time !== this.#emitted) {
			if (time !== "" && !/^[1-9]\d{12}$/.test(time)) return false;
			this.#emitted = time;
			this.#emittedAtMs = time === "" ? null : Number(time);
			this.#nextAt = -1;
		}
		if (extra !== this.#extra) {
			this.close(write);
			this.#extra = extra;
		} else if (this.#length > LINES && this.#endsBefore(text)) this.close(write);
		const start = this.#texts.push(text) - 1;
		this.#length += text.length;
		if (at !== this.#nextAt) this.#groups.push({
			at,
			emittedAtMs: this.#emittedAtMs,
			start
		});
		this.#nextAt = at + 1;
		return true;
	}
	#endsBefore(text) {
		if (this.#length > ANYWHERE) return true;
		const last = this.#texts.at(-1) ?? "";
		const before = last.charCodeAt(last.length - 1);
		const after = text.charCodeAt(0);
		return (before === NEWLINE || after === NEWLINE || this.#length > WORDS && (before === SPACE || after === SPACE)) && !isInPrivateKey(this.#texts.join(""));
	}
	isMentionedBy(message) {
		if (message.includes(`"${this.itemId}"`)) return true;
		return message.includes("\"turn/completed\"") && message.includes(`"${this.#turnId}"`);
	}
	close(write) {
		const texts = this.#texts;
		const groups = this.#groups;
		const [first] = groups;
		if (!first) return;
		this.#texts = [];
		this.#length = 0;
		this.#groups = [];
		this.#nextAt = -1;
		write({
			text: texts.join(""),
			groups: groups.map(({ at, emittedAtMs, start }, index) => {
				const lengths = texts.slice(start, groups[index + 1]?.start).map(({ length }) => length);
				return [
					at / 1e3,
					emittedAtMs,
					...lengths
				];
			}),
			wrap: (text) => this.#line(text, first.emittedAtMs)
		});
	}
	#line(text, emittedAtMs) {
		const time = emittedAtMs === null ? "" : `,"emittedAtMs":${emittedAtMs}`;
		return `${this.#head}${JSON.stringify(text).slice(1)}${this.#extra}}${time}}`;
	}
};
function readText(line, start, end) {
	const text = line.slice(start, end);
	if (!NOT_PLAIN.test(text)) return text;
	try {
		return JSON.parse(line.slice(start - 1, end + 1));
	} catch {
		return;
	}
}
function isInPrivateKey(text) {
	const begin = text.lastIndexOf("-----BEGIN ");
	return begin !== -1 && text.indexOf("-----END ", begin) === -1;
}
// src/trace/delta-runs.ts
const MAX_RUNS = 256;
var DeltaRuns = class {
	#write;
	#runs = /* @__PURE__ */ new Map();
	#last;
	#lastHead = "";
	#isHarmless;
	constructor(write, isHarmless) {
		this.#write = write;
		this.#isHarmless = isHarmless;
	}
	add(line, at) {
		const last = this.#last;
		if (last?.begins(line)) return last.add(line, at, this.#write);
		const run = this.#runFor(line);
		if (!run) return false;
		this.#last = run;
		this.#lastHead = run.head;
		return run.add(line, at, this.#write);
	}
	addText(head, text, time, at) {
		const last = this.#last;
		const run = last && head === this.#lastHead ? last : this.#runFor(head);
		if (!run) return false;
		this.#last = run;
		this.#lastHead = head;
		return run.addText(text, time, at, this.#write);
	}
	endedBy(message) {
		for (const run of this.#runs.values()) if (run.isMentionedBy(message)) this.#close(run);
	}
	closeAll() {
		for (const run of [...this.#runs.values()]) this.#close(run);
	}
	#runFor(line) {
		const made = DeltaRun.of(line);
		if (!made) return void 0;
		const known = this.#runs.get(made.head);
		if (known) return known;
		if (!this.#isHarmless(made.head)) return void 0;
		const [oldest] = this.#runs.values();
		if (oldest && this.#runs.size >= MAX_RUNS) this.#close(oldest);
		this.#runs.set(made.head, made);
		return made;
	}
	#close(run) {
		run.close(this.#write);
		this.#runs.delete(run.head);
		if (this.#last === run) this.#last = void 0;
	}
};
// src/trace/trace-file.ts
const MODE = 384;
const PARTS = 4;
const BUFFERED_CHARS = 65536;
const MAX_WAIT_MS = 10;
var TraceFile = class {
	#options;
	#partBytes;
	#descriptor;
	#part = 1;
	#bytes = 0;
	#waiting = "";
	#timer;
	constructor(options) {
		this.#options = options;
		this.#partBytes = Math.floor(options.maxBytes / PARTS);
		this.#attempt(() => this.#open());
	}
	get maxChars() {
		return Math.floor(this.#partBytes / 4);
	}
	write(line) {
		if (this.#descriptor === void 0) return;
		const most = Math.min(BUFFERED_CHARS, this.maxChars);
		if (this.#waiting.length + line.length >= most) this.#flush();
		this.#timer ??= setTimeout(() => this.#flush(), MAX_WAIT_MS).unref();
		this.#waiting += `${line}\n`;
	}
	#flush() {
		clearTimeout(this.#timer);
		this.#timer = void 0;
		const text = this.#waiting;
		if (text === "" || this.#descriptor === void 0) return;
		this.#waiting = "";
		this.#attempt(() => {
			const bytes = Buffer.from(text);
			if (this.#bytes + bytes.length > this.#partBytes) this.#rotate();
			this.#writeAll(bytes);
		});
	}
	close() {
		this.#flush();
		if (this.#descriptor === void 0) return;
		const descriptor = this.#descriptor;
		this.#descriptor = void 0;
		this.#attempt(() => closeSync(descriptor));
	}
	#open() {
		this.#descriptor = openSync(this.#options.path.file, "wx", MODE);
		this.#bytes = 0;
		this.#writeAll(Buffer.from(`${this.#options.header(this.#part)}\n`));
	}
	#rotate() {
		const { path } = this.#options;
		if (this.#descriptor !== void 0) closeSync(this.#descriptor);
		this.#descriptor = void 0;
		renameSync(path.file, path.partFile(this.#part));
		this.#part++;
		if (this.#part > PARTS) rmSync(path.partFile(this.#part - PARTS), { force: true });
		this.#open();
	}
	#writeAll(bytes) {
		if (this.#descriptor === void 0) return;
		for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at);
		this.#bytes += bytes.length;
	}
	#attempt(work) {
		try {
			work();
		} catch (cause) {
			const descriptor = this.#descriptor;
			this.#descriptor = void 0;
			this.#waiting = "";
			if (descriptor !== void 0) closeQuietly(descriptor);
			this.#options.failed(cause);
		}
	}
};
function closeQuietly(descriptor) {
	try {
		closeSync(descriptor);
	} catch {}
}
// src/trace/trace-path.ts
const EXTENSION = ".jsonl";
const ENOUGH_BYTES = 4096;
var TracePath = class TracePath {
	file;
	constructor(file) {
		this.file = file;
	}
	static prepare(given, now) {
		const isFolder = /[\\/]$/.test(given) || statSync(given, { throwIfNoEntry: false })?.isDirectory();
		const wanted = isFolder ? path.join(given, nameAt(now)) : given;
		mkdirSync(path.dirname(path.resolve(wanted)), {
			recursive: true,
			mode: 448
		});
		for (let count = 1;; count++) {
			const file = path.resolve(count === 1 ? wanted : numbered(wanted, count));
			const found = stateOf(file);
			refuseForeign(file, found);
			if (found === "open" || isFolder && found === "over") continue;
			const made = new TracePath(file);
			const parts = made.parts().map(({ file }) => file);
			for (const part of parts) refuseForeign(part, stateOf(part));
			for (const old of [file, ...parts]) rmSync(old, { force: true });
			return made;
		}
	}
	static of(file) {
		return new TracePath(path.resolve(file));
	}
	partFile(part) {
		const { dir, name, ext } = path.parse(this.file);
		return path.join(dir, `${name}.part${part}${ext}`);
	}
	parts() {
		const { dir, name, ext } = path.parse(this.file);
		return readdirSync(dir).flatMap((file) => {
			const number = file.startsWith(`${name}.part`) && file.endsWith(ext) ? file.slice(name.length + 5, file.length - ext.length) : "";
			if (!/^[1-9]\d{0,14}$/.test(number)) return [];
			return [{
				part: Number(number),
				file: path.join(dir, file)
			}];
		}).sort((a, b) => a.part - b.part);
	}
};
function nameAt(now) {
	return `codex-${now.toISOString().replaceAll(/[:.]/g, "-")}-${process.pid}${EXTENSION}`;
}
function numbered(file, count) {
	const { dir, name, ext } = path.parse(file);
	return path.join(dir, `${name}-${count}${ext}`);
}
function refuseForeign(file, found) {
	if (found !== "foreign") return;
	throw new Error(`${file} exists and isn't a trace; delete it, or write the trace elsewhere`);
}
function stateOf(file) {
	const found = statSync(file, { throwIfNoEntry: false });
	if (!found) return "none";
	if (!found.isFile()) return "foreign";
	if (found.size === 0) return "over";
	const { first, last } = endsOf(file);
	const header = parsed$1(first);
	if (!isRecord(header) || header.trace !== "codex-app-server") return "foreign";
	const end = parsed$1(last);
	if (isRecord(end) && end.event === "end") return "over";
	return isRunning(header.pid) ? "open" : "over";
}
function endsOf(file) {
	const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	try {
		const { size } = fstatSync(descriptor);
		const read = (from) => {
			const bytes = Buffer.alloc(ENOUGH_BYTES);
			return bytes.subarray(0, readSync(descriptor, bytes, 0, ENOUGH_BYTES, from)).toString();
		};
		const [first = ""] = read(0).split("\n", 1);
		return {
			first,
			last: read(Math.max(0, size - ENOUGH_BYTES)).trimEnd().split("\n").at(-1) ?? ""
		};
	} finally {
		closeSync(descriptor);
	}
}
function parsed$1(line) {
	try {
		return JSON.parse(line);
	} catch {
		return;
	}
}
function isRunning(pid) {
	if (typeof pid !== "number") return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return isRecord(error) && error.code === "EPERM";
	}
}
// src/trace/recorder.ts
var TraceRecorder = class {
	#options;
	#runs;
	#file;
	#isOver = false;
	#now = -1;
	#start = 0;
	#last = -1;
	constructor(options) {
		this.#options = options;
		const { mask } = options;
		this.#runs = new DeltaRuns((deltas) => this.#writeDeltas(deltas), (head) => mask.apply(`${head}"}}`) === `${head}"}}`);
	}
	message(direction, text) {
		if (this.#isOver) return;
		const at = this.#time();
		if (direction === "receive" && this.#runs.add(text, at)) return;
		this.#runs.endedBy(text);
		this.#write(`{"at":${at / 1e3},"${direction}":${this.#masked(text)}}`);
	}
	delta(head, text, time) {
		if (this.#isOver) return;
		const at = this.#time();
		if (this.#runs.addText(head, text, time, at)) return;
		const members = time === "" ? "}" : `},"emittedAtMs":${time}}`;
		this.#write(`{"at":${at / 1e3},"receive":${this.#masked(head + JSON.stringify(text).slice(1) + members)}}`);
	}
	event(event, details = {}) {
		if (this.#isOver) return;
		const at = this.#time();
		const members = this.#options.mask.apply(JSON.stringify({
			event,
			...details
		}));
		this.#write(`{"at":${at / 1e3},${members.slice(1)}`);
	}
	[dispose]() {
		if (this.#isOver) return;
		this.#runs.closeAll();
		this.event("end");
		this.#isOver = true;
		this.#file?.close();
		atExit.delete(this);
	}
	#time() {
		if (this.#now === -1) {
			if (this.#start === 0) this.#start = performance$1.now();
			this.#now = Math.round((performance$1.now() - this.#start) * 1e3);
			process.nextTick(() => {
				this.#now = -1;
			});
		}
		this.#last = Math.max(this.#now, this.#last + 1);
		return this.#last;
	}
	#write(line) {
		this.#file ??= this.#begin();
		this.#file?.write(line);
	}
	#writeDeltas({ text, groups, wrap }) {
		const [first] = groups;
		if (!first) return;
		if (!this.#fits(text)) {
			const message = placeholder(wrap(""), text.length);
			this.#write(`{"at":${first[0]},"receive":${message}}`);
			return;
		}
		const masked = this.#options.mask.apply(text);
		const kept = masked === text ? groups : [[
			first[0],
			first[1],
			masked.length
		]];
		const deltas = kept.length === 1 && kept[0]?.length === 3 ? "" : `,"deltas":${JSON.stringify(kept)}`;
		this.#write(`{"at":${first[0]},"receive":${wrap(masked)}${deltas}}`);
	}
	#masked(text) {
		if (!this.#fits(text)) return placeholder(text, text.length);
		const masked = this.#options.mask.apply(text);
		return parsed(masked) !== void 0 ? masked.replaceAll("\n", " ") : JSON.stringify(masked);
	}
	#fits(text) {
		this.#file ??= this.#begin();
		return text.length <= (this.#file?.maxChars ?? 0);
	}
	#begin() {
		const { path, maxBytes = DEFAULT_MAX_BYTES } = this.#options;
		const startedAt = /* @__PURE__ */ new Date();
		let file = path;
		const failed = (cause) => {
			this.#isOver = true;
			atExit.delete(this);
			this.#options.failed(file, cause);
		};
		try {
			const place = TracePath.prepare(path, startedAt);
			file = place.file;
			atExit.add(this);
			return new TraceFile({
				path: place,
				maxBytes,
				header: this.#headerAt(startedAt),
				failed
			});
		} catch (cause) {
			failed(cause);
			return;
		}
	}
	#headerAt(startedAt) {
		const { name, outlivesTransport } = this.#options.endpoint;
		const id = randomUUID();
		return (part) => {
			const header = {
				trace: "codex-app-server",
				version: 1,
				id,
				part,
				startedAt: startedAt.toISOString(),
				client: version,
				runtime: `node ${process.version} ${process.platform}-${process.arch}`,
				pid: process.pid,
				endpoint: {
					name,
					outlivesTransport
				}
			};
			return this.#options.mask.apply(JSON.stringify(header));
		};
	}
};
function placeholder(text, omittedChars) {
	const message = parsed(text);
	const { id, method } = isRecord(message) ? message : {};
	return JSON.stringify({
		id,
		method,
		omittedChars
	});
}
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
// src/client/tracing.ts
function recorderOf(options, endpoint, warn) {
	const chosen = traceOptions(options.trace);
	if (chosen === void 0) return void 0;
	const { name, outlivesTransport } = endpoint;
	const secrets = [...secretValuesOf(process.env, options.env), ...options.apiKey ? [options.apiKey] : []];
	return new TraceRecorder({
		...chosen,
		endpoint: {
			name,
			outlivesTransport
		},
		mask: new TraceMask(secrets),
		failed: (file, cause) => {
			const message = `The trace ${file} can't be written; it ends here, the client works on: ${messageOf(cause)}`;
			warn(new CodexWarning("TRACE_FAILED", message, { cause }));
		}
	});
}
function noting(recorder, warn) {
	if (!recorder) return warn;
	return (warning) => {
		const { code, message } = warning;
		recorder.event("warning", {
			code,
			message
		});
		warn(warning);
	};
}
// src/client/codex.ts
const DEFAULT_TIMEOUT_MS = 6e4;
const DEFAULT_TURN_IDLE_MS = 6e4;
var Codex = class Codex {
	#session;
	#statusListeners;
	#threads;
	account = new Account(this);
	config = new Config(this);
	mcp = new Mcp(this);
	skills = new Skills(this);
	plugins = new Plugins(this);
	files = new Files(this);
	requests;
	api = apiOf((method, params, options) => {
		checkCall("request", method, options);
		return this.#session.userRequest(method, params, options);
	});
	constructor(options = {}) {
		checkOptions(options);
		const onWarning = warnerOf(options);
		this.#statusListeners = new Listeners("the client's status", onWarning);
		const logIn = loginOf(options);
		const config = logIn ? {
			...options.config,
			...EPHEMERAL_STORE
		} : options.config;
		const endpoint = options.transport ?? stdio({
			...options,
			config
		});
		const recorder = recorderOf(options, endpoint, onWarning);
		const warn = noting(recorder, onWarning);
		const pending = new PendingRequests(warn);
		this.requests = new Requests(pending);
		const versionCheck = new VersionCheck(warn);
		this.#session = new Session({
			endpoint,
			recovery: recoveryPolicy(endpoint, options),
			turnIdleMs: options.turnIdleMs ?? DEFAULT_TURN_IDLE_MS,
			modelRetryMs: options.modelRetryMs ?? 0,
			client: identity(options),
			keepAlive: options.keepAlive ?? true,
			requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS,
			logIn,
			retry: overloadRetry(options),
			responder: new Responder({
				approvals: options.approvals,
				handlers: handlersOf(options),
				pending,
				warn
			}),
			pending,
			recorder,
			warn,
			onStatus: (status) => {
				this.#statusListeners.tell(status);
				if (status.state === "ready") versionCheck.tell(this.metadata.serverInfo.version);
			}
		});
		const files = new LocalFiles(this.#session, options.cwd);
		this.#threads = new ThreadOpener(this.#session, files);
		const stop = onAbort(options.signal, () => void this.close());
		this.#session.ended.then(stop);
	}
	static async start(options = {}) {
		const codex = new Codex(options);
		try {
			await codex.connect({ signal: options.signal });
			return codex;
		} catch (error) {
			await codex.close();
			throw error;
		}
	}
	static serve(options) {
		return serve(options);
	}
	async connect(options = {}) {
		checkCall("connect", "connect", options);
		return this.#session.connect(options.signal);
	}
	get metadata() {
		const { metadata } = this.#session;
		if (metadata) return metadata;
		throw new CodexError("The server has not been started yet: await codex.connect() first");
	}
	get status() {
		return this.#session.status;
	}
	onStatus(listener) {
		return this.#statusListeners.add(listener);
	}
	get closed() {
		return this.#session.ended;
	}
	close() {
		return this.#session.close();
	}
	[asyncDispose]() {
		return this.close();
	}
	async threadStart(options = {}) {
		checkCall("threadStart", "threadStart", options);
		return forCaller(this.threadStart, () => this.#threads.start(options));
	}
	async threadResume(threadId, options = {}) {
		checkThreadId("threadResume", threadId);
		checkCall("threadResume", "threadResume", options);
		return forCaller(this.threadResume, () => this.#threads.resume(threadId, options));
	}
	async threadFork(threadId, options = {}) {
		checkThreadId("threadFork", threadId);
		checkCall("threadFork", "threadFork", options);
		return forCaller(this.threadFork, () => this.#threads.fork(threadId, options));
	}
	async threadList(options = {}) {
		checkCall("threadList", "threadList", options);
		const { signal, timeoutMs, ...params } = options;
		return this.request("thread/list", jsonParams(params), {
			signal,
			timeoutMs
		});
	}
	threads(options = {}) {
		return new Leavable(() => this.#listThreads(options));
	}
	async *#listThreads(options) {
		checkCall("threadList", "threads", options);
		yield* pages$1("thread/list", options.cursor, (cursor) => this.threadList({
			...options,
			cursor
		}));
	}
	searchThreads(text, options = {}) {
		checkParams("searchThreads", "thread/search", options, { omitted: ["searchTerm"] });
		const { signal, timeoutMs, cursor, ...params } = options;
		const limits = {
			signal,
			timeoutMs
		};
		return pages$1("thread/search", cursor, (next) => this.#session.userRequest("thread/search", {
			...params,
			searchTerm: text,
			cursor: next ?? null
		}, limits));
	}
	loadedThreads(limits) {
		checkCall("request", "loadedThreads", limits);
		return pages$1("thread/loaded/list", void 0, (cursor) => this.#session.userRequest("thread/loaded/list", { cursor: cursor ?? null }, limits));
	}
	async threadDelete(threadId, options) {
		checkThreadId("threadDelete", threadId);
		checkCall("request", "threadDelete", options);
		await this.request("thread/delete", { threadId }, options);
	}
	async threadArchive(threadId, options) {
		checkThreadId("threadArchive", threadId);
		checkCall("request", "threadArchive", options);
		return this.request("thread/archive", { threadId }, options);
	}
	async threadUnarchive(threadId, options = {}) {
		checkThreadId("threadUnarchive", threadId);
		checkCall("request", "threadUnarchive", options);
		await this.request("thread/unarchive", { threadId }, options);
		return this.threadResume(threadId, options);
	}
	async modelList(options = {}) {
		checkCall("modelList", "modelList", options);
		const { signal, timeoutMs, ...params } = options;
		return this.request("model/list", jsonParams(params), {
			signal,
			timeoutMs
		});
	}
	exec(command, options = {}) {
		return new ExecCommand(this, command, options);
	}
	async models(options = {}) {
		checkCall("modelList", "models", options);
		const models = [];
		for await (const model of pages$1("model/list", options.cursor, (cursor) => this.modelList({
			...options,
			cursor
		}))) models.push(model);
		return models;
	}
	async request(method, ...[params, options]) {
		checkCall("request", "request", options);
		return this.#session.userRequest(method, params, options);
	}
	on(method, listener) {
		return this.#session.hub.on(method, listener);
	}
	notifications() {
		return this.#session.hub.notifications();
	}
};
function jsonParams(params) {
	return params;
}
export { tomlFile as A, Login as C, configArgs as D, findCodexBinary as E, describeRequest as F, visibleJsonLine as I, spawnAppServer as M, hasProcTable as N, isBareKey as O, procTable as P, DeviceCodeLogin as S, serverCommand as T, FileWatch as _, unixSocket as a, Account as b, Thread as c, prepareOutput as d, externalMessage as f, Mcp as g, Plugins as h, websocket as i, tomlValue as j, isTable as k, startUnchecked as l, Skills as m, TracePath as n, webSocketEndpoint as o, Goal as p, servedEndpoint as r, withErrorListener as s, Codex as t, presets as u, Files as v, ExecCommand as w, ChatGPTLogin as x, Config as y };

//# sourceMappingURL=codex-_cu9Lv9r.js.map