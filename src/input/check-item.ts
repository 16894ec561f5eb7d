import { readFile, stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { InvalidInputError } from "../errors/errors.ts";
import { messageOf } from "../util/describe.ts";
import type { InputItem } from "./input.ts";

/** An item, and its name in errors: `input`, or `input[2]` in a list. */
export interface Placed<Item> {
  readonly place: string;
  readonly item: Item;
}

type FileItem = Extract<InputItem, { path: string }>;
type UrlItem = Extract<InputItem, { type: "image" | "audio" }>;

/**
 * Makes the path of an item absolute, and checks the file.
 *
 * @throws {InvalidInputError} if the file doesn't exist, or the server can't use it.
 */
export async function checkFile({ place, item }: Placed<FileItem>, cwd: string): Promise<FileItem> {
  if (isUri(item)) return item;
  const path = resolve(cwd, item.path);
  const refuse = (fault: string, cause?: unknown): never => {
    throw new InvalidInputError(`${place}.path: ${path} ${fault}`, { cause });
  };
  const stats = await stat(path).catch((cause: unknown) => refuse("can't be found", cause));
  if (item.type !== "mention") {
    if (stats.isDirectory()) {
      const hint = item.type === "skill" ? ": give the path of its SKILL.md" : "";
      refuse(`is a directory, not a file${hint}`);
    }
    // Reading a pipe or a device might never end.
    if (!stats.isFile()) refuse("isn't a regular file");
    const bytes = await readFile(path).catch((cause: unknown) => {
      return refuse(`can't be read: ${messageOf(cause)}`, cause);
    });
    const fault = await contentFault(item, path, bytes);
    if (fault !== undefined) refuse(fault);
  }
  return { ...item, path };
}

/**
 * Whether the path is a URI. Skills and mentions can also refer to things other than files: `skill://…`, `app://…`,
 * `plugin://…`.
 */
function isUri({ type, path }: FileItem): boolean {
  return (type === "skill" || type === "mention") && /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
}

async function contentFault(
  item: Exclude<FileItem, { type: "mention" }>,
  path: string,
  bytes: Buffer,
): Promise<string | undefined> {
  switch (item.type) {
    case "localImage": {
      const { imageFault } = await import("./media/image.ts");
      return imageFault(bytes);
    }
    case "localAudio": {
      const { audioFault } = await import("./media/audio.ts");
      return audioFault(bytes, extname(path).slice(1));
    }
    case "skill":
      if (basename(path) !== "SKILL.md")
        return "isn't a SKILL.md: give the path of the skill's SKILL.md";
      return hasFrontMatter(bytes.toString())
        ? undefined
        : "isn't a skill: its name and description must be at the start, between two lines of ---";
  }
}

function hasFrontMatter(text: string): boolean {
  const lines = text.split("\n", 1_000).map((line) => line.trim());
  return lines[0] === "---" && lines.indexOf("---", 1) > 1;
}

/**
 * Checks that the server will use a skill: it silently ignores skills outside its skill folders.
 *
 * @throws {InvalidInputError}
 */
export function checkKnown({ place, item }: Placed<FileItem>, known: readonly string[]): void {
  if (isUri(item) || known.includes(item.path)) return;
  throw new InvalidInputError(
    `${place}.path: ${item.path} isn't where the server looks for skills: put it into ` +
      `.agents/skills in the working directory, or into skills in CODEX_HOME. Known skills: ${known.join(", ") || "none"}`,
  );
}

/**
 * Checks the URL of an image or of audio.
 *
 * @throws {InvalidInputError} if the server can't use it.
 */
export async function checkUrl({ place, item }: Placed<UrlItem>): Promise<void> {
  if (!("url" in item)) return;
  const { mediaUrlFault } = await import("./media/media-url.ts");
  const fault = await mediaUrlFault(item.type, item.url);
  if (fault !== undefined) throw new InvalidInputError(`${place}.url ${fault}`);
}
