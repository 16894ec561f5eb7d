const TOKEN = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)/gs;

/** The script inside a `bash -lc '…'` that the server wraps commands in; other commands as they are. */
export function unwrapShell(command: string): string {
  const words = shellWords(command);
  const [shell = "", flag = "", script] = words;
  const wrapped =
    words.length === 3 && /(^|[\\/])(ba|z|da|k)?sh$/.test(shell) && /^-l?c$/.test(flag);
  return wrapped && script !== undefined ? script : command;
}

/** The words of a POSIX shell command line, with quotes taken off and nothing expanded. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, single, double, escaped, bare, space] of line.matchAll(TOKEN)) {
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      const piece = single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped ?? bare ?? "";
      word = (word ?? "") + piece;
    }
  }
  return word === undefined ? words : [...words, word];
}
