import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, realpath, stat, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LaunchError } from "../errors/errors.ts";
import { show } from "../util/checks.ts";

const PRIVATE = 0o700;
const EVERYONE_WRITES = 0o002;
/** In a folder with this bit, users can't replace each other's files. */
const STICKY = 0o1000;
/** The start of the name of an empty file in a home. The rest of the name identifies the home's tenant. */
const MARK = ".codex-pool-";
const READABLE_CHARS = 24;

/**
 * The name of a tenant's folder: the readable beginning of the key, and the key's digest, which alone
 * distinguishes tenants. It is safe on every file system, no matter what the key contains.
 */
export function folderOf(key: string): string {
  const readable = key
    .slice(0, READABLE_CHARS)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return readable === "" ? digestOf(key) : `${readable}-${digestOf(key)}`;
}

/** The digest of the key in UTF-16, because all lone surrogates are the same in UTF-8. */
function digestOf(key: string): string {
  return createHash("sha256").update(key, "utf16le").digest("hex").slice(0, 40);
}

/** Creates the tenant's home in the pool's folder, if it doesn't exist; see `prepareHome`. */
export async function prepareHomeIn(folder: string, key: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: PRIVATE });
  const expected = join(await realpath(folder), folderOf(key));
  await mkdir(expected, { recursive: true, mode: PRIVATE });
  const home = await realpath(expected);
  // Only the name is compared, because a file system may return another spelling of the parent
  // folder.
  if (basename(home) !== basename(expected) || dirname(home) !== dirname(expected)) {
    throw homeError(key, `its home ${expected} is a link to ${home}: remove the link`);
  }
  return prepareHome(home, key);
}

/**
 * Creates a tenant's home if it doesn't exist, makes it private to this user, and marks it as the
 * tenant's. Returns its real path.
 * @throws LaunchError if another user could replace the home, or it belongs to another tenant.
 */
export async function prepareHome(folder: string, key: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: PRIVATE });
  const home = await realpath(folder);
  await checkPlace(dirname(home), key);
  await makePrivate(home, key);
  await claim(home, key);
  return home;
}

/**
 * Checks every folder on the path. A user who owns a folder, or can write to it, can replace the homes below it, and
 * with them the commands that servers run. The path is checked from the root down, so others can't replace a part that
 * has been checked. The owner of the root can replace everything anyway: inside a container that may be a number
 * other than 0.
 */
async function checkPlace(folder: string, key: string): Promise<void> {
  const user = process.geteuid?.();
  if (user === undefined) return;
  const path = ancestorsOf(folder);
  const trusted = [user, 0, (await stat(path[0] ?? folder)).uid];
  for (const one of path) {
    const { uid, mode } = await stat(one);
    if (!trusted.includes(uid)) {
      throw homeError(
        key,
        `a folder in its home's path, ${one}, belongs to user ${uid}, who could replace the home: ` +
          "use a path whose folders belong to the user of this process or to root",
      );
    }
    if ((mode & EVERYONE_WRITES) === 0 || (mode & STICKY) !== 0) continue;
    throw homeError(
      key,
      `every user can write to a folder in its home's path, ${one}, and could replace the home: run \`chmod o-w\` on that folder`,
    );
  }
}

/** The folder and those that contain it, from the root down. */
function ancestorsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [...ancestorsOf(parent), folder];
}

async function makePrivate(home: string, key: string): Promise<void> {
  if (process.platform === "win32") return;
  const { mode, uid } = await stat(home);
  if (uid !== process.geteuid?.()) {
    throw homeError(
      key,
      `its home ${home} belongs to user ${uid}, not to the user of this process`,
    );
  }
  if ((mode & 0o777) !== PRIVATE) await chmod(home, PRIVATE);
}

/** Claims the home. Two tenants that do so at the same time may both be refused, but are never both admitted. */
async function claim(home: string, key: string): Promise<void> {
  const mark = MARK + digestOf(key);
  const taken = () => homeError(key, `its home ${home} belongs to another tenant of the pool`);
  const marks = async () => (await readdir(home)).filter((name) => name.startsWith(MARK));
  const found = await marks();
  if (found.some((name) => name !== mark)) throw taken();
  if (found.length > 0) return;
  await writeFile(join(home, mark), "", { mode: 0o600 });
  if ((await marks()).length === 1) return;
  await unlink(join(home, mark));
  throw taken();
}

function homeError(key: string, why: string): LaunchError {
  return new LaunchError(`The server of ${show(key)} can't be started: ${why}`);
}
