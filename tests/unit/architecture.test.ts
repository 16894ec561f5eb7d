import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const source = path.join(root, "src");

/** Layers from the list in ARCHITECTURE.md, top first; each a list of folders and files of src. */
const layers = /<!-- layers -->\n```\n([^`]+)```/
  .exec(readFileSync(path.join(root, "ARCHITECTURE.md"), "utf8"))?.[1]
  ?.trim()
  .split("\n")
  .map((line) => line.split(/\s+/));

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"));

/** The only import that goes up, which ARCHITECTURE.md names: the module is loaded when it is first needed. */
const loadedLate = { from: "client/inspecting.ts", to: "inspect/inspector.ts" };

const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(source, file), "utf8");
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g);
  return [...found]
    .map(([, to = ""]) => path.posix.join(path.posix.dirname(file), to))
    .filter((to) => file !== loadedLate.from || to !== loadedLate.to);
}

function roomOf(file: string): string {
  return file.split("/")[0] ?? file;
}

function floorOf(file: string): number {
  const floor = layers?.findIndex((rooms) => rooms.includes(roomOf(file))) ?? -1;
  if (floor === -1) throw new Error(`src/${file} is in no layer of ARCHITECTURE.md`);
  return floor;
}

/** The first import cycle that is found from `file`. */
function circleFrom(file: string, trail: string[], done: Set<string>): string[] | undefined {
  if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const next of imports.get(file) ?? []) {
    const circle = circleFrom(next, [...trail, file], done);
    if (circle) return circle;
  }
  done.add(file);
  return undefined;
}

function longClasses(file: string): string[] {
  const text = readFileSync(path.join(source, file), "utf8");
  return [...text.matchAll(/^(?:export )?(?:abstract )?class (\w+)[\s\S]*?^}$/gm)]
    .map(([body, name]) => ({ name, lines: body.split("\n").length }))
    .filter(({ lines }) => lines > 300)
    .map(({ name, lines }) => `${file}: ${name} has ${lines} lines`);
}

describe("the architecture", () => {
  it("lists its layers, and each of them exists", () => {
    const rooms = new Set(files.map(roomOf));
    expect(layers?.flat().filter((room) => !rooms.has(room))).toEqual([]);
  });

  it("lets no file import from another folder of its layer, or from above", () => {
    const wrong = [...imports].flatMap(([file, targets]) =>
      targets
        .filter((to) => roomOf(to) !== roomOf(file) && floorOf(to) <= floorOf(file))
        .map((to) => `${file} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has no import cycles", () => {
    const done = new Set<string>();
    expect(files.map((file) => circleFrom(file, [], done)).filter(Boolean)).toEqual([]);
  });

  it("has no class of more than 300 lines", () => {
    expect(files.flatMap(longClasses)).toEqual([]);
  });

  it("has imports to check", () => {
    expect([...imports.values()].flat().length).toBeGreaterThan(100);
  });
});
