import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidInputError } from "../errors/errors.ts";
import type { UserInput } from "../protocol/index.ts";
import { countCodePoints } from "../util/code-points.ts";
import { describe, isRecord } from "../util/describe.ts";
import type { Input, InputItem } from "./input.ts";

/** The server counts Unicode code points, summed over all text items, and refuses more. */
export const MAX_TEXT_CHARS = 1_048_576;

export interface PrepareInputOptions {
  /** What relative paths are relative to: the directory that the server runs in. Default: `process.cwd()`. */
  readonly cwd?: string | undefined;
  /** False where the server's files are not ours to see: paths go out as they are. Default: true. */
  readonly checkPaths?: boolean | undefined;
}

/** An item, and the words that errors name it by: `input`, or `input[2]` in a list. */
interface Placed<Item> {
  readonly place: string;
  readonly item: Item;
}

type FileInput = Extract<InputItem, { path: string }>;

/** For each type, the fields that must be strings; of several in one list, exactly one must be there. */
const FIELDS: { readonly [Type in InputItem["type"]]: readonly (readonly string[])[] } = {
  text: [["text"]],
  image: [["url", "fileId"]],
  localImage: [["path"]],
  audio: [["url", "fileId"]],
  localAudio: [["path"]],
  skill: [["name"], ["path"]],
  mention: [["name"], ["path"]],
};

/**
 * The `input` of `turn/start` and `turn/steer`, checked. The server is silent about most of what is
 * refused here: it drops a missing skill, and tells the model alone that an image could not be read.
 * Relative paths become absolute, for the server would resolve them against the directory of its
 * own process, not the thread's.
 *
 * @throws {TypeError} an item or field of the wrong type.
 * @throws {InvalidInputError} an empty input, too much text, a path that does not exist.
 */
export async function prepareInput(
  input: Input,
  options: PrepareInputOptions = {},
): Promise<UserInput[]> {
  const items = placeItems(input);
  refuseEmpty(items);
  refuseTooLong(items);
  if (options.checkPaths === false) return items.map(({ item }) => toWire(item));
  const cwd = options.cwd ?? process.cwd();
  return Promise.all(items.map(async (placed) => toWire(await locate(placed, cwd))));
}

function placeItems(input: Input): Placed<InputItem>[] {
  if (!Array.isArray(input)) return [{ place: "input", item: toItem(input, "input") }];
  return input.map((item: unknown, index) => {
    const place = `input[${index}]`;
    return { place, item: toItem(item, place) };
  });
}

function toItem(value: unknown, place: string): InputItem {
  if (typeof value === "string") return { type: "text", text: value };
  if (!isRecord(value)) {
    throw new TypeError(`${place} must be a string or an input item, got ${describe(value)}`);
  }
  if (!isKnownItem(value)) {
    const known = Object.keys(FIELDS).join(", ");
    throw new TypeError(`${place}.type must be one of ${known}; got ${describe(value.type)}`);
  }
  for (const names of FIELDS[value.type]) requireString(value, names, place);
  const { detail } = value as { detail?: unknown };
  if (detail !== undefined && typeof detail !== "string") {
    throw new TypeError(`${place}.detail must be a string, got ${describe(detail)}`);
  }
  return value;
}

function isKnownItem(value: Record<string, unknown>): value is Record<string, unknown> & InputItem {
  return typeof value.type === "string" && Object.hasOwn(FIELDS, value.type);
}

function requireString(item: object, names: readonly string[], place: string): void {
  const given = Object.entries(item).filter(([key, value]) => {
    return names.includes(key) && value !== undefined;
  });
  const fields = names.map((name) => `${place}.${name}`).join(" or ");
  if (given.length > 1) throw new TypeError(`${fields}: give one of them, not both`);
  const [, value] = given[0] ?? [];
  if (typeof value !== "string") {
    throw new TypeError(`${fields} must be a string, got ${describe(value)}`);
  }
}

function refuseEmpty(items: readonly Placed<InputItem>[]): void {
  if (items.every(({ item }) => item.type === "text" && item.text === "")) {
    throw new InvalidInputError("input is empty: give some text, or at least one item");
  }
}

function refuseTooLong(items: readonly Placed<InputItem>[]): void {
  const texts = items.map(({ item }) => (item.type === "text" ? item.text : ""));
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  if (units <= MAX_TEXT_CHARS) return;
  const chars = texts.reduce((sum, text) => sum + countCodePoints(text), 0);
  if (chars <= MAX_TEXT_CHARS) return;
  throw new InvalidInputError(
    `input has ${chars} characters of text, and the server takes at most ${MAX_TEXT_CHARS}: ` +
      "put the text into a file and name it, or split it over turns",
  );
}

async function locate({ place, item }: Placed<InputItem>, cwd: string): Promise<InputItem> {
  if (!("path" in item) || isUri(item)) return item;
  const path = resolve(cwd, item.path);
  const stats = await stat(path).catch((cause: unknown) => {
    throw new InvalidInputError(`${place}.path: ${path} can't be found`, { cause });
  });
  if (stats.isDirectory() && item.type !== "mention") {
    const hint = item.type === "skill" ? ": give the path of its SKILL.md" : "";
    throw new InvalidInputError(`${place}.path: ${path} is a directory, not a file${hint}`);
  }
  return { ...item, path };
}

/** Skills and mentions may name what is no file: `skill://…`, `app://…`, `plugin://…`. */
function isUri({ type, path }: FileInput): boolean {
  return (type === "skill" || type === "mention") && /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
}

function toWire(item: InputItem): UserInput {
  return item.type === "text" ? { text_elements: [], ...item } : item;
}
