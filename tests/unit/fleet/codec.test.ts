import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { Codec } from "../../../src/fleet/redis/codec.ts";

const key = randomBytes(32);
const other = randomBytes(32);

test("without a key, it writes JSON", () => {
  const codec = new Codec(undefined);
  expect(codec.encode({ a: 1 }, "x")).toBe('{"a":1}');
  expect(codec.decode('{"a":1}', "x")).toEqual({ a: 1 });
});

test("with a key, nothing of the text can be read, and only under the same context", () => {
  const codec = new Codec(key);
  const text = codec.encode({ secret: "swordfish" }, "turn 1");
  expect(text).not.toContain("swordfish");
  expect(Buffer.from(text, "base64").toString()).not.toContain("swordfish");
  expect(new Codec(key.toString("base64")).decode(text, "turn 1")).toEqual({ secret: "swordfish" });
  expect(() => codec.decode(text, "turn 2")).toThrow(/can't be decrypted/);
  expect(() => new Codec(other).decode(text, "turn 1")).toThrow(/different encryptionKey/);
  expect(() => new Codec(undefined).decode(text, "turn 1")).toThrow(/encryptionKey/);
});

test("data that should be encrypted but isn't is refused", () => {
  expect(() => new Codec(key).decode('{"a":1}', "turn 1")).toThrow(/isn't encrypted/);
});

test("the first of several keys encrypts, and each decrypts", () => {
  const text = new Codec(key).encode("old", "x");
  const rotated = new Codec([other, key]);
  expect(rotated.decode(text, "x")).toBe("old");
  expect(new Codec(other).decode(rotated.encode("new", "x"), "x")).toBe("new");
  const bytes = Buffer.from("bytes");
  expect(rotated.decodeBytes(new Codec(key).encodeBytes(bytes, "x"), "x")).toEqual(bytes);
});

test("a key of another length is refused", () => {
  expect(() => new Codec("c2hvcnQ=")).toThrow(/32 bytes.*openssl rand -base64 32/s);
});

test("a shorter tag, which could be guessed, is refused", () => {
  const codec = new Codec(key);
  const sealed = codec.encodeBytes(Buffer.alloc(0), "x");
  expect(codec.decodeBytes(sealed, "x")).toHaveLength(0);
  expect(() => codec.decodeBytes(sealed.subarray(0, 16), "x")).toThrow("can't be decrypted");
});
