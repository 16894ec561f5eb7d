import { LaunchError } from "../errors/errors.ts";
import type { InitializeParams } from "../protocol/index.ts";
import { jsonText } from "../text/json-text.ts";
import { quoteForeign } from "../text/secrets.ts";

/** How this client presents itself to the server. */
export interface ClientIdentity {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly experimentalApi: boolean;
}

/** What the server reports about itself in the handshake. */
export interface ServerMetadata {
  /** Name and version of the server; taken from `userAgent` if the server doesn't report them. */
  readonly serverInfo: { readonly name: string; readonly version: string };
  readonly userAgent: string;
  readonly codexHome: string | undefined;
  /** "unix" or "windows". */
  readonly platformFamily: string | undefined;
  /** "linux", "macos", "windows", … */
  readonly platformOs: string | undefined;
}

export function initializeParams(client: ClientIdentity): InitializeParams {
  return {
    clientInfo: { name: client.name, title: client.title, version: client.version },
    capabilities: { experimentalApi: client.experimentalApi, requestAttestation: false },
  };
}

/** Reads the answer to `initialize`. Throws if it doesn't identify the server. */
export function readMetadata(answer: unknown): ServerMetadata {
  const members = typeof answer === "object" && answer !== null ? answer : {};
  const said = (name: string, from: object = members): string | undefined => {
    const value: unknown = (from as Record<string, unknown>)[name];
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };
  const info = (members as { serverInfo?: unknown }).serverInfo;
  const serverInfo = typeof info === "object" && info !== null ? info : {};
  const userAgent = said("userAgent");
  const agent = splitUserAgent(userAgent ?? "");
  const name = said("name", serverInfo) ?? agent.name;
  const version = said("version", serverInfo) ?? agent.version;
  if (userAgent === undefined || name === undefined || version === undefined) {
    throw new LaunchError(
      `The server's response to initialize lacks its user agent, name or version: ${quoteForeign(jsonText(answer))}. ` +
        "Is this a Codex app-server?",
    );
  }
  return {
    serverInfo: { name, version },
    userAgent,
    codexHome: said("codexHome"),
    platformFamily: said("platformFamily"),
    platformOs: said("platformOs"),
  };
}

/** "client/0.169.0 (OS; arch) …", or "name version". */
function splitUserAgent(userAgent: string): {
  name?: string | undefined;
  version?: string | undefined;
} {
  const parts = /^\s*([^/]+)\/(\S+)/.exec(userAgent) ?? /^\s*(\S+)\s+(\S+)/.exec(userAgent);
  return { name: parts?.[1]?.trim(), version: parts?.[2] };
}
