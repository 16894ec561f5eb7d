import { MASK } from "../../text/secret-values.ts";
import { isRecord } from "../../util/describe.ts";

/** A difference between two values. */
export interface Difference {
  /** The location, such as "params.input[0].text"; empty if the values themselves differ. */
  readonly path: string;
  readonly recorded: unknown;
  readonly actual: unknown;
}

/** Ids that the client generates again in each run. */
const MADE_BY_CLIENT = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Maps ids in the recording to the ids that the client generated. */
export class MadeIds {
  readonly #actual = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** Whether both can be the same id, according to the known pairs. */
  canPair(recorded: string, actual: string): boolean {
    if (!MADE_BY_CLIENT.test(recorded) || !MADE_BY_CLIENT.test(actual)) return false;
    return (
      (this.#actual.get(recorded) ?? actual) === actual &&
      (this.#recorded.get(actual) ?? recorded) === recorded
    );
  }

  pair(recorded: string, actual: string): void {
    this.#actual.set(recorded, actual);
    this.#recorded.set(actual, recorded);
  }

  /** The text of a recorded message with the ids of this run. */
  translate(text: string): string {
    let translated = text;
    for (const [recorded, actual] of this.#actual) {
      if (translated.includes(recorded)) translated = translated.replaceAll(recorded, actual);
    }
    return translated;
  }
}

export interface Comparison {
  readonly ids: MadeIds;
  /** Names of members that can differ. */
  readonly ignored: ReadonlySet<string>;
}

/** The first relevant difference, or undefined. `pairs` receives the ids to pair. */
export function differenceOf(
  recorded: unknown,
  actual: unknown,
  comparison: Comparison,
  pairs: [recorded: string, actual: string][],
  path = "",
): Difference | undefined {
  if (Object.is(recorded, actual) || recorded === MASK) return undefined;
  const differs = { path, recorded, actual };
  const deeper = (name: string | number, one: unknown, other: unknown) =>
    differenceOf(one, other, comparison, pairs, pathTo(path, name));
  if (typeof recorded === "string" && typeof actual === "string") {
    if (comparison.ids.canPair(recorded, actual)) {
      pairs.push([recorded, actual]);
      return undefined;
    }
    return fitsMasked(recorded, actual) ? undefined : differs;
  }
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    if (recorded.length !== actual.length) return differs;
    return firstOf(recorded.keys(), (index) => deeper(index, recorded[index], actual[index]));
  }
  if (!isRecord(recorded) || !isRecord(actual)) return differs;
  const names = new Set([...Object.keys(recorded), ...Object.keys(actual)]);
  return firstOf(names, (name) =>
    comparison.ignored.has(name) ? undefined : deeper(name, recorded[name], actual[name]),
  );
}

/** Whether `recorded` can be `actual` with secrets masked. */
function fitsMasked(recorded: string, actual: string): boolean {
  const [first = "", ...rest] = recorded.split(MASK);
  const last = rest.pop();
  if (last === undefined || !actual.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = actual.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return actual.length - last.length >= at && actual.endsWith(last);
}

function firstOf<Key>(
  keys: Iterable<Key>,
  find: (key: Key) => Difference | undefined,
): Difference | undefined {
  let first: Difference | undefined;
  // Compares all members, even after a difference, to map the ids that they contain.
  for (const key of keys) {
    const found = find(key);
    first ??= found;
  }
  return first;
}

function pathTo(path: string, name: string | number): string {
  if (typeof name === "number") return `${path}[${name}]`;
  return path === "" ? name : `${path}.${name}`;
}
