import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InvalidInputError } from "../../../src/errors/errors.ts";
import type { Input } from "../../../src/input/input.ts";
import { MAX_TEXT_CHARS, prepareInput } from "../../../src/input/prepare-input.ts";
import { png } from "../../support/sample-images.ts";

const imageUrl = `data:image/png;base64,${png().toString("base64")}`;
const wav = Buffer.from("RIFF\0\0\0\0WAVEfmt ");
const audioUrl = `data:audio/wav;base64,${wav.toString("base64")}`;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "input-"));
  await writeFile(join(dir, "a.png"), png());
  await writeFile(join(dir, "text.png"), "png");
  await writeFile(join(dir, "a.wav"), wav);
  await mkdir(join(dir, "skill"));
  await writeFile(join(dir, "skill", "SKILL.md"), "---\nname: s\ndescription: d\n---\nbody");
  await mkdir(join(dir, "bare"));
  await writeFile(join(dir, "bare", "SKILL.md"), "body");
  await writeFile(join(dir, "skill", "notes.md"), "---\nname: s\n---\n");
});

afterAll(() => rm(dir, { recursive: true }));

/** Prepares inputs that the types forbid. */
function prepareAnything(input: unknown): Promise<unknown> {
  return prepareInput(input as Input, { cwd: dir });
}

describe("what is sent to the server", () => {
  test("a string is one text item, alone and in a list", async () => {
    const hello = { type: "text", text: "hello", text_elements: [] };
    expect(await prepareInput("hello")).toEqual([hello]);
    expect(await prepareInput(["hello", { type: "text", text: "hello" }])).toEqual([hello, hello]);
  });

  test("existing text elements are kept", async () => {
    const item = { type: "text", text: "hi", text_elements: [{ byteRange: { start: 0, end: 1 } }] };
    expect(await prepareAnything(item)).toEqual([item]);
  });

  test("everything else is sent unchanged, including http images and unknown fields", async () => {
    const items = [
      { type: "image", url: imageUrl, detail: "high" },
      { type: "image", url: "https://example.com/a.png" },
      { type: "image", fileId: "file-1", later: true },
      { type: "audio", url: audioUrl },
      { type: "audio", fileId: "file-2" },
      { type: "mention", name: "gh", path: "app://github" },
      { type: "mention", name: "p", path: "plugin://p@market" },
      { type: "skill", name: "s", path: "skill://cloud/s" },
    ];
    expect(await prepareAnything(items)).toEqual(items);
  });

  test("relative paths become absolute, from cwd or else the process's directory", async () => {
    const path = join(dir, "a.png");
    const image = { type: "localImage", path } as const;
    expect(await prepareInput({ type: "localImage", path: "a.png" }, { cwd: dir })).toEqual([
      image,
    ]);
    const fromHere = { type: "localImage", path: relative(process.cwd(), path) } as const;
    expect(await prepareInput(fromHere)).toEqual([image]);
    expect(await prepareInput(image, { cwd: "/elsewhere" })).toEqual([image]);
  });

  test("with checkPaths off, paths are left to the server", async () => {
    const item = { type: "localAudio", path: "gone.wav" } as const;
    expect(await prepareInput(item, { checkPaths: false })).toEqual([item]);
  });
});

describe("refused", () => {
  test.each([[""], [[]], [[""]], [{ type: "text", text: "" }]] as Input[][])(
    "an empty input: %j",
    async (input) => {
      await expect(prepareAnything(input)).rejects.toThrow(/^input is empty/);
    },
  );

  test.each([
    [undefined, "input must be a string or an input item, got undefined"],
    [["a", null], "input[1] must be a string or an input item, got null"],
    [[5], "input[0] must be a string or an input item, got the number 5"],
    [
      ["a", { type: "video" }],
      'input[1].type must be one of text, image, localImage, audio, localAudio, skill, mention; got the string "video"',
    ],
    [{ type: "toString" }, /^input\.type must be one of .*; got the string "toString"$/],
    [{}, /^input\.type must be one of .*; got undefined$/],
    [{ type: "text" }, "input.text must be a string, got undefined"],
    [[{ type: "skill", name: 1, path: "/a" }], "input[0].name must be a string, got the number 1"],
    [[{ type: "skill", name: "s" }], "input[0].path must be a string, got undefined"],
    [{ type: "image" }, "input.url or input.fileId must be a string, got undefined"],
    [
      { type: "image", url: "a", fileId: "b" },
      "input.url or input.fileId: set one of them, not both",
    ],
    [{ type: "image", url: "a", detail: 1 }, "input.detail must be a string, got the number 1"],
  ])("the wrong type: %j", async (input, message) => {
    const error = await prepareAnything(input).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toEqual(
      typeof message === "string" ? message : expect.stringMatching(message),
    );
  });

  test.each(["localImage", "localAudio", "skill", "mention"])(
    "a %s whose path does not exist, by its place and path",
    async (type) => {
      const error = await prepareAnything(["a", { type, name: "n", path: "gone" }]).catch(
        (error: unknown) => error,
      );
      expect(error).toBeInstanceOf(InvalidInputError);
      expect((error as Error).message).toBe(`input[1].path: ${join(dir, "gone")} can't be found`);
      expect((error as Error).cause).toMatchObject({ code: "ENOENT" });
    },
  );

  test("the first of several, because they are examined one at a time", async () => {
    const damaged = `data:image/png;base64,${png().subarray(0, -20).toString("base64")}`;
    const items: Input = [
      { type: "image", url: damaged },
      { type: "image", url: "data:no" },
    ];
    await expect(prepareInput(items)).rejects.toThrow("input[0].url has content");
  });

  test("a directory, except for a mention", async () => {
    await expect(
      prepareAnything({ type: "skill", name: "s", path: join(dir, "skill") }),
    ).rejects.toThrow(/is a directory, not a file: give the path of its SKILL\.md/);
    await expect(prepareAnything({ type: "localImage", path: dir })).rejects.toThrow(
      InvalidInputError,
    );
    const mention = { type: "mention", name: "d", path: dir };
    expect(await prepareAnything(mention)).toEqual([mention]);
  });

  test("a local image named by a URL: only skills and mentions have URIs", async () => {
    await expect(prepareAnything({ type: "localImage", path: "file:///a.png" })).rejects.toThrow(
      InvalidInputError,
    );
  });

  test.each<[object, RegExp]>([
    [
      { type: "localImage", path: "text.png" },
      /^input\.path: .*text\.png isn't a PNG, JPEG, GIF or WebP image$/,
    ],
    [
      { type: "localAudio", path: "text.png" },
      /^input\.path: .*text\.png has the type "png", but the server supports wav/,
    ],
    [
      { type: "image", url: "data:image/png;base64,AAAA" },
      /^input\.url has content that isn't a PNG/,
    ],
    [{ type: "image", url: "data:image/png,abc" }, /^input\.url must be a base64 data: URL/],
    [
      { type: "image", url: "file:///a.png" },
      /^input\.url must be a base64 data: URL, got "file:\/\/\/a\.png"$/,
    ],
    [{ type: "image", url: "a.png" }, /^input\.url must be a base64 data: URL/],
    [{ type: "audio", url: "https://example.com/a.wav" }, /^input\.url must be a base64 data: URL/],
    [
      { type: "audio", url: imageUrl },
      /^input\.url has content that has the type "image\/png", but the server supports/,
    ],
    [
      { type: "skill", name: "s", path: "skill/notes.md" },
      /notes\.md isn't a SKILL\.md: give the path of the skill's SKILL\.md$/,
    ],
    [
      { type: "skill", name: "s", path: "bare/SKILL.md" },
      /isn't a skill: its name and description must be at the start/,
    ],
  ])("a file that the server can't use: %j", async (item, message) => {
    const prepared = prepareAnything(item);
    await expect(prepared).rejects.toThrow(InvalidInputError);
    await expect(prepared).rejects.toThrow(message);
  });

  test("a file that isn't regular, because reading it might never end", async () => {
    const path = join(dir, "socket.png");
    const listening = createServer().listen(path);
    await once(listening, "listening");
    await expect(prepareAnything({ type: "localImage", path })).rejects.toThrow(
      /socket\.png isn't a regular file/,
    );
    listening.close();
  });

  test("data: URLs even if the server's files are elsewhere", async () => {
    const item = { type: "image", url: "data:image/png;base64,AAAA" } as const;
    await expect(prepareInput(item, { checkPaths: false })).rejects.toThrow(InvalidInputError);
  });

  test("skills that the server doesn't know, if it can be asked", async () => {
    const path = join(dir, "skill", "SKILL.md");
    const item = { type: "skill", name: "s", path } as const;
    const knownSkills = () => Promise.resolve([path]);
    expect(await prepareInput(item, { knownSkills })).toEqual([item]);
    await expect(
      prepareInput(["a", item], { knownSkills: () => Promise.resolve(["/b/SKILL.md"]) }),
    ).rejects.toThrow(/^input\[1\]\.path: .* isn't where the server looks .* \/b\/SKILL\.md$/);
    const asked = () => Promise.reject(new Error("asked"));
    expect(await prepareInput("hi", { knownSkills: asked })).toHaveLength(1);
  });

  test("too much text in all items together, with both numbers", async () => {
    const most = "a".repeat(MAX_TEXT_CHARS);
    expect(await prepareInput(most)).toHaveLength(1);
    const tooMuch = prepareInput([most, "b", { type: "image", url: imageUrl }]);
    await expect(tooMuch).rejects.toThrow(InvalidInputError);
    await expect(tooMuch).rejects.toThrow(/1048577 characters .* at most 1048576/);
  });

  test("characters are code points, as the server counts", async () => {
    const emoji = "😀".repeat(MAX_TEXT_CHARS / 2 + 1);
    expect(await prepareInput(emoji)).toHaveLength(1);
    await expect(prepareInput([emoji, emoji])).rejects.toThrow(/1048578 characters/);
  });
});
