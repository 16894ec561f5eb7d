import { resolve } from "node:path";
import type { UserInput as NativeInput } from "../protocol/index.ts";
import { execFailure } from "./failures.ts";
import type { Input } from "./options.ts";

/** The input of `turn/start`: images first, then all text as one item. */
export function promptOf(input: Input): NativeInput[] {
  const parts = typeof input === "string" ? [{ type: "text" as const, text: input }] : input;
  const texts: string[] = [];
  const images: NativeInput[] = [];
  for (const part of parts) {
    if (part.type === "text") texts.push(part.text);
    else if (part.type === "local_image") {
      if (!part.path) throw execFailure("An image in the input has no path", "code 2");
      images.push({ type: "localImage", path: resolve(part.path) });
    }
  }
  const text = texts.join("\n\n");
  if (text.trim() === "") throw execFailure("The input has no text");
  return [...images, { type: "text", text, text_elements: [] }];
}
