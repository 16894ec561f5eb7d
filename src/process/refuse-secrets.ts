import { mayNameSecret, namesSecret } from "../text/secret-names.ts";
import { containsSecret, looksLikeSecret } from "../text/secret-values.ts";
import { isText } from "./config-tree.ts";
import { type ConfigTable, isTable } from "./toml.ts";

/** Tables with arbitrary keys: names of variables, headers and query parameters. */
const FOREIGN_NAMES = new Set(["env", "set", "headers", "http_headers", "query_params"]);
/**
 * Settings that name the variable or file with a secret. They contain the secret itself only by
 * mistake.
 */
const NAMES_ONLY = /^(?:env_key|env_vars|env_http_headers|client-private-key)$|_env_var$/;

/** @throws TypeError that names a setting with a secret, and where to put it instead. */
export function refuseSecrets(config: ConfigTable): void {
  const found = findSecret(config, []);
  if (found === undefined) return;
  throw new TypeError(
    `config ${found.join(".")} is a secret, which every user of this machine could read on the server's command line: ` +
      `${remedy(found)}, or set it in config.toml in CODEX_HOME`,
  );
}

/** The path of the first secret in a value. */
function findSecret(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value === "string") return isSecret(value, path) ? path : undefined;
  if (Array.isArray(value)) {
    if (value.some((item, index) => isSecretArgument(item, value[index - 1]))) return path;
    return firstOf(value, (item) => findSecret(item, path));
  }
  if (!isTable(value)) return undefined;
  return firstOf(Object.entries(value), ([key, item]) => {
    if (containsSecret(key)) return path;
    const find = NAMES_ONLY.test(key) ? findMistaken : findSecret;
    return find(item, [...path, key]);
  });
}

/** The path, if a value that should be a name, or contain names, looks like a secret. */
function findMistaken(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value === "string") return containsSecret(value) ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  return firstOf(Object.values(value), (item) => findMistaken(item, path));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSecret(text: string, path: readonly string[]): boolean {
  if (!isText(text) || isReference(text)) return false;
  const key = path.at(-1) ?? "";
  const suggests = FOREIGN_NAMES.has(path.at(-2) ?? "") ? mayNameSecret : namesSecret;
  return suggests(key) || looksLikeSecret(text) || containsSecret(text) || isSecretUrl(text);
}

/**
 * Whether one of a command's arguments contains a secret: after an option, after "=", or in a
 * header.
 */
function isSecretArgument(argument: unknown, before: unknown): boolean {
  if (typeof argument !== "string" || isReference(argument)) return false;
  if (isOption(before) && namesSecret(before) && !isOption(argument)) return true;
  const [, name = "", value = ""] = /^([\w-]+)(?:=|: ?)([\s\S]*)$/.exec(argument) ?? [];
  if (value === "" || isReference(value)) return false;
  return namesSecret(name) || looksLikeSecret(value);
}

function isOption(argument: unknown): argument is string {
  return typeof argument === "string" && /^--?[a-z]/i.test(argument);
}

/** Whether the text is a reference to a variable, which isn't a secret. */
function isReference(text: string): boolean {
  return /^\$\{\w+\}$/.test(text);
}

/** Whether a URL contains a secret as its user or in its query. */
function isSecretUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, searchParams } = new URL(text);
  if (looksLikeSecret(username)) return true;
  return [...searchParams].some(
    ([name, value]) => (mayNameSecret(name) && value !== "") || looksLikeSecret(value),
  );
}

function remedy([first, , third]: readonly string[]): string {
  if (first === "mcp_servers" && third === "env") {
    return "set the variable in the env option and name it in env_vars of the MCP server";
  }
  if (first === "shell_environment_policy") return "set the variable in the env option";
  return "pass it to each thread, in config of threadStart()";
}
