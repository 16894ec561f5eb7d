/** Shows progress on stderr: on one line in a terminal, otherwise one line per case. */
export function progressOf(name, place) {
  const terminal = process.stderr.isTTY;
  const start = performance.now();
  if (!terminal) process.stderr.write(`${place} ${name}\n`);
  return {
    step(what) {
      if (terminal) process.stderr.write(`\r\x1b[K${place} ${name}: ${what}`);
    },
    done() {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      process.stderr.write(`${terminal ? "\r\x1b[K" : ""}${place} ${name}: ${seconds} s\n`);
    },
  };
}
