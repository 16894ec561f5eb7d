#!/usr/bin/env node
import { t as version } from "../chunks/version-CqA_qoI8.js";
import { i as messageOf, l as escapeLine, r as isRecord } from "../chunks/describe-_qXpbH4d.js";
import { r as imageFault, u as TurnFailedError } from "../chunks/media-url-iQuN1SmC.js";
import { D as configArgs, E as findCodexBinary, F as describeRequest, I as visibleJsonLine, d as prepareOutput, t as Codex } from "../chunks/codex-_cu9Lv9r.js";
import { i as stripForOutput, r as lastStates, t as toText } from "../chunks/timeline-DATLN4Uk.js";
import { F as asyncDispose, I as dispose } from "../chunks/checks-CUlVF2ON.js";
import { i as MAX_TEXT_CHARS } from "../chunks/turn-28f5MJi6.js";
import { _ as orAborted, g as onAbort, l as ThreadNotFoundError, x as startTimer } from "../chunks/rpc-errors-Ck2IiD6l.js";
import { g as patch, i as reply, m as command, o as readTrace, t as startScripted, v as text } from "../chunks/testing-Da60m7mC.js";
import { a as _usingCtx } from "../chunks/check-calls-9rAXnSef.js";
import { t as Timeline } from "../chunks/timeline-DBTJ8bdF.js";
import { parseArgs, styleText } from "node:util";
import { once } from "node:events";
import { closeSync, constants, existsSync, fstatSync, ftruncateSync, lstatSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { createInterface } from "node:readline/promises";
// src/cli/usage-error.ts
var UsageError = class extends Error {
	name = "UsageError";
	code = "USAGE";
};
// src/cli/files.ts
function directory(option, given) {
	const found = statSync(given, { throwIfNoEntry: false });
	if (found?.isDirectory()) return path.resolve(given);
	throw fault$1(option, given, found ? "isn't a directory" : "doesn't exist");
}
function file(option, given) {
	const found = statSync(given, { throwIfNoEntry: false });
	if (found?.isFile()) return path.resolve(given);
	throw fault$1(option, given, found ? "isn't a file" : "doesn't exist");
}
function fileToWrite(option, given) {
	const absolute = path.resolve(given);
	if (given === "" || statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) throw fault$1(option, given, "isn't a file");
	if (statSync(path.dirname(absolute), { throwIfNoEntry: false })?.isDirectory()) return absolute;
	throw fault$1(option, given, "is in a directory that doesn't exist");
}
function schemaIn(option, given) {
	const schema = jsonIn(option, given, readFileSync(file(option, given), "utf8"));
	try {
		prepareOutput(schema);
		return schema;
	} catch (error) {
		throw fault$1(option, given, `can't be used: ${messageOf(error)}`);
	}
}
function jsonIn(option, given, text) {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw fault$1(option, given, `isn't JSON: ${messageOf(error).replaceAll(/\s+/g, " ")}`);
	}
}
async function checkImages(files) {
	for (const one of files) {
		const why = await imageFault(await readFile(one));
		if (why !== void 0) throw fault$1("--image", path.relative("", one), why);
	}
}
function fault$1(option, given, what) {
	return new UsageError(`${option}: ${JSON.stringify(given)} ${what}`);
}
// src/cli/arguments.ts
const SANDBOXES = [
	"read-only",
	"workspace-write",
	"danger-full-access"
];
const POLICIES = [
	"untrusted",
	"on-request",
	"never"
];
const OPTIONS$1 = {
	model: {
		type: "string",
		short: "m"
	},
	cd: {
		type: "string",
		short: "C"
	},
	sandbox: {
		type: "string",
		short: "s"
	},
	"ask-for-approval": {
		type: "string",
		short: "a"
	},
	config: {
		type: "string",
		short: "c",
		multiple: true
	},
	image: {
		type: "string",
		short: "i",
		multiple: true
	},
	resume: { type: "string" },
	last: { type: "boolean" },
	"output-schema": { type: "string" },
	"output-last-message": {
		type: "string",
		short: "o"
	},
	trace: { type: "string" },
	json: { type: "boolean" },
	scripted: { type: "boolean" },
	help: {
		type: "boolean",
		short: "h"
	},
	version: {
		type: "boolean",
		short: "V"
	},
	cwd: { type: "string" },
	"approval-policy": { type: "string" }
};
function parseArguments(argv) {
	const { values, tokens } = parse$1(argv);
	if (values.help) return "help";
	if (values.version) return "version";
	const { cwd: oldCwd, "approval-policy": oldPolicy } = values;
	return {
		prompt: promptOf(tokens),
		model: nonEmpty("--model", values.model),
		cwd: directory("--cd", values.cd ?? oldCwd ?? "."),
		sandbox: oneOf("--sandbox", SANDBOXES, values.sandbox),
		approvalPolicy: oneOf("--ask-for-approval", POLICIES, values["ask-for-approval"] ?? oldPolicy),
		config: (values.config ?? []).map(override),
		images: (values.image ?? []).map((image) => file("--image", image)),
		outputSchema: map(values["output-schema"], (given) => schemaIn("--output-schema", given)),
		resume: resumed(values),
		outputFile: map(values["output-last-message"], (given) => fileToWrite("--output-last-message", given)),
		trace: nonEmpty("--trace", values.trace),
		scripted: values.scripted ?? false,
		json: values.json ?? false
	};
}
function asksForJson(argv) {
	const end = argv.indexOf("--");
	return argv.slice(0, end === -1 ? argv.length : end).includes("--json");
}
function parse$1(argv) {
	try {
		return parseArgs({
			args: [...argv],
			options: OPTIONS$1,
			allowPositionals: true,
			tokens: true
		});
	} catch (error) {
		const message = messageOf(error);
		const dashed = /^Option '([^']+)' argument is ambiguous/.exec(message)?.[1];
		const [first = ""] = message.split(/\.\s/);
		throw new UsageError(dashed ? `${dashed} needs a value; write ${dashed}=-x for -x` : first);
	}
}
const COMMANDS = new Map([
	["exec", "leave it out: codex-app-server \"PROMPT\""],
	["e", "leave it out: codex-app-server \"PROMPT\""],
	["resume", "use --resume ID, or --last"],
	["help", "use --help"],
	...[
		"login",
		"logout",
		"mcp",
		"review",
		"fork",
		"apply",
		"archive",
		"doctor",
		"update"
	].map((name) => [name, `run "npx @openai/codex ${name}"`])
]);
function promptOf(tokens) {
	const end = tokens.find(({ kind }) => kind === "option-terminator")?.index ?? 1e400;
	const [first, second] = tokens.filter((token) => token.kind === "positional");
	if (first === void 0) return void 0;
	const { value, index } = first;
	const instead = index < end ? COMMANDS.get(value) : void 0;
	if (instead !== void 0) throw new UsageError(`${JSON.stringify(value)} is a command of codex, not a prompt: ${instead}. To send the word itself, put "--" before it.`);
	if (second !== void 0) throw new UsageError(`unexpected argument ${JSON.stringify(second.value)}: put the whole prompt in quotes`);
	return value === "" || value === "-" ? void 0 : value;
}
function nonEmpty(option, value) {
	if (value === "") throw new UsageError(`${option} needs a value, but got an empty one`);
	return value;
}
function oneOf(option, known, value) {
	const found = known.find((one) => one === value);
	if (value === void 0 || found !== void 0) return found;
	throw new UsageError(`${option} must be ${or(known)}, not ${JSON.stringify(value)}`);
}
function or(words) {
	return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
function override(value) {
	if (/^\s*[^\s=][^=]*=/.test(value)) return value;
	throw new UsageError(`--config: ${JSON.stringify(value)} isn't a setting: write key=value, such as model="gpt-5.5"`);
}
function resumed({ resume: id, last, scripted }) {
	if (id === void 0 && !last) return void 0;
	if (id !== void 0 && last) throw new UsageError("use either --resume or --last, not both");
	if (scripted) throw new UsageError(`${last ? "--last" : "--resume"} can't be combined with --scripted: a scripted run stores no threads`);
	if (id === void 0) return "last";
	if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return { id };
	throw new UsageError(`--resume: ${JSON.stringify(id)} isn't a thread id, which looks like 01a21621-4e32-7d93-95cc-a59aa325f11f. Each turn shows that of its thread at its end.`);
}
function map(value, read) {
	return value === void 0 ? void 0 : read(value);
}
// src/cli/text.ts
const plain = (_style, text) => text;
const coloured = (style, text) => styleText(style, text, { validateStream: false });
const FRAME = show`┃`;
const LIKE_FRAME = "│";
const ESCAPED_FRAME = "\\u{2503}";
const OUTPUT_LINES = 20;
const LINE_LENGTH = 400;
function show(literals, ...parts) {
	return String.raw({ raw: literals }, ...parts);
}
function join(parts, separator = "") {
	return parts.join(separator);
}
function outputText(text) {
	return stripForOutput(text).replaceAll(FRAME, LIKE_FRAME);
}
function outputLine(text) {
	return outputText(text).trim().replaceAll(/\s+/g, " ");
}
function outputLines(text) {
	const all = outputText(text).trimEnd();
	return all === "" ? [] : all.split("\n");
}
function exactLine(text) {
	return escapeLine(text).replaceAll(FRAME, ESCAPED_FRAME);
}
function exactLines(text) {
	return text.split("\n").map(exactLine);
}
function exactJson(value) {
	return visibleJsonLine(value).replaceAll(FRAME, "\\u2503");
}
function shortened(lines, max = OUTPUT_LINES) {
	if (lines.length <= max) return lines.map((line) => shortenLine(line));
	const head = Math.ceil(max / 2);
	const tail = max - head - 1;
	const left = lines.length - head - tail;
	return [
		...lines.slice(0, head).map((line) => shortenLine(line)),
		show`… ${left} lines left out …`,
		...lines.slice(-tail).map((line) => shortenLine(line))
	];
}
function shortenLine(line, max = LINE_LENGTH) {
	if (line.length <= max) return line;
	return show`${line.slice(0, max)}… (${line.length - max} more characters)`;
}
function indented(lines) {
	return join(lines.map((line) => show`  ${line}\n`));
}
function duration(ms) {
	if (ms < 1e3) return show`${Math.round(ms)} ms`;
	if (ms < 6e4) return show`${(ms / 1e3).toFixed(1)} s`;
	const seconds = Math.round(ms / 1e3);
	return show`${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
function shortPath(file, cwd) {
	const relative = path.relative(cwd, file);
	return exactLine(relative === "" || relative.startsWith("..") || path.isAbsolute(relative) ? file : relative);
}
// src/cli/help.ts
const MAX_WIDTH = 80;
const COLUMNS = [10, 28];
const MIN_WIDTH = 64;
const NARROW_COLUMN = 6;
const SECTIONS = [
	[show`Arguments`, [[show`PROMPT`, show`What the agent should do, as one argument. Without it, or with "-", it is read from stdin. If there is a prompt, piped input is appended to it as a <stdin> block:`], { code: show`  git diff | codex-app-server "Review these changes"` }]],
	[show`Options`, [
		[show`-m, --model MODEL`, show`Model to use; default: that of your configuration`],
		[show`-C, --cd DIR`, show`Working directory; default: the current one`],
		[show`-s, --sandbox MODE`, show`What commands may do without approval: read-only, workspace-write or danger-full-access`],
		[show`-a, --ask-for-approval POLICY`, show`When the agent asks for approval: untrusted, on-request or never`],
		[show`-c, --config KEY=VALUE`, show`Override a setting of config.toml, such as model_reasoning_effort=high. The value is TOML, otherwise a plain string; repeatable`],
		[show`-i, --image FILE`, show`Attach a PNG, JPEG, GIF or WebP image; repeatable`],
		[show`    --resume ID`, show`Continue the thread with this id, which each turn shows at its end`],
		[show`    --last`, show`Continue the newest thread of the working directory`],
		[show`    --output-schema FILE`, show`Require an answer that matches this JSON Schema`],
		[show`-o, --output-last-message FILE`, show`Also write the answer to this file; it is left empty if the turn fails`],
		[show`    --trace PATH`, show`Write every message to this file, or to a new file in this folder, with secrets masked`],
		[show`    --json`, show`Print notifications instead of text, as JSON Lines`],
		[show`    --scripted`, show`Take the replies from a built-in script instead of a model; everything else is real`],
		[show`-h, --help`, show`Print this help`],
		[show`-V, --version`, show`Print the version`]
	]],
	[show`Output`, [
		show`The agent's messages go to stdout, everything else to stderr: commands and their output, changes, approvals, errors, tokens, time, the thread's id.`,
		show`With --json, each line of stdout is a notification of the app-server. If the exit code isn't 0, the last line is an error:`,
		{ code: show`{"method":"…","params":{…}}` },
		{ code: show`{"type":"error","code":"…","message":"…"}` },
		show`NO_COLOR and FORCE_COLOR turn colours off and on.`
	]],
	[show`Approvals`, [show`If stdin and stderr are a terminal, you are asked; otherwise requests are declined. A question shows the complete request, page by page if it is long, with invisible characters escaped (\\r, \\x1b, \\u{200b}), and offers the answers that the server allows. Only the lines of questions start with "┃". Keys that were typed before a question appeared are ignored.`, show`Ctrl-C interrupts the turn, a second Ctrl-C quits.`]],
	[show`Models`, [show`The model is that of your Codex login ("npx @openai/codex login"), or of the provider in your Codex configuration. Without either, the API key in CODEX_API_KEY or OPENAI_API_KEY is used; it isn't stored. Without any of these the command fails, except on a terminal, where the replies are scripted and a notice says so.`]],
	[show`Traces`, [show`To see what --trace has written: turns, where their time went, tokens, errors; with --timeline what happened, as text; with --grep the messages that match a regular expression, upper and lower case alike:`, { code: show`  codex-app-server trace FILE [--timeline | --grep REGEX]` }]],
	[show`Exit codes`, [
		[show`0`, show`The turn completed`],
		[show`1`, show`The turn failed, or couldn't be started`],
		[show`2`, show`The command line is wrong, or names a file or thread that can't be used`],
		[show`130`, show`Interrupted with Ctrl-C (129: SIGHUP, 143: SIGTERM)`]
	]]
];
function helpText(columns = MAX_WIDTH) {
	const width = Math.min(columns, MAX_WIDTH);
	const sections = SECTIONS.map(([title, entries]) => show`${title}:\n${entriesText(entries, width)}`);
	return join([
		show`Usage: codex-app-server [OPTIONS] [PROMPT]\n       npm start -- [OPTIONS] [PROMPT]\n`,
		fill(show`Runs one turn of the Codex agent and shows what the agent does.`, 0, width),
		...sections
	], "\n");
}
function entriesText(entries, width) {
	const column = columnFor(entries, width);
	return join(entries.map((entry, index) => {
		if (typeof entry === "string") return show`${index > 0 ? show`\n` : show``}${fill(entry, 2, width)}`;
		return "code" in entry ? fill(entry.code, 4, width) : termText(entry, column, width);
	}));
}
function columnFor(entries, width) {
	const [short, long] = COLUMNS;
	if (entries.filter((entry) => Array.isArray(entry)).every(([term]) => term.length + 4 <= short)) return short;
	return width < MIN_WIDTH ? NARROW_COLUMN : long;
}
function termText([term, meaning], column, width) {
	const text = fill(meaning, column, width);
	const head = show`  ${column === NARROW_COLUMN ? term.trimStart() : term}`;
	return head.length + 2 <= column ? show`${head}${text.slice(head.length)}` : show`${head}\n${text}`;
}
function fill(text, indent, width) {
	const before = " ".repeat(indent);
	const lines = [];
	let line = "";
	for (const word of text.split(" ")) {
		const isFull = line !== "" && indent + line.length + 1 + word.length > width;
		if (isFull) lines.push(line);
		line = line === "" || isFull ? word : `${line} ${word}`;
	}
	return [...lines, line].map((one) => `${before}${one}\n`).join("");
}
// src/cli/interrupts.ts
var Quit = class extends Error {
	name = "Quit";
	code = "QUIT";
	exitCode;
	constructor(exitCode) {
		super("the command was ended before the turn was");
		this.exitCode = exitCode;
	}
};
const SAME_KEYPRESS_MS = 100;
const EXIT_CODES = {
	SIGINT: 130,
	SIGTERM: 143,
	SIGHUP: 129
};
var Interrupts = class {
	#quit = new AbortController();
	#clock;
	#listeners;
	#interruptTurn;
	#lastPress = Number.NEGATIVE_INFINITY;
	constructor(clock = performance.now.bind(performance)) {
		this.#clock = clock;
		this.#listeners = [
			["SIGINT", () => this.press()],
			["SIGTERM", () => this.quit(EXIT_CODES.SIGTERM)],
			["SIGHUP", () => this.quit(EXIT_CODES.SIGHUP)]
		];
		for (const [signal, listener] of this.#listeners) process.on(signal, listener);
	}
	get signal() {
		return this.#quit.signal;
	}
	set onFirst(interruptTurn) {
		this.#interruptTurn = interruptTurn;
	}
	press() {
		const now = this.#clock();
		const same = now - this.#lastPress < SAME_KEYPRESS_MS;
		this.#lastPress = now;
		if (same) return;
		const interruptTurn = this.#interruptTurn;
		this.#interruptTurn = void 0;
		if (interruptTurn) interruptTurn();
		else this.quit(EXIT_CODES.SIGINT);
	}
	quit(exitCode) {
		this.#quit.abort(new Quit(exitCode));
	}
	[dispose]() {
		for (const [signal, listener] of this.#listeners) process.off(signal, listener);
	}
};
// src/cli/report-error.ts
function reportError(error) {
	const help = error instanceof UsageError ? show`See codex-app-server --help.\n` : show``;
	return show`codex-app-server: ${outputText(messageOf(error))}\n${help}`;
}
function errorRecord(error) {
	const code = error instanceof Error && "code" in error ? error.code : void 0;
	return show`${exactJson({
		type: "error",
		code: String(code ?? "UNKNOWN"),
		message: messageOf(error)
	})}\n`;
}
// src/cli/answer-file.ts
const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
var AnswerFile = class {
	#path;
	#descriptor;
	constructor(absolute) {
		this.#path = absolute;
		const isOfSystem = absolute.startsWith("/dev/");
		if (!isOfSystem && lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink()) throw fault(absolute, "is a symbolic link: name the file itself");
		const flags = O_WRONLY | O_CREAT | O_TRUNC | (isOfSystem ? 0 : O_NOFOLLOW);
		this.#descriptor = attempt(() => openSync(absolute, flags, 438));
	}
	write(text) {
		const opened = fstatSync(this.#descriptor, { bigint: true });
		if (opened.isFile()) {
			const found = lstatSync(this.#path, {
				bigint: true,
				throwIfNoEntry: false
			});
			if (found?.ino !== opened.ino || found.dev !== opened.dev) throw fault(this.#path, "was replaced during the turn, so the answer isn't in it");
		}
		attempt(() => {
			if (opened.isFile()) ftruncateSync(this.#descriptor);
			writeFileSync(this.#descriptor, text);
		});
	}
	[dispose]() {
		closeSync(this.#descriptor);
	}
};
function attempt(act) {
	try {
		return act();
	} catch (error) {
		throw new UsageError(`--output-last-message: ${messageOf(error)}`);
	}
}
function fault(absolute, what) {
	const given = path.relative("", absolute) || absolute;
	return new UsageError(`--output-last-message: ${JSON.stringify(given)} ${what}`);
}
// src/cli/colours.ts
function takesColours(stream, env) {
	const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
	if (force !== void 0) return !["0", "false"].includes(force);
	if (no) return false;
	return stream.isTTY === true && term !== "dumb";
}
// src/cli/cells.ts
const ASCII = /^[\x20-\x7e]*$/;
const CLUSTER = /.\p{M}{0,4}/gsu;
function wrap(line, cells) {
	const width = Math.max(2, cells);
	if (ASCII.test(line)) return wrapAscii(line, width);
	const rows = [];
	let row = "";
	let used = 0;
	for (const piece of pieces(line, width)) {
		const needed = cellsOf(piece);
		if (used + needed > width) {
			rows.push(row);
			row = "";
			used = 0;
		}
		row += piece;
		used += needed;
	}
	return [...rows, row];
}
function* pieces(line, width) {
	for (const [cluster] of line.matchAll(CLUSTER)) if (cellsOf(cluster) <= width) yield cluster;
	else yield* cluster;
}
function cellsOf(text) {
	let cells = 0;
	for (const character of text) cells += character <= "~" ? 1 : 2;
	return cells;
}
function wrapWords(line, cells) {
	const rows = [];
	let row = "";
	for (const [word] of line.matchAll(/[^ ]+| /g)) {
		const [first = row, ...more] = wrap(`${row}${word}`, cells);
		if (more.length === 0) {
			row = first;
			continue;
		}
		const pieces = wrap(word, cells);
		if (row !== "") rows.push(row);
		rows.push(...pieces.slice(0, -1));
		row = pieces.at(-1) ?? row;
	}
	return [...rows, row];
}
function fitRow(line, cells) {
	const start = line.slice(0, Math.max(0, cells));
	return wrap(start, cells)[0] ?? start;
}
function wrapAscii(line, width) {
	const rows = [];
	for (let from = 0; from < line.length || from === 0; from += width) rows.push(line.slice(from, from + width));
	return rows;
}
// src/cli/spinner.ts
const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const INTERVAL_MS = 100;
var Spinner = class {
	#screen;
	#since = Date.now();
	#timer;
	#label = show`Starting`;
	#frame = 0;
	#drawn = false;
	constructor(screen, free) {
		this.#screen = screen;
		this.#timer = setInterval(() => free() && this.#draw(), INTERVAL_MS).unref();
	}
	set label(label) {
		this.#label = label;
	}
	clear() {
		if (!this.#drawn) return;
		this.#drawn = false;
		this.#screen.write("\r\x1B[K");
	}
	[dispose]() {
		clearInterval(this.#timer);
		this.clear();
	}
	#draw() {
		this.#frame = (this.#frame + 1) % FRAMES.length;
		const seconds = Math.floor((Date.now() - this.#since) / 1e3);
		const text = show`${FRAMES[this.#frame] ?? show``} ${this.#label} · ${seconds} s`;
		this.#drawn = true;
		this.#screen.write(`\r${fitRow(text, (this.#screen.columns ?? 80) - 1)}\u001b[K`);
	}
};
// src/cli/word-wrap.ts
const STYLE = /(?!\n)\p{Cc}\[[\d;]*m/gu;
const PARTS = new RegExp(`${STYLE.source}|\\n| +|[^\\p{Cc} ]+|\\p{Cc}`, "gu");
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /^[\p{M}\u200b-\u200d\ufeff]$/u;
var WordWrap = class {
	#screen;
	#used = 0;
	#indent = "";
	#spaces = "";
	#word = "";
	constructor(screen) {
		this.#screen = screen;
	}
	add(text) {
		if (!this.#screen.isTTY) return text;
		let ready = "";
		for (const [part] of text.matchAll(PARTS)) if (part === "\n") {
			ready += `${this.flush()}\n`;
			this.#used = 0;
			this.#indent = "";
		} else if (part.startsWith(" ")) {
			if (this.#word !== "") ready += this.flush();
			if (this.#used === 0) this.#indent += part;
			this.#spaces += part;
		} else this.#word += part;
		return ready;
	}
	flush() {
		const columns = this.#screen.columns || 80;
		const needed = cells(this.#word);
		const isFirst = this.#used === 0 || needed === 0;
		const fits = this.#used + this.#spaces.length + needed <= columns;
		const indent = this.#indent.length + needed <= columns ? this.#indent : this.#indent.slice(0, 2);
		const before = isFirst && !fits ? indent : this.#spaces;
		const ready = isFirst || fits ? before + this.#word : `\n${indent}${this.#word}`;
		const used = (isFirst || fits ? this.#used + before.length : indent.length) + needed;
		this.#used = used > columns ? used % columns : used;
		this.#spaces = "";
		this.#word = "";
		return ready;
	}
};
function wrapped(text, screen) {
	const wrap = new WordWrap(screen);
	return `${wrap.add(text)}${wrap.flush()}`;
}
function cells(text) {
	let sum = 0;
	for (const character of text.replaceAll(STYLE, "")) {
		if (NO_WIDTH.test(character)) continue;
		sum += WIDE.test(character) ? 2 : 1;
	}
	return sum;
}
// src/cli/output.ts
const CLEAR_LINE = "\r\x1B[K";
var Output = class {
	#sinks;
	#cursors;
	#spinner;
	#held = [];
	#holding = false;
	constructor(stdout, stderr, options) {
		this.#sinks = {
			answer: stdout,
			log: stderr
		};
		const log = startOf(stderr);
		this.#cursors = {
			log,
			answer: isSamePlace(stdout, stderr) ? log : startOf(stdout)
		};
		if (options.spinner && stderr.isTTY) this.#spinner = new Spinner(stderr, () => log.lineStart && !this.#holding);
	}
	set activity(label) {
		if (this.#spinner) this.#spinner.label = label;
	}
	async write(pieces) {
		for (const piece of pieces) {
			const sink = this.#sinks[piece.to];
			this.#put(piece);
			if (sink.writableNeedDrain) await drained(sink);
		}
	}
	show(pieces) {
		for (const piece of pieces) this.#put(piece);
	}
	hold() {
		this.#holding = true;
		this.#spinner?.clear();
		const { log } = this.#cursors;
		if (log.lineStart && this.#sinks.log.isTTY) this.#sinks.log.write(CLEAR_LINE);
		let block = true;
		return {
			show: (rows) => {
				const text = join(rows.map((row) => show`${row}\n`));
				this.#emit({
					to: "log",
					text,
					block,
					isPreformatted: true
				});
				block = false;
			},
			[dispose]: () => {
				this.#holding = false;
				log.lineStart = true;
				for (const piece of this.#held.splice(0)) this.#emit(piece);
			}
		};
	}
	[dispose]() {
		this.#spinner?.[dispose]();
		this.#sinks.answer.write(this.#cursors.answer.wrap.flush());
		if (!this.#cursors.log.lineStart) this.#emit({
			to: "log",
			text: show`\n`,
			block: false
		});
	}
	#put(piece) {
		if (this.#holding) this.#held.push(piece);
		else this.#emit(piece);
	}
	#emit({ to, text, block, isPreformatted }) {
		if (text === "") return;
		const cursor = this.#cursors[to];
		const lineEnd = block && !cursor.lineStart ? show`\n` : show``;
		const gap = block && !cursor.empty ? show`\n` : show``;
		const { wrap } = cursor;
		cursor.empty = false;
		cursor.lineStart = text.endsWith("\n");
		this.#spinner?.clear();
		const before = show`${lineEnd}${gap}`;
		const wrapped = wrap.add(isPreformatted ? before : show`${before}${text}`);
		this.#sinks[to].write(isPreformatted ? wrapped + wrap.flush() + text : wrapped);
	}
};
function startOf(sink) {
	return {
		empty: true,
		lineStart: true,
		wrap: new WordWrap(sink)
	};
}
async function drained(sink) {
	const done = new AbortController();
	const { signal } = done;
	await Promise.race([once(sink, "drain", { signal }), once(sink, "close", { signal })]).catch(() => {}).finally(() => done.abort());
}
function isSamePlace(one, other) {
	if (one.isTTY && other.isTTY) return true;
	if (one.fd === void 0 || other.fd === void 0) return false;
	const [a, b] = [fstatSync(one.fd), fstatSync(other.fd)];
	return a.ino !== 0 && a.ino === b.ino && a.dev === b.dev;
}
// src/cli/prompt.ts
const MAX_BYTES = 4 * MAX_TEXT_CHARS;
async function readPrompt(options) {
	const { given, stdin } = options;
	if (stdin.isTTY) {
		if (given !== void 0) return given;
		throw new UsageError("a prompt is needed: pass it as an argument, or on stdin");
	}
	const read = await readAll(options);
	const isBlank = read.trim() === "";
	if (given === void 0) {
		if (isBlank) throw new UsageError("the prompt on stdin is empty");
		return read.trim();
	}
	return isBlank ? given : `${given}\n\n<stdin>\n${read}${read.endsWith("\n") ? "" : "\n"}</stdin>`;
}
async function readAll(options) {
	const { given, stdin, maybeUnused, onSilence, silenceMs = 3e3 } = options;
	const unused = new AbortController();
	const silence = startTimer(silenceMs, () => {
		const ignores = maybeUnused && given !== void 0;
		onSilence(ignores);
		if (ignores) unused.abort();
	});
	const reading = textOf$1(stdin, () => silence.cancel());
	reading.catch(() => {});
	try {
		return await orAborted(reading, AbortSignal.any([options.signal, unused.signal]));
	} catch (error) {
		stdin.destroy?.();
		if (unused.signal.aborted) return "";
		throw error;
	} finally {
		silence.cancel();
	}
}
async function textOf$1(stdin, onChunk) {
	const chunks = [];
	let size = 0;
	for await (const chunk of stdin) {
		onChunk();
		chunks.push(Buffer.from(chunk));
		size += chunk.length;
		if (size > MAX_BYTES) throw new UsageError(`the text on stdin is longer than ${MAX_TEXT_CHARS} characters`);
	}
	return new TextDecoder().decode(Buffer.concat(chunks));
}
// src/cli/question-rows.ts
const ESCAPES = show`Escapes: \\\\ is one backslash; \\n, \\x1b, \\u{200b} are invisible characters.`;
function questionRows(title, sections, options, { columns, paint }) {
	const width = columns - FRAME.length - 2;
	const rowsOf = (section, before = show``) => sectionRows(section, show`${before}${inFrame(section.label)}`, width, paint);
	const subject = sections.filter(({ role }) => role === "subject");
	const around = sections.filter(({ role }) => role !== "subject");
	return [
		...wrapWords(title, width).map((row) => paint(["bold", "yellow"], row)),
		...around.flatMap((section) => rowsOf(section)),
		...options.flatMap(({ key, grants }) => grants.flatMap((grant) => rowsOf(grant, show`With ${key}: `))),
		...subject.flatMap((section) => rowsOf(section)),
		...sections.some(hasEscapes) ? wrapWords(ESCAPES, width).map((row) => paint("dim", row)) : [],
		...options.flatMap(({ key, label }) => wrapWords(show`${key}  ${inFrame(label)}`, width))
	].map((row) => framed(row, paint));
}
function framed(row, paint) {
	return show`${paint("yellow", FRAME)} ${row}`;
}
function promptText(text, short, columns, paint) {
	const width = columns - FRAME.length - 4;
	return show`${framed(wrap(text, width).length > 1 ? fitRow(short, width) : text, paint)} `;
}
function inFrame(text) {
	return text;
}
function hasEscapes({ text, format }) {
	return format !== "json" && text.includes("\\");
}
function sectionRows(section, label, width, paint) {
	const { role, omitted } = section;
	const text = inFrame(section.text);
	const style = role === "warning" ? "red" : "bold";
	const inline = show`${label}: ${text}`;
	if (role === "warning") return wrapWords(inline, width).map((row) => paint(style, row));
	if (omitted === 0 && inline.length <= width && !inline.includes("\n") && wrap(inline, width).length === 1) return [show`${paint(style, show`${label}:`)} ${text}`];
	const lines = text.split("\n");
	return [
		...wrapWords(show`${label}:`, width).map((row) => paint(style, row)),
		...lines.flatMap((line) => lineRows(line, section, width, paint)),
		...omitted === 0 ? [] : wrapWords(show`(and ${omitted} more characters)`, width)
	];
}
function lineRows(line, { format }, width, paint) {
	const style = format === "diff" ? diffStyle(line) : void 0;
	return wrap(line, width - 2).map((row, index) => {
		return show`${paint("dim", index === 0 ? show`│` : show`┊`)} ${style ? paint(style, row) : row}`;
	});
}
function diffStyle(line) {
	if (line.startsWith("+")) return "green";
	if (line.startsWith("-")) return "red";
	return line.startsWith("@@") ? "cyan" : void 0;
}
function questionTitle({ title }) {
	return show`${inFrame(title)}?`;
}
// src/cli/pages.ts
const ROWS_BELOW = 2;
const MIN_ROWS = 4;
const REFUSALS = [
	"n",
	"no",
	"c",
	"cancel"
];
async function showAll(talk, rows, paint) {
	const pages = split(rows, Math.max(MIN_ROWS, talk.rows - ROWS_BELOW));
	for (const [index, page] of pages.entries()) {
		talk.show(page);
		if (!(index === pages.length - 1) && !await turnPage(talk, show`page ${index + 1} of ${pages.length}`, paint)) return false;
	}
	return true;
}
async function turnPage(talk, where, paint) {
	const prompt = promptText(show`${where}; Enter: next page, n: no:`, show`${where}:`, talk.columns, paint);
	for (;;) {
		const typed = (await talk.ask(prompt))?.trim().toLowerCase();
		if (typed === "") return true;
		if (typed === void 0 || REFUSALS.includes(typed)) return false;
		talk.show([framed(show`You can answer after the last page.`, paint)]);
	}
}
function split(rows, size) {
	const pages = [];
	const first = rows.length % size || size;
	for (let from = 0, to = first; from < rows.length; from = to, to += size) pages.push(rows.slice(from, to));
	return pages;
}
// src/cli/choose.ts
async function choose(talk, description, paint) {
	const choices = choicesOf(description);
	const title = questionTitle(description);
	const { columns } = talk;
	if (!await showAll(talk, questionRows(title, description.sections, choices, {
		columns,
		paint
	}), paint)) return description.refusal;
	const keys = join(choices.map(({ key }) => key), "/");
	const prompt = promptText(show`${title} [${keys}]:`, show`[${keys}]:`, columns, paint);
	for (;;) {
		const typed = (await talk.ask(prompt))?.trim().toLowerCase();
		if (typed === void 0) return description.refusal;
		const chosen = choices.find(({ words }) => words.includes(typed));
		if (chosen) return chosen.option;
		talk.show([framed(show`Type one of ${keys}, then Enter.`, paint)]);
	}
}
const KEYS = /* @__PURE__ */ new Map([
	["accept", [show`y`, show`yes`]],
	["acceptForSession", [show`a`, show`always`]],
	["acceptWithExecpolicyAmendment", [show`p`, show`policy`]],
	["applyNetworkPolicyAmendment", [show`h`, show`host`]],
	["decline", [show`n`, show`no`]],
	["cancel", [show`c`, show`cancel`]]
]);
function choicesOf({ options }) {
	const offered = options.filter(({ decision }) => decision !== void 0);
	const canDecline = offered.some(({ id }) => id === "decline");
	return offered.map((option) => {
		const [name = show``, number = show``] = option.id.split("-").map(outputLine);
		const wanted = name === "cancel" && !canDecline ? show`decline` : name;
		const [key, word] = KEYS.get(wanted) ?? [name, name];
		const words = [
			key + number,
			word + number,
			...wanted === name ? [] : ["c", "cancel"]
		];
		const { label, grants } = option;
		return {
			key: show`${key}${number}`,
			label,
			grants,
			option,
			words
		};
	});
}
// src/cli/approvals.ts
function askedApprovals(desk, trustedReason) {
	return {
		command: async (params, context) => {
			if (!params.reason || params.reason !== trustedReason) return decide(desk, params, context);
			const about = context.item ? desk.begin(context.item) : [];
			desk.show([...about, notice(desk, show`Allowed: ${outputLine(params.reason)}`)]);
			return "accept";
		},
		fileChange: (params, context) => decide(desk, params, context),
		permissions: (params, context) => decide(desk, params, context),
		mcpTool: (params, context) => decide(desk, params, context)
	};
}
async function decide(desk, params, context) {
	const { method, item, signal, exactNumbers } = context;
	const description = describeRequest(method, params, item, exactNumbers);
	const { terminal, paint } = desk;
	const why = unaskable(desk, description);
	if (why !== void 0) {
		const about = item ? desk.begin(item) : [];
		desk.show([...about, notice(desk, show`Declined, as ${why}`)]);
	}
	if (!terminal) return "decline";
	return (why === void 0 ? await terminal.talk(signal, (talk) => choose(talk, description, paint)) : description.refusal).decision ?? "decline";
}
function unaskable({ terminal }, description) {
	const { kind, options, sections } = description;
	if (kind === "form" || kind === "url" || kind === "userVerification") return show`an MCP server asked for more than to call a tool`;
	const subject = sections.find(({ role }) => role === "subject");
	if (subject === void 0) return show`the request doesn't show what it asks for`;
	if (!terminal) return show`there is no terminal to ask on: ${shortenLine(exactLine(subject.text), 200)}`;
	if (!options.some(isAcceptance)) return show`the request can't be accepted`;
}
function isAcceptance({ effect, decision }) {
	return effect === "accept" && decision !== void 0;
}
function notice({ paint }, text) {
	return {
		to: "log",
		text: show`  ${paint("yellow", text)}\n`,
		block: false
	};
}
// src/cli/backend.ts
var LoginMissing = class extends Error {
	name = "LoginMissing";
	code = "LOGIN_MISSING";
	constructor() {
		super("no Codex login or API key was found. Log in with \"npx @openai/codex login\", or set CODEX_API_KEY or OPENAI_API_KEY. To try the command without a model, use --scripted.");
	}
};
async function openBackend(options, env) {
	const { real, useScript } = options;
	if (useScript === "always") return startScript(options);
	if (mayBeConfigured(env, options)) {
		const codex = await Codex.start(withOverrides(real, options));
		if (await isConfigured(codex)) return backend(codex);
		await codex.close();
	}
	const apiKey = env.CODEX_API_KEY || env.OPENAI_API_KEY;
	if (apiKey) return backend(await startWithKey(options, apiKey));
	if (useScript === "without-login") return startScript(options);
	throw new LoginMissing();
}
async function startScript(options) {
	const { scripted, script } = options;
	const started = await startScripted({
		...withOverrides(scripted, options),
		script
	});
	return {
		codex: started.codex,
		scripted: true,
		[asyncDispose]: () => started[asyncDispose]()
	};
}
function backend(codex) {
	return {
		codex,
		scripted: false,
		[asyncDispose]: () => codex.close()
	};
}
function mayBeConfigured(env, { overrides }) {
	return Boolean(env.CODEX_HOME) || existsSync(path.join(homedir(), ".codex")) || overrides.length > 0;
}
async function isConfigured(codex) {
	const { account, requiresOpenaiAuth } = await codex.request("account/read", {});
	return account !== null || !requiresOpenaiAuth;
}
async function startWithKey(options, apiKey) {
	const config = { cli_auth_credentials_store: "ephemeral" };
	const codex = await Codex.start(withOverrides({
		...options.real,
		config
	}, options));
	try {
		await codex.request("account/login/start", {
			type: "apiKey",
			apiKey
		});
		return codex;
	} catch (error) {
		await codex.close();
		throw error;
	}
}
function withOverrides({ config = {}, ...options }, { overrides }) {
	if (overrides.length === 0) return {
		...options,
		config
	};
	const settings = overrides.flatMap((override) => ["--config", override]);
	const server = [
		"app-server",
		"--listen",
		"stdio://"
	];
	return {
		...options,
		launchArgs: [
			findCodexBinary(),
			...settings,
			...configArgs(config),
			...server
		]
	};
}
// src/cli/questions.ts
function askedQuestions({ terminal, show: show$1, paint }) {
	return async ({ questions }, { method, signal, exactNumbers }) => {
		if (!terminal) {
			show$1([{
				to: "log",
				text: show`${paint("yellow", show`Not answered, as there is no terminal to ask on: ${join(questions.map(({ question }) => outputLine(question)), " ")}`)}\n`,
				block: true
			}]);
			return { answers: {} };
		}
		return terminal.talk(signal, async (talk) => {
			const answers = [];
			for (const question of questions) {
				const { title, sections } = describeRequest(method, { questions: [question] }, void 0, exactNumbers);
				const given = await showAll(talk, questionRows(inFrame(title), sections, [], {
					columns: talk.columns,
					paint
				}), paint) ? await answersTo(question, talk, paint) : [];
				answers.push([question.id, { answers: given }]);
			}
			return { answers: Object.fromEntries(answers) };
		});
	};
}
async function answersTo(question, talk, paint) {
	const options = question.options ?? [];
	const mustChoose = options.length > 0 && question.isOther === false;
	const free = options.length === 0 ? show`Your answer:` : show`Number, or your own words:`;
	const short = show`Answer:`;
	const prompt = promptText(mustChoose ? show`Number:` : free, short, talk.columns, paint);
	for (;;) {
		const typed = (await talk.ask(prompt, { secret: question.isSecret }))?.trim();
		if (!typed) return [];
		const chosen = options[Number(typed) - 1] ?? options.find(({ label }) => label === typed);
		if (chosen || !mustChoose) return [chosen?.label ?? typed];
		talk.show([framed(show`Type a number from 1 to ${options.length}.`, paint)]);
	}
}
// src/cli/describe-project.ts
const SHOWN_NAMES = 40;
const PARAGRAPH = 400;
const MAX_LINE = 1e4;
function describeProject(names, files) {
	if (names.length === 0) return "There are no files here.";
	return [listing(names), about(files)].join("\n\n");
}
function listing(names) {
	const shown = names.slice(0, SHOWN_NAMES).join(", ");
	const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : "";
	const count = names.length === 1 ? "one entry" : `${names.length} entries`;
	return `There ${names.length === 1 ? "is" : "are"} ${count} here: ${shown}${more}.`;
}
function about(files) {
	const readme = files.find(({ name }) => /^readme/i.test(name));
	const manifest = files.find((file) => file !== readme);
	const name = field(manifest, "name") ?? goModule(manifest) ?? title$1(readme);
	const description = field(manifest, "description");
	const paragraph = firstParagraph(readme?.text ?? "");
	const sentences = [name && `The project is ${name}${description ? `: ${sentence(description)}` : "."}`, paragraph && `Its ${readme?.name} says: ${paragraph}`].filter(Boolean);
	if (sentences.length === 0) return "None of them says what the project is.";
	return `${sentences.join("\n\n")}\n\n(Source: ${files.map((file) => file.name).join(" and ")}.)`;
}
function sentence(text) {
	return /[.!?]$/.test(text) ? text : `${text}.`;
}
function field(file, key) {
	const pattern = new RegExp(`^[ \\t]*"?${key}"?[ \\t]*[:=][ \\t]*("(?:[^"\\\\\n]|\\\\.)*")`);
	const quoted = (file?.text ?? "").split("\n").map((line) => pattern.exec(line.slice(0, MAX_LINE))?.[1]).find(Boolean);
	if (quoted === void 0) return void 0;
	try {
		return JSON.parse(quoted);
	} catch {
		return quoted.slice(1, -1);
	}
}
function goModule(file) {
	return file?.name === "go.mod" ? /^module\s+(\S+)/m.exec(file.text)?.[1] : void 0;
}
function title$1(readme) {
	return /^#\s+(.+)$/m.exec(readme?.text ?? "")?.[1]?.trim();
}
function firstParagraph(markdown) {
	const prose = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "").split(/\n\s*\n/).map((paragraph) => paragraph.replaceAll(/^#.*$/gm, "").replaceAll(/\s+/g, " ").trim()).find((paragraph) => /^[^[!<|=*-]/.test(paragraph) || /^\*\*|^\[[^\]!]/.test(paragraph));
	if (prose === void 0 || prose.length <= PARAGRAPH) return prose;
	return `${prose.slice(0, prose.lastIndexOf(" ", PARAGRAPH))} …`;
}
// src/cli/scripted-default.ts
const SANDBOX_BROKEN = "The sandbox doesn't work on this machine.";
const READMES = [
	"README.md",
	"README",
	"README.txt",
	"README.rst",
	"readme.md"
];
const MANIFESTS = [
	"package.json",
	"pyproject.toml",
	"Cargo.toml",
	"go.mod"
];
function scriptedDefault(request) {
	const prompt = request.userText;
	const fileName = newFileName(prompt);
	if (fileName === void 0 && !asksForProject(prompt)) return spoken(smallTalk(prompt));
	const first = readOutput(request.outputs.get("list"));
	if (!first) return reply(text("I'll look at the files here first.", { phase: "commentary" }), run("ls", "list"));
	const escalate = isSandboxBroken(first);
	const listing = escalate ? readOutput(request.outputs.get("list-again")) : first;
	if (!listing) return run("ls", "list-again", escalate);
	if (!listing.ok) return spoken(`I couldn't list the files here:\n\n${listing.text}`);
	const names = listing.text.split("\n").filter(Boolean);
	if (fileName !== void 0) return writeFile(request, fileName, names);
	const files = [READMES, MANIFESTS].flatMap((some) => some.find((one) => names.includes(one)) ?? []);
	const unread = files.filter((file) => !request.outputs.has(`read-${file}`));
	if (unread.length > 0) return reply(...unread.map((file) => run(`cat ${file}`, `read-${file}`, escalate)));
	return spoken(describeProject(names, files.map((name) => ({
		name,
		text: outputOf$1(request, `read-${name}`)
	}))));
}
function asksForProject(prompt) {
	return /\b(files?|list|director(y|ies)|folders?|projects?|repo|repository|readme|code|here)\b/i.test(prompt);
}
function newFileName(prompt) {
	const verb = /\b(write|create|make|add)\b/i.exec(prompt);
	if (!verb || !/\bfile\b/i.test(prompt.slice(verb.index))) return void 0;
	return /(?<![\w./\\-])[\w-]+\.[a-z]\w*\b(?![/\\])/i.exec(prompt)?.[0];
}
function writeFile(request, name, existing) {
	const done = request.outputs.get("write");
	if (done?.includes("Success")) return spoken(`I wrote ${name}.`);
	if (done !== void 0) return spoken(`I didn't write ${name}: ${done.trim()}`);
	if (existing.includes(name)) return spoken(`${name} already exists, so I left it unchanged.`);
	const lines = [`*** Add File: ${name}`, "+Written by the scripted model of codex-app-server."];
	return patch([
		"*** Begin Patch",
		...lines,
		"*** End Patch"
	].join("\n"), { callId: "write" });
}
function smallTalk(prompt) {
	return [
		`You said: ${prompt.trim()}`,
		"",
		"I am a script and can't think about that. Log in to ask a real model, or ask me to list the",
		"files here and say what this project is, or to write a file notes.txt."
	].join("\n");
}
function spoken(answer) {
	return text(answer.match(/\s*\S+\s*/g) ?? [answer], { delayMs: 5 });
}
function run(cmd, callId, escalate = false) {
	const args = { login: false };
	return command(cmd, escalate ? {
		callId,
		args,
		escalate: SANDBOX_BROKEN
	} : {
		callId,
		args
	});
}
function readOutput(output) {
	if (output === void 0) return void 0;
	const [head = "", ...body] = output.split("Output:\n");
	return {
		ok: head.includes("exited with code 0"),
		text: (body.length === 0 ? head : body.join("Output:\n")).trim()
	};
}
function outputOf$1(request, callId) {
	const output = readOutput(request.outputs.get(callId));
	return output?.ok ? output.text : "";
}
function isSandboxBroken({ ok, text }) {
	return !ok && /bwrap|sandbox|landlock|seccomp/i.test(text);
}
// src/cli/start-server.ts
const REAL = show`everything else is real`;
const NO_LOGIN = show`No Codex login or API key was found: the replies come from a script, ${REAL}.\n${show`To use a real model, log in with "npx @openai/codex login", or set OPENAI_API_KEY.`}`;
const SCRIPTED = show`The replies come from a script, ${REAL}.`;
const OF_SETTINGS = /* @__PURE__ */ new Set([
	"SERVER_WARNING",
	"CONFIG_WARNING",
	"DEPRECATION"
]);
async function startServer(start) {
	const { args, desk, isWatched, notice, signal } = start;
	const warn = ({ message }) => notice(outputLine(message));
	const onSettings = [];
	let warnOfSettings = (warning) => void onSettings.push(warning);
	const options = {
		cwd: args.cwd,
		trace: args.trace,
		handlers: { "item/tool/requestUserInput": askedQuestions(desk) },
		onWarning: (warning) => OF_SETTINGS.has(warning.code) ? warnOfSettings(warning) : warn(warning),
		signal
	};
	const backend = await openBackend({
		real: {
			...options,
			approvals: askedApprovals(desk)
		},
		scripted: {
			...options,
			approvals: askedApprovals(desk, SANDBOX_BROKEN)
		},
		script: scriptedDefault,
		overrides: args.config,
		useScript: args.scripted ? "always" : isWatched ? "without-login" : "never"
	}, process.env);
	if (backend.scripted) notice(args.scripted ? SCRIPTED : NO_LOGIN);
	else {
		warnOfSettings = warn;
		onSettings.forEach(warn);
		watchModel(backend.codex, notice);
	}
	return backend;
}
function watchModel(codex, notice) {
	codex.on("model/rerouted", ({ fromModel, toModel }) => notice(show`The model is now ${outputLine(toModel)} instead of ${outputLine(fromModel)}.`));
}
async function openThread({ codex, scripted }, args) {
	const { model, cwd, sandbox, approvalPolicy, resume } = args;
	const options = {
		model,
		cwd,
		sandbox,
		approvalPolicy
	};
	if (resume === void 0) return codex.threadStart(options);
	if (scripted) throw new UsageError(`${resume === "last" ? "--last" : "--resume"} needs a login or an API key: a scripted run stores no threads`);
	const id = resume === "last" ? await lastThread(codex, cwd) : resume.id;
	try {
		return await codex.threadResume(id, options);
	} catch (error) {
		if (!(error instanceof ThreadNotFoundError)) throw error;
		throw new UsageError(`--resume: there is no thread ${id}; --last continues the newest one`);
	}
}
async function lastThread(codex, cwd) {
	const { data } = await codex.threadList({
		cwd,
		limit: 1,
		sortKey: "updated_at",
		sourceKinds: [
			"cli",
			"vscode",
			"exec",
			"appServer"
		]
	});
	const [newest] = data;
	if (newest) return newest.id;
	throw new UsageError(`--last: there is no thread of ${JSON.stringify(cwd)} to continue`);
}
// src/cli/typed-before.ts
const CTRL_C = "";
function discardTyped(keyboard, options) {
	const { quietMs, signal, onInterrupt } = options;
	if (keyboard.readableEnded || signal.aborted) return Promise.resolve();
	keyboard.setRawMode?.(true);
	return new Promise((resolve) => {
		const finish = () => {
			clearTimeout(timer);
			stopListening();
			keyboard.off("data", discard);
			keyboard.off("end", finish);
			keyboard.pause();
			resolve();
		};
		let timer = setTimeout(finish, quietMs);
		const discard = (typed) => {
			clearTimeout(timer);
			timer = setTimeout(finish, quietMs);
			if (String(typed).includes(CTRL_C)) onInterrupt();
		};
		const stopListening = onAbort(signal, finish);
		keyboard.on("data", discard);
		keyboard.on("end", finish);
		keyboard.resume();
	});
}
// src/cli/terminal.ts
const QUIET_MS = 300;
var Terminal = class {
	#options;
	#last = Promise.resolve();
	constructor(options) {
		this.#options = options;
	}
	talk(signal, run) {
		const next = this.#last.then(() => this.#talk(signal, run));
		this.#last = next.catch(() => {});
		return next;
	}
	async #talk(signal, run) {
		try {
			var _usingCtx$3 = _usingCtx();
			await setImmediate();
			const { output, screen } = this.#options;
			const held = _usingCtx$3.u(output.hold());
			return await run({
				columns: screen.columns || 80,
				rows: screen.rows || 24,
				show: (rows) => held.show(rows),
				ask: (prompt, { secret = false } = {}) => this.#ask(prompt, secret, signal)
			});
		} catch (_) {
			_usingCtx$3.e = _;
		} finally {
			_usingCtx$3.d();
		}
	}
	async #ask(prompt, secret, signal) {
		if (signal.aborted) return void 0;
		const { input, screen, onInterrupt, quietMs = QUIET_MS } = this.#options;
		screen.write(prompt);
		try {
			await discardTyped(input, {
				quietMs,
				signal,
				onInterrupt
			});
			if (!signal.aborted && !input.readableEnded) return await this.#read(prompt, secret, signal);
			screen.write("\n");
			return;
		} finally {
			input.setRawMode?.(false);
		}
	}
	async #read(prompt, secret, signal) {
		const { input, screen, onInterrupt } = this.#options;
		const terminal = Boolean(screen.isTTY);
		const reader = createInterface({
			input,
			output: secret ? nowhere() : screen,
			terminal,
			historySize: 0
		});
		reader.on("SIGINT", onInterrupt);
		try {
			const typed = await answer$1(reader, terminal && !secret ? prompt : "", signal);
			if (secret || typed === void 0) screen.write("\n");
			return typed;
		} finally {
			reader.close();
		}
	}
};
async function answer$1(reader, question, signal) {
	const done = new AbortController();
	const stop = AbortSignal.any([signal, done.signal]);
	const closed = once(reader, "close", { signal: stop }).then(() => void 0);
	try {
		return await Promise.race([reader.question(question, { signal: stop }), closed]);
	} catch (error) {
		if (error instanceof Error && error.name === "AbortError") return void 0;
		throw error;
	} finally {
		done.abort();
		closed.catch(() => {});
	}
}
function nowhere() {
	return new Writable({ write: (_chunk, _encoding, written) => written() });
}
// src/cli/diff.ts
const DIFF_LINES = 60;
function renderChange(change, cwd, paint) {
	const lines = signedLines(change);
	const count = (sign) => lines.filter((line) => line.startsWith(sign)).length;
	const counts = show`(+${count("+")} -${count("-")})`;
	const shown = shortened(lines.map(exactLine), DIFF_LINES).map((line) => paintLine(line, paint));
	return show`${paint("bold", title(change, cwd))} ${paint("dim", counts)}\n${indented(shown)}`;
}
function title({ path, kind, movedTo }, cwd) {
	const file = shortPath(path, cwd);
	switch (kind) {
		case "add": return show`Add ${file}`;
		case "delete": return show`Delete ${file}`;
		default: return movedTo === null ? show`Edit ${file}` : show`Move ${file} to ${shortPath(movedTo, cwd)}`;
	}
}
function signedLines({ kind, diff }) {
	if (diff === "") return [];
	const lines = (diff.endsWith("\n") ? diff.slice(0, -1) : diff).split("\n");
	if (kind === "update") return lines;
	const sign = kind === "add" ? "+" : "-";
	return lines.map((line) => sign + line);
}
function paintLine(line, paint) {
	if (line.startsWith("+")) return paint("green", line);
	if (line.startsWith("-")) return paint("red", line);
	return line.startsWith("@@") ? paint("cyan", line) : line;
}
// src/cli/entries.ts
const ONE_LINE = 120;
const ACTIVITY = 200;
function entryStart(entry, cwd, paint) {
	switch (entry.kind) {
		case "command": return commandLine(entry, cwd, paint);
		case "fileChange": return join(entry.files.map((file) => renderChange(file, cwd, paint))) || void 0;
		case "mcpCall": return callLine(`${entry.server}.${entry.tool}`, entry.arguments, paint);
		case "toolCall": return callLine([entry.namespace, entry.tool].filter(Boolean).join("."), entry.arguments, paint);
		default: return;
	}
}
function entryEnd(entry, paint) {
	switch (entry.kind) {
		case "command": return commandEnd(entry, paint);
		case "fileChange": return entry.state === "completed" ? void 0 : indented([paint("red", outputLine(entry.state))]);
		case "mcpCall": return callEnd(entry, entry.error ?? textOf(entry.content), paint);
		case "toolCall": return callEnd(entry, [entry.text, ...entry.media.map(() => "[media]")].join("\n"), paint);
		case "reasoning": return dimmed(entry.summary.join("\n\n"), paint);
		case "plan": return plan(entry, paint);
		case "webSearch": return line(show`Web search`, exactLine(entry.url ?? entry.query), paint);
		case "image": return line(entry.action === "viewed" ? show`Image` : show`New image`, exactLine(entry.path ?? ""), paint);
		case "review": return entry.action === "begun" ? line(show`Review`, exactLine(entry.text), paint) : void 0;
		case "compaction": return show`${paint("dim", show`The thread's history was compacted.`)}\n`;
		case "subAgent": return line(show`Sub-agent`, exactLine(`${entry.action} ${entry.path ?? entry.threadIds.join(", ")}`), paint);
		case "modelRerouted": return line(show`Model`, exactLine(`${entry.from} → ${entry.to} (${entry.reason})`), paint);
		case "hook": return entry.event === null ? line(show`Hook`, exactLine(entry.text), paint) : void 0;
		case "notice": return entry.level === "info" ? line(show`Notice`, exactLine(entry.text), paint) : void 0;
		case "unknown": return unknownItem(entry, paint);
		default: return;
	}
}
function entryActivity(entry) {
	switch (entry.kind) {
		case "command": return show`Running ${exactLine(entry.command.slice(0, ACTIVITY))}`;
		case "fileChange": return show`Changing files`;
		case "mcpCall":
		case "toolCall": return show`Calling ${exactLine(entry.tool.slice(0, ACTIVITY))}`;
		case "webSearch": return show`Searching the web`;
		case "reasoning": return show`Thinking`;
		case "assistant": return show`Answering`;
		default: return show`Working`;
	}
}
function commandLine(entry, cwd, paint) {
	const where = entry.cwd !== null && entry.cwd !== cwd ? paint("dim", show`  (in ${exactLine(entry.cwd ?? "")})`) : show``;
	const [first = show``, ...rest] = shortened(exactLines(entry.command));
	return show`${paint("bold", show`$ ${first}`)}${where}\n${indented(rest)}`;
}
function commandEnd(entry, paint) {
	return indented([...shortened(outputOf(entry.output)).map((one) => paint("dim", one)), commandStatus(entry, paint)]);
}
function outputOf({ head, omitted, tail }) {
	if (omitted === 0) return outputLines(lastStates(head));
	const cut = show`… ${omitted} characters left out …`;
	return [
		...outputLines(lastStates(head)),
		cut,
		...outputLines(lastStates(tail))
	];
}
function commandStatus(entry, paint) {
	const { state, exitCode } = entry;
	const took = timeTaken(entry);
	if (exitCode === 0) return paint("green", show`exit 0${took}`);
	return paint("red", show`${exitCode === null ? outputLine(state) : show`exit ${exitCode}`}${took}`);
}
function callLine(name, args, paint) {
	const given = shortenLine(exactJson(args), ONE_LINE);
	return show`${paint("bold", exactLine(name))}(${given})\n`;
}
function callEnd(entry, result, paint) {
	const lines = shortened(outputLines(result)).map((one) => paint("dim", one));
	const end = show`${outputLine(entry.state)}${timeTaken(entry)}`;
	return indented([...lines, paint(entry.state === "completed" ? "green" : "red", end)]);
}
function timeTaken({ durationMs }) {
	return durationMs === null ? show`` : show` · ${duration(durationMs)}`;
}
function textOf(content) {
	return (content ?? []).map((item) => typeof item?.text === "string" ? item.text : `[${String(item?.type)}]`).join("\n");
}
function plan({ text, steps }, paint) {
	const title = show`${paint("bold", show`Plan`)}\n`;
	if (steps.length === 0) return show`${title}${indented(outputLines(text))}`;
	const marks = {
		completed: show`✓`,
		running: show`→`,
		pending: show`·`
	};
	return show`${title}${text === "" ? show`` : show`  ${paint("dim", outputLine(text))}\n`}${join(steps.map(({ text, state }) => {
		const step = show`${marks[state]} ${outputLine(text)}`;
		return show`  ${state === "completed" ? paint("dim", step) : step}\n`;
	}))}`;
}
function dimmed(text, paint) {
	const read = outputText(text.trim());
	return read === "" ? void 0 : show`${paint("dim", read)}\n`;
}
function unknownItem({ type, item }, paint) {
	const { type: _type, id: _id, startedAtMs: _start, completedAtMs: _end, ...rest } = item;
	return line(outputLine(type), exactJson(rest), paint);
}
function line(what, detail, paint) {
	return show`${paint("bold", what)}: ${shortenLine(detail, ONE_LINE)}\n`;
}
// src/cli/turn-end.ts
function turnEnd(turn, paint) {
	const cost = [...turn.usage ? [tokenText(turn.usage)] : [], ...turn.durationMs === null ? [] : [duration(turn.durationMs)]];
	const costLine = cost.length === 0 ? show`` : show`${paint("dim", join(cost, " · "))}\n`;
	if (turn.state === "completed") return costLine;
	if (turn.state === "interrupted") return show`${paint("yellow", show`Interrupted.`)}\n${costLine}`;
	return show`${failure(turn.error, paint)}${costLine}`;
}
function failure(error, paint) {
	const message = outputLine(error?.message ?? "the server didn't say why");
	const details = error?.details ? [outputLine(error.details)] : [];
	const kind = error?.code;
	return show`${paint("red", show`The turn failed: ${message}${kind && kind !== "other" ? show` (${outputLine(kind)})` : show``}`)}\n${indented(details)}`;
}
function tokenText({ inputTokens, cachedInputTokens, outputTokens }) {
	const seen = cachedInputTokens > 0 ? show` (${count$1(cachedInputTokens)} cached)` : show``;
	return show`${count$1(inputTokens + outputTokens)} tokens: ${count$1(inputTokens)} in${seen}, ${count$1(outputTokens)} out`;
}
function count$1(tokens) {
	return outputLine(Number(tokens).toLocaleString("en-US"));
}
// src/cli/transcript.ts
const TURN = {
	threadId: "thread",
	turnId: "turn"
};
const NOT_SHOWN = /^(?:item\/(?:plan|reasoning|commandExecution|fileChange)\/(?:\w*[dD]elta|patchUpdated)|thread\/(?!tokenUsage\/).*)$/;
var Transcript = class {
	#cwd;
	#paint;
	#timeline = new Timeline(TURN.threadId);
	#drawn = /* @__PURE__ */ new Map();
	#begun = /* @__PURE__ */ new Set();
	#streamed = /* @__PURE__ */ new Map();
	#open;
	constructor(cwd, paint) {
		this.#cwd = cwd;
		this.#paint = paint;
		this.#apply("turn/started", { turn: { status: "inProgress" } });
	}
	get activity() {
		const running = this.#turn.entries.findLast(({ state }) => state === "running");
		return running ? entryActivity(running) : show`Working`;
	}
	accept({ method, params }) {
		if (method === "item/agentMessage/delta") return this.#stream(params.itemId, params.delta);
		if (NOT_SHOWN.test(method)) return [];
		this.#apply(method, params);
		const pieces = this.#draw();
		if (method !== "turn/completed") return pieces;
		return [...pieces, ...this.#paragraph(void 0, turnEnd(this.#turn, this.#paint))];
	}
	begin(item) {
		this.#apply("item/started", { item });
		return this.#draw();
	}
	#apply(method, params) {
		const { turn } = params;
		const about = turn ? {
			...TURN,
			turn: {
				...turn,
				id: TURN.turnId,
				rootTurnId: null
			}
		} : TURN;
		this.#timeline.apply({
			method,
			params: {
				...params,
				...about
			}
		});
	}
	get #turn() {
		const [turn] = this.#timeline.snapshot.turns;
		if (turn) return turn;
		throw new Error("the turn was made when the transcript was");
	}
	#draw() {
		const drawn = this.#drawn;
		const { entries } = this.#turn;
		this.#drawn = new Map(entries.map((entry) => [entry.id, entry]));
		return entries.filter((entry) => drawn.get(entry.id) !== entry).flatMap((entry) => this.#show(entry, drawn.get(entry.id)));
	}
	#show(entry, before) {
		if (entry.state === "interrupted") return [];
		if (entry.state === "running") return this.#begin(entry);
		return before !== void 0 && before.state !== "running" && entry.kind !== "plan" ? [] : this.#end(entry);
	}
	#begin(entry) {
		if (entry.kind === "error") return this.#retry(entry.message, entry.details);
		if (this.#begun.has(entry.id)) return [];
		const text = entryStart(entry, this.#cwd, this.#paint);
		if (text === void 0) return [];
		this.#begun.add(entry.id);
		return this.#paragraph(entry.id, text).map((piece) => ({
			...piece,
			...entry.kind === "fileChange" ? { isPreformatted: true } : {}
		}));
	}
	#end(entry) {
		if (entry.kind === "error") return [];
		if (entry.kind === "assistant") return this.#endMessage(entry.id, entry.text);
		const start = this.#begin(entry);
		const end = entryEnd(entry, this.#paint);
		if (end === void 0) return start;
		if (this.#open === entry.id) return [...start, {
			to: "log",
			text: end,
			block: false
		}];
		const header = entryStart(entry, this.#cwd, this.#paint)?.split("\n", 1)[0];
		const id = entry.kind === "plan" ? void 0 : entry.id;
		return this.#paragraph(id, header === void 0 ? end : show`${header}\n${end}`);
	}
	#stream(id, delta) {
		const shown = this.#streamed.get(id) ?? 0;
		this.#streamed.set(id, shown + delta.length);
		const block = this.#open !== id;
		this.#open = id;
		return [{
			to: "answer",
			text: outputText(delta),
			block
		}];
	}
	#endMessage(id, text) {
		const rest = text.slice(this.#streamed.get(id) ?? 0);
		this.#streamed.delete(id);
		if (text === "") return [];
		const pieces = rest === "" ? [] : this.#stream(id, rest);
		return text.endsWith("\n") ? pieces : [...pieces, {
			to: "answer",
			text: show`\n`,
			block: false
		}];
	}
	#paragraph(id, text) {
		this.#open = id;
		return [{
			to: "log",
			text,
			block: true
		}];
	}
	#retry(message, details) {
		const words = details === null ? message : `${message} (${details})`;
		return this.#paragraph(void 0, show`${this.#paint("yellow", outputLine(words))}\n`);
	}
};
// src/cli/run-turn.ts
const STDIN_IGNORED = show`Nothing arrived on stdin, so it is ignored. To avoid the wait, redirect it from /dev/null.`;
const STDIN_AWAITED = show`Waiting for stdin to end: it is part of the prompt. If there is nothing to add, redirect it from /dev/null.`;
async function runTurn(args, interrupts) {
	try {
		var _usingCtx$2 = _usingCtx();
		const { stdin, stdout, stderr, env } = process;
		const paint = takesColours(stderr, env) ? coloured : plain;
		const transcript = new Transcript(args.cwd, paint);
		const output = _usingCtx$2.u(new Output(stdout, stderr, { spinner: !args.json && env.TERM !== "dumb" }));
		const notice = (text) => output.show([log(show`${paint("yellow", text)}\n`, true)]);
		const { signal } = interrupts;
		await checkImages(args.images);
		const onSilence = (isIgnored) => notice(isIgnored ? STDIN_IGNORED : STDIN_AWAITED);
		const maybeUnused = isSocket(stdin.fd);
		const text = await readPrompt({
			given: args.prompt,
			stdin,
			maybeUnused,
			signal,
			onSilence
		});
		const answerFile = _usingCtx$2.u(args.outputFile === void 0 ? void 0 : new AnswerFile(args.outputFile));
		const onInterrupt = () => interrupts.press();
		const desk = {
			terminal: stdin.isTTY && stderr.isTTY ? new Terminal({
				input: stdin,
				screen: stderr,
				output,
				onInterrupt
			}) : void 0,
			paint,
			begin: (item) => transcript.begin(item),
			show: (pieces) => output.show(pieces)
		};
		const isWatched = stdout.isTTY && stderr.isTTY;
		const backend = _usingCtx$2.a(await startServer({
			args,
			desk,
			isWatched,
			notice,
			signal
		}));
		const thread = await openThread(backend, args);
		const images = args.images.map((path) => ({
			type: "localImage",
			path
		}));
		const { outputSchema } = args;
		const turn = await thread.turn([{
			type: "text",
			text
		}, ...images], { outputSchema });
		interrupts.onFirst = () => {
			notice(show`Interrupting the turn. Press Ctrl-C again to quit.`);
			turn.interrupt().catch(() => interrupts.quit(130));
		};
		try {
			for await (const notification of turn.stream()) {
				const pieces = args.json ? jsonLine(notification) : transcript.accept(notification);
				output.activity = transcript.activity;
				await output.write(pieces);
			}
			return conclude(await turn.run(), {
				args,
				output,
				answerFile
			});
		} finally {
			if (!backend.scripted) output.show([log(paint("dim", howToContinue(thread.id)), false)]);
		}
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
function conclude(result, { args, output, answerFile }) {
	if (result.status === "completed") {
		answerFile?.write(result.text);
		return 0;
	}
	if (args.json) output.show([answer(errorRecord(new TurnFailedError(result)))]);
	return result.status === "interrupted" ? 130 : 1;
}
function howToContinue(threadId) {
	return show`To continue this thread: --resume ${outputLine(threadId)}\n`;
}
function jsonLine(notification) {
	return [answer(show`${exactJson(notification)}\n`)];
}
function answer(text) {
	return {
		to: "answer",
		text,
		block: false,
		isPreformatted: true
	};
}
function log(text, block) {
	return {
		to: "log",
		text,
		block
	};
}
function isSocket(fd) {
	try {
		return fstatSync(fd).isSocket();
	} catch {
		return false;
	}
}
// src/cli/trace-arguments.ts
const OPTIONS = {
	timeline: { type: "boolean" },
	grep: { type: "string" },
	help: {
		type: "boolean",
		short: "h"
	}
};
function parseTraceArguments(argv) {
	const { values, positionals } = parse(argv);
	if (values.help) return "help";
	const [given, second] = positionals;
	if (given === void 0) throw new UsageError("trace: name the file of a trace. To send the word itself, put \"--\" before it.");
	if (second !== void 0) throw new UsageError(`trace: unexpected argument ${JSON.stringify(second)}: name one file`);
	const { timeline, grep } = values;
	if (timeline && grep !== void 0) throw new UsageError("trace: use either --timeline or --grep, not both");
	const found = file("trace", given);
	if (grep !== void 0) return {
		file: found,
		show: { grep: pattern(grep) }
	};
	return {
		file: found,
		show: timeline ? "timeline" : "summary"
	};
}
function parse(argv) {
	try {
		return parseArgs({
			args: [...argv],
			options: OPTIONS,
			allowPositionals: true
		});
	} catch (error) {
		const [first = ""] = messageOf(error).split(/\.\s/);
		throw new UsageError(`trace: ${first}`);
	}
}
function pattern(given) {
	try {
		return new RegExp(given, "i");
	} catch (error) {
		throw new UsageError(`--grep: ${JSON.stringify(given)} isn't a regular expression: ${messageOf(error)}`);
	}
}
// src/cli/trace-facts.ts
function factsOf(entries) {
	const collector = new Collector();
	for (const entry of entries) collector.add(entry);
	return collector;
}
var Collector = class {
	requests = [];
	sent = 0;
	received = 0;
	#turns = /* @__PURE__ */ new Map();
	#open = /* @__PURE__ */ new Map();
	#items = /* @__PURE__ */ new Map();
	get turns() {
		return [...this.#turns.values()];
	}
	add(entry) {
		if ("event" in entry) {
			if (entry.event === "connected") this.#open.clear();
			return;
		}
		const isSent = entry.direction === "send";
		if (isSent) this.sent++;
		else this.received++;
		const { message, at } = entry;
		if (!isRecord(message)) return;
		if (typeof message.method !== "string") this.#answer(message, !isSent, at);
		else if ("id" in message) this.#request(message, message.method, isSent, at);
		else if (!isSent && isRecord(message.params)) this.#notification(message.method, message.params, at);
	}
	#request({ id, params }, method, isSent, at) {
		const turnId = isRecord(params) && typeof params.turnId === "string" ? params.turnId : void 0;
		const facts = {
			method,
			byServer: !isSent,
			turnId,
			sentAt: at,
			answeredAt: void 0,
			error: void 0
		};
		this.requests.push(facts);
		this.#open.set(keyOf(isSent, id), facts);
	}
	#answer({ id, error }, ofClient, at) {
		const key = keyOf(ofClient, id);
		const request = this.#open.get(key);
		if (!request) return;
		this.#open.delete(key);
		request.answeredAt = at;
		if (isRecord(error)) request.error = `${String(error.message)} (${String(error.code)})`;
	}
	#notification(method, params, at) {
		const { threadId, turn, item, itemId } = params;
		const turnId = isRecord(turn) ? turn.id : params.turnId;
		if (typeof threadId !== "string" || typeof turnId !== "string") return;
		const known = this.#turns.get(turnId);
		if (method === "turn/started" && !known) this.#turns.set(turnId, {
			threadId,
			turnId,
			startedAt: at,
			itemMs: /* @__PURE__ */ new Map(),
			endedAt: void 0,
			firstTextAt: void 0
		});
		if (!known) return;
		if (method === "turn/completed") known.endedAt = at;
		if (method === "item/started" && isRecord(item)) this.#items.set(String(item.id), at);
		if (method === "item/completed" && isRecord(item)) this.#itemEnded(known, item, at);
		if ((method.endsWith("Delta") || method.endsWith("/delta")) && !/commandExecution/.test(method) && itemId !== void 0) known.firstTextAt ??= at;
	}
	#itemEnded(turn, { id, type }, at) {
		const startedAt = this.#items.get(String(id));
		if (startedAt === void 0) return;
		const name = String(type);
		turn.itemMs.set(name, (turn.itemMs.get(name) ?? 0) + at - startedAt);
	}
};
function keyOf(ofClient, id) {
	return `${ofClient} ${JSON.stringify(id)}`;
}
// src/cli/trace-timelines.ts
function timelinesOf(entries) {
	const received = entries.flatMap((entry) => "direction" in entry && entry.direction === "receive" && isRecord(entry.message) ? [entry.message] : []);
	const timelines = new Map(threadIdsIn(received).map((id) => [id, new Timeline(id)]));
	for (const message of received) {
		const thread = threadIn(message);
		for (const timeline of timelines.values()) if (thread && thread.id === timeline.threadId) timeline.setThread(thread);
		else if (typeof message.method === "string" && !("id" in message)) timeline.apply({
			...message,
			method: message.method
		});
	}
	const agents = new Set([...timelines.values()].flatMap(({ agentThreadIds }) => agentThreadIds));
	return [...timelines.values()].filter(({ threadId, snapshot }) => !agents.has(threadId) && snapshot.turns.length > 0);
}
function threadIdsIn(messages) {
	const ids = messages.flatMap((message) => {
		const id = threadIn(message)?.id ?? (isRecord(message.params) ? message.params.threadId : "");
		return typeof id === "string" && id !== "" ? [id] : [];
	});
	return [...new Set(ids)];
}
function threadIn({ result }) {
	return isRecord(result) && isRecord(result.thread) ? result.thread : void 0;
}
// src/cli/trace-summary.ts
const MOST_LINES = 30;
const SLOWEST = 5;
const PROMPT_CHARS = 70;
function summaryOf(trace, paint) {
	const facts = factsOf(trace.entries);
	const views = new Map(timelinesOf(trace.entries).flatMap(({ snapshot }) => turnsOf(snapshot).map((turn) => [turn.id, turn])));
	const shown = [
		[show`Turns`, facts.turns.map((turn) => turnText(turn, views.get(turn.turnId), facts))],
		[show`Slowest requests`, slowest(facts)],
		[show`Without an answer`, unanswered(facts)],
		[show`Problems`, problems(trace, facts, views)]
	].filter(([, lines]) => lines.length > 0);
	return join([head(trace, facts), ...shown.map(([title, lines]) => show`\n${paint("bold", title)}\n${join(atMost(lines))}`)]);
}
function turnsOf({ turns, agents }) {
	return [...turns, ...agents.flatMap(turnsOf)];
}
function head({ header, entries, isCut }, { sent, received }) {
	const took = duration(entries.at(-1)?.at ?? 0);
	const connections = entries.filter((entry) => "event" in entry && entry.event === "connected");
	const cut = isCut ? show`The beginning was deleted when the trace had reached its size.\n` : show``;
	return join([
		show`Recorded ${outputLine(header.startedAt)} by codex-app-server ${outputLine(header.client)}, ${outputLine(header.runtime)}\n`,
		show`Server: ${serverOf(entries)}, ${outputLine(header.endpoint.name)}\n`,
		show`${took}, ${count(sent, "message")} sent, ${received} received, ${count(connections.length, "connection")}\n`,
		cut
	]);
}
function serverOf(entries) {
	for (const entry of entries) {
		if (!("direction" in entry) || !isRecord(entry.message)) continue;
		const { result } = entry.message;
		if (isRecord(result) && typeof result.userAgent === "string") return outputLine(result.userAgent);
	}
	return show`unknown`;
}
function turnText(turn, view, facts) {
	const { endedAt, startedAt, firstTextAt, itemMs, turnId } = turn;
	const took = endedAt === void 0 ? show`not ended` : duration(endedAt - startedAt);
	const waited = facts.requests.filter((request) => request.byServer && request.turnId === turnId).reduce((sum, { answeredAt, sentAt }) => sum + (answeredAt ?? sentAt) - sentAt, 0);
	const parts = [
		firstTextAt === void 0 ? void 0 : show`first text after ${duration(firstTextAt - startedAt)}`,
		timeOf(itemMs, "commands", ["commandExecution"]),
		timeOf(itemMs, "file changes", ["fileChange"]),
		timeOf(itemMs, "tools", ["mcpToolCall", "dynamicToolCall"]),
		waited === 0 ? void 0 : show`waiting for answers ${duration(waited)}`,
		view?.usage ? tokens(view.usage) : void 0
	].filter((part) => part !== void 0);
	const first = view?.entries.find(({ kind }) => kind === "userMessage");
	const prompt = first?.kind === "userMessage" ? first.text : "";
	const details = parts.length === 0 ? show`` : show`    ${join(parts, " · ")}\n`;
	return join([
		show`  ${outputLine(turnId)}  ${outputLine(view?.state ?? "unknown")}, ${took}`,
		prompt === "" ? show`\n` : show`  ${shortenPrompt(prompt)}\n`,
		details
	]);
}
function shortenPrompt(prompt) {
	const line = outputLine(prompt);
	return line.length <= PROMPT_CHARS ? line : show`${line.slice(0, PROMPT_CHARS)}…`;
}
function timeOf(itemMs, what, types) {
	const ms = types.reduce((sum, type) => sum + (itemMs.get(type) ?? 0), 0);
	return ms === 0 ? void 0 : show`${outputLine(what)} ${duration(ms)}`;
}
function tokens({ totalTokens, inputTokens, outputTokens }) {
	return show`${totalTokens} tokens: ${inputTokens} in, ${outputTokens} out`;
}
function slowest({ requests }) {
	return requests.flatMap(({ method, byServer, sentAt, answeredAt }) => answeredAt === void 0 || byServer ? [] : [{
		method,
		ms: answeredAt - sentAt
	}]).sort((a, b) => b.ms - a.ms).slice(0, SLOWEST).map(({ method, ms }) => show`  ${duration(ms)}  ${outputLine(method)}\n`);
}
function unanswered({ requests }) {
	return requests.filter(({ answeredAt }) => answeredAt === void 0).map((request) => show`  ${when(request.sentAt)} ${outputLine(nameOf(request))}\n`);
}
function problems(trace, facts, views) {
	return [
		...facts.requests.flatMap((request) => request.error === void 0 ? [] : [{
			at: request.answeredAt ?? request.sentAt,
			what: `${nameOf(request)} failed: ${request.error}`
		}]),
		...facts.turns.flatMap(({ turnId, endedAt = 0 }) => {
			const error = views.get(turnId)?.error;
			return error ? [{
				at: endedAt,
				what: `turn ${turnId} failed: ${error.message}`
			}] : [];
		}),
		...trace.entries.flatMap((entry) => "event" in entry ? eventProblem(entry) : [])
	].sort((a, b) => a.at - b.at).map(({ at, what }) => show`  ${when(at)} ${shortenLine(outputLine(what))}\n`);
}
function eventProblem({ at, event, details }) {
	const { code, message, byClient } = details;
	if (event === "warning") return [{
		at,
		what: `warning ${String(code)}: ${String(message)}`
	}];
	if (event !== "disconnected" || byClient === true) return [];
	return [{
		at,
		what: `the connection was lost: ${String(message)}`
	}];
}
function nameOf({ method, byServer }) {
	return byServer ? `${method} (by the server)` : method;
}
function when(at) {
	return show`at ${duration(at)}:`;
}
function count(number, what) {
	return show`${number} ${outputLine(number === 1 ? what : `${what}s`)}`;
}
function atMost(lines) {
	if (lines.length <= MOST_LINES) return lines;
	return [...lines.slice(0, MOST_LINES), show`  … and ${lines.length - MOST_LINES} more\n`];
}
// src/cli/trace-command.ts
function showTrace(args) {
	const { stdout, env } = process;
	const paint = takesColours(stdout, env) ? coloured : plain;
	const trace = traceIn(args.file);
	if (args.show === "summary") stdout.write(wrapped(summaryOf(trace, paint), stdout));
	else if (args.show === "timeline") for (const { snapshot } of timelinesOf(trace.entries)) stdout.write(outputText(toText(snapshot)));
	else {
		const lines = matching(trace, args.show.grep);
		for (const line of lines) stdout.write(line);
		return lines.length === 0 ? 1 : 0;
	}
	return 0;
}
function traceIn(file) {
	try {
		return readTrace(file);
	} catch (error) {
		throw new UsageError(`trace: ${messageOf(error)}`);
	}
}
function matching({ entries }, pattern) {
	return entries.flatMap((entry) => {
		const line = lineOf(entry);
		return pattern.test(line) ? [show`${exactLine(entry.at.toFixed(3).padStart(12))} ${line}\n`] : [];
	});
}
function lineOf(entry) {
	if ("event" in entry) return show`* ${exactLine(entry.event)} ${exactJson(entry.details)}`;
	return show`${entry.direction === "send" ? show`→` : show`←`} ${exactJson(entry.message)}`;
}
// src/cli/main.ts
process.exitCode = await main(process.argv.slice(2));
async function main(argv) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { stdout, stderr } = process;
		const interrupts = _usingCtx$1.u(new Interrupts());
		stdout.on("error", () => interrupts.quit(0));
		stderr.on("error", () => {});
		try {
			if (argv[0] === "trace") {
				const trace = parseTraceArguments(argv.slice(1));
				if (trace !== "help") return showTrace(trace);
				stdout.write(helpText(stdout.columns));
				return 0;
			}
			const args = parseArguments(argv);
			if (args === "help") stdout.write(helpText(stdout.columns));
			else if (args === "version") stdout.write(`${version}\n`);
			else return await runTurn(args, interrupts);
			return 0;
		} catch (error) {
			const reason = interrupts.signal.aborted ? interrupts.signal.reason : error;
			const exitCode = exitCodeOf(reason);
			if (exitCode !== 0 && asksForJson(argv)) stdout.write(errorRecord(reason));
			if (!(reason instanceof Quit)) stderr.write(wrapped(reportError(reason), stderr));
			return exitCode;
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		_usingCtx$1.d();
	}
}
function exitCodeOf(reason) {
	if (reason instanceof Quit) return reason.exitCode;
	return reason instanceof UsageError ? 2 : 1;
}
export {};

//# sourceMappingURL=main.js.map