import { expect, test } from "vitest";
import { type CompleteDeltas, DeltaRun, oneLength } from "../../../src/trace/delta-run.ts";
import { TraceMask } from "../../../src/trace/mask.ts";

const HEAD =
  '{"method":"item/commandExecution/outputDelta","params":{"threadId":"t","turnId":"u","itemId":"i","delta":"';
const WORDS = "Some words and no end of a line. ";
const KEY = "sk-proj-abcDEF1234567890abcDEF";

/** What a run writes of these deltas, and how many characters were searched for that. */
function written(texts: readonly string[]) {
  const mask = new TraceMask([]);
  let searched = 0;
  const apply = (text: string) => {
    searched += text.length;
    return mask.apply(text);
  };
  const pieces: string[] = [];
  const write = ({ text, isHarmless }: CompleteDeltas) => {
    const masked = isHarmless ? text : apply(text);
    pieces.push(masked);
    return masked === text;
  };
  const run = DeltaRun.of(HEAD, (text) => apply(text) === text);
  if (!run) throw new Error("the head isn't a delta's");
  for (const [at, text] of texts.entries()) {
    run.addText({ text, ...oneLength(text), time: "", at }, write);
  }
  run.close(write);
  return { text: pieces.join(""), pieces, searched };
}

test("long deltas that don't end with a line are searched for secrets about once", () => {
  const texts = Array.from({ length: 100 }, () => WORDS.repeat(250));
  const { text, pieces, searched } = written(texts);
  expect(text).toBe(texts.join(""));
  expect(pieces.length).toBeGreaterThan(10);
  expect(searched).toBeLessThan(1.2 * text.length);
});

test("a secret that is split between two long deltas is masked, no matter how much text precedes it", () => {
  for (const words of [900, 1_100, 1_300, 1_600, 2_000]) {
    for (const at of [1, 5, 12, KEY.length - 1]) {
      const before = WORDS.repeat(words) + KEY.slice(0, at);
      const { text } = written([before, `${KEY.slice(at)} ${WORDS.repeat(200)}`]);
      expect(text).toBe(`${WORDS.repeat(words)}*** ${WORDS.repeat(200)}`);
    }
  }
});

test("a secret inside a long delta is masked when the text around a cut contains none", () => {
  const texts = Array.from({ length: 20 }, (_, index) =>
    index === 3 ? `${WORDS.repeat(100)}${KEY} ${WORDS.repeat(200)}` : WORDS.repeat(300),
  );
  const { text, pieces } = written(texts);
  expect(text).toBe(texts.join("").replace(KEY, "***"));
  expect(pieces.length).toBeGreaterThan(2);
});

test("short deltas that can't be separated aren't searched together with all earlier text each time", () => {
  // Wherever the text is cut, there is a secret on one of the sides.
  const texts = Array.from({ length: 3_000 }, () => "password=x1 ");
  const { text, searched } = written(texts);
  expect(text).toBe("password=*** ".repeat(3_000));
  expect(searched).toBeLessThan(3_000_000);
});
