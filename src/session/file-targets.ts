import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { ThreadItem } from "../protocol/index.ts";
import type { FileWarning } from "../requests/description.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";
import type { PathLookups } from "../util/path-lookups.ts";
import { type Found, realPath } from "../util/real-path.ts";
import { FILE_CHANGE } from "./request-subject.ts";

/** Nobody reads the warnings about more. The paths that are left count as unknown. */
const MAX_PATHS = 1_000;

interface NamedPath {
  readonly path: string;
  readonly use: "new" | "existing" | "deleted";
}

/** The thread's directories, which the request's paths are in. */
export interface ThreadPlace {
  readonly cwd: string | undefined;
  /** Where `cwd` led when the thread was opened; undefined if nobody has looked. */
  readonly realCwd: Promise<string | undefined> | undefined;
  /** Its other workspace roots. */
  readonly roots: readonly string[];
  readonly lookups: PathLookups;
}

/**
 * What is on disk at the paths of an approval: files that change, a command's directory, and paths to give permissions
 * for. The server follows links and replaces files, and its request shows neither.
 */
export class FileTargets {
  readonly #paths: readonly NamedPath[];
  readonly #cwd: string | undefined;
  readonly #lookups: PathLookups;
  readonly #found: ReadonlyMap<string, Found>;
  readonly warnings: readonly FileWarning[];

  private constructor(
    paths: readonly NamedPath[],
    { cwd, lookups }: ThreadPlace,
    found: ReadonlyMap<string, Found>,
    realCwd: string | undefined,
  ) {
    this.#paths = paths;
    this.#cwd = cwd;
    this.#lookups = lookups;
    this.#found = found;
    this.warnings = paths.flatMap(({ path, use }): FileWarning[] => {
      const { target, exists } = found.get(path) ?? {};
      if (target === undefined) return [{ kind: "unknown", path }];
      const isPlain = relative(target, plainTarget(path, cwd, realCwd)) === "";
      return [
        ...(isPlain ? [] : [{ kind: "link" as const, path, target }]),
        ...(use === "new" && exists ? [{ kind: "replaced" as const, path }] : []),
      ];
    });
  }

  /** A link that leads to the thread's directory doesn't count. Undefined for requests without paths. */
  static of(
    request: ServerRequest,
    item: ThreadItem | undefined,
    place: ThreadPlace,
  ): Promise<FileTargets> | undefined {
    const paths = pathsIn(request, item, place);
    return paths.length === 0 ? undefined : FileTargets.#of(paths, place);
  }

  static async #of(paths: readonly NamedPath[], place: ThreadPlace): Promise<FileTargets> {
    const { cwd, realCwd, lookups } = place;
    const found = await findAll(paths, cwd, lookups);
    const known = await realCwd;
    const asked = known === undefined && cwd ? [{ path: cwd, use: "existing" } as const] : [];
    const [now] = (await findAll(asked, undefined, lookups)).values();
    return new FileTargets(paths, place, found, known ?? now?.target);
  }

  /** The first path that leads elsewhere now, or at which a file has appeared. */
  async changed(): Promise<string | undefined> {
    const now = await findAll(this.#paths, this.#cwd, this.#lookups);
    const isOther = ({ path, use }: NamedPath) => {
      const [before, after] = [this.#found.get(path), now.get(path)];
      if (before?.target !== after?.target) return true;
      return use === "new" && after?.exists === true && before?.exists === false;
    };
    return this.#paths.find(isOther)?.path;
  }
}

/** Where the path leads if it contains no links below the directory. */
function plainTarget(path: string, cwd: string | undefined, realCwd: string | undefined): string {
  const whole = resolve(cwd ?? "", path);
  if (cwd === undefined || realCwd === undefined) return whole;
  const inside = relative(cwd, whole);
  const isOutside = isAbsolute(inside) || inside === ".." || inside.startsWith(`..${sep}`);
  return isOutside ? whole : join(realCwd, inside);
}

/** Omits paths that could not be resolved in time. */
async function findAll(
  paths: readonly NamedPath[],
  cwd: string | undefined,
  lookups: PathLookups,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  if (paths.length === 0) return found;
  await lookups.run(async (isLate) => {
    for (const { path, use } of paths.slice(0, MAX_PATHS)) {
      if (isLate()) break;
      // Not joined, because that would remove ".." without following links.
      const inCwd = cwd ? `${cwd}${sep}${path}` : resolve(path);
      const place = isAbsolute(path) ? path : inCwd;
      const looking = realPath(place, { keepLast: use === "deleted" });
      const one = await looking.catch(() => undefined);
      if (one !== undefined && !isLate()) found.set(path, one);
    }
    return true;
  });
  return found;
}

/** Each path once. */
function pathsIn(
  { method, params }: ServerRequest,
  item: ThreadItem | undefined,
  { cwd: threadCwd, roots }: ThreadPlace,
): NamedPath[] {
  const members = isRecord(params) ? params : {};
  const paths = new Map<string, NamedPath>();
  const add = (path: unknown, use: NamedPath["use"]) => {
    if (typeof path !== "string" || path === "") return;
    if (paths.get(path)?.use !== "new") paths.set(path, { path, use });
  };
  const addChange = (path: unknown, { type, move_path }: Readonly<Record<string, unknown>>) => {
    add(path, type === "add" ? "new" : type === "delete" ? "deleted" : "existing");
    if (move_path !== path) add(move_path, "new");
  };
  if (method === FILE_CHANGE) {
    const { changes } = Object(item) as Readonly<Record<string, unknown>>;
    for (const change of Array.isArray(changes) ? (changes as unknown[]) : []) {
      if (!isRecord(change)) continue;
      addChange(change.path, Object(change.kind));
    }
  } else if (method === "applyPatchApproval" && isRecord(members.fileChanges)) {
    for (const [path, change] of Object.entries(members.fileChanges)) {
      addChange(path, Object(change));
    }
  } else if (!WITH_PATHS.has(method) || !isLocal(members.environmentId)) {
    return [];
  }
  const { cwd, grantRoot, permissions, additionalPermissions } = members;
  for (const path of [cwd, grantRoot]) add(path, "existing");
  for (const [name, text] of [...textsIn(permissions), ...textsIn(additionalPermissions)]) {
    if (isAbsolute(text)) add(text, "existing");
    // Parts of all workspace roots.
    if (name !== "subpath") continue;
    for (const root of [cwd ?? threadCwd, ...roots]) {
      if (typeof root === "string") add(`${root}${sep}${text}`, "existing");
    }
  }
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

/** Deeper data has another form than the protocol's. */
const MAX_DEPTH = 8;

/** The texts in a value, each with the name of its member. */
function textsIn(value: unknown, name = "", depth = 0): [name: string, text: string][] {
  if (typeof value === "string") return [[name, value]];
  if (typeof value !== "object" || value === null || depth === MAX_DEPTH) return [];
  return Object.entries(value).flatMap(([key, member]) => textsIn(member, key, depth + 1));
}
