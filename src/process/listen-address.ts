import { isIP } from "node:net";
import { isAbsolute } from "node:path";
import { LaunchError } from "../errors/errors.ts";
import { quoteForeign } from "../text/secrets.ts";

/** Where a server listens: an IP address and a port, or the path of a Unix socket. */
export type ListenAddress =
  | { readonly kind: "ws"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Parses an argument of the server's `--listen`; undefined if it isn't valid. */
export function parseListen(listen: unknown): ListenAddress | undefined {
  if (typeof listen !== "string") return undefined;
  if (listen.startsWith("unix://")) {
    const path = listen.slice("unix://".length);
    return isAbsolute(path) ? { kind: "unix", path } : undefined;
  }
  const [, host = "", digits = ""] = /^ws:\/\/(.+):(\d{1,5})$/.exec(listen) ?? [];
  const ip = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const version = isIP(ip);
  const port = Number(digits);
  const fits = version === 4 ? ip === host : version === 6 && ip !== host;
  return fits && port < 2 ** 16 ? { kind: "ws", host, port } : undefined;
}

/**
 * The address in the line that a listening server writes to stderr; undefined for other lines.
 * @throws LaunchError if it isn't the address that was requested: a client would send its token
 * there.
 */
export function reportedAddress(line: string, listen: string): string | undefined {
  const address = /^\s*listening on: (\S+)\s*$/.exec(line)?.[1];
  if (address === undefined) return undefined;
  const [asked, got] = [parseListen(listen), parseListen(address)];
  if (asked?.kind === "ws" && got?.kind === "ws" && asked.host === got.host && got.port !== 0) {
    if (asked.port === 0 || asked.port === got.port) return address;
  }
  throw new LaunchError(
    `The app-server was asked to listen on ${listen}, but reports another address: "${quoteForeign(address)}"`,
  );
}

/** The local address of a server that listens on all addresses. */
export function localAddress(address: string): string {
  return address
    .replace(/^ws:\/\/0\.0\.0\.0:/, "ws://127.0.0.1:")
    .replace(/^ws:\/\/\[::\]:/, "ws://[::1]:");
}
