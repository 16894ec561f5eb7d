import { InvalidInputError } from "../errors/errors.ts";
import type { UserInput } from "../protocol/index.ts";
import { countCodePoints } from "../util/code-points.ts";
import { describe, isRecord } from "../util/describe.ts";
import { checkFile, checkKnown, checkUrl, type Placed } from "./check-item.ts";
import type { Input, InputItem } from "./input.ts";

/** The server's limit for all text items together, in Unicode code points. */
export const MAX_TEXT_CHARS = 1_048_576;

export interface PrepareInputOptions {
  /**
   * The directory that relative paths refer to: the server's working directory. Default:
   * `process.cwd()`.
   */
  readonly cwd?: string | undefined;
  /**
   * Whether the server's files are visible here; if not, paths are sent unchanged. Default true.
   */
  readonly checkPaths?: boolean | undefined;
  /** Asks the server for the paths of its skills; called if the input has a skill. Default: skills aren't checked. */
  readonly knownSkills?: (() => Promise<readonly string[]>) | undefined;
}

/**
 * For each type, the fields that must be strings. Of the fields in one list, exactly one must be
 * present.
 */
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
 * Checks the input of a turn, and converts it to the form of `turn/start` and `turn/steer`. The
 * server wouldn't report most of the errors that this finds: it drops an unknown skill, and
 * replaces an image or audio that it can't read with a note for the model. Relative paths become
 * absolute, because the server would resolve them against its own working directory, not the
 * thread's.
 *
 * @throws {TypeError} for an item or field of the wrong type.
 * @throws {InvalidInputError} for an empty input, too much text, a path that doesn't exist, an
 * image or audio that the server can't read, or a skill that it doesn't know.
 */
export async function prepareInput(
  input: Input,
  options: PrepareInputOptions = {},
): Promise<UserInput[]> {
  const items = placeItems(input);
  refuseEmpty(items);
  refuseTooLong(items);
  const checked: Placed<InputItem>[] = [];
  // One at a time, because each image and file takes memory.
  for (const placed of items) checked.push(await checkItem(placed, options));
  if (options.knownSkills) await checkSkills(checked, options.knownSkills);
  return checked.map(({ item }) => toWire(item));
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
  if (given.length > 1) throw new TypeError(`${fields}: set one of them, not both`);
  const [, value] = given[0] ?? [];
  if (typeof value !== "string") {
    throw new TypeError(`${fields} must be a string, got ${describe(value)}`);
  }
}

function refuseEmpty(items: readonly Placed<InputItem>[]): void {
  if (items.every(({ item }) => item.type === "text" && item.text === "")) {
    throw new InvalidInputError("input is empty: pass some text, or at least one other item");
  }
}

function refuseTooLong(items: readonly Placed<InputItem>[]): void {
  const texts = items.map(({ item }) => (item.type === "text" ? item.text : ""));
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  if (units <= MAX_TEXT_CHARS) return;
  const chars = texts.reduce((sum, text) => sum + countCodePoints(text), 0);
  if (chars <= MAX_TEXT_CHARS) return;
  throw new InvalidInputError(
    `input has ${chars} characters of text, but the server accepts at most ${MAX_TEXT_CHARS}: ` +
      "put the text into a file and mention it, or split it into several turns",
  );
}

async function checkItem(
  { place, item }: Placed<InputItem>,
  { cwd = process.cwd(), checkPaths = true }: PrepareInputOptions,
): Promise<Placed<InputItem>> {
  if (item.type === "image" || item.type === "audio") await checkUrl({ place, item });
  const located = "path" in item && checkPaths ? await checkFile({ place, item }, cwd) : item;
  return { place, item: located };
}

async function checkSkills(
  items: readonly Placed<InputItem>[],
  knownSkills: () => Promise<readonly string[]>,
): Promise<void> {
  const skills = items.flatMap(({ place, item }) =>
    item.type === "skill" ? [{ place, item }] : [],
  );
  if (skills.length === 0) return;
  const known = await knownSkills();
  for (const skill of skills) checkKnown(skill, known);
}

function toWire(item: InputItem): UserInput {
  return item.type === "text" ? { text_elements: [], ...item } : item;
}
