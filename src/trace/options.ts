import { isAbsolute, join } from "node:path";
import { type Check, isObject, nonEmpty, shape, wholeFrom } from "../util/checks.ts";

/** Where a trace is written, and its maximum size. */
export interface TraceOptions {
  /**
   * A file, or a folder: one that exists, or a path that ends with a slash. In a folder, each
   * client writes its own file.
   */
  readonly path: string;
  /**
   * The maximum size of the trace, in bytes. When it is reached, the oldest quarter is deleted.
   * Default 256 MiB.
   */
  readonly maxBytes?: number | undefined;
}

/** The variable that turns tracing on; its value is a file or a folder. */
export const TRACE_VARIABLE = "CODEX_APP_SERVER_TRACE";

export const DEFAULT_MAX_BYTES: number = 256 * 2 ** 20;
const LEAST_BYTES = 64 * 2 ** 10;

const checkShape = shape({ path: nonEmpty, maxBytes: wholeFrom(LEAST_BYTES) });

/** A path, or an object with one. */
export const traceCheck: Check = (value) => {
  if (typeof value === "string") return nonEmpty(value);
  if (!isObject(value)) return ` must be a path or an object with a path, not ${typeof value}`;
  return checkShape(value) ?? ("path" in value ? undefined : " has no path");
};

/** The effective options: the program's, otherwise the environment's. The path becomes absolute. */
export function traceOptions(
  given: string | TraceOptions | undefined,
  env: NodeJS.ProcessEnv = process.env,
): TraceOptions | undefined {
  const chosen = given ?? env[TRACE_VARIABLE];
  if (chosen === undefined || chosen === "") return undefined;
  const { path, ...limits } = typeof chosen === "string" ? { path: chosen } : chosen;
  // `join` keeps the slash at the end of a folder.
  return { ...limits, path: isAbsolute(path) ? path : join(process.cwd(), path) };
}
