import type { Edge, PatternNode } from "./parse.ts";

/** A step of a program; the steps that follow it are named by their places. */
export type Step =
  | { readonly do: "read"; readonly atom: Atom; readonly next: number }
  | { readonly do: "fork"; readonly next: number; readonly other: number }
  | { readonly do: "edge"; readonly edge: Edge; readonly next: number }
  | {
      readonly do: "look";
      readonly ahead: Program;
      readonly negative: boolean;
      readonly next: number;
    }
  | { readonly do: "match" };

/** What reads a text one character at a time, in one direction, in all ways at once. */
export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  /** Reads from the end of the text to its start. */
  readonly backwards: boolean;
}

/** Bounds the time that one character takes, however the counts of a pattern multiply. */
const MAX_STEPS = 10_000;

/**
 * @throws {SyntaxError} a backreference, which no program without backtracking can follow, or a
 * pattern that counts too far.
 */
export function compileProgram(node: PatternNode): Program {
  return new Compiler(false, new Map()).compile(node);
}

class Compiler {
  readonly #steps: Step[] = [{ do: "match" }];
  readonly #backwards: boolean;
  readonly #atoms: Map<string, Atom>;

  constructor(backwards: boolean, atoms: Map<string, Atom>) {
    this.#backwards = backwards;
    this.#atoms = atoms;
  }

  compile(node: PatternNode): Program {
    const start = this.#before(node, 0);
    return { steps: this.#steps, start, backwards: this.#backwards };
  }

  /** Adds the steps of a node that go before the step `next`, and returns the first. */
  #before(node: PatternNode, next: number): number {
    switch (node.kind) {
      case "atom":
        return this.#add({ do: "read", atom: this.#atom(node.source), next });
      case "edge":
        return this.#add({ do: "edge", edge: node.edge, next });
      case "sequence": {
        const parts = this.#backwards ? node.parts : node.parts.toReversed();
        return parts.reduce((following, part) => this.#before(part, following), next);
      }
      case "choice":
        return node.options
          .map((option) => this.#before(option, next))
          .reduce((one, other) => this.#add({ do: "fork", next: one, other }));
      case "repeat":
        return this.#repeat(node, next);
      case "look": {
        // What lies ahead is found by reading the text backwards, and the other way round.
        const ahead = new Compiler(!node.behind, this.#atoms).compile(node.body);
        return this.#add({ do: "look", ahead, negative: node.negative, next });
      }
      case "backreference":
        throw new SyntaxError(`the backreference ${node.source} can't be checked in bounded time`);
    }
  }

  #repeat({ body, min, max }: Extract<PatternNode, { kind: "repeat" }>, next: number): number {
    let start = next;
    if (max === Number.POSITIVE_INFINITY) {
      start = this.#add({ do: "match" });
      this.#steps[start] = { do: "fork", next: this.#before(body, start), other: next };
    } else {
      for (let count = min; count < max; count += 1) {
        start = this.#add({ do: "fork", next: this.#before(body, start), other: next });
      }
    }
    for (let count = 0; count < min; count += 1) {
      const first = this.#before(body, start);
      if (first === start) break;
      start = first;
    }
    return start;
  }

  #atom(source: string): Atom {
    const atom = this.#atoms.get(source) ?? new Atom(source);
    this.#atoms.set(source, atom);
    return atom;
  }

  #add(step: Step): number {
    if (this.#steps.length >= MAX_STEPS) {
      throw new SyntaxError(
        "it counts too far: its counts, multiplied, must stay below some 10,000",
      );
    }
    return this.#steps.push(step) - 1;
  }
}

/** What matches one character: a character, a class, an escape or the dot. */
export class Atom {
  readonly #expression: RegExp;
  /** For the first 128 characters: 0 not known yet, 1 no, 2 yes. */
  readonly #known = new Uint8Array(128);

  constructor(source: string) {
    this.#expression = new RegExp(`^${source}$`, "u");
  }

  matches(codePoint: number): boolean {
    if (codePoint >= this.#known.length) return this.#test(codePoint);
    if (this.#known[codePoint] === 0) this.#known[codePoint] = this.#test(codePoint) ? 2 : 1;
    return this.#known[codePoint] === 2;
  }

  #test(codePoint: number): boolean {
    return this.#expression.test(String.fromCodePoint(codePoint));
  }
}
