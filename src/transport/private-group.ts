import { readFile } from "node:fs/promises";

/**
 * The group with the user's name and no other members. Systems with such a group for each user let
 * it write to the user's files. Undefined if there is none, or if the local files don't list the
 * user.
 */
export async function privateGroup(uid: number): Promise<number | undefined> {
  const [users, groups] = await Promise.all(["/etc/passwd", "/etc/group"].map(entries));
  return privateGroupAmong(uid, users ?? [], groups ?? []);
}

/** `users` and `groups` are the fields of the lines of `/etc/passwd` and `/etc/group`. */
export function privateGroupAmong(
  uid: number,
  users: readonly (readonly string[])[],
  groups: readonly (readonly string[])[],
): number | undefined {
  const name = users.find((user) => user[2] === String(uid))?.[0];
  const own = groups.find(([group]) => group === name);
  if (name === undefined || own === undefined) return undefined;
  const isOthers = (member: string | undefined) => member !== undefined && member !== name;
  const gid = own[2];
  const listed = groups
    .filter((group) => group[2] === gid)
    .flatMap((group) => group[3]?.split(","));
  const primary = users.filter((user) => user[3] === gid).map((user) => user[0]);
  const hasOthers = [...listed.filter((member) => member !== ""), ...primary].some(isOthers);
  return hasOthers ? undefined : Number(gid);
}

async function entries(file: string): Promise<string[][]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").map((line) => line.split(":"));
}
