import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { LineWriter } from "../../../src/transport/line-writer.ts";

const MIB = 2 ** 20;

/** A stream that counts what is written to it, and optionally stores it. */
function counting({ keep = false } = {}) {
  const sizes: number[] = [];
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      sizes.push(chunk.length);
      if (keep) chunks.push(chunk);
      done();
    },
  });
  return { stream, sizes, text: () => Buffer.concat(chunks).toString() };
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("LineWriter", () => {
  it("writes what arrives in one tick at once", async () => {
    const { stream, sizes, text } = counting({ keep: true });
    const writer = new LineWriter(stream);
    for (const line of ["one", "two", "three"]) writer.write(line);
    expect(sizes).toEqual([]);
    await tick();
    expect(sizes).toHaveLength(1);
    writer.write("four");
    await tick();
    expect(text()).toBe("one\ntwo\nthree\nfour\n");
  });

  it("doesn't lose lines that are written during a write", async () => {
    const lines: string[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(...chunk.toString().trimEnd().split("\n"));
        if (lines.length < 4) for (const line of ["a", "b"]) writer.write(line);
        done();
      },
    });
    const writer = new LineWriter(stream);
    writer.write("first");
    await tick();
    await tick();
    expect(lines).toEqual(["first", "a", "b", "a", "b"]);
  });

  it("accepts more than 512 MiB in one tick, in bounded pieces", async () => {
    const { stream, sizes } = counting();
    const writer = new LineWriter(stream);
    const line = "x".repeat(2 * MIB - 1);
    for (let count = 0; count < 300; count++) writer.write(line);
    await tick();
    expect(sizes.reduce((sum, size) => sum + size)).toBe(600 * MIB);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3 * MIB);
  });

  it("accepts the longest possible string", async () => {
    const { stream, sizes } = counting();
    const line = "x".repeat(2 ** 29 - 24);
    new LineWriter(stream).write(line);
    await tick();
    expect(sizes.reduce((sum, size) => sum + size)).toBe(line.length + 1);
  });

  it("keeps lines complete and in order, whatever their sizes, with characters of any length", async () => {
    const { stream, text } = counting({ keep: true });
    const writer = new LineWriter(stream);
    const sizes = [0, 1, MIB - 1, 5, MIB, MIB + 1, 3, 2 * MIB + 7, 0];
    const lines = sizes.map((size, index) => "aé☃😀".repeat(size / 5 + 1).slice(index % 2, size));
    // If a piece ended between the halves of a surrogate pair, both would become U+FFFD.
    lines.push(`x${"😀".repeat(MIB)}`);
    for (const line of lines) writer.write(line);
    await tick();
    const written = Buffer.from(`${lines.join("\n")}\n`).toString();
    expect(text() === written).toBe(true);
  });
});
