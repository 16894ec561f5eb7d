import { visibleJson } from "../text/json-text.ts";
import { escapeLine } from "../text/visible.ts";
import type { RequestSection } from "./description.ts";

/**
 * The members of an object from the server. Members that aren't taken, or don't have the expected
 * type, are reported as unknown, so that none is overlooked.
 */
export class Members {
  /** Enumerated only at the end: the object can have any number of members. */
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();

  constructor(value: unknown) {
    this.#members = isObject(value) ? value : {};
  }

  /** Whether the member has a value of any type. */
  has(name: string): boolean {
    return (this.#get(name) ?? undefined) !== undefined;
  }

  /** Takes the member if it is a string. */
  text(name: string): string | undefined {
    return this.#take(name, (value) => typeof value === "string");
  }

  list(name: string): readonly unknown[] | undefined {
    return this.#take(name, Array.isArray);
  }

  object(name: string): Readonly<Record<string, unknown>> | undefined {
    return this.#take(name, isObject);
  }

  /** Takes members that don't matter for the decision, such as ids. */
  drop(...names: readonly string[]): void {
    for (const name of names) {
      const value = this.#get(name);
      if (typeof value !== "object" || value === null) this.#known.add(name);
    }
  }

  /** Takes a member of any type. */
  any(name: string): unknown {
    return this.#take<unknown>(name, () => true);
  }

  /** Whether each member was taken, or has no value. */
  get areAllKnown(): boolean {
    return this.#rest().length === 0;
  }

  /** A section for each member that wasn't taken, unless it has no value. */
  unknown(prefix = ""): RequestSection[] {
    return this.#rest().map(([name, value]) => ({
      role: "unknown",
      label: escapeLine(prefix + name),
      text: visibleJson(value),
      format: "json",
      omitted: 0,
    }));
  }

  #rest(): [name: string, value: unknown][] {
    return Object.entries(this.#members).filter(
      ([name, value]) => !this.#known.has(name) && value !== null && value !== undefined,
    );
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  #take<T>(name: string, fits: (value: unknown) => boolean): T | undefined {
    const value = this.#get(name);
    if (value !== null && value !== undefined && !fits(value)) return undefined;
    this.#known.add(name);
    return (value ?? undefined) as T | undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
