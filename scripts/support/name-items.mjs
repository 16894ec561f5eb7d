/** Gives each kind of item a name: editors show the name of a narrowed item, not all its members. */
export function nameItems(all) {
  const form =
    /^(?<doc>\/\*\*.*?\*\/\s*)export type ThreadItem = \{(?<times>.*?)\} & \((?<kinds>.*)\);$/s;
  const { doc, times, kinds } = form.exec(all.get("ThreadItem"))?.groups ?? {};
  if (kinds === undefined) throw new Error("ThreadItem has a different form: see nameItems");
  const names = alternatives(kinds).map((kind) => {
    const [, type, end, members] = /^\{ "type": "(\w+)"(,| \} & )(.*)$/s.exec(kind) ?? [];
    if (type === undefined)
      throw new Error(`ThreadItem has a kind with an unexpected form: ${kind}`);
    const name = `${type[0].toUpperCase()}${type.slice(1)}Item`;
    let own = `{ "type": "${type}",${members}`;
    if (end !== ",") {
      renameEverywhere(all, members, `${members}Details`);
      own = `{ "type": "${type}" } & ${members}Details`;
    }
    if (all.has(name)) throw new Error(`${name} exists already`);
    const comment = `/** A thread item whose \`type\` is "${type}". */`;
    all.set(name, `${comment}\nexport type ${name} = ThreadItemTimes & ${own};`);
    return name;
  });
  all.set("ThreadItemTimes", `export type ThreadItemTimes = {${times}};`);
  all.set("ThreadItem", `${doc}export type ThreadItem = ${names.join(" | ")};`);
}

/** The parts of a union, split at the bars outside of brackets. */
function alternatives(union) {
  const parts = [""];
  let depth = 0;
  for (const piece of union.split(/(\/\*.*?\*\/|[{}()[\]<>|])/s)) {
    if (/^[{([<]$/.test(piece)) depth++;
    else if (/^[})\]>]$/.test(piece)) depth--;
    if (piece === "|" && depth === 0) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim());
}

function renameEverywhere(all, from, to) {
  const word = new RegExp(`\\b${from}\\b`, "g");
  for (const [name, body] of all) all.set(name, body.replace(word, to));
  all.set(to, all.get(from));
  all.delete(from);
}
