// src/text/secret-names.ts
const SECRET = new RegExp([
	"secret|passw|passphrase|passcode|credential|cookie|authorization|bearer|mnemonic",
	"tokens?(?:_|$)|(?:^|_)(?:jwt|otp|totp|pin|pwd|pw|sas|auth)$",
	"(?:access|account|api|auth|client|deploy|encryption|license|master|private|service)_?keys?(?:_|$)",
	"(?:shared|signing|ssh|storage|subscription)_?keys?(?:_|$)|connection_string|code_verifier",
	"(?:user|device|auth|authorization|manual|pairing|verification)_?code$",
	"(?:^|_)(?:data|delta)_?base64$"
].join("|"));
const ABOUT_A_SECRET = /* @__PURE__ */ new RegExp("(?:^|_)(?:budget|counts?|endpoint|env|expires|expiry|file|format|kind|length|limits?|max|method|min|mode|name|path|policy|required|scheme|status|store|type|uri|url|usage|used|var)(?:_|$)");
const OPEN_MAP = /^(?:env|environment|env_?vars)$|(?:^|_)headers$/;
const SECRET_PARAMETER = /^(?:code|key|sig|signature)$/;
const MAYBE_SECRET = /secret|pass|credential|cookie|auth|bearer|mnemonic|token|jwt|otp|pin|pwd|pw|sas|key|connection|verifier|code|base64/i;
function isSecretName(name) {
	if (!MAYBE_SECRET.test(name)) return false;
	const joined = joinWords(name);
	return SECRET.test(joined) && !ABOUT_A_SECRET.test(joined);
}
function countsTokens(name) {
	return joinWords(name).endsWith("tokens");
}
function isOpenMap(name) {
	return OPEN_MAP.test(joinWords(name));
}
function isSecretParameter(name) {
	return SECRET_PARAMETER.test(name.toLowerCase()) || isSecretName(name);
}
function joinWords(name) {
	return name.slice(-128).replace(/([a-z\d])([A-Z])/g, "$1_$2").replace(/[^A-Za-z\d]+/g, "_").toLowerCase();
}
const SECRET_ENDS = /* @__PURE__ */ new Set([
	"apikey",
	"authorization",
	"bearer",
	"cookie",
	"credential",
	"credentials",
	"jwt",
	"passphrase",
	"passwd",
	"password",
	"pwd",
	"secret",
	"secrets",
	"token"
]);
const KINDS_OF_KEY = /* @__PURE__ */ new Set([
	"access",
	"account",
	"admin",
	"api",
	"auth",
	"encryption",
	"license",
	"private",
	"secret",
	"service",
	"signing",
	"subscription"
]);
const SECRET_WORDS = /* @__PURE__ */ new Set([
	...SECRET_ENDS,
	"auth",
	"dsn",
	"key",
	"pass",
	"pat",
	"private",
	"session",
	"sid",
	"sig",
	"signature",
	"ticket",
	"tokens"
]);
function namesSecret(name) {
	const [last = "", before = ""] = wordsOf(name).reverse();
	return SECRET_ENDS.has(last) || last === "key" && KINDS_OF_KEY.has(before);
}
function mayNameSecret(name) {
	const words = wordsOf(name);
	return words.some((word) => SECRET_WORDS.has(word)) || /(?:key|token|secret|auth)$/.test(words.join(""));
}
function wordsOf(name) {
	return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
}
const KNOWN_FORM = new RegExp([
	"(?<![A-Za-z\\d])(?:AKIA|ASIA|ABIA|ACCA)[A-Z\\d]{16}(?![A-Za-z\\d])",
	"(?<![A-Za-z\\d])(?:gh[pousr]_[A-Za-z\\d]{16,}|github_pat_\\w{16,}|gl(?:pat|ptt|dt|rt)-[\\w-]{16,})",
	"(?<![A-Za-z\\d])(?:npm_[A-Za-z\\d]{16,}|pypi-[\\w-]{16,}|hf_[A-Za-z\\d]{16,}|do[opr]_v1_[\\da-f]{32,})",
	"(?<![A-Za-z\\d])(?:shp(?:at|ca|pa|ss)_[\\da-fA-F]{16,}|dapi[\\da-f]{32})",
	"(?<![A-Za-z\\d])(?:sk-[\\w-]{8,}|[sr]k_(?:live|test)_[A-Za-z\\d]{8,}|whsec_[A-Za-z\\d+/=]{16,})",
	"(?<![A-Za-z\\d])(?:xox[a-z]-[\\w-]{8,}|xapp-[\\w-]{8,})|hooks\\.slack\\.com/[\\w/-]+",
	"(?<![A-Za-z\\d])(?:AIza[\\w-]{20,}|ya29\\.[\\w.-]{8,}|GOCSPX-[\\w-]{16,}|SG\\.[\\w-]{16,}\\.[\\w-]{16,})",
	"(?<!\\d)\\d{8,10}:AA[\\w-]{30,}|AGE-SECRET-KEY-1[A-Z\\d]{16,}",
	"(?<![\\w-])eyJ[\\w-]{8,}\\.[\\w-]{4,}(?:\\.[\\w-]*)?"
].join("|"), "g");
const WHOLE_KNOWN_FORM = new RegExp(`^(?:${KNOWN_FORM.source})$`);
const NO_WORDS = /\d|[A-Za-z]{20}/;
const MIN_WHOLE = 20;
function isKnownSecret(text) {
	return text.length >= MIN_WHOLE && NO_WORDS.test(text) && WHOLE_KNOWN_FORM.test(text);
}
const KNOWN_FORMS = [
	/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/,
	/^(?:Bearer|Basic|Token) \S{6,}$/i,
	/^-----BEGIN [A-Z ]*PRIVATE KEY-----/,
	/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:[^\s/?#@]+@/i
];
function looksLikeSecret(text) {
	return KNOWN_FORMS.some((form) => form.test(text)) || isKnownSecret(text);
}
function containsSecret(text) {
	if (text.includes("PRIVATE KEY-----") && maskPrivateKeys(text) !== text) return true;
	for (const [found] of text.matchAll(KNOWN_FORM)) if (isKnownSecret(found)) return true;
	for (const [found] of text.matchAll(USER_INFO)) {
		const [, password = ""] = /:\/\/[^:]*:(.*)@$/.exec(found) ?? [];
		if (password !== "" && !/^\$/.test(password)) return true;
	}
	return false;
}
const AUTHORIZATION = /\b(bearer|basic)((?:\s|%20){1,8})([\w.~+/=-]{4,})/gi;
const PROSE = /^(?:auth|authentication|authorization|challenge|credentials?|format|headers?|realm|scheme|tokens?)\b/i;
const USER_INFO = /:\/\/[^\s/?#"'<>\\]*@/g;
const OPTION = /(?<![\w-])(--?[A-Za-z][\w-]{0,63})([ \t]{1,8})("[^"]*"|'[^']*'|[^\s"'-][^\s"']*)/g;
const KEY_LENGTH = 40;
const BESIDE_KEY = /[\w/+=.-]/;
const PRIVATE_KEY = /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY/g;
function maskText(text) {
	return maskKeyLike(maskAssignments(maskPrivateKeys(text)).replace(USER_INFO, `://***@`).replace(AUTHORIZATION, (found, scheme, space, value) => isProse(scheme, value) ? found : `${scheme}${space}***`).replace(OPTION, (found, option, space) => isSecretName(option) ? `${option}${space}***` : found).replace(KNOWN_FORM, "***"));
}
function maskKeyLike(text) {
	let masked = "";
	let from = 0;
	for (let at = 39; at < text.length; at += KEY_LENGTH) {
		if (!isKeyCharacter(text.charCodeAt(at))) continue;
		let start = at;
		while (start > from && isKeyCharacter(text.charCodeAt(start - 1))) start--;
		let end = at + 1;
		while (isKeyCharacter(text.charCodeAt(end))) end++;
		const isAlone = !BESIDE_KEY.test(text[start - 1] ?? "") && !BESIDE_KEY.test(text[end] ?? "");
		if (end - start === KEY_LENGTH && isAlone && looksRandom(text.slice(start, end))) {
			masked += text.slice(from, start) + "***";
			from = end;
		}
		at = Math.max(at, end - KEY_LENGTH);
	}
	return masked + text.slice(from);
}
function isKeyCharacter(code) {
	if (code >= 97) return code <= 122;
	if (code >= 65) return code <= 90;
	return code >= 47 && code <= 57 || code === 43;
}
function isProse(scheme, value) {
	if (PROSE.test(value)) return true;
	return scheme.toLowerCase() === "basic" && !/[\d=]|[a-z][A-Z]/.test(value);
}
function looksRandom(text) {
	return /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
}
function maskPrivateKeys(text) {
	let masked = "";
	let from = 0;
	for (const { index } of text.matchAll(PRIVATE_KEY)) {
		if (index < from) continue;
		masked += text.slice(from, index) + "***";
		const end = text.indexOf("-----END ", index);
		const close = end === -1 ? -1 : text.indexOf("-----", end + 9);
		from = close === -1 ? text.length : close + 5;
	}
	return masked + text.slice(from);
}
const MAX_NAME = 64;
const SEPARATOR = /[=:]/g;
const QUOTE = /["'`]/;
const VALUE_END = /[\s&;,)}\]<>"'`]/g;
const WHOLE_LINE = /(?:authorization|cookie)$/i;
const EVERYDAY = /^(?:auth|bearer|credentials?|secrets?|tokens?|pin)$/i;
const HARMLESS = /^(?:true|false|null|none|undefined)$/i;
function maskAssignments(text) {
	let masked = "";
	let from = 0;
	for (const { index } of text.matchAll(SEPARATOR)) {
		if (index < from) continue;
		const value = valueOfSecretName(text, index);
		if (value === void 0) continue;
		masked += value.isSecret ? text.slice(from, value.start) + "***" : text.slice(from, value.end);
		from = value.end;
	}
	return masked + text.slice(from);
}
function valueOfSecretName(text, separator) {
	const name = nameBefore(text, separator);
	if (name === void 0) return void 0;
	const isParameter = name.before !== "" && "?&#;".includes(name.before);
	if (!isSecretName(name.text) && !(isParameter && isSecretParameter(name.text))) return void 0;
	const value = valueAfter(text, separator, WHOLE_LINE.test(name.text));
	const found = text.slice(value.start, value.end);
	const isSecret = text[separator] === ":" && !name.isQuoted && EVERYDAY.test(name.text) ? isNoWord(found) : found !== "" && !HARMLESS.test(found);
	return {
		...value,
		isSecret
	};
}
function isNoWord(text) {
	return text.length >= 6 && /\d/.test(text) && /[A-Za-z]/.test(text);
}
function nameBefore(text, separator) {
	let end = separator;
	while (separator - end < 2 && text[end - 1] === " ") end--;
	const isQuoted = QUOTE.test(text[end - 1] ?? "");
	if (isQuoted) end--;
	if (isQuoted && text[end - 1] === "\\") end--;
	let start = end;
	while (end - start < MAX_NAME && isNameCharacter(text.charCodeAt(start - 1))) start--;
	if (start === end) return void 0;
	return {
		text: text.slice(start, end),
		before: text[start - 1] ?? "",
		isQuoted
	};
}
function isNameCharacter(code) {
	if (code >= 97) return code <= 122;
	if (code >= 65) return code <= 90 || code === 95;
	if (code >= 48) return code <= 57;
	return code === 45 || code === 46 || code === 36;
}
function valueAfter(text, separator, isWholeLine) {
	let start = separator + 1;
	while (start - separator < 5 && /[ \t=>:]/.test(text[start] ?? "")) start++;
	const isEscaped = text[start] === "\\" && QUOTE.test(text[start + 1] ?? "");
	if (isEscaped) start++;
	const quote = QUOTE.test(text[start] ?? "") ? text[start] : void 0;
	if (quote !== void 0) {
		const body = start + 1;
		return {
			start: body,
			end: quoteEnd(text, body, isEscaped ? `\\${quote}` : quote)
		};
	}
	const pattern = new RegExp(isWholeLine ? /[\r\n"'`]/g : VALUE_END);
	pattern.lastIndex = start;
	return {
		start,
		end: pattern.exec(text)?.index ?? text.length
	};
}
function quoteEnd(text, from, close) {
	for (let at = from; at < text.length; at++) {
		if (text.startsWith(close, at)) return at;
		if (text[at] === "\\") at++;
	}
	return text.length;
}
// src/text/mask-json.ts
const BETWEEN = /[\s{}[\],:]/;
const LITERAL_END = /[\s{}[\],:"]/g;
const LITERAL = /^(?:-?\d[\d.eE+-]*|true|false|null)$/;
const NAMING_MEMBER = /^(?:name|key|header|key_?path)$/i;
function maskJson(text, maskValue) {
	return new JsonMask(text, maskValue).run();
}
var JsonMask = class {
	#text;
	#maskValue;
	#levels = [];
	#at = 0;
	#masked = "";
	constructor(text, maskValue) {
		this.#text = text;
		this.#maskValue = maskValue;
	}
	run() {
		while (this.#at < this.#text.length) this.#step(this.#text[this.#at] ?? "");
		return this.#masked;
	}
	#step(character) {
		if (character === "\"") this.#string();
		else if (character === "{" || character === "[") this.#container(character);
		else if (!BETWEEN.test(character)) this.#literal();
		else {
			if (character === "}" || character === "]") this.#levels.pop();
			else if (character === "," && this.#level?.isObject) this.#level.name = void 0;
			this.#copy(1);
		}
	}
	get #level() {
		return this.#levels.at(-1);
	}
	get #isSecret() {
		const level = this.#level;
		if (level === void 0) return false;
		if (level.isOpenMap || level.isNamed && (!level.isObject || level.name === "value")) return true;
		return level.isObject && level.name !== void 0 && isSecretName(level.name);
	}
	#container(character) {
		if (this.#isSecret) {
			this.#at = containerEnd(this.#text, this.#at);
			this.#masked += JSON.stringify("***");
			return;
		}
		const name = this.#level?.name;
		this.#levels.push({
			isObject: character === "{",
			isOpenMap: name !== void 0 && isOpenMap(name),
			name: void 0,
			isNamed: false
		});
		this.#copy(1);
	}
	#string() {
		const end = stringEnd(this.#text, this.#at);
		const raw = this.#text.slice(this.#at, end);
		const { value, isWhole } = decode(raw);
		const level = this.#level;
		this.#at = end;
		if (level?.isObject && level.name === void 0) {
			level.name = value;
			this.#put(raw, maskText(value), {
				value,
				isWhole
			});
		} else {
			this.#put(raw, this.#isSecret ? "***" : this.#maskValue(value), {
				value,
				isWhole
			});
			if (level) level.isNamed = namesNext(level, value);
		}
	}
	#literal() {
		const pattern = new RegExp(LITERAL_END);
		pattern.lastIndex = this.#at;
		const end = pattern.exec(this.#text)?.index ?? this.#text.length;
		const literal = this.#text.slice(this.#at, end);
		const isNumber = /^[-\d]/.test(literal);
		if (!LITERAL.test(literal)) {
			this.#masked += maskText(this.#text.slice(this.#at));
			this.#at = this.#text.length;
		} else if (isNumber && this.#isSecret && !countsTokens(this.#level?.name ?? "")) {
			this.#masked += JSON.stringify("***");
			this.#at = end;
		} else this.#copy(literal.length);
	}
	#put(raw, masked, { value, isWhole }) {
		if (masked === value) this.#masked += raw;
		else this.#masked += isWhole ? JSON.stringify(masked) : `"${masked}`;
	}
	#copy(length) {
		this.#masked += this.#text.slice(this.#at, this.#at + length);
		this.#at += length;
	}
};
function namesNext(level, value) {
	if (!level.isObject) return /^--?[A-Za-z]/.test(value.slice(0, 3)) && isSecretName(value);
	return level.isNamed || NAMING_MEMBER.test(level.name ?? "") && isSecretName(value);
}
function containerEnd(text, start) {
	let depth = 0;
	let at = start;
	while (at < text.length) {
		const character = text[at];
		if (character === "\"") {
			at = stringEnd(text, at);
			continue;
		}
		at++;
		if (character === "{" || character === "[") depth++;
		if ((character === "}" || character === "]") && --depth === 0) break;
	}
	return at;
}
function stringEnd(text, start) {
	for (let quote = text.indexOf("\"", start + 1); quote !== -1;) {
		let slash = quote;
		while (slash > start + 1 && text[slash - 1] === "\\") slash--;
		if ((quote - slash) % 2 === 0) return quote + 1;
		quote = text.indexOf("\"", quote + 1);
	}
	return text.length;
}
function decode(raw) {
	try {
		return {
			value: JSON.parse(raw),
			isWhole: true
		};
	} catch {
		return {
			value: raw.slice(1),
			isWhole: false
		};
	}
}
// src/text/visible.ts
const NEEDS_CARE = /[A-Za-z]?[^\n\x20-\x5b\x5d-\x7e]+/g;
const NEEDS_CARE_OR_BREAKS = /[A-Za-z]?[^\x20-\x5b\x5d-\x7e]+/g;
const NOT_ASCII = /[A-Za-z]?[\x80-\uffff]+/g;
const PRINTED = /^[\p{L}\p{N}\p{P}\p{S}]$/u;
const IGNORABLE = /^\p{Default_Ignorable_Code_Point}$/u;
const BLANK = /^[\u2800\ufffc\u{1d159}\u{13441}\u{13442}]$/u;
const LETTER = /^\p{L}$/u;
const CONJOINING = /^[\u1161-\u11ff\ud7b0-\ud7ff]$/;
const MARK = /^[\p{M}\u1161-\u11ff\ud7b0-\ud7ff]$/u;
const PAIR = new RegExp(`^(?:${[
	...[
		"Arab",
		"Armn",
		"Beng",
		"Bopo",
		"Cyrl",
		"Deva",
		"Ethi",
		"Geor",
		"Grek",
		"Gujr",
		"Guru"
	],
	...[
		"Hani",
		"Hebr",
		"Hira",
		"Kana",
		"Khmr",
		"Knda",
		"Laoo",
		"Latn",
		"Mlym",
		"Mymr",
		"Orya"
	],
	...[
		"Sinh",
		"Taml",
		"Telu",
		"Thaa",
		"Thai",
		"Tibt"
	]
].map((script) => `\\p{scx=${script}}\\p{scx=${script}}`).join("|")})$`, "u");
const GENERAL_MARK = /^(?:\p{Me}|\p{scx=Inherited}|[\u0300-\u036f]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f])$/u;
const HANGUL_PAIR = /^(?:[\u1100-\u115e\ua960-\ua97c][\u1161-\u11a7\ud7b0-\ud7c6]|[\u1161-\u11a7\ud7b0-\ud7c6][\u11a8-\u11ff\ud7cb-\ud7fb])$/;
const STACKER = /^[\u1039\u17d2]$/;
const MAX_MARKS = 4;
const ESCAPE = /\\(?:([\\nrt])|x([\da-f]{2})|u\{([\da-f]{1,6})\})/g;
const NAMED = /* @__PURE__ */ new Map([
	["\\", "\\\\"],
	["\n", "\\n"],
	["\r", "\\r"],
	["	", "\\t"]
]);
function escapeVisible(text) {
	return text.replace(NEEDS_CARE, escapeRun);
}
function escapeLine(text) {
	return text.replace(NEEDS_CARE_OR_BREAKS, escapeRun);
}
function unescapeVisible(text) {
	return text.replace(ESCAPE, (_escape, name, byte, codePoint) => {
		if (name === void 0) return String.fromCodePoint(Number.parseInt(byte ?? codePoint ?? "", 16));
		return {
			n: "\n",
			r: "\r",
			t: "	"
		}[name] ?? name;
	});
}
function* visibleCharacters(text) {
	let base = "";
	let marks = [];
	let end = 0;
	for (const character of text) {
		end += character.length;
		if (!MARK.test(character)) {
			const isShown = isPrinted(character);
			base = isShown && LETTER.test(character) ? character : "";
			if (marks.length > 0) marks = [];
			yield [character, isShown];
			continue;
		}
		const next = String.fromCodePoint(text.codePointAt(end) ?? 0);
		const fits = marks.length < MAX_MARKS && !marks.includes(character);
		base = fits ? marked(base, character, next) : "";
		if (fits) marks.push(character);
		yield [character, base !== ""];
	}
}
function* shownBeyondAscii(text) {
	for (const [run] of text.matchAll(NOT_ASCII)) for (const [character, isShown] of visibleCharacters(run)) if (isShown && character > "") yield [character, MARK.test(character)];
}
function marked(base, mark, next) {
	if (base === "" || IGNORABLE.test(mark)) return "";
	if (CONJOINING.test(mark)) return HANGUL_PAIR.test(base + mark) ? mark : "";
	if (base > "" && !GENERAL_MARK.test(mark) && PAIR.test(base + mark)) return STACKER.test(mark) && !(LETTER.test(next) && PAIR.test(mark + next)) ? "" : base;
	const composed = (base + mark).normalize("NFC");
	return LETTER.test(composed) ? composed : "";
}
function escapeRun(run) {
	let escaped = "";
	for (const [character, isShown] of visibleCharacters(run)) escaped += isShown && character !== "\\" ? character : escapeOf(character);
	return escaped;
}
function isPrinted(character) {
	return character === " " || PRINTED.test(character) && !IGNORABLE.test(character) && !BLANK.test(character);
}
function escapeOf(character) {
	const named = NAMED.get(character);
	if (named !== void 0) return named;
	const code = character.codePointAt(0) ?? 0;
	return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
// src/text/secrets.ts
const MAX_MESSAGE = 16e3;
const NESTED_LEVELS = 4;
function maskSecrets(text, maskOne = maskText) {
	return mask(text, NESTED_LEVELS, maskOne);
}
function quoteForeign(text, max = 400) {
	return quote(text, max, escapeLine);
}
function safeMessage(text) {
	return quote(text, MAX_MESSAGE, escapeVisible);
}
function safeLines(lines) {
	if (lines.length === 0) return [];
	return maskSecrets(lines.join("\n")).split("\n").map((line) => undouble(escapeLine(maskSecrets(line))));
}
function quote(text, max, escapeAll) {
	const read = text.length > 4 * max + 4096 ? wholeWords(text.slice(0, 4 * max + 4096)) : text;
	const masked = maskSecrets(read);
	const escaped = undouble(escapeAll(masked.slice(0, max)));
	if (read === text && masked.length <= max && escaped.length <= max) return escaped;
	return `${cutAt(escaped, max)}… (${text.length} characters)`;
}
function undouble(text) {
	return text.replaceAll("\\\\", "\\");
}
function mask(text, nestedLevels, maskOne) {
	if (!(nestedLevels > 0 && /^\s*[{[]/.test(text.slice(0, 100)))) return maskOne(text);
	return maskJson(text, (value) => mask(value, nestedLevels - 1, maskOne));
}
function wholeWords(text) {
	let end = text.length;
	while (end > 0 && !/[\s"',;&<>()[\]{}]/.test(text[end - 1] ?? "")) end--;
	return text.slice(0, end);
}
function cutAt(text, max) {
	const end = Math.min(text.length, max);
	const backslash = text.lastIndexOf("\\", end - 1);
	if (end < text.length && backslash !== -1 && backslash > end - 10) return text.slice(0, backslash);
	const isInPair = /[\ud800-\udbff]/.test(text[end - 1] ?? "");
	return text.slice(0, isInPair ? end - 1 : end);
}
// src/util/describe.ts
const MAX_QUOTED_CHARS = 60;
function describe(value) {
	if (value === null || value === void 0) return String(value);
	switch (typeof value) {
		case "string": return `the string "${quoteForeign(value, MAX_QUOTED_CHARS)}"`;
		case "object": return Array.isArray(value) ? "an array" : describeObject(value);
		case "function": return "a function";
		default: return `the ${typeof value} ${String(value)}`;
	}
}
function messageOf(error) {
	try {
		if (error instanceof Error) return `${error.message || error.name}`;
		return typeof error === "string" ? error : describe(error);
	} catch {
		return "an object that can't be read";
	}
}
function isRecord(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isPlainObject(value) {
	if (!isRecord(value)) return false;
	const prototype = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}
function describeObject(value) {
	const name = Object.getPrototypeOf(value)?.constructor?.name;
	if (typeof name !== "string" || name === "" || name === "Object") return "an object";
	return `an instance of ${name}`;
}
export { isSecretName as _, maskSecrets as a, safeMessage as c, shownBeyondAscii as d, unescapeVisible as f, maskText as g, looksLikeSecret as h, messageOf as i, escapeLine as l, containsSecret as m, isPlainObject as n, quoteForeign as o, visibleCharacters as p, isRecord as r, safeLines as s, describe as t, escapeVisible as u, mayNameSecret as v, namesSecret as y };

//# sourceMappingURL=describe-_qXpbH4d.js.map