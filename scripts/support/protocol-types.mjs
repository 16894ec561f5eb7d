// Reads the type declarations that the server generates for its protocol.

const OPENING = "{[(<";
const CLOSING = "}])>";

/** The declared type, without comments and `export type NAME =`. */
export function typeOf(declaration, name) {
  const text = withoutComments(declaration).trim();
  const [head] = new RegExp(`^export type ${name}\\s*=`).exec(text) ?? [];
  if (head === undefined) throw new Error(`This doesn't declare ${name}: ${text.slice(0, 80)}`);
  return tidy(text.slice(head.length).replace(/;\s*$/, ""));
}

/** The members of an object type, as [name, type, isOptional]. */
export function membersOf(declaration, name) {
  const type = typeOf(declaration, name);
  if (!isObject(type)) throw new Error(`${name} is not an object type`);
  return objectMembers(type);
}

/** The JSON types of the values of a type: "string", "number", "boolean", "array", "object", "null". */
export function jsonTypes(declarations, type) {
  const found = new Set();
  collect(declarations, type, found, new Set());
  return [...found].sort();
}

function collect(declarations, type, found, seen) {
  for (const one of alternatives(type)) {
    if (/^"|^string$/.test(one)) found.add("string");
    else if (/^-?\d|^number$/.test(one)) found.add("number");
    else if (/^(?:true|false|boolean)$/.test(one)) found.add("boolean");
    else if (one === "null") found.add("null");
    else if (/^Array</.test(one) || one.startsWith("[")) found.add("array");
    else if (one.startsWith("{") || /^Record</.test(one)) found.add("object");
    else if (split(one, "&").length > 1) found.add("object");
    else if (one.startsWith("(")) collect(declarations, one.slice(1, -1), found, seen);
    else if (declarations.has(one)) {
      if (seen.has(one)) continue;
      seen.add(one);
      collect(declarations, typeOf(declarations.get(one), one), found, seen);
    } else throw new Error(`The type ${one} can't be read`);
  }
}

/** The members of a union; one for any other type. */
export function alternatives(type) {
  return split(type, "|");
}

/** Whether it is written as an object with known members. */
export function isObject(type) {
  return type.startsWith("{") && matching(type) === type.length - 1 && !/^\{ ?\[/.test(type);
}

/** The members of an object type that is written out, as [name, type, isOptional]. */
export function objectMembers(type) {
  return split(type.slice(1, -1), ",").map((member) => {
    const [, quoted, bare, optional, rest] =
      /^(?:"([^"]+)"|([\w$]+))(\??)\s*:\s*(.+)$/s.exec(member) ?? [];
    const name = quoted ?? bare;
    if (name === undefined) throw new Error(`The member ${member} can't be read`);
    return [name, tidy(rest), optional === "?"];
  });
}

/** Splits at a character outside of brackets and strings; empty parts are omitted. */
export function split(type, separator) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < type.length; at++) {
    const char = type[at];
    if (char === '"') at = type.indexOf('"', at + 1);
    else if (OPENING.includes(char)) depth++;
    else if (CLOSING.includes(char)) depth--;
    else if (char === separator && depth === 0) {
      parts.push(type.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(type.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** The position where the bracket at the start of the text is closed. */
function matching(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') at = text.indexOf('"', at + 1);
    else if (OPENING.includes(text[at])) depth++;
    else if (CLOSING.includes(text[at]) && --depth === 0) return at;
  }
  return -1;
}

function withoutComments(text) {
  return text.replace(/\/\*.*?\*\//gs, "").replace(/^\s*\/\/.*$/gm, "");
}

function tidy(text) {
  return text.replace(/\s+/g, " ").trim();
}
