/** Names of secrets, in lower case and with their words joined by `_`: `X-API-Key` is compared as `x_api_key`. */
const SECRET = new RegExp(
  [
    "secret|passw|passphrase|passcode|credential|cookie|authorization|bearer|mnemonic",
    "tokens?(?:_|$)|(?:^|_)(?:jwt|otp|totp|pin|pwd|pw|sas|auth)$|_pass$",
    "(?:access|account|api|auth|client|deploy|encryption|license|master|private|service)_?keys?(?:_|$)",
    "(?:shared|signing|ssh|storage|subscription)_?keys?(?:_|$)|connection_string|code_verifier",
    "(?:user|device|auth|authorization|manual|pairing|verification)_?code$",
    // The bytes of files and commands: they are encoded and cut anywhere, so secrets in them can't
    // be recognised.
    "(?:^|_)(?:data|delta)_?base64$",
  ].join("|"),
);

/** Words in names that describe a secret instead of holding it. */
const ABOUT_A_SECRET = new RegExp(
  "(?:^|_)(?:budget|counts?|endpoint|env|expires|expiry|file|format|kind|length|limits?|max|method|" +
    "min|mode|name|path|policy|required|scheme|status|store|type|uri|url|usage|used|var)(?:_|$)",
);

/** The names of objects with arbitrary member names: every value in them can be a secret. */
const OPEN_MAP = /^(?:env|environment|env_?vars)$|(?:^|_)headers$/;
/** Every name that `OPEN_MAP` matches contains one of these, so most names can be dismissed quickly. */
const MAYBE_OPEN_MAP = /env|headers/i;

/** Names that hold a secret in a URL, but are harmless elsewhere. */
const SECRET_PARAMETER = /^(?:code|key|sig)$|(?:^|[-_])signature$/;

const MAX_NAME = 128;

/**
 * The source of a pattern: every name that `SECRET` or `SECRET_PARAMETER` matches contains one of
 * these, in upper or lower case, so most names can be dismissed quickly.
 */
export const SECRET_NAME_WORDS: string =
  "secret|pass|credential|cookie|auth|bearer|mnemonic|token|jwt|otp|pin|pwd|pw|sas|key|connection|" +
  "verifier|code|base64|sig";
const MAYBE_SECRET = new RegExp(SECRET_NAME_WORDS, "i");

/** Whether a member, header, variable or option with this name usually holds a secret. */
export function isSecretName(name: string): boolean {
  if (!MAYBE_SECRET.test(name)) return false;
  const joined = joinWords(name);
  return SECRET.test(joined) && !ABOUT_A_SECRET.test(joined);
}

/** Whether a number under a secret name counts the tokens of a model. */
export function countsTokens(name: string): boolean {
  return joinWords(name).endsWith("tokens");
}

/** Whether the values of an object with this name may be secrets, regardless of their own names. */
export function isOpenMap(name: string): boolean {
  return MAYBE_OPEN_MAP.test(name) && OPEN_MAP.test(joinWords(name));
}

/** Whether a parameter in the query of a URL usually holds a secret. */
export function isSecretParameter(name: string): boolean {
  return SECRET_PARAMETER.test(name.toLowerCase()) || isSecretName(name);
}

function joinWords(name: string): string {
  return name
    .slice(-MAX_NAME)
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z\d]+/g, "_")
    .toLowerCase();
}

/**
 * Last words of a name that always stand for a secret: "client_secret", "apiKey", "GITHUB_TOKEN".
 * They decide what is refused or hidden, so they must be more reliable than the names for masking.
 */
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
/**
 * Words that suggest a secret in names that other people choose: of variables, headers and query
 * parameters.
 */
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

/** Whether a setting with this name holds a secret. */
export function namesSecret(name: string): boolean {
  const [last = "", before = ""] = wordsOf(name).reverse();
  return SECRET_ENDS.has(last) || (last === "key" && KINDS_OF_KEY.has(before));
}

/** Whether an environment variable, a header or a query parameter with this name may hold a secret. */
export function mayNameSecret(name: string): boolean {
  const words = wordsOf(name);
  return (
    words.some((word) => SECRET_WORDS.has(word)) ||
    /(?:key|token|secret|auth)$/.test(words.join(""))
  );
}

/** The words of a name in lower case: "api" and "key" for "api-key", "apiKey" and "API_KEY". */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
