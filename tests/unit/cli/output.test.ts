import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { takesColours } from "../../../src/cli/colours.ts";
import { Output, type Sink } from "../../../src/cli/output.ts";
import { outputText } from "../../../src/cli/text.ts";
import type { Piece } from "../../../src/cli/transcript.ts";

const answer = (text: string, block = true): Piece => ({
  to: "answer",
  text: outputText(text),
  block,
});
const log = (text: string, block = true): Piece => ({ to: "log", text: outputText(text), block });

function sink(isTTY = false): { sink: Sink; read: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 20 });
  const chunks: string[] = [];
  stream.on("data", (chunk) => chunks.push(String(chunk)));
  return { sink: stream, read: () => chunks.join("") };
}

describe("paragraphs", () => {
  const pieces = [
    log("$ ls\n"),
    answer("Hel"),
    answer("lo", false),
    log("end\n"),
    answer("More\n"),
  ];

  it("are separated on a terminal that both streams share", async () => {
    const terminal = sink(true);
    using output = new Output(terminal.sink, terminal.sink, { spinner: false });
    await output.write(pieces);
    expect(terminal.read()).toBe("$ ls\n\nHello\n\nend\n\nMore\n");
  });

  it("are separated on each of two streams", async () => {
    const [stdout, stderr] = [sink(), sink(true)];
    using output = new Output(stdout.sink, stderr.sink, { spinner: false });
    await output.write(pieces);
    expect(stdout.read()).toBe("Hello\n\nMore\n");
    expect(stderr.read()).toBe("$ ls\n\nend\n");
  });
});

it("clears the echo of earlier keys before the user is asked, and holds other output back", () => {
  const terminal = sink(true);
  using output = new Output(terminal.sink, terminal.sink, { spinner: false });
  {
    using held = output.hold();
    output.show([log("later\n", false)]);
    held.show([outputText("row")]);
    expect(terminal.read()).toBe("\r\u001b[Krow\n");
  }
  expect(terminal.read()).toBe("\r\u001b[Krow\nlater\n");
});

describe("on a narrow terminal", () => {
  const long = "A line that is longer than a row\n";
  const rows = "A line that is\nlonger than a row\n";

  it("lines are broken between words, however they arrive", async () => {
    const terminal = sink(true);
    using output = new Output(terminal.sink, terminal.sink, { spinner: false });
    await output.write([log(long), ...long.split("").map((part) => answer(part, false))]);
    expect(terminal.read()).toBe(rows + rows);
  });

  it("preformatted lines don't change", async () => {
    const terminal = sink(true);
    using output = new Output(terminal.sink, terminal.sink, { spinner: false });
    await output.write([answer("Hel"), { ...log(long), isPreformatted: true }]);
    expect(terminal.read()).toBe(`Hel\n\n${long}`);
  });

  it("the last word is written at the end", () => {
    const [stdout, stderr] = [sink(true), sink()];
    {
      using output = new Output(stdout.sink, stderr.sink, { spinner: false });
      output.show([answer("Hello")]);
    }
    expect(stdout.read()).toBe("Hello");
  });
});

it("waits for a stream that is full", async () => {
  const full = new PassThrough({ highWaterMark: 4 });
  const output = new Output(full, sink().sink, { spinner: false });
  let written = false;
  const writing = output.write([answer("a long text\n")]).then(() => {
    written = true;
  });
  await new Promise(setImmediate);
  expect(written).toBe(false);
  full.resume();
  await writing;
});

it("doesn't wait for a broken stream", async () => {
  const broken: Sink = new PassThrough({ highWaterMark: 4 });
  broken.on("error", () => {});
  const output = new Output(broken, sink().sink, { spinner: false });
  const writing = output.write([answer("a long text\n"), answer("more\n")]);
  broken.destroy(new Error("EPIPE"));
  await writing;
});

describe("the spinner", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is drawn on a terminal, cut to its width, and disappears before text", async () => {
    vi.useFakeTimers();
    const terminal = sink(true);
    using output = new Output(terminal.sink, terminal.sink, { spinner: true });
    output.activity = outputText("Running a long command line");
    vi.advanceTimersByTime(100);
    expect(terminal.read()).toBe("\r⠙ Running a long c\u001b[K");
    await output.write([answer("Hi ")]);
    vi.advanceTimersByTime(500);
    expect(terminal.read().endsWith("\r\u001b[KHi")).toBe(true);
  });

  it("isn't drawn in a pipe", () => {
    vi.useFakeTimers();
    const pipe = sink();
    using output = new Output(pipe.sink, pipe.sink, { spinner: true });
    output.activity = outputText("Working");
    vi.advanceTimersByTime(500);
    expect(pipe.read()).toBe("");
  });
});

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ TERM: "dumb" }, true, false],
])("colours by %j on a terminal: %j", (env, isTTY, colours) => {
  expect(takesColours({ isTTY }, env)).toBe(colours);
});
