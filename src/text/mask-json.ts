import { PLAIN_CHARACTERS } from "./plain.ts";
import { countsTokens, isOpenMap, isSecretName } from "./secret-names.ts";
import { MASK, maskText } from "./secret-values.ts";

const LITERAL_END = /[\s{}[\],:"]/g;
const LITERAL = /^(?:-?\d[\d.eE+-]*|true|false|null)$/;
const SHORT = 100;
const NAMING_MEMBER = /^(?:name|key|header|key_?path)$/i;

/** Strings without a secret, as they are written in JSON. */
export interface KnownStrings {
  has(json: string): boolean;
  /** Adds a string that contains no secret. */
  add(json: string): void;
}

interface Level {
  readonly isObject: boolean;
  /** Whether every value in it may be a secret, regardless of its name. */
  readonly isOpenMap: boolean;
  /** The member whose value comes next; undefined when a name is expected. */
  name: string | undefined;
  /**
   * Whether an earlier string names the next value: an option, or the `name` in `{ name, value }`.
   */
  isNamed: boolean;
}

/**
 * Masks JSON text, which may be truncated, and keeps everything else unchanged. From the first
 * invalid JSON on, the rest is masked as text. `maskValue` masks strings that have a harmless name
 * and aren't known to be free of secrets.
 */
export function maskJson(
  text: string,
  maskValue: (value: string) => string,
  known?: KnownStrings,
): string {
  return new JsonMask(text, maskValue, known).run();
}

/** Reads the text once, with an explicit stack instead of recursion. */
class JsonMask {
  readonly #text: string;
  readonly #maskValue: (value: string) => string;
  readonly #known: KnownStrings | undefined;
  readonly #levels: Level[] = [];
  #at = 0;
  /** The position of a string that may name what follows it, even if that isn't JSON. */
  #lastString: number | undefined;
  /** The text up to the last mask, and the position after it. */
  #masked = "";
  #from = 0;

  constructor(text: string, maskValue: (value: string) => string, known?: KnownStrings) {
    this.#text = text;
    this.#maskValue = maskValue;
    this.#known = known;
  }

  run(): string {
    while (this.#at < this.#text.length) this.#step(this.#text[this.#at] ?? "");
    return this.#from === 0 ? this.#text : this.#masked + this.#text.slice(this.#from);
  }

  #step(character: string): void {
    const level = this.#level;
    const isContainer = character === "{" || character === "[";
    if (level === undefined && !isContainer && !/\s/.test(character)) this.#rest();
    else if (character === '"') this.#string();
    else if (isContainer) this.#container(character);
    else {
      if (character === "}" || character === "]") this.#leave();
      else if (character === ",") {
        this.#lastString = undefined;
        if (level?.isObject) level.name = undefined;
      } else if (character !== ":" && !/\s/.test(character)) {
        this.#literal();
        return;
      }
      this.#at++;
    }
  }

  get #level(): Level | undefined {
    return this.#levels.at(-1);
  }

  /** Whether the next value is a secret, by its name. */
  get #isSecret(): boolean {
    const level = this.#level;
    if (level === undefined) return false;
    if (level.isOpenMap || (level.isNamed && (!level.isObject || level.name === "value"))) {
      return true;
    }
    return level.isObject && level.name !== undefined && isSecretName(level.name);
  }

  #container(character: string): void {
    if (this.#isSecret) {
      this.#replace(containerEnd(this.#text, this.#at), JSON.stringify(MASK));
      return;
    }
    const name = this.#level?.name;
    this.#lastString = undefined;
    this.#levels.push({
      isObject: character === "{",
      isOpenMap: name !== undefined && isOpenMap(name),
      name: undefined,
      isNamed: false,
    });
    this.#at++;
  }

  #leave(): void {
    this.#lastString = undefined;
    this.#levels.pop();
  }

  #string(): void {
    this.#lastString = this.#at;
    const end = stringEnd(this.#text, this.#at);
    const raw = this.#text.slice(this.#at, end);
    const level = this.#level;
    const isName = level?.isObject && level.name === undefined;
    const isSecret = !isName && this.#isSecret;
    const isPlain = !isName && !isSecret && !canNameNext(level);
    if (isPlain && this.#known?.has(raw)) {
      this.#at = end;
      return;
    }
    const { value, isWhole } = decode(raw);
    let masked: string;
    if (isName) masked = maskText(value);
    else masked = isSecret ? MASK : this.#maskValue(value);
    if (masked === value) {
      this.#at = end;
      if (isPlain) this.#known?.add(raw);
    } else this.#replace(end, isWhole ? JSON.stringify(masked) : `"${masked}`);
    if (isName) level.name = value;
    else if (level) level.isNamed = namesNext(level, value);
  }

  /** Reads a number, `true`, `false` or `null`; anything else isn't JSON. */
  #literal(): void {
    LITERAL_END.lastIndex = this.#at;
    const end = LITERAL_END.test(this.#text) ? LITERAL_END.lastIndex - 1 : this.#text.length;
    const literal = this.#text.slice(this.#at, end);
    const isNumber = /^[-\d]/.test(literal);
    // A colon follows only names, which are strings.
    if (!LITERAL.test(literal) || this.#text[end] === ":") {
      this.#rest();
    } else if (isNumber && this.#isSecret && !countsTokens(this.#level?.name ?? "")) {
      this.#replace(end, JSON.stringify(MASK));
    } else {
      this.#at = end;
    }
  }

  /** Masks the rest as text, because it isn't JSON, such as the rest of `{ "name" => …`. */
  #rest(): void {
    this.#at = Math.max(this.#from, this.#lastString ?? this.#at);
    this.#replace(this.#text.length, maskText(this.#text.slice(this.#at)));
  }

  /** Replaces the text from the current position to this one. */
  #replace(end: number, masked: string): void {
    this.#masked += this.#text.slice(this.#from, this.#at) + masked;
    this.#at = end;
    this.#from = end;
  }
}

/** Whether a string here may name the value after it. */
function canNameNext(level: Level | undefined): boolean {
  return level !== undefined && (!level.isObject || NAMING_MEMBER.test(level.name ?? ""));
}

function namesNext(level: Level, value: string): boolean {
  if (!level.isObject) return /^--?[A-Za-z]/.test(value.slice(0, 3)) && isSecretName(value);
  return level.isNamed || (NAMING_MEMBER.test(level.name ?? "") && isSecretName(value));
}

function containerEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    at++;
    if (character === "{" || character === "[") depth++;
    if ((character === "}" || character === "]") && --depth === 0) break;
  }
  return at;
}

/** The position after the closing quote, or the end of truncated text. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; ) {
    let slash = quote;
    while (slash > start + 1 && text[slash - 1] === "\\") slash--;
    if ((quote - slash) % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

const PLAIN = new RegExp(`^"[${PLAIN_CHARACTERS}]*"$`);

/** The value of a string; its raw text if it is truncated or malformed. */
function decode(raw: string): { readonly value: string; readonly isWhole: boolean } {
  // Most are short, and parsing those takes longer.
  if (raw.length <= SHORT && PLAIN.test(raw)) return { value: raw.slice(1, -1), isWhole: true };
  try {
    return { value: JSON.parse(raw), isWhole: true };
  } catch {
    return { value: raw.slice(1), isWhole: false };
  }
}
