/** A place between two characters: the start, the end, a word boundary or none. */
export type Edge = "^" | "$" | "\\b" | "\\B";

/** A regular expression as a tree. Groups are gone: only whether a text matches is of interest. */
export type PatternNode =
  | { readonly kind: "atom"; readonly source: string }
  | { readonly kind: "edge"; readonly edge: Edge }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  | {
      readonly kind: "repeat";
      readonly body: PatternNode;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: "look";
      readonly behind: boolean;
      readonly negative: boolean;
      readonly body: PatternNode;
    }
  | { readonly kind: "backreference"; readonly source: string };

const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const GROUP_START = /\((?:\?(?::|(<?)([=!])|<[^>]*>))?/y;
/** One escape, with both halves of a character that is written as two surrogates. */
const ESCAPE =
  /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|u\w{4}|x\w\w|c\w|k<[^>]*>|[1-9]\d*|.)/suy;
/** A class in brackets: brackets do not nest, and only escapes can hide the closing one. */
const CLASS = /\[(?:\\.|[^\]\\])*\]/suy;
const CHARACTER = /./suy;

/**
 * Parses a regular expression of ECMAScript with the flag `u`, as JSON Schema has it.
 *
 * @throws {SyntaxError} no such expression, or one with inline modifiers.
 */
export function parsePattern(pattern: string): PatternNode {
  // The engine knows the grammar: what comes after this line needs to find the parts only.
  new RegExp(pattern, "u");
  return new Parser(pattern).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PatternNode {
    const options = [this.#sequence()];
    while (this.#eat("|")) options.push(this.#sequence());
    return options.length === 1 && options[0] ? options[0] : { kind: "choice", options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at] ?? "")) {
      parts.push(this.#quantified(this.#term()));
    }
    return { kind: "sequence", parts };
  }

  #quantified(body: PatternNode): PatternNode {
    const [quantifier, sign, least = "", comma, most = ""] = this.#match(QUANTIFIER) ?? [];
    if (quantifier === undefined) return body;
    if (sign !== undefined) {
      return {
        kind: "repeat",
        body,
        min: sign === "+" ? 1 : 0,
        max: sign === "?" ? 1 : Number.POSITIVE_INFINITY,
      };
    }
    const min = Number(least);
    const open = comma !== undefined && most === "";
    const max = open ? Number.POSITIVE_INFINITY : Number(comma === undefined ? least : most);
    return { kind: "repeat", body, min, max };
  }

  #term(): PatternNode {
    switch (this.#text[this.#at]) {
      case "^":
      case "$":
        return { kind: "edge", edge: this.#take(CHARACTER) as Edge };
      case "(":
        return this.#group();
      case "[":
        return { kind: "atom", source: this.#take(CLASS) };
      case "\\":
        return this.#escape();
      default:
        return { kind: "atom", source: this.#take(CHARACTER) };
    }
  }

  #group(): PatternNode {
    const [, behind, look] = this.#match(GROUP_START) ?? [];
    const body = this.parse();
    if (!this.#eat(")")) throw new SyntaxError("inline modifiers such as (?i:…) are not supported");
    if (look === undefined) return body;
    return { kind: "look", behind: behind === "<", negative: look === "!", body };
  }

  #escape(): PatternNode {
    const source = this.#take(ESCAPE);
    if (source === "\\b" || source === "\\B") return { kind: "edge", edge: source };
    if (/^\\(?:[1-9]|k<)/.test(source)) return { kind: "backreference", source };
    return { kind: "atom", source };
  }

  #eat(character: string): boolean {
    const found = this.#text[this.#at] === character;
    if (found) this.#at += 1;
    return found;
  }

  #take(expression: RegExp): string {
    return this.#match(expression)?.[0] ?? "";
  }

  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text);
    if (found) this.#at += found[0].length;
    return found;
  }
}
