// Compares two protocols: which methods, fields and values were added, removed and changed.
import { alternatives, isObject, objectMembers, split, typeOf } from "./protocol-types.mjs";

/** The unions of messages, and what a report calls their methods. */
const MESSAGES = {
  ClientRequest: "requests",
  ServerRequest: "server requests",
  ServerNotification: "notifications",
  ClientNotification: "client notifications",
};

/** The maximum width of a line of the report. */
const MAX_WIDTH = 130;
/** The maximum length of a type in the report. */
const MAX_TYPE = 100;

/** A type that repeats another. */
const REPEATED = "ServerNotificationEnvelope";

/** The kinds of changes, in the order of a report. */
const KINDS = [...Object.values(MESSAGES), "types", "variants", "fields", "values"];

/**
 * The changes from one protocol to another, each a Map from the name to its declaration: for each
 * kind the added and the removed names, and the changed ones with both types. The members of a type
 * that was added or removed as a whole aren't listed.
 */
export function protocolDiff(before, after) {
  const old = factsOf(before);
  const now = factsOf(after);
  const diff = Object.fromEntries(
    KINDS.map((kind) => [kind, { added: [], removed: [], changed: [] }]),
  );
  for (const [key, fact] of now) {
    const was = old.get(key);
    if (was === undefined) {
      if (!isWithinNew(fact, old)) diff[fact.kind].added.push(fact);
    } else if (was.type !== fact.type) {
      diff[fact.kind].changed.push({ ...fact, before: was.type });
    }
  }
  for (const [key, fact] of old) {
    if (!now.has(key) && !isWithinNew(fact, now)) diff[fact.kind].removed.push(fact);
  }
  return diff;
}

/** The report of a diff in Markdown, as an entry of the changelog. */
export function reportOf(diff, from, to) {
  const lines = KINDS.flatMap((kind) => {
    const { added, removed, changed } = diff[kind];
    return [
      ...line(`${kind} removed`, removed.map(shown)),
      ...line(`${kind} changed`, changed.map(shownChange)),
      ...line(`${kind} added`, added.map(shown)),
    ];
  });
  const head = `- The pinned server is ${to}; it was ${from}.`;
  if (lines.length === 0) return `${head} The protocol is the same.\n`;
  return `${[`${head} Changes to its protocol:`, ...lines].join("\n")}\n`;
}

/** One item of the list, wrapped; nothing if there are no entries. */
function line(what, entries) {
  if (entries.length === 0) return [];
  const lines = [`  - ${what} (${entries.length}):`];
  for (const [index, entry] of entries.entries()) {
    const text = index === entries.length - 1 ? entry : `${entry},`;
    const last = `${lines.at(-1)} ${text}`;
    if (last.length <= MAX_WIDTH) lines[lines.length - 1] = last;
    else lines.push(`    ${text}`);
  }
  return lines;
}

function shown({ kind, name, type }) {
  return kind === "fields" && type !== "" ? `\`${name}: ${cut(type)}\`` : `\`${name}\``;
}

function shownChange({ name, type, before }) {
  return `\`${name}\` (\`${cut(before)}\` → \`${cut(type)}\`)`;
}

function cut(type) {
  return type.length <= MAX_TYPE ? type : `${type.slice(0, MAX_TYPE)}…`;
}

/** Whether what contains the fact is itself missing from the other protocol. */
function isWithinNew({ parents }, other) {
  return parents.some((parent) => !other.has(parent));
}

/** Every fact of a protocol, by key: its kind, name, type and what it is part of. */
function factsOf(declarations) {
  const facts = new Map();
  const add = (kind, name, type, parents) => {
    const key = `${kind} ${name}`;
    facts.set(key, { kind, name, type, parents });
    return key;
  };
  for (const [name, declaration] of declarations) {
    if (name === REPEATED) continue;
    const type = typeOf(declaration, name);
    if (name in MESSAGES) addMethods(MESSAGES[name], type, add);
    else addType(name, type, [add("types", name, "", [])], add);
  }
  return facts;
}

function addMethods(kind, type, add) {
  for (const message of alternatives(type)) {
    const members = new Map(objectMembers(message).map(([name, member]) => [name, member]));
    add(kind, unquoted(members.get("method") ?? ""), "", []);
  }
}

/** The members of an object, and of a union what distinguishes its alternatives. */
function addType(name, type, parents, add) {
  const all = alternatives(type);
  if (all.length === 1 && partsOf(type).some(isObject)) {
    for (const part of partsOf(type)) addPart(name, part, parents, add);
    return;
  }
  const others = [];
  for (const one of all) {
    if (one.startsWith('"')) add("values", `${name} = ${one}`, "", parents);
    else if (partsOf(one).some(isObject)) addVariant(name, one, parents, add);
    else others.push(one);
  }
  if (others.length > 0) add("fields", name, others.toSorted().join(" | "), parents);
}

/** The parts of an intersection, and the type itself if it is none. */
function partsOf(type) {
  if (type === "Record<string, never>") return ["{}"];
  return split(type, "&").map((part) => (part.startsWith("(") ? part.slice(1, -1) : part));
}

/** One part of an intersection: members, or a union of them. */
function addPart(name, part, parents, add) {
  if (isObject(part)) addFields(name, part, parents, add);
  else if (alternatives(part).length > 1) addType(name, part, parents, add);
  else add("fields", `${name} & ${part}`, "", parents);
}

/** An alternative of a union, by the literal in one of its members, otherwise by its first member. */
function addVariant(name, type, parents, add) {
  const parts = partsOf(type);
  const members = parts.filter(isObject).flatMap(objectMembers);
  const tag = members.find(([, member]) => /^"[^"]*"$/.test(member));
  const label = tag ? `${name} (${tag[0]} ${tag[1]})` : `${name} { ${members[0]?.[0] ?? ""} }`;
  const within = [...parents, add("variants", label, "", parents)];
  for (const part of parts) addPart(label, part, within, add);
}

function addFields(name, type, parents, add) {
  for (const [member, memberType, isOptional] of objectMembers(type)) {
    const field = `${name}.${member}`;
    const optional = isOptional ? "optional " : "";
    if (isObject(memberType)) {
      const key = add("fields", field, `${optional}object`, parents);
      addFields(field, memberType, [...parents, key], add);
    } else add("fields", field, optional + memberType, parents);
  }
}

function unquoted(text) {
  return text.replace(/^"|"$/g, "");
}
