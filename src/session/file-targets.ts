import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { ThreadItem } from "../protocol/index.ts";
import type { FileWarning } from "../requests/description.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { within } from "../util/abort.ts";
import { isRecord } from "../util/describe.ts";
import { FILE_CHANGE } from "./request-subject.ts";

/** No working file system takes this long. Paths that haven't been resolved by then count as unknown. */
const LIMIT_MS = 5_000;
const MAX_LINKS = 40;

interface ChangedPath {
  readonly path: string;
  /** Whether the change adds the file, or moves it there. */
  readonly isNew: boolean;
}

/**
 * What is on disk at the paths of an approval: files that change, a command's directory, and paths to give permissions
 * for. The server follows links and replaces files, and its request shows neither.
 */
export class FileTargets {
  readonly #paths: readonly ChangedPath[];
  readonly #cwd: string | undefined;
  readonly #found: ReadonlyMap<string, Found>;
  readonly warnings: readonly FileWarning[];

  private constructor(
    paths: readonly ChangedPath[],
    cwd: string | undefined,
    found: ReadonlyMap<string, Found>,
    root: string | undefined,
  ) {
    this.#paths = paths;
    this.#cwd = cwd;
    this.#found = found;
    this.warnings = paths.flatMap(({ path, isNew }): FileWarning[] => {
      const { target, exists } = found.get(path) ?? {};
      if (target === undefined) return [{ kind: "unknown", path }];
      const isPlain = relative(target, plainTarget(path, cwd, root)) === "";
      return [
        ...(isPlain ? [] : [{ kind: "link" as const, path, target }]),
        ...(isNew && exists ? [{ kind: "replaced" as const, path }] : []),
      ];
    });
  }

  /** `cwd`: the thread's directory; links that lead to it don't count. Undefined for requests without paths. */
  static of(
    request: ServerRequest,
    item: ThreadItem | undefined,
    cwd: string | undefined,
  ): Promise<FileTargets> | undefined {
    const paths = pathsIn(request, item);
    return paths.length === 0 ? undefined : FileTargets.#of(paths, cwd);
  }

  static async #of(paths: readonly ChangedPath[], cwd: string | undefined): Promise<FileTargets> {
    const found = await findAll(paths, cwd);
    const asked = cwd === undefined ? [] : [{ path: cwd, isNew: false }];
    const [root] = (await findAll(asked, undefined)).values();
    return new FileTargets(paths, cwd, found, root?.target);
  }

  /** The first path that leads elsewhere now, or at which a file has appeared. */
  async changed(): Promise<string | undefined> {
    const now = await findAll(this.#paths, this.#cwd);
    const isOther = ({ path, isNew }: ChangedPath) => {
      const [before, after] = [this.#found.get(path), now.get(path)];
      if (before?.target !== after?.target) return true;
      return isNew && after?.exists === true && before?.exists === false;
    };
    return this.#paths.find(isOther)?.path;
  }
}

/** Where the path leads if it contains no links below the thread's directory. */
function plainTarget(path: string, cwd: string | undefined, root: string | undefined): string {
  const whole = resolve(cwd ?? "", path);
  if (cwd === undefined || root === undefined) return whole;
  const inside = relative(cwd, whole);
  return inside.startsWith("..") || isAbsolute(inside) ? whole : join(root, inside);
}

interface Found {
  /** Where a write to the path would go. */
  readonly target: string;
  readonly exists: boolean;
}

/** Omits paths that couldn't be resolved in time. */
async function findAll(
  paths: readonly ChangedPath[],
  cwd: string | undefined,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  const folders = new Map<string, Promise<string>>();
  let isLate = false;
  const all = async () => {
    for (const { path } of paths) {
      if (isLate) return;
      const one = await find(resolve(cwd ?? "", path), folders).catch(() => undefined);
      if (one !== undefined && !isLate) found.set(path, one);
    }
  };
  await within(LIMIT_MS, all());
  isLate = true;
  return found;
}

async function find(path: string, folders: Map<string, Promise<string>>): Promise<Found> {
  const target = await targetOf(path, folders);
  return { target, exists: await exists(target) };
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}

/** Where a write to the path would go, even if the file, or some of its folders, don't exist. */
async function targetOf(
  path: string,
  folders: Map<string, Promise<string>>,
  links = 0,
): Promise<string> {
  if (links > MAX_LINKS) throw new Error("too many links");
  const parent = dirname(path);
  if (parent === path) return path;
  let folder = folders.get(parent);
  if (folder === undefined) {
    folder = targetOf(parent, folders, links);
    folders.set(parent, folder);
  }
  const place = join(await folder, basename(path));
  try {
    return await realpath(place);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const stats = await lstat(place).catch(() => undefined);
  // A link to a file that doesn't exist: writing creates that file.
  if (!stats?.isSymbolicLink()) return place;
  return targetOf(resolve(dirname(place), await readlink(place)), folders, links + 1);
}

/** The paths, without duplicates. */
function pathsIn({ method, params }: ServerRequest, item: ThreadItem | undefined): ChangedPath[] {
  const members = isRecord(params) ? params : {};
  const paths = new Map<string, ChangedPath>();
  const add = (path: unknown, isNew: boolean) => {
    if (typeof path !== "string" || path === "") return;
    paths.set(path, { path, isNew: isNew || paths.get(path)?.isNew === true });
  };
  if (method === FILE_CHANGE) {
    const { changes } = Object(item) as Readonly<Record<string, unknown>>;
    for (const change of Array.isArray(changes) ? (changes as unknown[]) : []) {
      if (!isRecord(change)) continue;
      const { path, kind } = change;
      const { type, move_path } = Object(kind) as Readonly<Record<string, unknown>>;
      add(path, type === "add");
      if (move_path !== path) add(move_path, true);
    }
  } else if (method === "applyPatchApproval" && isRecord(members.fileChanges)) {
    for (const [path, change] of Object.entries(members.fileChanges)) {
      const { type, move_path } = Object(change) as Readonly<Record<string, unknown>>;
      add(path, type === "add");
      if (move_path !== path) add(move_path, true);
    }
  } else if (!WITH_PATHS.has(method) || !isLocal(members.environmentId)) {
    return [];
  }
  const { cwd, grantRoot, permissions, additionalPermissions } = members;
  const named = [permissions, additionalPermissions].flatMap((one) => stringsIn(one));
  for (const path of [cwd, grantRoot, ...named.filter(isAbsolute)]) add(path, false);
  return [...paths.values()];
}

/** Requests that name a directory to work in, or paths to give permissions for. */
const WITH_PATHS: ReadonlySet<string> = new Set([
  "item/commandExecution/requestApproval",
  "execCommandApproval",
  "item/permissions/requestApproval",
]);

/** Whether the request is about this machine, not about another environment of the thread. */
function isLocal(environmentId: unknown): boolean {
  return environmentId == null || environmentId === "local";
}

/** The protocol's data is never nested more deeply. */
const MAX_DEPTH = 8;

function stringsIn(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || depth === MAX_DEPTH) return [];
  return Object.values(value).flatMap((one) => stringsIn(one, depth + 1));
}

/** Whether the error says that a file doesn't exist. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}
