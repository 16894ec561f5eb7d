// Writes src/protocol/generated/: the protocol's types in one file, and the maps from method to
// params and result. The source is `codex app-server generate-ts` of the pinned @openai/codex;
// protocol.lock.json holds its version and the digest of its raw output.
//   node scripts/generate-protocol.mjs            fails when the raw output differs from the lock
//   node scripts/generate-protocol.mjs --update   writes the lock anew (after a new pin)
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "src/protocol/generated");
const lockFile = join(root, "protocol.lock.json");

// Requests whose result type does not follow from the name of their params.
const resultByHand = {
  "account/gatewayOAuth/cancel": "GatewayOAuthCancelResponse",
  "account/logout": "LogoutAccountResponse",
  "account/securitySetup/read": "GetAccountSecuritySetupResponse",
  "account/workspaceMessages/read": "GetWorkspaceMessagesResponse",
  "accountSession/list": "AccountSessionsResponse",
  "config/batchWrite": "ConfigWriteResponse",
  "config/mcpServer/reload": "McpServerRefreshResponse",
  "config/value/write": "ConfigWriteResponse",
  "configRequirements/read": "ConfigRequirementsReadResponse",
  "externalAgentConfig/import/readHistories": "ExternalAgentConfigImportHistoriesReadResponse",
  "memory/reset": "MemoryResetResponse",
  "remoteControl/status/read": "RemoteControlStatusReadResponse",
  "rollout/compress": "RolloutCompressResponse",
  "windowsSandbox/readiness": "WindowsSandboxReadinessResponse",
};

// Types that exist twice with different shapes: the older, top-level one takes the second name.
const renamed = { SessionSource: "CoreSessionSource", WebSearchAction: "CoreWebSearchAction" };

const { version, pin } = pinned();
const files = generate();
const digest = digestOf(files);
checkLock();
const types = collectTypes(files);
nameItems(types);
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "types.ts"), render(types));
writeFileSync(join(target, "methods.ts"), renderMethods(types));

function pinned() {
  const require = createRequire(import.meta.url);
  const manifest = JSON.parse(readFileSync(require.resolve("@openai/codex/package.json"), "utf8"));
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return { version: manifest.version, pin: own.dependencies["@openai/codex"] };
}

function generate() {
  const out = mkdtempSync(join(tmpdir(), "codex-protocol-"));
  try {
    const wrapper = createRequire(import.meta.url).resolve("@openai/codex/bin/codex.js");
    execFileSync(
      process.execPath,
      [wrapper, "app-server", "generate-ts", "--experimental", "--out", out],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    return readdirSync(out, { recursive: true })
      .map((path) => String(path).replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".ts") && basename(path) !== "index.ts")
      .sort()
      .map((path) => ({ path, text: readFileSync(join(out, path), "utf8") }));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function digestOf(sources) {
  const hash = createHash("sha256");
  for (const { path, text } of sources) hash.update(`${path}\n${text}\n`);
  return hash.digest("hex");
}

function checkLock() {
  if (version !== pin) fail(`package.json pins @openai/codex ${pin}, but ${version} is installed`);
  if (process.argv.includes("--update")) {
    writeFileSync(lockFile, `${JSON.stringify({ codex: version, sha256: digest }, null, 2)}\n`);
    return;
  }
  const lock = JSON.parse(readFileSync(lockFile, "utf8"));
  if (lock.codex === version && lock.sha256 === digest) return;
  fail(
    `the protocol of @openai/codex ${version} (sha256 ${digest}) is not the one in protocol.lock.json ` +
      `(${lock.codex}, ${lock.sha256}); look at what changed, then run: npm run generate -- --update`,
  );
}

function collectTypes(sources) {
  const found = new Map();
  for (const { path, text } of sources) {
    const name = basename(path, ".ts");
    const nested = path.includes("/");
    const start = text.search(/^(\/\*\*|export type)/m);
    let body = text.slice(start).trim();
    if (!body.includes(`export type ${name}`)) fail(`${path} does not declare ${name}`);
    // The generator says bigint for 64-bit integers; JSON.parse gives numbers.
    body = body.replace(/\bbigint\b/g, "number");
    const finalName = nested ? name : (renamed[name] ?? name);
    if (finalName !== name) body = body.replace(`export type ${name}`, `export type ${finalName}`);
    if (!nested) for (const used of importedNames(text)) body = rename(body, used);
    const existing = found.get(finalName);
    if (existing && shape(existing) !== shape(body)) {
      fail(`${finalName} is declared twice with different shapes: add it to "renamed"`);
    }
    if (!existing || body.length > existing.length) found.set(finalName, body);
  }
  return found;
}

/** Names that a top-level file imports from its own folder, where a renamed type means the older one. */
function importedNames(text) {
  const names = [...text.matchAll(/^import type \{ (\w+) \} from "\.\/(\w+)";$/gm)].map(
    (m) => m[1],
  );
  return names.filter((name) => name in renamed);
}

function rename(body, name) {
  return body.replace(new RegExp(`\\b${name}\\b`, "g"), renamed[name]);
}

/** Gives each kind of item a name: editors show the name of a narrowed item, not all its members. */
function nameItems(all) {
  const form =
    /^(?<doc>\/\*\*.*?\*\/\s*)export type ThreadItem = \{(?<times>.*?)\} & \((?<kinds>.*)\);$/s;
  const { doc, times, kinds } = form.exec(all.get("ThreadItem"))?.groups ?? {};
  if (kinds === undefined) fail("ThreadItem has another form: see nameItems");
  const names = alternatives(kinds).map((kind) => {
    const [, type, end, members] = /^\{ "type": "(\w+)"(,| \} & )(.*)$/s.exec(kind) ?? [];
    if (type === undefined) fail(`ThreadItem has a kind of another form: ${kind}`);
    const name = `${type[0].toUpperCase()}${type.slice(1)}Item`;
    let own = `{ "type": "${type}",${members}`;
    if (end !== ",") {
      renameEverywhere(all, members, `${members}Details`);
      own = `{ "type": "${type}" } & ${members}Details`;
    }
    if (all.has(name)) fail(`${name} exists already`);
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

function shape(body) {
  return body.slice(body.indexOf("export type")).replace(/\s+/g, " ");
}

function render(all) {
  const bodies = [...all.keys()].sort().map((name) => all.get(name));
  return `${banner()}\n${bodies.join("\n\n")}\n`;
}

function renderMethods(all) {
  const requests = variants(all, "ClientRequest").map(({ method, name, params }) => {
    const result = resultByHand[method] ?? name.replace(/Params$/, "Response");
    if (!all.has(result)) {
      fail(`${method} (${name}) has no known result type: add it to "resultByHand"`);
    }
    return { method, params, result: `types.${result}` };
  });
  const serverRequests = variants(all, "ServerRequest").map(({ method, name, params }) => {
    const result = name.replace(/Params$/, "Response");
    if (!all.has(result)) fail(`server request ${method} (${name}) has no known result type`);
    return { method, params, result: `types.${result}` };
  });
  const notifications = variants(all, "ServerNotification");
  for (const method of Object.keys(resultByHand)) {
    if (!requests.some((request) => request.method === method)) {
      fail(`"resultByHand" names ${method}, which the protocol does not have`);
    }
  }
  return [
    banner(),
    `import type * as types from "./types.ts";\n`,
    `/** The server version whose protocol these types describe. */`,
    `export const PROTOCOL_VERSION = ${JSON.stringify(version)};\n`,
    table("RequestParams", "Params of every request, by method.", requests, "params"),
    table("RequestResults", "Result of every request, by method.", requests, "result"),
    table(
      "ServerRequestParams",
      "Params of every server request, by method.",
      serverRequests,
      "params",
    ),
    table(
      "ServerRequestResults",
      "Result of every server request, by method.",
      serverRequests,
      "result",
    ),
    table(
      "NotificationParams",
      "Params of every notification, by method.",
      notifications,
      "params",
    ),
  ].join("\n");
}

function variants(all, union) {
  const body = all.get(union);
  const variant = /"method": "([^"]+)",(?: id: RequestId,)? "?params"?(\??): ([^,}]+)/g;
  const found = [...body.matchAll(variant)];
  const expected = body.match(/"method":/g)?.length ?? 0;
  if (found.length === 0 || found.length !== expected) {
    fail(`${union} has ${expected} variants, of which ${found.length} could be read`);
  }
  return found.map(([, method, optional, text]) => {
    const parts = text.split("|").map((part) => part.trim());
    const [name] = parts;
    const others = new Set(parts.slice(1).concat(optional ? ["undefined"] : []));
    const reference = name === "undefined" ? name : `types.${name}`;
    return { method, name, params: [reference, ...others].join(" | ") };
  });
}

function table(name, doc, rows, column) {
  const lines = rows.map((row) => `  ${JSON.stringify(row.method)}: ${row[column]};`);
  return `/** ${doc} */\nexport interface ${name} {\n${lines.join("\n")}\n}\n`;
}

function banner() {
  return `// Generated from @openai/codex ${version} by scripts/generate-protocol.mjs.\n`;
}

function fail(message) {
  console.error(`generate-protocol: ${message}`);
  process.exit(1);
}
