import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ThreadItem } from "../../../src/index.ts";
import { FileTargets } from "../../../src/session/file-targets.ts";
import { PathLookups } from "../../../src/util/path-lookups.ts";

let root: string;
let project: string;
let outside: string;

beforeEach(async () => {
  root = realpathSync(await mkdtemp(join(tmpdir(), "codex-targets-")));
  project = join(root, "project");
  outside = join(root, "outside");
  mkdirSync(join(project, "src"), { recursive: true });
  mkdirSync(outside);
});

afterEach(() => rm(root, { recursive: true }));

const METHOD = "item/fileChange/requestApproval";

const lookups = new PathLookups(5_000);
const placeOf = (cwd: string) => ({ cwd, realCwd: undefined, roots: [], lookups });

async function targetsOf(paths: readonly string[], cwd = project): Promise<FileTargets> {
  const changes = paths.map((path) => ({ path, kind: { type: "add" }, diff: "" }));
  const item = { type: "fileChange", id: "i1", status: "inProgress", changes } as ThreadItem;
  const found = await FileTargets.of({ id: 1, method: METHOD, params: {} }, item, placeOf(cwd));
  if (!found) throw new Error("no paths");
  return found;
}

const CASES: Readonly<Record<string, () => readonly [path: string, target: string | undefined]>> = {
  "a link to a file": () => {
    writeFileSync(join(outside, "a"), "");
    symlinkSync(join(outside, "a"), join(project, "a"));
    return [join(project, "a"), join(outside, "a")];
  },
  "a link to a file that doesn't exist": () => {
    symlinkSync("../outside/new", join(project, "a"));
    return [join(project, "a"), join(outside, "new")];
  },
  "a link above folders that don't exist": () => {
    symlinkSync(outside, join(project, "src/deep"));
    return [join(project, "src/deep/x/y/a"), join(outside, "x/y/a")];
  },
  "a chain of links": () => {
    symlinkSync(outside, join(root, "second"));
    symlinkSync(join(root, "second"), join(project, "first"));
    return [join(project, "first/a"), join(outside, "a")];
  },
  "a path in the thread's directory that isn't absolute": () => {
    symlinkSync(outside, join(project, "docs"));
    return ["docs/a", join(outside, "a")];
  },
  "a path elsewhere": () => {
    symlinkSync(project, join(outside, "back"));
    return [join(outside, "back/a"), join(project, "a")];
  },
  "what comes after a link that leads up": () => {
    mkdirSync(join(outside, "sub"));
    symlinkSync(join(outside, "sub"), join(project, "docs"));
    symlinkSync("docs/../b", join(project, "a"));
    return [join(project, "a"), join(outside, "b")];
  },
  "a path with a link before two dots": () => {
    mkdirSync(join(outside, "sub"));
    symlinkSync(join(outside, "sub"), join(project, "docs"));
    return [`${project}/docs/../b`, join(outside, "b")];
  },
  "what depends on the process that follows it": () => {
    symlinkSync("/proc/self/cwd", join(project, "docs"));
    return [join(project, "docs/a"), undefined];
  },
  "links in a circle": () => {
    symlinkSync(join(project, "b"), join(project, "a"));
    symlinkSync(join(project, "a"), join(project, "b"));
    return [join(project, "a/x"), undefined];
  },
  "a path that no system accepts": () => [join(project, "a\0b"), undefined],
  "a path that is too long": () => [join(project, "x/".repeat(5_000)), undefined],
};

test.each(Object.entries(CASES))("%s is found out", async (_what, make) => {
  const [path, target] = make();
  const about = target === undefined ? { kind: "unknown" } : { kind: "link", target };
  expect((await targetsOf([path])).warnings[0]).toEqual({ ...about, path });
});

test("plain paths aren't links, whether or not they exist", async () => {
  const paths = [join(project, "src/a"), "src/new/b", join(outside, "c"), join(root, "missing/d")];
  expect((await targetsOf(paths)).warnings).toEqual([]);
});

test("a link that leads to the thread's directory isn't reported, but one inside it is", async () => {
  const link = join(root, "link");
  symlinkSync(project, link);
  symlinkSync(outside, join(project, "docs"));
  const { warnings } = await targetsOf([join(link, "src/a"), join(link, "docs/a")], link);
  const path = join(link, "docs/a");
  expect(warnings).toEqual([{ kind: "link", path, target: join(outside, "a") }]);
});

test("the destinations of moved files, the root of a grant and older requests are looked up too", async () => {
  symlinkSync(outside, join(project, "docs"));
  const moved = {
    path: join(project, "a"),
    kind: { type: "update", move_path: "docs/b" },
    diff: "",
  };
  const item = { type: "fileChange", id: "i1", status: "inProgress", changes: [moved, null, 5] };
  const params = { grantRoot: join(project, "docs") };
  const request = { id: 1, method: METHOD, params };
  const found = await FileTargets.of(request, item as unknown as ThreadItem, placeOf(project));
  expect(found?.warnings).toEqual([
    { kind: "link", path: "docs/b", target: join(outside, "b") },
    { kind: "link", path: join(project, "docs"), target: outside },
  ]);
  writeFileSync(join(outside, "c"), "");
  const fileChanges = { "docs/c": { type: "add", content: "" } };
  const older = { id: 2, method: "applyPatchApproval", params: { fileChanges } };
  expect((await FileTargets.of(older, undefined, placeOf(project)))?.warnings).toEqual([
    { kind: "link", path: "docs/c", target: join(outside, "c") },
    { kind: "replaced", path: "docs/c" },
  ]);
});

test("a file that would be replaced is found, whether it is added or moved there", async () => {
  for (const name of ["a", "b", "c"]) writeFileSync(join(project, name), "");
  const changes = [
    { path: join(project, "a"), kind: { type: "add" }, diff: "" },
    { path: join(project, "b"), kind: { type: "update", move_path: join(project, "c") }, diff: "" },
    { path: join(project, "c"), kind: { type: "delete" }, diff: "" },
    { path: join(project, "d"), kind: { type: "add" }, diff: "" },
  ];
  const item = { type: "fileChange", id: "i1", status: "inProgress", changes } as ThreadItem;
  const found = await FileTargets.of({ id: 1, method: METHOD, params: {} }, item, placeOf(project));
  expect(found?.warnings).toEqual([
    { kind: "replaced", path: join(project, "a") },
    { kind: "replaced", path: join(project, "c") },
  ]);
  expect(await found?.changed()).toBeUndefined();
  writeFileSync(join(project, "d"), "");
  expect(await found?.changed()).toBe(join(project, "d"));
});

test("a change of a link is noticed", async () => {
  mkdirSync(join(project, "docs"));
  const targets = await targetsOf([join(project, "src/a"), join(project, "docs/a")]);
  expect(await targets.changed()).toBeUndefined();
  rmSync(join(project, "docs"), { recursive: true });
  symlinkSync(outside, join(project, "docs"));
  expect(await targets.changed()).toBe(join(project, "docs/a"));
});

test("a deleted link isn't followed, and names that begin with two dots are ordinary ones", async () => {
  const link = join(root, "link");
  symlinkSync(project, link);
  symlinkSync(outside, join(project, "docs"));
  const changes = [
    { path: join(link, "docs"), kind: { type: "delete" }, diff: "" },
    { path: join(link, "..a"), kind: { type: "add" }, diff: "" },
  ];
  const item = { type: "fileChange", id: "i1", status: "inProgress", changes } as ThreadItem;
  const found = await FileTargets.of({ id: 1, method: METHOD, params: {} }, item, placeOf(link));
  expect(found?.warnings).toEqual([]);
});

test("permissions for a part of the workspace roots are looked up in each of them", async () => {
  symlinkSync(outside, join(project, "docs"));
  symlinkSync(project, join(outside, "docs"));
  const value = { kind: "project_roots", subpath: "docs" };
  const entries = [{ path: { type: "special", value }, access: "write" }];
  const params = { cwd: project, permissions: { fileSystem: { entries } } };
  const request = { id: 1, method: "item/permissions/requestApproval", params };
  const found = await FileTargets.of(request, undefined, {
    cwd: project,
    realCwd: undefined,
    roots: [outside],
    lookups,
  });
  expect(found?.warnings).toEqual([
    { kind: "link", path: join(project, "docs"), target: outside },
    { kind: "link", path: join(outside, "docs"), target: project },
  ]);
});

test("a directory that was replaced by a link since the thread was opened is noticed", async () => {
  const command = {
    id: 1,
    method: "item/commandExecution/requestApproval",
    params: { cwd: project },
  };
  const realCwd = Promise.resolve(project);
  rmSync(project, { recursive: true });
  symlinkSync(outside, project);
  const found = await FileTargets.of(command, undefined, { ...placeOf(project), realCwd });
  expect(found?.warnings).toEqual([{ kind: "link", path: project, target: outside }]);
});

test("paths that are deep, long and many don't block the program", async () => {
  const paths = Array.from({ length: 2_000 }, (_, n) => `${project}/${n}/${"x/".repeat(9_000)}`);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const many = Array.from({ length: 1_500 }, (_, n) => join(project, `${n}/${"y/".repeat(40)}a`));
  const { warnings } = await targetsOf([...paths, ...many]);
  clearInterval(timer);
  expect(warnings).toHaveLength(3_500);
  expect(warnings[0]?.kind).toBe("unknown");
  expect((await targetsOf(many.slice(0, 100))).warnings).toEqual([]);
  expect(ticks).toBeGreaterThan(0);
});

test("requests that change no files have no targets", () => {
  const command = { id: 1, method: "item/commandExecution/requestApproval", params: {} };
  expect(FileTargets.of(command, undefined, placeOf(project))).toBeUndefined();
  const unknown = { id: 1, method: METHOD, params: { itemId: "i1" } };
  expect(FileTargets.of(unknown, undefined, placeOf(project))).toBeUndefined();
});
