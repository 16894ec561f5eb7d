import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter, LineTooLong } from "../../../src/transport/lines.ts";

function split(chunks: Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

function cutAt(bytes: Buffer, places: number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort(
    (a, b) => a - b,
  );
  return [0, ...sorted].map((start, index) => bytes.subarray(start, sorted[index] ?? bytes.length));
}

describe("LineSplitter", () => {
  it("returns the same lines however the bytes are split, even inside characters", () => {
    const line = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((text) => !/[\n\r]/.test(text));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, places) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        expect(split(cutAt(bytes, places))).toEqual(lines);
      }),
    );
  });

  it("with CRLF, LF and blank lines between them, in any mixture and cut anywhere, too", () => {
    const breaks = fc.array(fc.constantFrom("\n", "\r\n"), { minLength: 1, maxLength: 4 });
    const message = fc.tuple(fc.json(), breaks);
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat()), (messages, places) => {
        const bytes = Buffer.from(messages.map(([json, ends]) => json + ends.join("")).join(""));
        const got = split(cutAt(bytes, places)).map((line) => JSON.parse(line));
        expect(got).toEqual(messages.map(([json]) => JSON.parse(json)));
      }),
    );
  });

  it("drops blank lines, and returns the last line of a stream that ends without a newline", () => {
    expect(split([Buffer.from("\n\r\n1\n\n2")])).toEqual(["1", "2"]);
  });

  it("leaves a CR, which is white space to JSON", () => {
    expect(split([Buffer.from("{}\r\n[]\r\n")]).map((line) => JSON.parse(line))).toEqual([{}, []]);
  });

  it("accepts a line of 64 MB in small chunks", () => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    const chunks = Array.from({ length: 1024 }, () => chunk);
    expect(split([...chunks, Buffer.from("\n")]).map((line) => line.length)).toEqual([
      64 * 2 ** 20,
    ]);
  });

  it("reads a line that arrives byte by byte with the memory of one line", () => {
    const splitter = new LineSplitter(() => {});
    // Chunks like those of a stream: each has its own memory.
    const before = process.memoryUsage();
    for (let byte = 0; byte < 2_000_000; byte++) splitter.push(Buffer.alloc(1, "x"));
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    const grown = arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed;
    expect(grown).toBeLessThan(100 * 2 ** 20);
    splitter.end();
  });

  describe("with a limit", () => {
    const limited = (maxBytes: number) => {
      const lines: string[] = [];
      return { lines, splitter: new LineSplitter((line) => lines.push(line), maxBytes) };
    };

    it("accepts lines up to it, complete or in parts", () => {
      const { lines, splitter } = limited(4);
      for (const part of ["1234\n12", "34", "\n1", "2\n", "123", "4\n"])
        splitter.push(Buffer.from(part));
      expect(lines).toEqual(["1234", "1234", "12", "1234"]);
    });

    it.each([
      ["a whole line", ["12345\n"]],
      ["a line in parts", ["12", "34", "5"]],
      ["the end of a line", ["123", "45\n"]],
    ])("refuses %s beyond it, before it has ended", (_what, parts) => {
      const { splitter } = limited(4);
      const push = () => {
        for (const part of parts) splitter.push(Buffer.from(part));
      };
      expect(push).toThrow(LineTooLong);
    });
  });
});
