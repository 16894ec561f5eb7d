import { isSecretName, isSecretParameter, SECRET_NAME_WORDS } from "./secret-names.ts";

export const MASK = "***";

/**
 * Credentials that are recognised by their form. No alternative can start inside text that it has
 * scanned, or searches after an unlimited run, so a search takes linear time.
 */
const KNOWN_FORM = new RegExp(
  [
    // AWS key ids
    "(?<![A-Za-z\\d])(?:AKIA|ASIA|ABIA|ACCA)[A-Z\\d]{16}(?![A-Za-z\\d])",
    // GitHub, GitLab, npm, PyPI, Hugging Face, DigitalOcean, Shopify, Databricks
    "(?<![A-Za-z\\d])(?:gh[pousr]_[A-Za-z\\d]{16,}|github_pat_\\w{16,}|gl(?:pat|ptt|dt|rt)-[\\w-]{16,})",
    "(?<![A-Za-z\\d])(?:npm_[A-Za-z\\d]{16,}|pypi-[\\w-]{16,}|hf_[A-Za-z\\d]{16,}|do[opr]_v1_[\\da-f]{32,})",
    "(?<![A-Za-z\\d])(?:shp(?:at|ca|pa|ss)_[\\da-fA-F]{16,}|dapi[\\da-f]{32})",
    // OpenAI and Anthropic (sk-…), Stripe, Slack, Google, SendGrid, Telegram, age
    "(?<![A-Za-z\\d])(?:sk-[\\w-]{8,}|[sr]k_(?:live|test)_[A-Za-z\\d]{8,}|whsec_[A-Za-z\\d+/=]{16,})",
    "(?<![A-Za-z\\d])(?:xox[a-z]-[\\w-]{8,}|xapp-[\\w-]{8,})|hooks\\.slack\\.com/[\\w/-]+",
    "(?<![A-Za-z\\d])(?:AIza[\\w-]{20,}|ya29\\.[\\w.-]{8,}|GOCSPX-[\\w-]{16,}|SG\\.[\\w-]{16,}\\.[\\w-]{16,})",
    "(?<!\\d)\\d{8,10}:AA[\\w-]{30,}|AGE-SECRET-KEY-1[A-Z\\d]{16,}",
    // Groq, xAI, NVIDIA, Perplexity, Replicate, Linear, Grafana, Figma, Notion, Supabase, Tailscale, Vault, Atlassian
    "(?<![A-Za-z\\d])(?:(?:gsk|r8|lin_api|ntn)_[A-Za-z\\d]{16,}|(?:glsa|fig[dou]|sbp)_[\\w-]{16,})",
    "(?<![A-Za-z\\d])(?:(?:xai|nvapi|pplx|tskey)-[\\w-]{16,}|hvs\\.[\\w-]{16,}|ATATT3[\\w=-]{16,})",
    // JSON Web Tokens
    "(?<![\\w-])eyJ[\\w-]{8,}\\.[\\w-]{4,}(?:\\.[\\w-]*)?",
  ].join("|"),
  "g",
);
/**
 * One of these two matches every text that contains a known form, in a fraction of the time of the
 * full pattern: the first has few different starts; the second looks for a punctuation mark, then
 * at what precedes it.
 */
const RARE_START =
  /eyJ|ATATT3|A(?:[KSB]I|CC)A|AIza|AGE-SECRET|:AA[\w-]{30}|dapi[\da-f]{32}|hooks\.slack\.com/;
const MARKED_START = new RegExp(
  [
    "-(?<=(?<![A-Za-z\\d])(?:sk|gl(?:pat|ptt|dt|rt)|pypi|xox[a-z]|xapp|GOCSPX)-)[\\w-]{8}",
    "-(?<=(?<![A-Za-z\\d])(?:xai|nvapi|pplx|tskey)-)[\\w-]{16}",
    "_(?<=(?<![A-Za-z\\d])(?:gsk|r8|lin_api|ntn|glsa|fig[dou]|sbp)_)[\\w-]{16}",
    "_(?<=(?<![A-Za-z\\d])(?:gh[pousr]|github_pat|npm|hf|do[opr]_v1|shp(?:at|ca|pa|ss))_)\\w{16}",
    "_(?<=(?<![A-Za-z\\d])(?:[sr]k_(?:live|test)|whsec)_)[A-Za-z\\d+/=]{8}",
    "\\.(?<=(?<![A-Za-z\\d])(?:ya29|SG|hvs)\\.)[\\w.-]{8}",
  ].join("|"),
);
const WHOLE_KNOWN_FORM = new RegExp(`^(?:${KNOWN_FORM.source})$`);
/** What ordinary words don't contain: a model or a package can be named `sk-something`. */
const NO_WORDS = /\d|[A-Za-z]{20}/;
const MIN_WHOLE = 20;

/** Whether the complete text is a credential with a known format. */
function isKnownSecret(text: string): boolean {
  return text.length >= MIN_WHOLE && NO_WORDS.test(text) && WHOLE_KNOWN_FORM.test(text);
}

/** Formats of secrets, in addition to those of individual services. */
const KNOWN_FORMS = [
  /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/,
  /^(?:Bearer|Basic|Token) \S{6,}$/i,
  /^-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // A URL with a password.
  /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:[^\s/?#@]+@/i,
];

/** Whether the complete text has the format of a key or token of a known service. */
export function looksLikeSecret(text: string): boolean {
  return KNOWN_FORMS.some((form) => form.test(text)) || isKnownSecret(text);
}

/** Whether the text contains a known credential, a private key or a URL with a password. */
export function containsSecret(text: string): boolean {
  if (text.includes("PRIVATE KEY-----") && maskPrivateKeys(text) !== text) return true;
  for (const [found] of text.matchAll(KNOWN_FORM)) if (isKnownSecret(found)) return true;
  for (const [found] of text.matchAll(USER_INFO)) {
    const [, password = ""] = /:\/\/[^:]*:(.*)@$/.exec(found) ?? [];
    if (password !== "" && !/^\$/.test(password)) return true;
  }
  return false;
}

const AUTHORIZATION = /\b(bearer|basic)((?:\s|%20){1,8})([\w.~+/=-]{4,})/gi;
/** Words that follow "bearer" or "basic" in prose. */
const PROSE =
  /^(?:auth|authentication|authorization|challenge|credentials?|format|headers?|realm|scheme|tokens?)\b/i;
const USER_INFO = /:\/\/[^\s/?#"'<>\\]*@/g;
const OPTION = /-(?<![\w-]-)-?[A-Za-z][\w-]{0,63}[ \t]{1,8}/g;
const OPTION_QUOTE = /\$?(\\?["'])/y;
const OPTION_WORD = /[^\s"']+/y;
/** The length of an AWS secret key, and the characters that can't be next to one. */
const KEY_LENGTH = 40;
const BESIDE_KEY = /[\w/+=.-]/;
const PRIVATE_KEY = /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY/g;

/** Text that is too short for a secret without a name. Most member names and many values in JSON match. */
const HARMLESS_WORD = /^[A-Za-z\d]{0,19}$/;

/** Masks text that looks like a secret in unstructured text. Best effort, in linear time. */
export function maskText(text: string): string {
  if (HARMLESS_WORD.test(text)) return text;
  let masked = maskAssignments(maskPrivateKeys(text));
  // Searching for one character first takes a fraction of the time.
  if (masked.includes("@")) masked = masked.replace(USER_INFO, `://${MASK}@`);
  masked = masked.replace(AUTHORIZATION, (found, scheme: string, space: string, value: string) =>
    isProse(scheme, value) ? found : `${scheme}${space}${MASK}`,
  );
  return maskKeyLike(maskKnownForms(maskOptions(masked)));
}

/**
 * Masks the value in `--name value`. The value of another option is searched too: it can be a command, as in
 * `bash -c "login --password …"`.
 */
function maskOptions(text: string): string {
  if (!text.includes("-")) return text;
  let masked = "";
  let from = 0;
  OPTION.lastIndex = 0;
  for (let found = OPTION.exec(text); found; found = OPTION.exec(text)) {
    const start = OPTION.lastIndex;
    if (!isSecretName(found[0].trimEnd())) continue;
    const end = text[start] === "-" ? start : optionValueEnd(text, start);
    if (end === start) continue;
    masked += text.slice(from, start) + MASK;
    from = end;
    OPTION.lastIndex = from;
  }
  return masked + text.slice(from);
}

/** The end of a word, or of a quotation as in shells: `$'…'` is one, too. */
function optionValueEnd(text: string, start: number): number {
  OPTION_QUOTE.lastIndex = start;
  const [opening, quote] = OPTION_QUOTE.exec(text) ?? [];
  if (opening !== undefined && quote !== undefined) {
    const close = quoteEnd(text, start + opening.length, quote);
    return Math.min(close + quote.length, text.length);
  }
  OPTION_WORD.lastIndex = start;
  return OPTION_WORD.test(text) ? OPTION_WORD.lastIndex : start;
}

function maskKnownForms(text: string): string {
  const maybe = RARE_START.test(text) || MARKED_START.test(text);
  return maybe ? text.replace(KNOWN_FORM, MASK) : text;
}

/**
 * Masks strings with the length and the kinds of characters of an AWS secret key. Checks only every
 * fortieth character until one can belong to a key, which takes a tenth of the time of a full
 * search.
 */
function maskKeyLike(text: string): string {
  let masked = "";
  let from = 0;
  for (let at = KEY_LENGTH - 1; at < text.length; at += KEY_LENGTH) {
    if (!isKeyCharacter(text.charCodeAt(at))) continue;
    let start = at;
    while (start > from && isKeyCharacter(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isKeyCharacter(text.charCodeAt(end))) end++;
    if (
      end - start === KEY_LENGTH &&
      isAlone(text, start, end) &&
      looksRandom(text.slice(start, end))
    ) {
      masked += text.slice(from, start) + MASK;
      from = end;
    }
    // The next run can start right after this one.
    at = Math.max(at, end - KEY_LENGTH);
  }
  return masked + text.slice(from);
}

function isAlone(text: string, start: number, end: number): boolean {
  return !BESIDE_KEY.test(text[start - 1] ?? "") && !BESIDE_KEY.test(text[end] ?? "");
}

/** A letter, a digit, "/" or "+". */
function isKeyCharacter(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a;
  if (code >= 0x41) return code <= 0x5a;
  return (code >= 0x2f && code <= 0x39) || code === 0x2b;
}

function isProse(scheme: string, value: string): boolean {
  if (PROSE.test(value)) return true;
  return scheme.toLowerCase() === "basic" && !/[\d=]|[a-z][A-Z]/.test(value);
}

function looksRandom(text: string): boolean {
  return /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
}

/** Masks private keys. One without an end was truncated: the rest of the text belongs to it. */
function maskPrivateKeys(text: string): string {
  if (!text.includes("PRIVATE KEY")) return text;
  let masked = "";
  let from = 0;
  for (const { index } of text.matchAll(PRIVATE_KEY)) {
    if (index < from) continue;
    masked += text.slice(from, index) + MASK;
    const end = text.indexOf("-----END ", index);
    const close = end === -1 ? -1 : text.indexOf("-----", end + 9);
    from = close === -1 ? text.length : close + 5;
  }
  return masked + text.slice(from);
}

const MAX_NAME = 64;
/** The maximum number of spaces on each side of a separator: values can be aligned, as in INI files. */
const MAX_SPACES = 32;
/** The part from the first secret word in a name to the separator after the name. */
const NAMED = new RegExp(
  `(?:${SECRET_NAME_WORDS})[\\w.$-]{0,64}\\\\?["'\`]?[ \\t]{0,${MAX_SPACES}}[=:>]`,
  "gi",
);
const QUOTE = /["'`]/;
const VALUE_END = /[\s&;,)}\]<>"'`]/g;
const WHOLE_LINE = /(?:authorization|cookie)$/i;
/** Names that are too common in prose for masking whatever follows their colon. */
const EVERYDAY = /^(?:auth|bearer|credentials?|secrets?|tokens?|pin)$/i;
const HARMLESS = /^(?:true|false|null|none|undefined)$/i;

/** Masks the value in `NAME=value`, `name: value`, `"name": "value"`, `?name=value` and `<name>value`. */
function maskAssignments(text: string): string {
  if (!/[:=>]/.test(text)) return text;
  let masked = "";
  let from = 0;
  NAMED.lastIndex = 0;
  while (NAMED.test(text)) {
    const separator = NAMED.lastIndex - 1;
    if (separator < from) continue;
    const value = valueOfSecretName(text, separator);
    if (value === undefined) continue;
    // A value is scanned once, masked or not.
    masked += value.isSecret ? text.slice(from, value.start) + MASK : text.slice(from, value.end);
    from = value.end;
  }
  return masked + text.slice(from);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function valueOfSecretName(text: string, separator: number) {
  const name = nameBefore(text, separator);
  if (name === undefined) return undefined;
  if (text[separator] === ">" && name.before !== "<") return undefined;
  const isParameter = name.before !== "" && "?&#;".includes(name.before);
  if (!isSecretName(name.text) && !(isParameter && isSecretParameter(name.text))) return undefined;
  const value = valueAfter(text, separator, WHOLE_LINE.test(name.text));
  const found = text.slice(value.start, value.end);
  const isProse = text[separator] === ":" && !name.isQuoted && EVERYDAY.test(name.text);
  const isSecret = isProse ? isNoWord(found) : found !== "" && !HARMLESS.test(found);
  return { ...value, isSecret };
}

function isNoWord(text: string): boolean {
  return text.length >= 6 && /\d/.test(text) && /[A-Za-z]/.test(text);
}

function nameBefore(text: string, separator: number) {
  let end = separator;
  while (separator - end < MAX_SPACES && isSpace(text[end - 1])) end--;
  const isQuoted = QUOTE.test(text[end - 1] ?? "");
  if (isQuoted) end--;
  if (isQuoted && text[end - 1] === "\\") end--;
  let start = end;
  while (end - start < MAX_NAME && isNameCharacter(text.charCodeAt(start - 1))) start--;
  if (start === end) return undefined;
  return { text: text.slice(start, end), before: text[start - 1] ?? "", isQuoted };
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

/** A letter, a digit, "_", "-", "." or "$". */
function isNameCharacter(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a;
  if (code >= 0x41) return code <= 0x5a || code === 0x5f;
  if (code >= 0x30) return code <= 0x39;
  return code === 0x2d || code === 0x2e || code === 0x24;
}

function valueAfter(text: string, separator: number, isWholeLine: boolean): Span {
  let start = separator + 1;
  while (start - separator < 5 && /[ \t=>:]/.test(text[start] ?? "")) start++;
  while (start - separator < MAX_SPACES && isSpace(text[start])) start++;
  const isEscaped = text[start] === "\\" && QUOTE.test(text[start + 1] ?? "");
  if (isEscaped) start++;
  const quote = QUOTE.test(text[start] ?? "") ? text[start] : undefined;
  if (quote !== undefined) {
    const body = start + 1;
    return { start: body, end: quoteEnd(text, body, isEscaped ? `\\${quote}` : quote) };
  }
  const pattern = new RegExp(isWholeLine ? /[\r\n"'`]/g : VALUE_END);
  pattern.lastIndex = start;
  return { start, end: pattern.exec(text)?.index ?? text.length };
}

/** The position at which a quoted value ends. If the quote isn't closed, the text was truncated. */
function quoteEnd(text: string, from: number, close: string): number {
  for (let at = from; at < text.length; at++) {
    if (text.startsWith(close, at)) return at;
    if (text[at] === "\\") at++;
  }
  return text.length;
}
