import type { OutputIssue } from "../errors/output-issue.ts";
import type { Validated } from "./schema.ts";

/**
 * The maximum depth of tool arguments that the server reads. Validators are recursive, and the
 * stack is limited.
 */
const MAX_DEPTH = 128;

interface Place {
  readonly value: unknown;
  readonly depth: number;
  readonly key: PropertyKey;
  readonly holder: Place | undefined;
}

/**
 * A copy of a parsed JSON value that is safe for validators and the user's code: without members
 * named `__proto__`, which code that copies objects would treat as the prototype. Nesting beyond
 * 128 levels, numbers that can't be represented, such as 1e400, and lone surrogates are issues.
 */
export function soundValue(value: unknown): Validated<unknown> {
  const waiting: Place[] = [{ value, depth: 0, key: "", holder: undefined }];
  let hasProto = false;
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const fault = faultOf(place);
    if (fault !== undefined) return { issues: [{ message: fault, path: pathOf(place) }] };
    if (typeof place.value !== "object" || place.value === null) continue;
    const isArray = Array.isArray(place.value);
    for (const [key, member] of Object.entries(place.value)) {
      if (key === "__proto__") hasProto = true;
      else if (hasLoneSurrogate(key)) return { issues: [surrogateKey(place)] };
      const inner = isArray ? Number(key) : key;
      waiting.push({ value: member, depth: place.depth + 1, key: inner, holder: place });
    }
  }
  return { value: hasProto ? withoutProto(value) : value };
}

function faultOf({ value, depth }: Place): string | undefined {
  if (depth > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`;
  if (typeof value === "number" && !Number.isFinite(value)) return "is too large a number";
  if (typeof value === "string" && hasLoneSurrogate(value))
    return "contains half of a character (a lone surrogate)";
  return undefined;
}

function surrogateKey(place: Place): OutputIssue {
  return {
    message: "has a key that contains half of a character (a lone surrogate)",
    path: pathOf(place),
  };
}

function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function pathOf({ key, holder }: Place): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let [at, up] = [key, holder]; up !== undefined; { key: at, holder: up } = up)
    path.unshift(at);
  return path;
}

function withoutProto(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, member) =>
    key === "__proto__" ? undefined : member,
  );
}
