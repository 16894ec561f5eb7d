import { isKnownSecret } from "../text/secret-values.ts";

/** Last words of a name that always stand for a secret: "client_secret", "apiKey", "GITHUB_TOKEN". */
const SECRET_ENDS = new Set([
  "apikey",
  "authorization",
  "bearer",
  "cookie",
  "credential",
  "credentials",
  "jwt",
  "passphrase",
  "passwd",
  "password",
  "pwd",
  "secret",
  "secrets",
  "token",
]);
const KINDS_OF_KEY = new Set([
  "access",
  "account",
  "admin",
  "api",
  "auth",
  "encryption",
  "license",
  "private",
  "secret",
  "service",
  "signing",
  "subscription",
]);
/** Words that stand for a secret wherever values are given by the names of others: in variables, headers, queries. */
const SECRET_WORDS = new Set([
  ...SECRET_ENDS,
  "auth",
  "dsn",
  "key",
  "pass",
  "pat",
  "private",
  "session",
  "sid",
  "sig",
  "signature",
  "ticket",
  "tokens",
]);

/** Whether a setting of this name holds a secret. */
export function namesSecret(name: string): boolean {
  const [last = "", before = ""] = wordsOf(name).reverse();
  return SECRET_ENDS.has(last) || (last === "key" && KINDS_OF_KEY.has(before));
}

/** Whether an environment variable, a header or a query parameter of this name may hold a secret. */
export function mayNameSecret(name: string): boolean {
  const words = wordsOf(name);
  return (
    words.some((word) => SECRET_WORDS.has(word)) ||
    /(?:key|token|secret|auth)$/.test(words.join(""))
  );
}

/** "x-api-key", "apiKey" and "API_KEY" are the words api, key. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Beside the forms of single services. */
const KNOWN_FORMS = [
  /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/,
  /^(?:Bearer|Basic|Token) \S{6,}$/i,
  /^-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // A URL with a password.
  /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:[^\s/?#@]+@/i,
];

/** Whether the text has, as a whole, one of the forms that keys and tokens of known services have. */
export function looksLikeSecret(text: string): boolean {
  return KNOWN_FORMS.some((form) => form.test(text)) || isKnownSecret(text);
}
