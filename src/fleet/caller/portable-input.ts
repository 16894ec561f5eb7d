import { readFile } from "node:fs/promises";
import type { TurnInput } from "../../client/turn-params.ts";
import { isExternalMessage } from "../../input/external-message.ts";
import { imageTypeOf } from "../../input/media/image-type.ts";
import { prepareInput } from "../../input/prepare-input.ts";
import type { UserInput } from "../../protocol/index.ts";
import { ownCopy } from "../../util/own-copy.ts";

/**
 * Makes an input usable on another machine: image files of this machine become part of it. Paths of
 * skills, audio files and mentions refer to the worker's machine.
 * @throws InvalidInputError, TypeError for an input that no server would accept.
 */
export async function portableInput(input: TurnInput): Promise<unknown> {
  const own = ownCopy(input);
  if (isExternalMessage(own)) return own;
  const items = Array.isArray(own) ? own : [own];
  const images = new Set(
    items.filter((item) => typeof item === "object" && item.type === "localImage"),
  );
  const prepared: UserInput[] = [];
  for (const item of items) {
    const checkPaths = images.has(item);
    for (const wire of await prepareInput([item], { checkPaths }))
      prepared.push(await inlined(wire));
  }
  // Checked together, because the limit applies to all their text.
  return prepareInput(prepared as never, { checkPaths: false });
}

async function inlined(item: UserInput): Promise<UserInput> {
  if (item.type !== "localImage") return item;
  const bytes = await readFile(item.path);
  const type = imageTypeOf(bytes) ?? "application/octet-stream";
  const url = `data:${type};base64,${bytes.toString("base64")}`;
  return {
    ...(item.detail == null ? {} : { detail: item.detail }),
    type: "image",
    url,
  } as UserInput;
}
