import { CodexWarning, type Warn } from "../errors/warning.ts";

/** The oldest server that the compatibility suite runs on. */
export const OLDEST_TESTED_SERVER = "0.125.0";

/**
 * Warns once about a server that is older than all tested versions, however often the client
 * connects.
 */
export class VersionCheck {
  readonly #warn: Warn;
  #hasWarned = false;

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** Warns if this version is too old. An unreadable version causes no warning. */
  tell(version: string): void {
    if (this.#hasWarned || !isOlder(version, OLDEST_TESTED_SERVER)) return;
    this.#hasWarned = true;
    const message =
      `The app-server has version ${version}, but the oldest version that this package is tested with is ` +
      `${OLDEST_TESTED_SERVER}: some calls may fail. Update the server, or omit codexBin ` +
      "to use the server that this package includes.";
    this.#warn(new CodexWarning("UNTESTED_SERVER", message));
  }
}

/** Compares by the precedence of semantic versions; false if either isn't a version. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [parse(version), parse(than)];
  if (one === undefined || other === undefined) return false;
  return (compare(one.core, other.core) || comparePrerelease(one.prerelease, other.prerelease)) < 0;
}

interface Version {
  readonly core: readonly string[];
  readonly prerelease: readonly string[];
}

function parse(version: string): Version | undefined {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(version);
  if (parts === null) return undefined;
  const [, major = "", minor = "", patch = "", prerelease] = parts;
  return { core: [major, minor, patch], prerelease: prerelease?.split(".") ?? [] };
}

/** A version without a prerelease part comes after those with one. */
function comparePrerelease(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  return compare(one, other);
}

/**
 * Numbers come before words, numbers are compared by value, words by character; of two lists with
 * the same start, the longer is later.
 */
function compare(one: readonly string[], other: readonly string[]): number {
  for (const [index, a] of one.entries()) {
    const b = other[index];
    if (b === undefined) return 1;
    if (a === b) continue;
    const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
    if (aIsNumber && bIsNumber) return Number(a) - Number(b);
    if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return one.length - other.length;
}
