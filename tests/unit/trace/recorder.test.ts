import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { TraceMask } from "../../../src/trace/mask.ts";
import { readTrace } from "../../../src/trace/read-trace.ts";
import { TraceRecorder } from "../../../src/trace/recorder.ts";
import { linesOf, recording, removeFolders, traceFolder } from "../../support/traces.ts";
import { waitUntil } from "../../support/wait-until.ts";

removeFolders();

const about = { threadId: "thread", turnId: "turn", itemId: "item" };

function delta(text: string, emittedAtMs = 1770000000000, extra: object = {}): string {
  const method =
    extra && "summaryIndex" in extra
      ? "item/reasoning/summaryTextDelta"
      : "item/agentMessage/delta";
  return JSON.stringify({ method, params: { ...about, delta: text, ...extra }, emittedAtMs });
}

/** The lines that a recorder writes for these received messages, and the messages that are read from them. */
function traced(messages: readonly string[]) {
  const file = path.join(traceFolder(), "run.jsonl");
  const { recorder, failures } = recording({ path: file });
  for (const message of messages) recorder.message("receive", message);
  recorder[Symbol.dispose]();
  expect(failures).toEqual([]);
  const entries = readTrace(file).entries.filter((entry) => "direction" in entry);
  return { text: readFileSync(file, "utf8"), lines: linesOf(file), entries };
}

describe("a trace", () => {
  it("has every message in both directions and every event, in order", () => {
    const file = path.join(traceFolder(), "a", "run.jsonl");
    const { recorder } = recording({ path: file });
    recorder.event("connecting");
    recorder.message("send", '{"id":1,"method":"initialize"}');
    recorder.message("receive", '{"id":1,"result":{}}');
    recorder.message("receive", "not JSON");
    recorder[Symbol.dispose]();
    recorder.message("send", "too late");
    const { header, entries, isCut } = readTrace(file);
    expect(header).toMatchObject({ version: 1, part: 1, endpoint: { name: "memory" } });
    expect(isCut).toBe(false);
    const times = entries.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    expect(entries.map(({ at: _at, ...rest }) => rest)).toEqual([
      { event: "connecting", details: {} },
      { direction: "send", message: { id: 1, method: "initialize" } },
      { direction: "receive", message: { id: 1, result: {} } },
      { direction: "receive", message: "not JSON" },
      { event: "end", details: {} },
    ]);
  });

  it("has each message on one line, even if the message has line breaks between its values", () => {
    const { text, entries } = traced(['{"method":"a",\r"params":{},\r\n"b":"\\r"}']);
    expect(text).not.toContain("\r");
    const message = { method: "a", params: {}, b: "\r" };
    expect(entries).toMatchObject([{ direction: "receive", message }]);
  });

  it("can be read by its owner only", () => {
    const file = path.join(traceFolder(), "run.jsonl");
    const { recorder } = recording({ path: file });
    recorder.event("connecting");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    recorder[Symbol.dispose]();
  });

  it("joins deltas in one line, from which the received messages can be read", () => {
    const messages = [
      delta("one "),
      delta("two\n"),
      delta('"three" \\ ü', 1770000000005),
      JSON.stringify({ method: "item/started", params: { ...about, itemId: "other" } }),
      delta("four"),
      delta("thought", 1770000000009, { summaryIndex: 0 }),
      delta("again", 1770000000009, { summaryIndex: 1 }),
      JSON.stringify({ method: "item/completed", params: { item: { id: "item" } } }),
    ];
    const { lines, entries } = traced(messages);
    expect(entries.map((entry) => "message" in entry && entry.message)).toEqual(
      messages.map((message) => JSON.parse(message)),
    );
    const texts = lines.flatMap(({ receive }) => {
      const { params } = (receive ?? {}) as { params?: { delta?: string } };
      return params?.delta === undefined ? [] : [params.delta];
    });
    expect(texts.toSorted()).toEqual(['one two\n"three" \\ üfour', "again", "thought"].toSorted());
  });

  it("writes a long text before its item has ended", async () => {
    const file = path.join(traceFolder(), "run.jsonl");
    const { recorder } = recording({ path: file });
    for (let count = 0; count < 2000; count++) recorder.message("receive", delta("some words\n"));
    recorder.event("still running");
    const isThere = () => readFileSync(file, "utf8").includes("some words");
    await waitUntil("the text is written", isThere);
    recorder[Symbol.dispose]();
    expect(readTrace(file).entries).toHaveLength(2002);
  });

  it("treats lines that only look like deltas as other messages", () => {
    const odd = [
      '{"method":"item/agentMessage/delta","params":{"threadId":"t","turnId":"t","itemId":"i","delta":"a","delta":"b"}}',
      '{"method":"item/agentMessage/delta","params":{"threadId":"t","turnId":"t","itemId":"i","delta":"\\x"}}',
      '{"method":"item/agentMessage/delta","params":{"threadId":"t","turnId":"t","itemId":"i","delta":null}}',
    ];
    const { entries } = traced(odd);
    expect(entries.map((entry) => "message" in entry && entry.message)).toEqual([
      JSON.parse(odd[0] ?? ""),
      odd[1],
      JSON.parse(odd[2] ?? ""),
    ]);
  });
});

describe("the file of a trace", () => {
  it("replaces a finished trace with its parts", () => {
    const file = path.join(traceFolder(), "run.jsonl");
    for (const event of ["first", "second"]) {
      const { recorder } = recording({ path: file });
      recorder.event(event);
      recorder[Symbol.dispose]();
      writeFileSync(path.join(path.dirname(file), "run.part1.jsonl"), "");
    }
    const { recorder } = recording({ path: file });
    recorder.event("third");
    recorder[Symbol.dispose]();
    expect(readFileSync(file, "utf8")).not.toMatch(/first|second/);
    expect(readdirSync(path.dirname(file))).toEqual(["run.jsonl"]);
  });

  it("keeps a trace that is still being written, and a file that isn't a trace", () => {
    const folder = traceFolder();
    const file = path.join(folder, "run.jsonl");
    const one = recording({ path: file });
    const other = recording({ path: file });
    one.recorder.event("one");
    other.recorder.event("other");
    one.recorder[Symbol.dispose]();
    other.recorder[Symbol.dispose]();
    expect(linesOf(file)[1]).toMatchObject({ event: "one" });
    expect(linesOf(path.join(folder, "run-2.jsonl"))[1]).toMatchObject({ event: "other" });

    const source = path.join(folder, "source.ts");
    writeFileSync(source, "export {};\n");
    const { recorder, failures } = recording({ path: source });
    recorder.event("three");
    expect(failures).toMatchObject([{ message: expect.stringContaining("isn't a trace") }]);
    expect(readFileSync(source, "utf8")).toBe("export {};\n");
  });

  it.each(["run.part1.jsonl", "run.part7.jsonl"])(
    "keeps %s if that isn't part of a trace",
    (name) => {
      const folder = traceFolder();
      const foreign = path.join(folder, name);
      writeFileSync(foreign, "chapter one\n");
      const { recorder, failures } = recording({ path: path.join(folder, "run.jsonl") });
      recorder.event("one");
      expect(failures).toMatchObject([{ message: expect.stringContaining(`${name} exists`) }]);
      expect(readFileSync(foreign, "utf8")).toBe("chapter one\n");
      expect(readdirSync(folder)).toEqual([name]);
    },
  );

  it("accepts only numbers for its parts", () => {
    const folder = traceFolder();
    const names = [
      "run.part0x7.jsonl",
      "run.part1e1.jsonl",
      "run.part 2.jsonl",
      "run.part01.jsonl",
    ];
    for (const name of names) writeFileSync(path.join(folder, name), "");
    const { recorder, failures } = recording({ path: path.join(folder, "run.jsonl") });
    recorder.event("one");
    recorder[Symbol.dispose]();
    expect(failures).toEqual([]);
    expect(readdirSync(folder).toSorted()).toEqual([...names, "run.jsonl"].toSorted());
  });

  it("replaces links, and never writes through them", () => {
    const folder = traceFolder();
    const target = path.join(folder, "target");
    symlinkSync(target, path.join(folder, "run.jsonl"));
    const { recorder, failures } = recording({ path: path.join(folder, "run.jsonl") });
    recorder.event("one");
    recorder[Symbol.dispose]();
    expect(failures).toEqual([]);
    expect(existsSync(target)).toBe(false);
    expect(linesOf(path.join(folder, "run.jsonl"))).toHaveLength(3);
  });

  it("is a new one for each client in a folder", () => {
    const folder = path.join(traceFolder(), "traces");
    mkdirSync(folder);
    for (const given of [folder, folder, `${folder}/new/`]) {
      const { recorder } = recording({ path: given });
      recorder.event("begun");
      recorder[Symbol.dispose]();
    }
    expect(readdirSync(folder).filter((name) => /^codex-.*\.jsonl$/.test(name))).toHaveLength(2);
    expect(readdirSync(path.join(folder, "new"))).toHaveLength(1);
  });

  it("never exceeds the size, and reports that its beginning was deleted", () => {
    const folder = traceFolder();
    const file = path.join(folder, "run.jsonl");
    const maxBytes = 64 * 1024;
    const { recorder, failures } = recording({ path: file, maxBytes });
    for (let count = 0; count < 1000; count++) {
      recorder.message(
        "send",
        JSON.stringify({ method: "x", params: { count, text: "y".repeat(400) } }),
      );
    }
    recorder.message("send", JSON.stringify({ id: 7, method: "big", text: "y".repeat(maxBytes) }));
    recorder[Symbol.dispose]();
    const sizes = readdirSync(folder).map((name) => statSync(path.join(folder, name)).size);
    expect(sizes.length).toBe(4);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(maxBytes);
    const { entries, isCut } = readTrace(file);
    expect([isCut, failures]).toEqual([true, []]);
    expect(entries.at(-2)).toMatchObject({
      message: { id: 7, method: "big", omittedChars: expect.any(Number) },
    });
    const counts = entries.flatMap((entry) => {
      const { params } = ("message" in entry ? entry.message : {}) as {
        params?: { count: number };
      };
      return params ? [params.count] : [];
    });
    expect(counts).toEqual(Array.from(counts.keys(), (index) => index + 1000 - counts.length));
  });

  it("is reported once if it can't be created", () => {
    const file = path.join(traceFolder(), "file");
    writeFileSync(file, "");
    const { recorder, failures } = recording({ path: path.join(file, "run.jsonl") });
    recorder.event("one");
    recorder.message("send", "{}");
    recorder[Symbol.dispose]();
    expect(failures).toHaveLength(1);
  });

  it("can be read if its last line is incomplete, and is refused if it isn't a trace or is newer", () => {
    const file = path.join(traceFolder(), "run.jsonl");
    const { recorder } = recording({ path: file });
    recorder.event("one");
    recorder[Symbol.dispose]();
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, `${whole}{"at":9,"send":{"id"`);
    expect(readTrace(file).entries).toHaveLength(2);
    writeFileSync(file, whole.replace('"version":1', '"version":2'));
    expect(() => readTrace(file)).toThrow("uses version 2 of the trace format");
    writeFileSync(file, "hello\n");
    expect(() => readTrace(file)).toThrow("isn't a codex-app-server trace");
  });
});

describe("watching", () => {
  it("passes on each line, with and without a file, and after the file has failed", () => {
    const folder = traceFolder();
    const file = path.join(folder, "run.jsonl");
    const inFile: string[] = [];
    const { recorder } = recording({ path: file, watch: (line) => inFile.push(line) });
    recorder.message("send", '{"id":1}');
    recorder[Symbol.dispose]();
    expect(inFile).toEqual(readFileSync(file, "utf8").trim().split("\n"));

    const lines: string[] = [];
    const watch = (line: string) => lines.push(line);
    const alone = new TraceRecorder({
      ...{ watch, mask: new TraceMask([]), failed: () => {} },
      endpoint: { name: "memory", outlivesTransport: false },
    });
    alone.message("send", '{"token":"hidden-from-all"}');
    const broken = recording({ path: folder.concat("/run.jsonl/x"), watch });
    broken.recorder.message("send", '{"id":2}');
    expect(broken.failures).toHaveLength(1);
    const shown = lines.map((line) => ({ ...JSON.parse(line), at: 0 }));
    expect(shown).toMatchObject([
      { trace: "codex-app-server" },
      { send: { token: "***" } },
      { trace: "codex-app-server" },
      { send: { id: 2 } },
    ]);
  });
});
