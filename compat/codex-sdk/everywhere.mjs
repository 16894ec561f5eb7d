// The differences that any program can show. `where` is matched against the path of a difference.
const EXIT = /^Codex Exec exited with (?:code|signal) \w+: /;

export const everywhere = [
  {
    where: /^requests\[\d+\]\.headers\.userAgent$/,
    says: "The user agent names `codex-app-server` instead of `codex_exec`.",
  },
  {
    where: /^requests\[\d+\]\.headers\.metadata\.history_initialization$/,
    if: (theirs, ours) => theirs === "cold_resume" && ours === "new",
    says: "A thread that has run within the last second is still loaded, and isn't read from its file again.",
  },
  {
    where: /^observed\[\d+\]\.value\.message$/,
    if: (theirs, ours) => EXIT.test(theirs) && EXIT.exec(theirs)[0] === EXIT.exec(ours)?.[0],
    says: "After `Codex Exec exited with code 1: ` the message gives the reason, instead of the stderr of `codex exec`.",
  },
];
