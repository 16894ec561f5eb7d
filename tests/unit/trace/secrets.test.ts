import { readFileSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { trafficLog } from "../../../src/session/trace.ts";
import { maskSecrets } from "../../../src/text/secrets.ts";
import { TraceMask } from "../../../src/trace/mask.ts";
import { readTrace } from "../../../src/trace/read-trace.ts";
import { secretValuesOf } from "../../../src/trace/secret-variables.ts";
import { DeltaForm } from "../../../src/turn/delta-line.ts";
import { fakeClient } from "../../support/fake.ts";
import { linesOf, recording, removeFolders, traceFolder } from "../../support/traces.ts";

removeFolders();

const env = {
  MY_SERVICE_PASSWORD: "correct horse",
  DEPLOY_TOKEN: 'quo"ted-value',
  HOME: "/home/somebody",
  SHORT_TOKEN: "true",
};

/** Secrets of common shapes, each with the text around it. */
const SECRETS: readonly (readonly [what: string, secret: string, text: string])[] = [
  [
    "an API key",
    "sk-proj-abcDEF1234567890abcDEF",
    "the key is sk-proj-abcDEF1234567890abcDEF, use it",
  ],
  ["a bearer token", "abc123def456ghi789", "Authorization: Bearer abc123def456ghi789"],
  [
    "a JWT",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl",
    "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl",
  ],
  ["an AWS key id", "AKIAIOSFODNN7EXAMPLE", "id AKIAIOSFODNN7EXAMPLE ok"],
  [
    "an AWS secret",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "then wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY follows",
  ],
  [
    "a GitHub token",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "push with ghp_abcdefghijklmnopqrstuvwxyz0123456789",
  ],
  ["a URL's password", "s3cr3tpw", "postgres://admin:s3cr3tpw@db.example/prod"],
  ["an assignment", "hunter2hunter2", "export DB_PASSWORD=hunter2hunter2"],
  [
    "a private key",
    "MIIEvgIBADANBgkqhkiG9w0BAQEFAASC",
    "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----",
  ],
  ["a variable's value", "correct horse", "it printed correct horse battery"],
  ["a variable's value with a quote", 'quo"ted-value', 'it printed quo"ted-value again'],
];

const about = { threadId: "thread", turnId: "turn", itemId: "item" };

function traceOf(messages: readonly string[]): string {
  const file = path.join(traceFolder(), "run.jsonl");
  const mask = new TraceMask(secretValuesOf(env));
  const { recorder } = recording({ path: file, mask });
  for (const message of messages) {
    recorder.message("send", message);
    recorder.message("receive", message);
  }
  recorder.event("warning", { message: messages.join() });
  recorder[Symbol.dispose]();
  return readFileSync(file, "utf8");
}

/** The text of all deltas in a trace. */
function deltasOf(file: string): string {
  const deltas = linesOf(file).flatMap(({ receive }) => {
    const { params } = (receive ?? {}) as { params?: { delta?: string } };
    return params?.delta ?? [];
  });
  return deltas.join("");
}

test.each(SECRETS)("a trace masks %s anywhere", (_what, secret, text) => {
  const item = { type: "commandExecution", id: "item", aggregatedOutput: `before\n${text}\n` };
  const trace = traceOf([
    JSON.stringify({ method: "item/completed", params: { item } }),
    JSON.stringify({ id: 1, result: { nested: JSON.stringify({ text }) } }),
    text,
  ]);
  for (const form of [secret, JSON.stringify(secret).slice(1, -1)])
    expect(trace).not.toContain(form);
  expect(trace).toContain("***");
});

test.each(SECRETS)("a trace masks %s that is split between deltas", (_what, secret, text) => {
  const deltas = [..."Here: ", ...text, ..."\n done"].map((piece) =>
    JSON.stringify({
      method: "item/agentMessage/delta",
      params: { ...about, delta: piece },
      emittedAtMs: 1770000000000,
    }),
  );
  // Other messages arrive in between.
  const messages = deltas.flatMap((one, index) =>
    index % 3 === 0 ? [one, '{"method":"account/updated","params":{}}'] : [one],
  );
  const file = path.join(traceFolder(), "run.jsonl");
  const { recorder } = recording({ path: file, mask: new TraceMask(secretValuesOf(env)) });
  for (const message of messages) recorder.message("receive", message);
  recorder[Symbol.dispose]();
  const said = deltasOf(file);
  expect(said).not.toContain(secret);
  expect(said).toContain("***");
  expect(said).toMatch(/^Here: .*\n done$/s);
});

test.each(SECRETS)("a trace masks %s that is split between two deltas", (_what, secret, text) => {
  const head = `{"method":"item/agentMessage/delta","params":${JSON.stringify(about).slice(0, -1)},"delta":"`;
  // More than what is written up to the end of a line.
  const prose = "Some words before it. ".repeat(300);
  for (let at = 1; at < text.length; at++) {
    const file = path.join(traceFolder(), "run.jsonl");
    const { recorder } = recording({ path: file, mask: new TraceMask(secretValuesOf(env)) });
    for (const piece of [prose + text.slice(0, at), text.slice(at) + prose]) {
      const json = JSON.stringify(piece).slice(1, -1);
      recorder.delta({ head, text: piece, time: "1770000000000", json, isPlain: json === piece });
    }
    recorder[Symbol.dispose]();
    const said = deltasOf(file);
    expect(said).not.toContain(secret);
    expect(said).toContain("***");
  }
});

test("a trace keeps values that aren't secrets", () => {
  const text = "HOME is /home/somebody, and true is true. 12 tokens were used.";
  const trace = traceOf([JSON.stringify({ method: "item/completed", params: { text } })]);
  expect(trace).toContain(text);
});

test.each(["fs/readFile", "command/exec/outputDelta"])(
  "a trace omits the bytes of %s, because secrets in them can't be found",
  (method) => {
    const bytes = Buffer.from("DB_PASSWORD=correct horse").toString("base64");
    const trace = traceOf([
      JSON.stringify({ id: 1, method, result: { dataBase64: bytes } }),
      JSON.stringify({ method, params: { processId: "p", stream: "stdout", deltaBase64: bytes } }),
      JSON.stringify({ method, params: { ...about, deltaBase64: bytes } }),
    ]);
    expect(trace).not.toContain(bytes.slice(0, 12));
    expect(trace).toContain('"deltaBase64":"***"');
  },
);

test("the answer to a question for a secret is in no trace; other answers are", () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const { recorder } = recording({ path: file });
  const log = trafficLog(recorder);
  const ask = (id: number, isSecret: boolean) => {
    const questions = [{ id: "q1", question: "Which?", isSecret }];
    const method = "item/tool/requestUserInput";
    log.message("receive", JSON.stringify({ id, method, params: { questions } }), true);
  };
  const answer = (id: number, text: string) =>
    log.message(
      "send",
      JSON.stringify({ id, result: { answers: { q1: { answers: [text] } } } }),
      true,
    );
  ask(1, true);
  ask(2, false);
  log.message("send", JSON.stringify({ id: 1, method: "model/list", params: {} }), true);
  answer(1, "hush");
  answer(2, "heard");
  answer(1, "heard too");
  recorder[Symbol.dispose]();
  const text = readFileSync(file, "utf8");
  expect(text).toContain('"send":{"id":1,"result":"***"}');
  expect(text).not.toContain("hush");
  expect(text).toContain('"heard"');
  expect(text).toContain('"heard too"');
});

const delta = (text: string) =>
  JSON.stringify({
    method: "item/commandExecution/outputDelta",
    params: { ...about, delta: text },
    emittedAtMs: 1_700_000_000_000,
  });
const completed = (aggregatedOutput: string) =>
  JSON.stringify({
    method: "item/completed",
    params: { ...about, item: { type: "commandExecution", id: about.itemId, aggregatedOutput } },
  });

/** The lines of a trace of a command whose output arrives in these parts. */
function traceOfOutput(parts: readonly string[]) {
  const file = path.join(traceFolder(), "run.jsonl");
  const { recorder } = recording({ path: file });
  for (const part of parts) recorder.message("receive", delta(part), true);
  recorder.message("receive", completed(parts.join("")), true);
  recorder[Symbol.dispose]();
  return { text: readFileSync(file, "utf8"), lines: linesOf(file) };
}

test("an output without line breaks isn't cut where a secret begins", () => {
  const words = "word ".repeat(8_000);
  const { text } = traceOfOutput([`${words}Authorization: Bearer `, "abc123def456ghi789 and on"]);
  expect(text).not.toContain("abc123def456ghi789");
});

test.each([
  ["in a word", ["and ghp_abcd", "efgh", "ijklmnopqrst", "uvwxyz012345 end"], "ijklmnopqrst"],
  ["after a name", ["and a bearer", " ", "ab", "c123def456ghi789 end"], "c123def456ghi789"],
  ["in a name", ["and PASSW", "ORD=", "hunter2", "hunter2 end"], "hunter2"],
])("an output without line breaks isn't cut %s while more can follow", (_where, pieces, secret) => {
  for (let count = 0; count < pieces.length; count++) {
    // The limit is reached before this piece.
    const words = "word ".repeat(6_554).slice(pieces.slice(0, count).join("").length);
    const { text } = traceOfOutput([words, ...pieces]);
    expect(text).not.toContain(secret);
  }
});

test("an output isn't cut at a line break within a quoted secret", () => {
  const { text } = traceOfOutput([`${"a line\n".repeat(1_000)}password = "first\n`, 'second9"\n']);
  expect(text).not.toContain("second9");
});

test("an output without line breaks is cut before it grows large", () => {
  const words = "word ".repeat(2_000);
  const { lines } = traceOfOutput(Array.from({ length: 12 }, () => words));
  const deltas = lines.filter((line) => "deltas" in line);
  expect(deltas.length).toBeGreaterThan(1);
});

test("a secret that its deltas show in two parts is masked in the completed item", () => {
  const head = `${"x".repeat(140_000)} ghp_abcdefghij`;
  const { lines } = traceOfOutput([head, "klmnopqrstuvwxyz0123456789"]);
  const item = JSON.stringify(
    lines.find((line) => JSON.stringify(line).includes("item/completed")),
  );
  expect(item).toContain("***");
  expect(item).not.toContain("ghp_");
});

test("what contains a secret in its deltas is masked in the completed item too", () => {
  const { text } = traceOfOutput([
    `${"harmless line\n".repeat(1_000)}DB_PASS`,
    "WORD=hunter2hunter2\n",
  ]);
  expect(text).not.toContain("hunter2hunter2");
  expect(text.match(/\*\*\*/g)).toHaveLength(2);
});

test("JSON that its deltas show in parts is masked as JSON in the completed item", () => {
  // What is written up to the end of a line ends after the option.
  const start = `["${"x".repeat(4_080)}",\n`;
  const { lines } = traceOfOutput([start, '"--password",\n', '"correct-horse"]\n']);
  const item = JSON.stringify(
    lines.find((line) => JSON.stringify(line).includes("item/completed")),
  );
  expect(item).toContain("--password");
  expect(item).not.toContain("correct-horse");
});

test("a known text is still recognised as the name of the value after it", () => {
  const mask = new TraceMask([]);
  const option = `--x${"plain text\n".repeat(120)}password`;
  expect(mask.apply(JSON.stringify({ text: option }))).not.toContain("***");
  expect(mask.apply(JSON.stringify([option, "correct-horse"]))).not.toContain("correct-horse");
  const named = { name: option, value: "correct-horse" };
  expect(mask.apply(JSON.stringify(named))).not.toContain("correct-horse");
});

const long = fc
  .tuple(
    fc.constantFrom("", " ", "\n", "\u001b[1m", "\u00a0", "é"),
    fc.constantFrom("", "{", "[", '{"env":{"A":"', '{"a":"'),
    fc.constantFrom("plain text\n", 'a "quoted" one\\', "DB_PASSWORD=hunter2 ", "-----BEGIN "),
    fc.constantFrom("", '"}', "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
  )
  .map(([space, start, middle, end]) => space + start + middle.repeat(120) + end);

test("a message that repeats a known text is masked like any other", () => {
  const member = fc.constantFrom("text", "name", "value", "password", "env", "key");
  const message = fc.oneof(
    fc.record({ name: long, value: long }),
    fc.array(fc.oneof(long, fc.constantFrom("--password", "apiKey"))),
    fc.dictionary(member, fc.oneof(long, fc.record({ text: long, value: long }))),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), (messages) => {
      const mask = new TraceMask([]);
      for (const text of messages.map((one) => JSON.stringify(one)))
        expect(mask.apply(text)).toBe(maskSecrets(text));
    }),
    { numRuns: 300 },
  );
});

const longPiece = fc.constantFrom("x".repeat(1_500), '"lines"\n'.repeat(250), " words".repeat(300));
const piece = fc.oneof(
  fc.constantFrom("word", " ", "\n", "end\n", '"', "\\", "é", "\ud83d", "\ude00", ""),
  fc.constantFrom("PASS", "WORD=", "ghp_abcdefghij", "klmnopqrstuvwxyz"),
  longPiece,
);

test("deltas that weren't parsed are recorded like their lines", async () => {
  const step = (text: fc.Arbitrary<string>) =>
    fc.record({
      text,
      itemId: fc.constantFrom("a", "a", "a", "b"),
      time: fc.constantFrom(1_770_000_000_000, 1_770_000_000_000, 1_770_000_000_001, undefined),
      after: fc.constantFrom("nothing", "nothing", "nothing", "other", "pause"),
    });
  const steps = fc.oneof(
    fc.array(step(piece), { maxLength: 40 }),
    fc.array(step(longPiece), { maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const [parsed, unparsed] = [
        path.join(traceFolder(), "1.jsonl"),
        path.join(traceFolder(), "2"),
      ];
      const one = recording({ path: parsed }).recorder;
      const other = recording({ path: unparsed }).recorder;
      const log = trafficLog(other);
      for (const { text, itemId, time, after } of all) {
        const params = { threadId: "t", turnId: "u", itemId, delta: text };
        const method = "item/agentMessage/delta";
        const line = JSON.stringify({ method, params, emittedAtMs: time });
        const read = DeltaForm.of(line)?.read(line);
        if (!read) throw new Error("the line isn't read");
        one.message("receive", line, true);
        log.delta?.(read);
        for (const recorder of after === "other" ? [one, other] : []) {
          recorder.message("receive", '{"method":"account/updated","params":{}}', true);
        }
        if (after === "pause") await setImmediate();
      }
      for (const recorder of [one, other]) recorder[Symbol.dispose]();
      expect(textsIn(unparsed)).toEqual(textsIn(parsed));
    }),
    { numRuns: 200 },
  );
});

/** The messages. If something is masked, only the text of each item, because deltas can be grouped differently. */
function textsIn(file: string) {
  const texts: Record<string, string> = {};
  const others: unknown[] = [];
  const { entries } = readTrace(file);
  for (const entry of entries) {
    if (!("message" in entry)) continue;
    const { params } = entry.message as { params: { itemId?: string; delta?: string } };
    if (params.itemId === undefined) others.push(entry.message);
    else texts[params.itemId] = (texts[params.itemId] ?? "") + params.delta;
  }
  const isMasked = Object.values(texts).some((text) => text.includes("***"));
  const messages = entries.flatMap((entry) => ("message" in entry ? [entry.message] : []));
  return isMasked ? { texts, others } : { messages };
}

test("variables that are set, changed or deleted before the server starts are masked too", async () => {
  const [early, first, second, late] = ["early", "first", "second", "late"].map(
    (n) => `${n}-5f3a9c71`,
  );
  vi.stubEnv("EARLY_TOKEN", early);
  vi.stubEnv("CHANGED_TOKEN", first);
  const file = path.join(traceFolder(), "trace.jsonl");
  const { server, codex } = fakeClient({ trace: file });
  vi.stubEnv("EARLY_TOKEN", undefined);
  vi.stubEnv("CHANGED_TOKEN", second);
  vi.stubEnv("LATE_TOKEN", late);
  await codex.connect();
  const text = [early, first, second, late].join(" ");
  server.notify("warning", { message: text });
  await codex.close();
  const trace = readFileSync(file, "utf8");
  expect(trace).toContain('"warning"');
  for (const value of text.split(" ")) expect(trace).not.toContain(value);
  vi.unstubAllEnvs();
});
