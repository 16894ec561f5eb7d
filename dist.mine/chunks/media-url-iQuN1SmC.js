import { C as CodexError, j as RequestTimeoutError } from "./checks-CUlVF2ON.js";
import { i as messageOf, o as quoteForeign, r as isRecord, t as describe } from "./describe-_qXpbH4d.js";
import { crc32, createInflateRaw } from "node:zlib";
// src/turn/result.ts
const MAX_QUOTED$1 = 1e3;
var TurnResult = class {
	threadId;
	turnId;
	status;
	error;
	text;
	items;
	usage;
	output;
	startedAt;
	completedAt;
	durationMs;
	constructor(turn, state, output) {
		this.threadId = turn.threadId;
		this.turnId = turn.turnId;
		this.status = state.status;
		this.error = state.error;
		this.text = state.text;
		this.items = state.items;
		this.usage = state.usage;
		this.output = output;
		this.startedAt = dateOf(state.startedAt);
		this.completedAt = dateOf(state.completedAt);
		this.durationMs = state.durationMs;
	}
	throwIfFailed() {
		if (this.status !== "completed") throw new TurnFailedError(this);
		return this;
	}
};
function dateOf(seconds) {
	return typeof seconds === "number" ? /* @__PURE__ */ new Date(seconds * 1e3) : null;
}
var TurnFailedError = class extends CodexError {
	name = "TurnFailedError";
	code = "TURN_FAILED";
	result;
	error;
	constructor(result) {
		const { turnId, threadId, status, error } = result;
		const why = error ? `: ${quoted(error.message)}${detailOf(error)}` : "";
		super(`Turn ${turnId} of thread ${threadId} ${ending(status)}${why}${loginHint(error)}`);
		this.result = result;
		this.error = error;
	}
};
var OutputValidationError = class extends CodexError {
	name = "OutputValidationError";
	code = "OUTPUT_INVALID";
	result;
	issues;
	constructor(result, issues) {
		const list = issues.map(({ message, path }) => `${pathText(path)}${message}`).join("; ");
		super(`The answer of turn ${result.turnId} doesn't match its output schema: ${list}`);
		this.result = result;
		this.issues = issues;
	}
};
function pathText(path) {
	return path.length === 0 ? "" : `${path.map(String).join(".")}: `;
}
function ending(status) {
	return status === "interrupted" ? "was interrupted" : status;
}
function detailOf({ additionalDetails, codexErrorInfo }) {
	const kind = typeof codexErrorInfo === "object" && codexErrorInfo !== null ? Object.keys(codexErrorInfo)[0] : codexErrorInfo;
	const details = additionalDetails ? ` ${quoted(additionalDetails)}` : "";
	return kind ? `${details} (${kind})` : details;
}
function loginHint(error) {
	const info = error?.codexErrorInfo;
	const codes = isRecord(info) ? Object.values(info) : [];
	if (!(info === "unauthorized" || codes.some((one) => isRecord(one) && one.httpStatusCode === 401))) return "";
	return ". The model's endpoint refused the login, or there is none: run `codex login`, call codex.account.login({ apiKey }), or set the option apiKey";
}
function quoted(message) {
	return typeof message === "string" ? quoteForeign(message, MAX_QUOTED$1) : describe(message);
}
// src/turn/unfinished-errors.ts
const MAX_QUOTED = 500;
const WHOLE_TURN = "turn";
var TurnTimeoutError = class extends RequestTimeoutError {
	name = "TurnTimeoutError";
	code = "TURN_TIMEOUT";
	threadId;
	turnId;
	result;
	constructor(result, timeoutMs, retrying) {
		const { threadId, turnId } = result;
		const message = `Turn ${turnId} of thread ${threadId} didn't end within ${timeoutMs} ms and was interrupted${retrying ? `. The server could not reach the model: ${quoteForeign(retrying.message, MAX_QUOTED)}` : ""}`;
		super(WHOLE_TURN, timeoutMs, message);
		this.threadId = threadId;
		this.turnId = turnId;
		this.result = result;
	}
};
var TurnAbortedError = class extends CodexError {
	name = "TurnAbortedError";
	code = "TURN_ABORTED";
	threadId;
	turnId;
	result;
	constructor(result, reason) {
		const { threadId, turnId } = result;
		super(`Turn ${turnId} of thread ${threadId} was interrupted, as its signal aborted: ${messageOf(reason)}`, { cause: reason });
		this.threadId = threadId;
		this.turnId = turnId;
		this.result = result;
	}
};
function givenUp(record, reason) {
	const result = new TurnResult(record, record.state);
	if (reason instanceof RequestTimeoutError && reason.method === "turn") return new TurnTimeoutError(result, reason.timeoutMs, record.retryError);
	return new TurnAbortedError(result, reason);
}
// src/input/media/gif.ts
const EXTENSION = 33;
const IMAGE = 44;
const DAMAGED$3 = "is damaged: its header is wrong";
const CUT_OFF$3 = "is cut off: its end is missing";
function gifFault(bytes) {
	if (bytes.length < 13) return CUT_OFF$3;
	let at = 13 + tableSize(bytes.readUInt8(10));
	while (bytes[at] === EXTENSION) {
		const end = afterBlocks(bytes, at + 2);
		if (end === void 0) return CUT_OFF$3;
		at = end;
	}
	if (at + 10 >= bytes.length) return CUT_OFF$3;
	if (bytes[at] !== IMAGE) return DAMAGED$3;
	if (bytes.readUInt16LE(at + 5) === 0 || bytes.readUInt16LE(at + 7) === 0) return "has no pixels";
	const pixels = at + 10 + tableSize(bytes.readUInt8(at + 9));
	if (bytes[pixels] === void 0) return CUT_OFF$3;
	if (bytes.readUInt8(pixels) > 11) return DAMAGED$3;
	if (bytes[pixels + 1] === 0) return "has no pixels";
	return afterBlocks(bytes, pixels + 1) === void 0 ? CUT_OFF$3 : void 0;
}
function tableSize(flags) {
	return flags & 128 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
function afterBlocks(bytes, start) {
	let at = start;
	for (let length = bytes[at]; length !== void 0; length = bytes[at]) {
		at += 1 + length;
		if (length === 0) return at;
	}
}
// src/input/media/jpeg.ts
const START_OF_SCAN = 218;
const END_OF_IMAGE = Buffer.from([255, 217]);
const DAMAGED$2 = "is damaged: its header is wrong";
const CUT_OFF$2 = "is cut off: its end is missing";
function jpegFault(bytes) {
	let framed = false;
	for (let at = 2;;) {
		while (bytes[at] === 255 && bytes[at + 1] === 255) at += 1;
		if (at + 4 > bytes.length) return CUT_OFF$2;
		const marker = bytes.readUInt8(at + 1);
		if (bytes[at] !== 255 || marker < 192 || standsAlone(marker)) return DAMAGED$2;
		const end = at + 2 + bytes.readUInt16BE(at + 2);
		if (end > bytes.length) return CUT_OFF$2;
		if (startsFrame(marker)) {
			if (end < at + 9) return DAMAGED$2;
			if (bytes.readUInt16BE(at + 5) === 0 || bytes.readUInt16BE(at + 7) === 0) return "has no pixels";
			framed = true;
		}
		if (marker === START_OF_SCAN) {
			if (!framed) return DAMAGED$2;
			return bytes.indexOf(END_OF_IMAGE, end) === -1 ? CUT_OFF$2 : void 0;
		}
		at = end;
	}
}
function standsAlone(marker) {
	return marker >= 208 && marker <= 217;
}
function startsFrame(marker) {
	return marker >= 192 && marker <= 207 && ![
		196,
		200,
		204
	].includes(marker);
}
// src/input/media/png.ts
const MAX_INFLATED = 64 * 2 ** 20;
const INFLATED_AT_ONCE = 262144;
const MAX_PARTS = 2 ** 16;
const COLOURS = /* @__PURE__ */ new Map([
	[0, {
		depths: [
			1,
			2,
			4,
			8,
			16
		],
		channels: 1
	}],
	[2, {
		depths: [8, 16],
		channels: 3
	}],
	[3, {
		depths: [
			1,
			2,
			4,
			8
		],
		channels: 1
	}],
	[4, {
		depths: [8, 16],
		channels: 2
	}],
	[6, {
		depths: [8, 16],
		channels: 4
	}]
]);
const PALETTE = 3;
const DAMAGED$1 = "is damaged: its header is wrong";
const CUT_OFF$1 = "is cut off: its end is missing";
async function pngFault(bytes) {
	const pixels = [];
	let hasPalette = false;
	let at = 8;
	for (let part = 0;; part++) {
		if (part > MAX_PARTS) return void 0;
		if (at + 8 > bytes.length) return CUT_OFF$1;
		const length = bytes.readUInt32BE(at);
		const type = bytes.toString("latin1", at + 4, at + 8);
		if (part === 0 && (type !== "IHDR" || length !== 13)) return DAMAGED$1;
		if (type === "IEND") break;
		if (at + 12 + length > bytes.length) return CUT_OFF$1;
		const content = bytes.subarray(at + 8, at + 8 + length);
		const sum = crc32(bytes.subarray(at + 4, at + 8 + length));
		if (/^[A-Z]/.test(type) && sum !== bytes.readUInt32BE(at + 8 + length)) return `is damaged: the checksum of its ${type} chunk is wrong`;
		if (type === "IDAT") pixels.push(content);
		if (type === "PLTE") hasPalette = true;
		at += 12 + length;
	}
	const header = bytes.subarray(16, 29);
	const colour = COLOURS.get(header.readUInt8(9));
	if (colour === void 0 || !colour.depths.includes(header.readUInt8(8))) return DAMAGED$1;
	if (header.readUInt32BE(0) === 0 || header.readUInt32BE(4) === 0) return "has no pixels";
	if (header.readUInt8(9) === PALETTE && !hasPalette) return "is damaged: it has no palette";
	return pixelFault(Buffer.concat(pixels), sizeOfPixels(header, colour.channels));
}
function sizeOfPixels(header, channels) {
	const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
	const row = 1 + Math.ceil(width * channels * header.readUInt8(8) / 8);
	return header.readUInt8(12) !== 0 ? 1 : row * height;
}
async function pixelFault(compressed, size) {
	if (compressed.length <= 2) return "has no pixels";
	if (size > MAX_INFLATED) return void 0;
	const inflate = createInflateRaw({ chunkSize: INFLATED_AT_ONCE });
	inflate.end(compressed.subarray(2));
	let length = 0;
	try {
		for await (const { length: more } of inflate) {
			length += more;
			if (length >= size) return void 0;
		}
		return "is cut off: pixels are missing";
	} catch {
		return "is damaged: its pixels can't be read";
	}
}
// src/input/media/webp.ts
const CUT_OFF = "is cut off: its end is missing";
const DAMAGED = "is damaged: its header is wrong";
function webpFault(bytes) {
	const end = 8 + bytes.readUInt32LE(4);
	if (end > bytes.length) return CUT_OFF;
	for (let at = 12; at + 8 <= end;) {
		const type = bytes.readUInt32BE(at);
		const length = bytes.readUInt32LE(at + 4);
		const next = at + 8 + length;
		if (next > bytes.length) return CUT_OFF;
		if (type === VP8) return bytes.subarray(at + 8, next).includes(START_OF_FRAME) ? void 0 : DAMAGED;
		if (type === VP8L) return length > 0 && bytes[at + 8] === 47 ? void 0 : DAMAGED;
		if (type === ANMF) return void 0;
		at = next + length % 2;
	}
	return "has no pixels";
}
const VP8 = 1448097824;
const VP8L = 1448097868;
const ANMF = 1095650630;
const START_OF_FRAME = Buffer.from([
	157,
	1,
	42
]);
// src/input/media/image.ts
const FORMATS$1 = [
	{
		mediaType: "image/png",
		starts: (bytes) => bytes.toString("latin1", 0, 8) === "PNG\r\n\n",
		fault: pngFault
	},
	{
		mediaType: "image/jpeg",
		starts: (bytes) => bytes.toString("latin1", 0, 3) === "ÿØÿ",
		fault: jpegFault
	},
	{
		mediaType: "image/gif",
		starts: (bytes) => /^GIF8[79]a/.test(bytes.toString("latin1", 0, 6)),
		fault: gifFault
	},
	{
		mediaType: "image/webp",
		starts: (bytes) => /^RIFF.{4}WEBP/s.test(bytes.toString("latin1", 0, 12)),
		fault: webpFault
	}
];
const OTHERS = [
	["a BMP", /^BM/],
	["a TIFF", /^(?:II\*\0|MM\0\*)/],
	["an AVIF", /^.{4}ftyp(?:avif|avis)/s],
	["a HEIC", /^.{4}ftyp(?:heic|heix|hevc|mif1)/s],
	["an SVG", /^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!DOCTYPE svg)/i],
	["a PDF", /^%PDF/]
];
function imageTypeOf(bytes) {
	return FORMATS$1.find(({ starts }) => starts(bytes))?.mediaType;
}
async function imageFault(bytes) {
	if (bytes.length === 0) return "is empty";
	const format = FORMATS$1.find(({ starts }) => starts(bytes));
	if (format) return format.fault(bytes);
	const start = bytes.toString("latin1", 0, 64);
	const [other] = OTHERS.find(([, begins]) => begins.test(start)) ?? [];
	return other === void 0 ? "isn't a PNG, JPEG, GIF or WebP image" : `is ${other}, but the server supports only PNG, JPEG, GIF and WebP: convert it`;
}
// src/input/media/audio.ts
const FORMATS = [
	{
		extension: "wav",
		mediaTypes: [
			"audio/wav",
			"audio/x-wav",
			"audio/wave",
			"audio/vnd.wave"
		],
		fits: (start) => start.startsWith("RIFF") && start.startsWith("WAVE", 8)
	},
	{
		extension: "mp3",
		mediaTypes: ["audio/mpeg", "audio/mp3"],
		fits: (start) => /ID3|\xff[\xe0-\xff]/.test(start)
	},
	{
		extension: "m4a",
		mediaTypes: [
			"audio/mp4",
			"audio/m4a",
			"audio/x-m4a"
		],
		fits: (start) => start.startsWith("ftyp", 4)
	},
	{
		extension: "webm",
		mediaTypes: ["audio/webm"],
		fits: (start) => start.startsWith("Eß£")
	},
	{
		extension: "ogg",
		mediaTypes: ["audio/ogg"],
		fits: (start) => start.startsWith("OggS")
	}
];
const KNOWN = "the server supports wav, mp3, m4a, webm and ogg";
function audioFault(bytes, named) {
	const name = named.toLowerCase();
	const format = FORMATS.find(({ extension, mediaTypes }) => {
		return extension === name || mediaTypes.includes(name);
	});
	if (format === void 0) return `has the type ${JSON.stringify(named)}, but ${KNOWN}`;
	if (bytes.length === 0) return "is empty";
	if (format.fits(bytes.toString("latin1", 0, 4096))) return void 0;
	return `isn't valid ${format.extension} audio`;
}
// src/input/media/media-url.ts
async function mediaUrlFault(kind, url) {
	if (kind === "image" && /^https?:\/\//i.test(url)) return void 0;
	const comma = url.indexOf(",");
	const [scheme, ...parameters] = url.slice(0, Math.max(comma, 0)).toLowerCase().split(/[:;]/);
	if (scheme !== "data" || parameters.at(-1) !== "base64") return `must be a data: URL in base64, got ${JSON.stringify(url.slice(0, 60))}`;
	const text = url.slice(comma + 1);
	const bytes = Buffer.from(text, "base64");
	if (bytes.toString("base64") !== text) return `isn't valid base64: it must be padded with "=" and contain no line breaks or spaces`;
	const [mediaType = ""] = parameters;
	const fault = kind === "image" ? await imageFault(bytes) : audioFault(bytes, mediaType);
	return fault === void 0 ? void 0 : `has content that ${fault}`;
}
export { TurnAbortedError as a, givenUp as c, TurnResult as d, imageTypeOf as i, OutputValidationError as l, audioFault as n, TurnTimeoutError as o, imageFault as r, WHOLE_TURN as s, mediaUrlFault as t, TurnFailedError as u };

//# sourceMappingURL=media-url-iQuN1SmC.js.map