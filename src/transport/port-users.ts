import { readFile } from "node:fs/promises";
import { endianness } from "node:os";

const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
const LISTENING = "0A";
const ALL_ADDRESSES = ["0".repeat(8), "0".repeat(32)];
const V6_LOOPBACK = `${"0".repeat(24)}01000000`;
const V4_IN_V6 = "0000000000000000FFFF0000";

/** The users who listen on a loopback address and a port; undefined where the system doesn't show it, as only Linux does. */
export async function portUsers(address: string, port: number): Promise<number[] | undefined> {
  if (process.platform !== "linux" || endianness() !== "LE") return undefined;
  const tables = await Promise.all(TABLES.map((file) => readFile(file, "latin1").catch(() => "")));
  const table = tables.join("\n");
  return table.trim() === "" ? undefined : portUsersIn(table, address, port);
}

/** `table` contains the lines of `/proc/net/tcp` and `/proc/net/tcp6`. */
export function portUsersIn(table: string, address: string, port: number): number[] {
  const digits = port.toString(16).toUpperCase().padStart(4, "0");
  const places = new Set(
    [...ALL_ADDRESSES, ...namesOf(address)].map((name) => `${name}:${digits}`),
  );
  const users = table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , user] = line.trim().split(/\s+/);
    return state === LISTENING && places.has(local) ? [Number(user)] : [];
  });
  return [...new Set(users)];
}

/** A loopback address in the table's notation. */
function namesOf(address: string): string[] {
  if (!address.includes(".")) return [V6_LOOPBACK];
  const bytes = address.slice(address.lastIndexOf(":") + 1).split(".");
  const name = bytes
    .reverse()
    .map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, "0"))
    .join("");
  return [name, V4_IN_V6 + name];
}
