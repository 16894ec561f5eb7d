import type { SpawnOptions } from "./app-server-process.ts";

/**
 * A listening server does not end with its stdin as one on stdio does, so that on POSIX a shell
 * stands between: it runs the server in its background, and ends it when its own stdin ends, that
 * is when this process is gone, however it went.
 *
 * The first SIGTERM makes a listening server drain its clients, the second makes it exit; two at
 * once would count as one. Nothing is looked up on PATH, where a workspace could have planted it:
 * `command -p` has a path of its own, and all else is part of the shell.
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

/** The same command, which ends with this process. */
export function guarded(options: SpawnOptions): SpawnOptions {
  if (process.platform === "win32") return options;
  return {
    ...options,
    command: "/bin/sh",
    args: ["-c", GUARD, "sh", options.command, ...options.args],
  };
}
