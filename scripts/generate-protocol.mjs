// Writes src/protocol/generated/: the protocol's types in one file, and the maps from method to
// params and result. The source is `codex app-server generate-ts` of the pinned @openai/codex;
// protocol.lock.json holds its version and the digest of its raw output.
//   node scripts/generate-protocol.mjs            fails if the raw output differs from the lock
//   node scripts/generate-protocol.mjs --update   updates the lock (after changing the pin)
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nameItems } from "./support/name-items.mjs";
import { jsonTypes, membersOf } from "./support/protocol-types.mjs";
import { declarationsIn, digestOf, protocolFiles } from "./support/read-protocol.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "src/protocol/generated");
const lockFile = join(root, "protocol.lock.json");

// Requests whose result type doesn't follow from the name of their params.
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

// Requests whose params are options of a method of the package.
const methodsWithOptions = [
  "account/read",
  "command/exec",
  "config/batchWrite",
  "config/read",
  "fs/copy",
  "fs/createDirectory",
  "fs/remove",
  "mcpServer/oauth/login",
  "mcpServer/resource/read",
  "mcpServerStatus/list",
  "model/list",
  "plugin/installed",
  "plugin/list",
  "skills/list",
  "thread/fork",
  "thread/items/list",
  "thread/list",
  "thread/metadata/update",
  "thread/resume",
  "thread/search",
  "thread/settings/update",
  "thread/start",
  "thread/turns/list",
  "turn/start",
];

const { version, pin } = pinned();
const files = protocolFiles(createRequire(import.meta.url).resolve("@openai/codex/bin/codex.js"));
const digest = digestOf(files);
checkLock();
const types = declarationsIn(files);
nameItems(types);
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "types.ts"), render(types));
writeFileSync(join(target, "methods.ts"), renderMethods(types));
writeFileSync(join(target, "members.ts"), renderMembers(types));

function pinned() {
  const require = createRequire(import.meta.url);
  const manifest = JSON.parse(readFileSync(require.resolve("@openai/codex/package.json"), "utf8"));
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return { version: manifest.version, pin: own.dependencies["@openai/codex"] };
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
      fail(`"resultByHand" names ${method}, which the protocol doesn't have`);
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

/** The members of params, with the JSON types that each can have, to check the options of calls. */
function renderMembers(all) {
  const params = new Map(variants(all, "ClientRequest").map(({ method, name }) => [method, name]));
  const lines = methodsWithOptions.map((method) => {
    if (!params.has(method)) fail(`"methodsWithOptions" names ${method}, which doesn't exist`);
    const members = membersOf(all.get(params.get(method)), params.get(method));
    const fields = members.map(([name, type]) => {
      return `    ${JSON.stringify(name)}: ${JSON.stringify(jsonTypes(all, type).join(" "))},`;
    });
    return `  ${JSON.stringify(method)}: {\n${fields.join("\n")}\n  },`;
  });
  return [
    banner(),
    "/** The JSON types of the params that are options of a call, by method and member. */",
    `export const PARAM_TYPES = {\n${lines.join("\n")}\n} as const;\n`,
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
