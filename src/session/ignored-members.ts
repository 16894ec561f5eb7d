import { InvalidInputError } from "../errors/errors.ts";
import { isOlder } from "../thread/server-version.ts";
import { isRecord } from "../util/describe.ts";

/** Members that limit what the agent can do. Servers older than this version ignore them. */
const SINCE = "0.144.0";
const LIMITS = ["permissions", "runtimeWorkspaceRoots"] as const;

/**
 * Refuses requests about threads whose limits this server would ignore: the agent could do more than the program
 * allows.
 * @throws InvalidInputError
 */
export function refuseIgnored(method: string, params: unknown, version: string): void {
  if (!/^(?:thread|turn)\//.test(method) || !isRecord(params)) return;
  const name = LIMITS.find((limit) => params[limit] != null);
  if (name === undefined || !isOlder(version, SINCE)) return;
  throw new InvalidInputError(
    `${method}: the app-server has version ${version}, which would ignore ${name}: set sandbox instead, or update the server`,
  );
}
