import { isSecretName } from "../text/secret-names.ts";
import { MASK, maskText } from "../text/secret-values.ts";
import { maskSecrets } from "../text/secrets.ts";

const LONG = 1024;

/** Shorter values would match by accident. */
const SHORTEST_SECRET = 8;

/** Masks text that looks like a secret, and these values wherever they appear. */
export class TraceMask {
  /** The values themselves, and in JSON form. */
  readonly #values: readonly string[];
  /** The last long text without a secret: the server sends it with its item, and again with the turn. */
  #harmless = "";
  /** See `known`. */
  #known: readonly string[] = [];

  constructor(values: readonly string[]) {
    const all = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
    // A value that contains another one is masked first.
    this.#values = [...new Set(all)].sort((a, b) => b.length - a.length);
  }

  /** Texts without a secret that the next ones may repeat. */
  known(texts: readonly string[]): void {
    if (texts.length > 0) this.#known = texts;
  }

  /** Text or JSON. */
  apply(text: string): string {
    let masked = text;
    for (const value of this.#values) {
      if (masked.includes(value)) masked = masked.replaceAll(value, MASK);
    }
    return maskSecrets(masked, (one) => this.#maskText(one));
  }

  #maskText(text: string): string {
    if (text.length < LONG) return maskText(text);
    if (this.#harmless === text || this.#known.includes(text)) return text;
    const masked = maskText(text);
    if (masked === text) this.#harmless = text;
    return masked;
  }
}

/** The values of the variables whose names suggest a secret. */
export function secretValuesOf(
  ...environments: readonly (Readonly<Record<string, string | undefined>> | undefined)[]
): string[] {
  return environments.flatMap((variables = {}) =>
    Object.entries(variables).flatMap(([name, value = ""]) =>
      isSecretName(name) && value.length >= SHORTEST_SECRET ? [value] : [],
    ),
  );
}
