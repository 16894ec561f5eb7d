import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { ThreadItem } from "../protocol/index.ts";
import type { LinkedPath } from "../requests/description.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { within } from "../util/abort.ts";
import { isRecord } from "../util/describe.ts";
import { FILE_CHANGE } from "./request-subject.ts";

/** Longer than any working file system takes. The paths that are left then count as unknown. */
const LIMIT_MS = 5_000;
const MAX_LINKS = 40;

/**
 * Where the paths of a file change lead. The server follows links when it writes, and the request
 * names only the links.
 */
export class FileTargets {
  readonly #paths: readonly string[];
  readonly #cwd: string | undefined;
  readonly #targets: ReadonlyMap<string, string>;
  /** The paths that lead through a link. */
  readonly links: readonly LinkedPath[];

  private constructor(
    paths: readonly string[],
    cwd: string | undefined,
    targets: ReadonlyMap<string, string>,
    plain: ReadonlyMap<string, string>,
  ) {
    this.#paths = paths;
    this.#cwd = cwd;
    this.#targets = targets;
    this.links = paths.flatMap((path) => {
      const target = targets.get(path);
      const isPlain = target !== undefined && relative(target, plain.get(path) ?? "") === "";
      return isPlain ? [] : [{ path, target }];
    });
  }

  /** `cwd`: the thread's directory. A link that leads to the directory itself doesn't count. Undefined for other requests. */
  static of(
    request: ServerRequest,
    item: ThreadItem | undefined,
    cwd: string | undefined,
  ): Promise<FileTargets> | undefined {
    const paths = pathsIn(request, item);
    return paths.length === 0 ? undefined : FileTargets.#of(paths, cwd);
  }

  static async #of(paths: readonly string[], cwd: string | undefined): Promise<FileTargets> {
    const targets = await targetsOf(paths, cwd);
    const [root] = cwd === undefined ? [] : (await targetsOf([cwd], undefined)).values();
    const plain = new Map(paths.map((path) => [path, plainTarget(path, cwd, root)]));
    return new FileTargets(paths, cwd, targets, plain);
  }

  /** The first path that leads elsewhere now. */
  async moved(): Promise<string | undefined> {
    const now = await targetsOf(this.#paths, this.#cwd);
    return this.#paths.find((path) => now.get(path) !== this.#targets.get(path));
  }
}

/** Where the path leads if only the directory is reached through links. */
function plainTarget(path: string, cwd: string | undefined, root: string | undefined): string {
  const whole = resolve(cwd ?? "", path);
  if (cwd === undefined || root === undefined) return whole;
  const inside = relative(cwd, whole);
  return inside.startsWith("..") || isAbsolute(inside) ? whole : join(root, inside);
}

async function targetsOf(
  paths: readonly string[],
  cwd: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  const folders = new Map<string, Promise<string>>();
  let isLate = false;
  const all = async () => {
    for (const path of paths) {
      if (isLate) return;
      const target = await targetOf(resolve(cwd ?? "", path), folders).catch(() => undefined);
      if (target !== undefined && !isLate) targets.set(path, target);
    }
  };
  await within(LIMIT_MS, all());
  isLate = true;
  return targets;
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
    if (!/^ENO(?:ENT|TDIR)$/.test(String(codeOf(error)))) throw error;
  }
  const stats = await lstat(place).catch(() => undefined);
  // A link to a file that doesn't exist: writing creates that file.
  if (!stats?.isSymbolicLink()) return place;
  return targetOf(resolve(dirname(place), await readlink(place)), folders, links + 1);
}

function pathsIn({ method, params }: ServerRequest, item: ThreadItem | undefined): string[] {
  const members = isRecord(params) ? params : {};
  const paths = [members.grantRoot];
  if (method === FILE_CHANGE) {
    const { changes } = Object(item) as Readonly<Record<string, unknown>>;
    for (const change of Array.isArray(changes) ? (changes as unknown[]) : []) {
      if (!isRecord(change)) continue;
      paths.push(change.path, isRecord(change.kind) ? change.kind.move_path : undefined);
    }
  } else if (method === "applyPatchApproval" && isRecord(members.fileChanges)) {
    for (const [path, change] of Object.entries(members.fileChanges)) {
      paths.push(path, isRecord(change) ? change.move_path : undefined);
    }
  } else {
    return [];
  }
  return [...new Set(paths.filter((path) => typeof path === "string" && path !== ""))] as string[];
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
