import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { type Input, InvalidInputError } from "../../src/index.ts";
import { failureOf, sharedServer } from "../support/e2e.ts";

const server = sharedServer({ script: () => "ok" });
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** What the model got of an input, as one text. */
async function seenByModel(input: Input): Promise<string> {
  const thread = await server.codex.threadStart();
  await thread.run(input);
  return JSON.stringify(server.model.requests.at(-1)?.input);
}

test("a string, one item, and a list of both are the same to the model", async () => {
  for (const input of [
    "look here",
    { type: "text", text: "look here" },
    ["look here"],
    [{ type: "text", text: "look here" }],
  ] as const) {
    expect(await seenByModel(input)).toContain('{"type":"input_text","text":"look here"}');
  }
});

test("text arrives as it is, in any script, newlines and all", async () => {
  const words = 'ünï 漢字 🦊 "quoted"\n\ttabs \\ and \u2028 separators';
  expect(await seenByModel(words)).toContain(JSON.stringify(words).slice(1, -1));
});

test("a local image reaches the model as a data URL of PNG, its path relative or not", async () => {
  const file = path.join(server.cwd, "pixel.png");
  await writeFile(file, Buffer.from(PIXEL, "base64"));
  for (const given of [file, "pixel.png"]) {
    const seen = await seenByModel(["what is this?", { type: "localImage", path: given }]);
    expect(seen).toContain('"image_url":"data:image/png;base64,');
  }
});

test("an image as a data URL reaches it too", async () => {
  const url = `data:image/png;base64,${PIXEL}`;
  expect(await seenByModel({ type: "image", url })).toContain('"image_url":"data:image/png;base64');
});

test("a skill reaches the model as a block with name, path and body", async () => {
  const folder = path.join(server.home, "skills", "greet");
  const file = path.join(folder, "SKILL.md");
  await mkdir(folder, { recursive: true });
  const head = "---\nname: greet\ndescription: How to greet\n---\n";
  await writeFile(file, `${head}Say ahoy to everyone.\n`);
  const seen = await seenByModel(["hi", { type: "skill", name: "greet", path: file }]);
  expect(seen).toContain("<skill>\\n<name>greet</name>");
  expect(seen).toContain(`<path>${file}</path>`);
  expect(seen).toContain("Say ahoy to everyone.");
});

test("a mention goes with its text", async () => {
  const file = path.join(server.cwd, "notes.md");
  await writeFile(file, "notes");
  const seen = await seenByModel(["see @notes", { type: "mention", name: "notes", path: file }]);
  expect(seen).toContain("see @notes");
});

test.each([
  [{ type: "localImage", path: "gone.png" }, "gone.png"],
  [{ type: "skill", name: "greet", path: "/no/such/SKILL.md" }, "/no/such/SKILL.md"],
  [["hi", { type: "mention", name: "x", path: "/no/such/file" }], "/no/such/file"],
] as const)(
  "what does not exist is refused, by its path, and nothing is sent: %o",
  async (input, named) => {
    const thread = await server.codex.threadStart();
    const before = server.model.requests.length;
    const error = await failureOf(thread.run(input));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain(named);
    expect((await thread.run("hi")).status).toBe("completed");
    expect(server.model.requests.length).toBe(before + 1);
  },
);

test("an empty input and an unknown type are refused", async () => {
  const thread = await server.codex.threadStart();
  for (const input of ["", [], [""]]) {
    await expect(thread.run(input)).rejects.toThrow(InvalidInputError);
  }
  for (const input of [5, null, { type: "video", url: "x" }, [undefined]]) {
    await expect(thread.run(input as unknown as Input)).rejects.toThrow(TypeError);
  }
});
