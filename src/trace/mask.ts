import type { KnownStrings } from "../text/mask-json.ts";
import { MASK } from "../text/secret-values.ts";
import { maskSecrets } from "../text/secrets.ts";

/** Strings between these lengths aren't looked up, because that wouldn't save time. */
const LONG = 1024;
const SHORT = 128;
/** The number of short strings that are remembered at a time. */
const MOST_SHORT = 1024;

/**
 * The start of a string with JSON in it, which is masked as a whole. The value of an escape isn't
 * known, except the escape that starts colours.
 */
const MAYBE_JSON = /^"(?:\\[nrtf]|\s)*(?:[{[]|\\u(?!001b))/;

/** Masks text that looks like a secret, and these values wherever they appear. */
export class TraceMask {
  /** The values as they are, and in JSON form. */
  #values: readonly string[] = [];
  /** The last long string without a secret: the server sends it with its item, and again with the turn. */
  #harmless = "";
  /** See `known`. */
  #repeated: readonly string[] = [];
  /** Short strings without a secret, such as ids: most messages repeat those of earlier ones. */
  readonly #short = new Set<string>();
  readonly #known: KnownStrings = {
    has: (json) =>
      json.length <= SHORT
        ? this.#short.has(json)
        : json.length >= LONG && (json === this.#harmless || this.#repeated.includes(json)),
    add: (json) => {
      if (json.length >= LONG) this.#harmless = json;
      else if (json.length <= SHORT) this.#addShort(json);
    },
  };

  constructor(values: readonly string[]) {
    this.add(values);
  }

  /** Also masks these values from now on. */
  add(values: readonly string[]): void {
    const all = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
    const known = new Set(this.#values);
    const added = all.filter((value) => !known.has(value));
    if (added.length === 0) return;
    // A value that contains another one is masked first.
    this.#values = [...new Set([...known, ...added])].sort((a, b) => b.length - a.length);
    this.#harmless = "";
    this.#repeated = [];
    this.#short.clear();
  }

  /** Strings without a secret, as JSON, that the next messages may repeat. */
  known(strings: readonly string[]): void {
    if (strings.length > 0) this.#repeated = strings.filter((one) => !MAYBE_JSON.test(one));
  }

  #addShort(json: string): void {
    if (this.#short.size >= MOST_SHORT) this.#short.clear();
    this.#short.add(detached(json));
  }

  /** Text or JSON. */
  apply(text: string): string {
    let masked = text;
    for (const value of this.#values) {
      if (masked.includes(value)) masked = masked.replaceAll(value, MASK);
    }
    return maskSecrets(masked, this.#known);
  }
}

/** A copy that doesn't keep the message that it was cut from in memory. */
function detached(text: string): string {
  return ` ${text}`.slice(1);
}
