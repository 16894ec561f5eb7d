/**
 * Tokens that can start or contain a construct that strict mode refuses: escapes, classes, special
 * groups.
 */
const TOKEN =
  /\\(?:[pPu]\{[^}]*\}|c.|k<[^>]*>|[1-9]\d*|.)|\[(?:\\.|[^\]\\])*\]|\(\?(?!:)<?[=!]?/gsu;
/** Escapes that Python's regular expressions, used by model endpoints, don't have. */
const FOREIGN_ESCAPES = ["\\p", "\\P", "\\u{", "\\c"];
const ESCAPE = /\\(?:u\{|.)/gsu;
const FOREIGN_CLASSES = ["[]", "[^]"];

/**
 * What strict mode refuses in a regular expression, as the end of a sentence; undefined if nothing.
 */
export function refusedInPattern(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    return `isn't a valid regular expression (${(error as Error).message})`;
  }
  for (const [token] of pattern.matchAll(TOKEN)) {
    const refused = refusedToken(token);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function refusedToken(token: string): string | undefined {
  if (/^\(.*[=!]$/.test(token)) return "uses lookahead or lookbehind";
  if (token === "(?<") return "names a group";
  if (token === "(?") return "has inline modifiers";
  if (/^\\[1-9k]/.test(token)) return "has a backreference";
  const escapes = token.match(ESCAPE) ?? [];
  const isForeign =
    FOREIGN_CLASSES.includes(token) || escapes.some((one) => FOREIGN_ESCAPES.includes(one));
  return isForeign ? `has ${token}` : undefined;
}
