import { type PatternNode, parsePattern } from "./pattern/parse.ts";

const ESCAPE = /\\(?:u\{|.)/gsu;
/** The escapes and classes that Python's expressions lack, which model endpoints use. */
const FOREIGN_ESCAPES = ["\\p", "\\P", "\\u{", "\\c"];
const FOREIGN_CLASSES = ["[]", "[^]"];
/** A name of a group, behind all that could hide it. */
const GROUP_NAME = /\\.|\[(?:\\.|[^\]\\])*\]|(\(\?<(?![=!]))/gsu;

/** What strict mode refuses in a regular expression, to end a sentence; undefined when it takes it. */
export function refusedInPattern(pattern: string): string | undefined {
  let node: PatternNode;
  try {
    node = parsePattern(pattern);
  } catch (error) {
    return `is no regular expression (${(error as Error).message})`;
  }
  if ([...pattern.matchAll(GROUP_NAME)].some(([, name]) => name !== undefined)) {
    return "names a group";
  }
  return refusedIn(node);
}

function refusedIn(node: PatternNode): string | undefined {
  switch (node.kind) {
    case "look":
      return "looks ahead or behind";
    case "backreference":
      return "has a backreference";
    case "atom":
      return isForeign(node.source) ? `has ${node.source}` : undefined;
    case "repeat":
      return refusedIn(node.body);
    case "sequence":
      return firstRefused(node.parts);
    case "choice":
      return firstRefused(node.options);
    default:
      return undefined;
  }
}

function isForeign(source: string): boolean {
  const escapes = source.match(ESCAPE) ?? [];
  return FOREIGN_CLASSES.includes(source) || escapes.some((one) => FOREIGN_ESCAPES.includes(one));
}

function firstRefused(nodes: readonly PatternNode[]): string | undefined {
  for (const node of nodes) {
    const refused = refusedIn(node);
    if (refused !== undefined) return refused;
  }
  return undefined;
}
