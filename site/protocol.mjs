// Pages for the protocol: every method, and every type by its first letter.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const generated = path.join(import.meta.dirname, "../src/protocol/generated");
const types = declarations("types.ts").filter(ts.isTypeAliasDeclaration);
const names = new Set(types.map((type) => type.name.text));
const printer = ts.createPrinter({ removeComments: false });

/** Where the API pages link to for a type of the protocol, by its name. */
export function protocolLinks() {
  return Object.fromEntries([...names].map((name) => [name, `/reference/protocol/${place(name)}`]));
}

export function writeProtocol(folder) {
  mkdirSync(folder, { recursive: true });
  const write = (file, lines) => writeFileSync(path.join(folder, file), `${lines.join("\n")}\n`);
  write("index.md", methodsPage());
  for (const letter of letters()) {
    const ofLetter = types.filter((type) => letterOf(type.name.text) === letter);
    write(`${letter}.md`, [
      "---\noutline: false\n---\n",
      `# Protocol types: ${letter.toUpperCase()}\n`,
      'To use these types, write `import type { protocol } from "codex-app-server"`, and then, for example, `protocol.ThreadItem`.\n',
      ...ofLetter.flatMap(section),
    ]);
  }
}

function methodsPage() {
  const maps = Object.fromEntries(
    declarations("methods.ts")
      .filter(ts.isInterfaceDeclaration)
      .map((map) => [map.name.text, membersOf(map)]),
  );
  const { RequestParams, RequestResults, ServerRequestParams, ServerRequestResults } = maps;
  const { NotificationParams } = maps;
  return [
    "---\noutline: [2, 2]\naside: false\n---\n",
    "# The protocol\n",
    "Every method of the server version that the package pins, with its types.",
    "[Raw requests and notifications](../../../docs/guides/requests.md) shows how to call them.\n",
    `Types by name: ${letters()
      .map((letter) => `[${letter.toUpperCase()}](${letter}.md)`)
      .join(" ")}\n`,
    "## Requests\n",
    "Sent with `codex.request(method, params)`.\n",
    ...table(["method", "params", "result"], RequestParams, RequestResults),
    "## Notifications\n",
    "Received by `codex.on(method, listener)`, `codex.notifications()` and `turn.stream()`.\n",
    ...table(["method", "params"], NotificationParams),
    "## Requests from the server\n",
    "Answered by the options `approvals` and `handlers`.\n",
    ...table(["method", "params", "answer"], ServerRequestParams, ServerRequestResults),
  ];
}

function table(heads, first, ...others) {
  const row = (cells) => `| ${cells.join(" | ")} |`;
  return [
    row(heads),
    row(heads.map(() => "---")),
    ...Object.keys(first).map((method) =>
      row([`\`${method}\``, ...[first, ...others].map((map) => linked(map[method]))]),
    ),
    "",
  ];
}

/** Types by method, as text. */
function membersOf(map) {
  return Object.fromEntries(map.members.map(({ name, type }) => [name.text, type.getText()]));
}

function linked(type = "") {
  const name = type.replace(/^types\./, "");
  return names.has(name)
    ? `[${name}](${place(name, ".md")})`
    : `\`${name.replaceAll("|", "\\|")}\``;
}

function section(type) {
  const name = type.name.text;
  const used = new Set();
  const visit = (node) => {
    if (ts.isTypeReferenceNode(node) && names.has(node.typeName.getText())) {
      used.add(node.typeName.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(type.type);
  used.delete(name);
  const code = printer.printNode(ts.EmitHint.Unspecified, type, type.getSourceFile());
  const about = (type.jsDoc ?? []).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "");
  return [
    `## ${name}\n`,
    ...about.map(
      (text) => `${text.replaceAll(/[<>{}[\]]/g, (sign) => `&#${sign.codePointAt(0)};`)}\n`,
    ),
    `\`\`\`ts\n${code.replace(/^export /m, "").replaceAll(/^ {4,}/gm, (indent) => indent.slice(indent.length / 2))}\n\`\`\`\n`,
    ...(used.size > 0 ? [`Uses ${[...used].map(linked).join(", ")}\n`] : []),
  ];
}

function place(name, extension = "") {
  return `${letterOf(name)}${extension}#${name.toLowerCase()}`;
}

function letterOf(name) {
  return name[0].toLowerCase();
}

function letters() {
  return [...new Set([...names].map(letterOf))].sort();
}

function declarations(file) {
  const text = readFileSync(path.join(generated, file), "utf8");
  return [...ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements];
}
