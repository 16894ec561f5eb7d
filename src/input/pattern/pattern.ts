import { type Edge, parsePattern } from "./parse.ts";
import { compileProgram, type Program, type Step } from "./program.ts";

/**
 * A regular expression that takes time in proportion to the text, whatever the text is: it follows
 * all ways through the expression at once instead of going back. An engine that goes back needs
 * years for `^(a+)+$` and 50 characters.
 */
export class Pattern {
  readonly #program: Program;

  /** @throws {SyntaxError} no expression of ECMAScript with the flag `u`, or one with a backreference. */
  constructor(source: string) {
    this.#program = compileProgram(parsePattern(source));
  }

  /** Whether the text, or some part of it, matches. */
  test(text: string): boolean {
    return new Reading(text).finds(this.#program);
  }
}

/** A text that is being read, and what its lookarounds have found. */
class Reading {
  readonly #characters: Uint32Array;
  readonly #found = new Map<Program, Uint8Array>();

  constructor(text: string) {
    this.#characters = toCodePoints(text);
  }

  finds(program: Program): boolean {
    return this.#read(program, () => true);
  }

  /** Reads the text once; stops when `matched`, called with each place of a match, returns true. */
  #read(program: Program, matched: (place: number) => boolean): boolean {
    const { steps, start, backwards } = program;
    const { length } = this.#characters;
    const seen = new Uint32Array(steps.length);
    const waiting: number[] = [];
    const readers: number[] = [];
    for (let count = 0; count <= length; count += 1) {
      const place = backwards ? length - count : count;
      const character = this.#characters[backwards ? place : place - 1] ?? 0;
      for (const reader of readers.splice(0)) {
        const step = steps[reader];
        if (step?.do === "read" && step.atom.matches(character)) waiting.push(step.next);
      }
      waiting.push(start);
      for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
        if (seen[at] === count + 1) continue;
        seen[at] = count + 1;
        const step = steps[at] as Step;
        if (step.do === "read") readers.push(at);
        else if (step.do !== "match") this.#follow(step, place, waiting);
        else if (matched(place)) return true;
      }
    }
    return false;
  }

  #follow(step: Exclude<Step, { do: "read" | "match" }>, place: number, waiting: number[]): void {
    if (step.do === "fork") waiting.push(step.other, step.next);
    else if (step.do === "edge" && this.#isEdge(step.edge, place)) waiting.push(step.next);
    else if (step.do === "look" && this.#places(step.ahead)[place] !== Number(step.negative)) {
      waiting.push(step.next);
    }
  }

  /** For each place of the text, whether what a lookaround looks for is there: 1 or 0. */
  #places(program: Program): Uint8Array {
    let places = this.#found.get(program);
    if (places === undefined) {
      const found = new Uint8Array(this.#characters.length + 1);
      this.#read(program, (place) => {
        found[place] = 1;
        return false;
      });
      places = found;
      this.#found.set(program, places);
    }
    return places;
  }

  #isEdge(edge: Edge, place: number): boolean {
    if (edge === "^") return place === 0;
    if (edge === "$") return place === this.#characters.length;
    const changes = isWord(this.#characters[place - 1]) !== isWord(this.#characters[place]);
    return changes === (edge === "\\b");
  }
}

function toCodePoints(text: string): Uint32Array {
  const codePoints = new Uint32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const codePoint = text.codePointAt(at) ?? 0;
    codePoints[length] = codePoint;
    length += 1;
    if (codePoint > 0xffff) at += 1;
  }
  return codePoints.subarray(0, length);
}

function isWord(codePoint: number | undefined): boolean {
  return codePoint !== undefined && codePoint < 128 && /\w/.test(String.fromCharCode(codePoint));
}
