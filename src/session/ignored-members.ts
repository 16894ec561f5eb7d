import { InvalidInputError } from "../errors/errors.ts";
import { isOlder } from "../thread/server-version.ts";
import { isRecord } from "../util/describe.ts";

interface Limit {
  readonly name: string;
  /** The methods of the requests that have this member. */
  readonly of: RegExp;
  /** The first version of the server that doesn't ignore the member. */
  readonly since: string;
}

const ROOTS_SINCE = "0.131.0";

/** Members that limit what the agent can do. */
const LIMITS: readonly Limit[] = [
  { name: "permissions", of: /^(?:thread|turn)\//, since: "0.128.0" },
  { name: "runtimeWorkspaceRoots", of: /^(?:thread|turn)\//, since: ROOTS_SINCE },
  { name: "environments", of: /^thread\/settings\/update$/, since: "0.169.0" },
];

/** Whether a server of this version knows the roots of threads, and stores them. */
export function knowsRoots(version: string): boolean {
  return !isOlder(version, ROOTS_SINCE);
}

/**
 * Refuses requests about threads whose limits this server would ignore: the agent could do more than the program
 * allows.
 * @throws InvalidInputError
 */
export function refuseIgnored(method: string, params: unknown, version: string): void {
  if (!isRecord(params)) return;
  const ignored = LIMITS.find(
    ({ name, of, since }) => params[name] != null && of.test(method) && isOlder(version, since),
  );
  if (ignored === undefined) return;
  throw new InvalidInputError(
    `${method}: the app-server has version ${version}, which would ignore ${ignored.name}. Update the server, or use a ` +
      "setting that it knows, such as sandbox",
  );
}
