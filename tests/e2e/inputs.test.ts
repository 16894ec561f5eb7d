import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Input, InvalidInputError } from "../../src/index.ts";
import { prepareInput } from "../../src/input/prepare-input.ts";
import { temporaryDirectory } from "../../src/testing/temporary-directory.ts";
import { failureOf, nextOf, sharedServer } from "../support/e2e.ts";
import { cutOff, decodable, png, undecodable } from "../support/sample-images.ts";

const server = sharedServer({ script: () => "ok" });
const PIXEL = png().toString("base64");

/** The input that the model received, as one text. */
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

test("text arrives unchanged, in any script, with newlines", async () => {
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

test("a mention is sent with its text", async () => {
  const file = path.join(server.cwd, "notes.md");
  await writeFile(file, "notes");
  const seen = await seenByModel(["see @notes", { type: "mention", name: "notes", path: file }]);
  expect(seen).toContain("see @notes");
});

/** The input that the model receives if the client doesn't check it. */
async function sentUnchecked(input: object[]): Promise<string> {
  const { id: threadId } = await server.codex.threadStart({ ephemeral: true });
  const completed = nextOf(
    server.codex,
    "turn/completed",
    (params) => params.threadId === threadId,
  );
  await server.codex.request("turn/start", { threadId, input: input as never });
  await completed;
  return JSON.stringify(server.model.requests.at(-1)?.input.at(-1));
}

const dataUrl = (bytes: Buffer) => `data:image/png;base64,${bytes.toString("base64")}`;

describe("images are refused exactly if the server can't decode them", () => {
  test.each(decodable)("%s reaches the model", async (_, bytes) => {
    const seen = await seenByModel({ type: "image", url: dataUrl(bytes) });
    expect(seen).toContain('"type":"input_image"');
  });

  test.each(undecodable)("%s would become a note, so it is refused", async (name, bytes, fault) => {
    const url = dataUrl(bytes);
    expect(await sentUnchecked([{ type: "image", url }])).toContain("could not be processed");
    const file = path.join(server.cwd, `${name.replaceAll(/\W/g, "-")}.png`);
    await writeFile(file, bytes);
    const thread = await server.codex.threadStart();
    const before = server.model.requests.length;
    for (const item of [
      { type: "image", url },
      { type: "localImage", path: file },
    ] as const) {
      const error = await failureOf(thread.run(item));
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(error.message).toMatch(fault);
    }
    expect(server.model.requests.length).toBe(before);
  });

  test.each(cutOff)("%s would be half an image, so it is refused", async (_, bytes) => {
    const url = dataUrl(bytes);
    expect(await sentUnchecked([{ type: "image", url }])).toContain('"type":"input_image"');
    const thread = await server.codex.threadStart();
    await expect(thread.run({ type: "image", url })).rejects.toThrow(/is cut off/);
  });

  test.each([
    "data:,",
    `data:image/png,${PIXEL}`,
    `data:image/png;base64,${PIXEL.slice(0, 20)}\n${PIXEL.slice(20)}`,
    `data:image/png;base64,${PIXEL.replace(/=+$/, "")}`,
    `data:image/png;base64, ${PIXEL}`,
  ])("the server can't read %j", async (url) => {
    expect(await sentUnchecked([{ type: "image", url }])).toContain("could not be processed");
    const thread = await server.codex.threadStart();
    await expect(thread.run({ type: "image", url })).rejects.toThrow(InvalidInputError);
  });

  test("a URL that is neither data: nor http: would go to the model's endpoint", async () => {
    const url = "file:///a.png";
    expect(await sentUnchecked([{ type: "image", url }])).toContain(`"image_url":"${url}"`);
    const thread = await server.codex.threadStart();
    await expect(thread.run({ type: "image", url })).rejects.toThrow(InvalidInputError);
  });
});

describe("audio is refused if the server can't forward it", () => {
  const wav = Buffer.from("RIFF\0\0\0\0WAVEfmt ");
  /** The server's note about valid audio, for a model that doesn't accept audio. */
  const USABLE = "you do not support audio input";

  test.each([
    ["a.wav", "audio/wav", true],
    ["a.WAV", "audio/x-wav", true],
    ["a.flac", "audio/flac", false],
    ["a.oga", "video/webm", false],
    ["wav", "", false],
  ])("%s, %j", async (name, mediaType, usable) => {
    const file = path.join(server.cwd, name);
    await writeFile(file, wav);
    const url = `data:${mediaType};base64,${wav.toString("base64")}`;
    for (const item of [
      { type: "localAudio", path: file },
      { type: "audio", url },
    ] as const) {
      const seen = await sentUnchecked([item]);
      expect([item.type, seen.includes(USABLE)]).toEqual([item.type, usable]);
      const thread = await server.codex.threadStart();
      const run = thread.run(item);
      if (usable) expect((await run).status).toBe("completed");
      else await expect(run).rejects.toThrow(InvalidInputError);
    }
  });

  test("by http, too", async () => {
    const item = { type: "audio", url: "https://example.com/a.wav" } as const;
    expect(await sentUnchecked([item])).toContain("could not be processed");
    const thread = await server.codex.threadStart();
    await expect(thread.run(item)).rejects.toThrow(InvalidInputError);
  });
});

test("a skill is refused when the server would drop it", async () => {
  const front = "---\nname: x\ndescription: d\n---\n";
  const folder = path.join(server.cwd, ".agents", "skills");
  const files = {
    fine: path.join(folder, "fine", "SKILL.md"),
    bare: path.join(folder, "bare", "SKILL.md"),
    other: path.join(folder, "other", "README.md"),
    elsewhere: path.join(server.cwd, "elsewhere", "SKILL.md"),
  };
  for (const [name, file] of Object.entries(files)) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, name === "bare" ? "body" : `${front}body`);
  }
  const cwds = [server.cwd];
  const { data } = await server.codex.request("skills/list", { cwds, forceReload: true });
  const knownSkills = async () => data.flatMap(({ skills }) => skills.map((skill) => skill.path));
  for (const [name, file] of Object.entries(files)) {
    const item = { type: "skill", name, path: file } as const;
    const dropped = !(await sentUnchecked([{ type: "text", text: "hi" }, item])).includes(
      "<skill>",
    );
    const prepared = prepareInput(["hi", item], { knownSkills });
    if (dropped) await expect(prepared).rejects.toThrow(InvalidInputError);
    else await expect(prepared).resolves.toHaveLength(2);
    expect([name, dropped]).toEqual([name, name !== "fine"]);
  }
});

test("a skill is looked for in the directory that the thread has now", async () => {
  await using other = await temporaryDirectory("codex-skills-");
  const file = path.join(other.path, ".agents", "skills", "here", "SKILL.md");
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, "---\nname: here\ndescription: d\n---\nbody");
  const input = ["hi", { type: "skill", name: "here", path: file }] as const;
  const thread = await server.codex.threadStart();
  await thread.run("hi", { cwd: other.path });
  await thread.run(input);
  expect(JSON.stringify(server.model.requests.at(-1)?.input)).toContain("<name>here</name>");
  await thread.updateSettings({ cwd: server.cwd });
  // Until the next turn, the thread's record has the directory of the last turn.
  await thread.read();
  await expect(thread.run(input)).rejects.toThrow(InvalidInputError);
});

test.each([
  [{ type: "localImage", path: "gone.png" }, "gone.png"],
  [{ type: "skill", name: "greet", path: "/no/such/SKILL.md" }, "/no/such/SKILL.md"],
  [["hi", { type: "mention", name: "x", path: "/no/such/file" }], "/no/such/file"],
] as const)(
  "a missing file is refused with its path, and nothing is sent: %o",
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
