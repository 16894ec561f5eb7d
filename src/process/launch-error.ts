import { statSync } from "node:fs";
import { LaunchError } from "../errors/errors.ts";
import { messageOf } from "../util/describe.ts";

export interface LaunchAttempt {
  readonly command: string;
  readonly cwd?: string | undefined;
}

/** Explains why a process couldn't be started: the system's error code alone is often misleading. */
export function launchError(attempt: LaunchAttempt, cause: unknown): LaunchError {
  const { command, cwd } = attempt;
  const reason = aboutCwd(cwd) ?? aboutCommand(command, codeOf(cause)) ?? messageOf(cause);
  return new LaunchError(`Could not start ${command}: ${reason}`, { cause });
}

/** What is wrong with the working directory. If it is missing, the system reports a missing program. */
function aboutCwd(cwd: string | undefined): string | undefined {
  if (cwd === undefined) return undefined;
  const kind = kindOf(cwd);
  if (kind === "missing") return `the working directory ${cwd} doesn't exist.`;
  return kind === "directory" ? undefined : `the working directory ${cwd} isn't a directory.`;
}

function aboutCommand(command: string, code: string): string | undefined {
  const kind = kindOf(command);
  if (kind === "directory") return "it is a directory.";
  switch (code) {
    case "ENOENT":
      return kind === "missing"
        ? "it doesn't exist."
        : "it exists, but its interpreter or loader doesn't.";
    case "EACCES":
    case "EPERM":
      return "no permission to execute it (chmod +x may help).";
    case "ENOEXEC":
    case "EFTYPE":
    case "UNKNOWN":
      return `it isn't a program for this machine (${process.platform} ${process.arch}).`;
    case "EINVAL":
      return "it needs a shell (a .cmd or .bat file?); start the native executable instead.";
    case "E2BIG":
    case "ENAMETOOLONG":
      return "its arguments and environment are too long; put large settings in config.toml.";
    case "EMFILE":
    case "ENFILE":
    case "EAGAIN":
      return `the limit on processes or open files has been reached (${code}).`;
    default:
      return undefined;
  }
}

function kindOf(path: string): "directory" | "other" | "missing" {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return "missing";
    return stats.isDirectory() ? "directory" : "other";
  } catch {
    return "other";
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
