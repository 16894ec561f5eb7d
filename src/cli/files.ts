import { readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { imageFault } from "../input/media/image.ts";
import { prepareOutput } from "../input/output-schema.ts";
import type { JsonSchema } from "../input/schema.ts";
import { messageOf } from "../util/describe.ts";
import { UsageError } from "./usage-error.ts";

/** The absolute path of an existing directory. */
export function directory(option: string, given: string): string {
  const found = statSync(given, { throwIfNoEntry: false });
  if (found?.isDirectory()) return path.resolve(given);
  throw fault(option, given, found ? "isn't a directory" : "doesn't exist");
}

/** The absolute path of an existing file. */
export function file(option: string, given: string): string {
  const found = statSync(given, { throwIfNoEntry: false });
  if (found?.isFile()) return path.resolve(given);
  throw fault(option, given, found ? "isn't a file" : "doesn't exist");
}

/** The absolute path of a file that can be written to: it may exist, and its directory must. */
export function fileToWrite(option: string, given: string): string {
  const absolute = path.resolve(given);
  if (given === "" || statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) {
    throw fault(option, given, "isn't a file");
  }
  if (statSync(path.dirname(absolute), { throwIfNoEntry: false })?.isDirectory()) return absolute;
  throw fault(option, given, "is in a directory that doesn't exist");
}

/** The JSON Schema in a file. */
export function schemaIn(option: string, given: string): JsonSchema {
  const text = readFileSync(file(option, given), "utf8");
  const schema = jsonIn(option, given, text) as JsonSchema;
  try {
    prepareOutput(schema);
    return schema;
  } catch (error) {
    throw fault(option, given, `can't be used: ${messageOf(error)}`);
  }
}

function jsonIn(option: string, given: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fault(option, given, `isn't JSON: ${messageOf(error).replaceAll(/\s+/g, " ")}`);
  }
}

/** @throws UsageError for a file that the server can't decode as an image. */
export async function checkImages(files: readonly string[]): Promise<void> {
  for (const one of files) {
    const why = await imageFault(await readFile(one));
    if (why !== undefined) throw fault("--image", path.relative("", one), why);
  }
}

function fault(option: string, given: string, what: string): UsageError {
  return new UsageError(`${option}: ${JSON.stringify(given)} ${what}`);
}
