const NEEDED: ReadonlySet<string> = new Set(
  [
    ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TMP", "TEMP"],
    ["LANG", "LANGUAGE", "TZ", "RUST_LOG", "RUST_BACKTRACE"],
    ["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "OS", "USERNAME", "USERPROFILE"],
    ["HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "ALLUSERSPROFILE"],
    ["PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "COMMONPROGRAMFILES"],
    ["NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"],
  ].flat(),
);

/** The variables that a server needs to reach a model through the machine's network. */
const OF_NETWORK =
  /^(?:HTTPS?_PROXY|ALL_PROXY|NO_PROXY|SSL_CERT_(?:FILE|DIR)|CODEX_CA_CERTIFICATE)$/i;

/** Overrides that unset every variable that a server doesn't need, so that it sees no secrets. */
export function neededVariables(
  env: NodeJS.ProcessEnv,
  options: { readonly keepNetwork?: boolean } = {},
): Record<string, string | undefined> {
  const isKept = (name: string) =>
    isNeeded(name) || (options.keepNetwork === true && OF_NETWORK.test(name));
  const unneeded = Object.keys(env).filter((name) => !isKept(name));
  return {
    ...Object.fromEntries(unneeded.map((name) => [name, undefined])),
    // Without it, Bash assumes a remote login and reads the user's profile.
    SHLVL: env.SHLVL ?? "1",
  };
}

function isNeeded(name: string): boolean {
  const known = process.platform === "win32" ? name.toUpperCase() : name;
  return NEEDED.has(known) || known.startsWith("LC_");
}
