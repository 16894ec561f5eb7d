import type { SpawnOptions } from "./app-server-process.ts";

/**
 * The shell script that runs a listening server on POSIX. Unlike a server on stdio, such a server
 * doesn't exit when its stdin ends. So the shell runs it in the background, and ends it when the
 * shell's own stdin ends, that is, when this process has exited for any reason.
 *
 * The first SIGTERM makes a listening server drain its clients, the second makes it exit; two at
 * once would count as one. Nothing is looked up on PATH, where a workspace could plant it: `command
 * -p` uses a default path, and everything else is built into the shell.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
  while read -r line; do :; done <&3
  kill -TERM "$server"
  command -p sleep 0.1
  kill -TERM "$server"
  command -p sleep 2
  kill -KILL "$server"
) 2>/dev/null &
guard=$!
wait "$server"
code=$?
kill "$guard" 2>/dev/null
exit "$code"
`;

/** The command, wrapped so that it ends with this process. */
export function guarded(options: SpawnOptions): SpawnOptions {
  if (process.platform === "win32") return options;
  return {
    ...options,
    command: "/bin/sh",
    args: ["-c", GUARD, "sh", options.command, ...options.args],
  };
}
