import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { audioFault } from "../../../src/input/media/audio.ts";
import { imageFault } from "../../../src/input/media/image.ts";
import { mediaUrlFault } from "../../../src/input/media/media-url.ts";
import { cutOff, decodable, png, undecodable } from "../../support/sample-images.ts";

describe("images", () => {
  test.each(decodable)("%s is fine", async (_, bytes) => {
    expect(await imageFault(bytes)).toBeUndefined();
  });

  test.each(undecodable)("%s is refused", async (_, bytes, fault) => {
    expect(await imageFault(bytes)).toMatch(fault);
  });

  test.each(cutOff)("%s is refused", async (_, bytes) => {
    expect(await imageFault(bytes)).toBe("is cut off: its end is missing");
  });

  test("no truncated image throws or loops", async () => {
    for (const [, bytes] of decodable) {
      for (let end = 0; end < bytes.length; end += 1) {
        const fault = await imageFault(bytes.subarray(0, end));
        expect(fault === undefined || typeof fault === "string").toBe(true);
      }
    }
  });
});

describe("a PNG that would take minutes, or gigabytes", () => {
  test("is inflated no further than to its last pixel", async () => {
    const many = deflateSync(Buffer.alloc(2 ** 20), { level: 0 });
    const broken = Buffer.concat([many.subarray(0, 2 ** 19), Buffer.alloc(2 ** 19, 0xff)]);
    expect(await imageFault(png({ data: broken }))).toBeUndefined();
    expect(await imageFault(png({ data: broken.subarray(2 ** 19) }))).toContain("is damaged");
  });

  test("is examined up to 65,536 parts", async () => {
    const part = png({ data: null }).subarray(-12);
    const empty = Buffer.from(part.fill("tEXt", 4, 8));
    const parts = (count: number) => png({ data: null, extra: Array(count).fill(empty) });
    expect(await imageFault(parts(2 ** 15))).toBe("has no pixels");
    expect(await imageFault(parts(2 ** 17))).toBeUndefined();
  });
});

test("no modified image throws or loops", async () => {
  const image = fc.constantFrom(...decodable.map(([, bytes]) => bytes));
  const change = fc.tuple(fc.nat(), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(image, fc.array(change, { maxLength: 5 }), async (bytes, changes) => {
      const changed = Buffer.from(bytes);
      for (const [place, byte] of changes) changed[place % changed.length] = byte;
      const fault = await imageFault(changed);
      expect(fault === undefined || fault.length > 0).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

describe("audio", () => {
  const wav = Buffer.from("RIFF\0\0\0\0WAVEfmt ");
  test.each<[string, Buffer, string]>([
    ["wav", wav, "WAV"],
    ["wav by media type", wav, "audio/x-wav"],
    ["mp3 with a tag", Buffer.from("ID3\x04"), "mp3"],
    ["mp3 after some padding", Buffer.from([0, 0, 0xff, 0xfb, 0x90]), "audio/mpeg"],
    ["m4a", Buffer.from("\0\0\0\x20ftypM4A "), "m4a"],
    ["webm", Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), "audio/webm"],
    ["ogg", Buffer.from("OggS\0"), "ogg"],
  ])("%s is fine", (_, bytes, named) => {
    expect(audioFault(bytes, named)).toBeUndefined();
  });

  test.each<[Buffer, string, string]>([
    [wav, "flac", 'has the type "flac", but the server supports wav, mp3, m4a, webm and ogg'],
    [wav, "", 'has the type "", but the server supports wav, mp3, m4a, webm and ogg'],
    [
      wav,
      "video/webm",
      'has the type "video/webm", but the server supports wav, mp3, m4a, webm and ogg',
    ],
    [Buffer.alloc(0), "wav", "is empty"],
    [Buffer.from("hello, this is text"), "wav", "isn't valid wav audio"],
    [Buffer.from("hello, this is text"), "mp3", "isn't valid mp3 audio"],
    [wav, "audio/ogg", "isn't valid ogg audio"],
  ])("%j as %s is refused", (bytes, named, fault) => {
    expect(audioFault(bytes, named)).toBe(fault);
  });
});

describe("data: URLs", () => {
  const base64 = png().toString("base64");
  const wav = Buffer.from("RIFF\0\0\0\0WAVEfmt ").toString("base64");
  test.each<["image" | "audio", string]>([
    ["image", `data:image/png;base64,${base64}`],
    ["image", `DATA:IMAGE/JPEG;BASE64,${base64}`],
    ["image", `data:;base64,${base64}`],
    ["image", "https://example.com/a.png"],
    ["audio", `data:audio/wav;codecs=1;base64,${wav}`],
  ])("%s %s", async (kind, url) => {
    expect(await mediaUrlFault(kind, url)).toBeUndefined();
  });

  test.each<["image" | "audio", string, RegExp]>([
    ["image", "", /^must be a base64 data: URL, got ""/],
    ["image", "a.png", /^must be a base64 data: URL, got "a.png"/],
    ["image", "data:,", /^must be a base64 data: URL/],
    ["image", "data:image/svg+xml;utf8,<svg/>", /^must be a base64 data: URL/],
    ["image", "data:image/png;base64", /^must be a base64 data: URL/],
    ["image", "data:image/png;base64,!!!!", /^isn't valid base64: it must be padded/],
    ["image", `data:image/png;base64,${base64.replace(/=+$/, "")}`, /^isn't valid base64/],
    ["image", `data:image/png;base64,${base64.slice(0, 40)}\n${base64.slice(40)}`, /^isn't valid/],
    ["image", `data:image/png;base64, ${base64}`, /^isn't valid base64/],
    ["image", "data:image/png;base64,_-8=", /^isn't valid base64/],
    ["image", "data:image/png;base64,AB==", /^isn't valid base64/],
    ["image", "data:image/png;base64,AAAA", /^has content that isn't a PNG, JPEG, GIF or WebP/],
    ["audio", "https://example.com/a.wav", /^must be a base64 data: URL/],
    [
      "audio",
      `data:;base64,${wav}`,
      /^has content that has the type "", but the server supports wav/,
    ],
  ])("%s %s is refused", async (kind, url, fault) => {
    expect(await mediaUrlFault(kind, url)).toMatch(fault);
  });
});
