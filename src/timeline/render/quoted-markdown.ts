/** A fenced block: opened at the start of a line, it ends only at its closing fence. */
const FENCE = /^(?:`{3,}(?=[^`]*$)|~{3,})/;
const CLOSING = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
/** One that may be part of a list or a quotation, and end with it. */
const NESTED_FENCE = /^[\s>*+\-\d.)]+(?:`{3}|~{3})/;
/** Code inside a line, whatever stands around it: no link or table cell begins or ends in it. */
const CODE = /(?<![^ \t])`[^`|()[\]\\]+`(?!`)/g;
const TAG = /<(?=[A-Za-z/!?])/g;

/**
 * A message's own Markdown as a quotation, in which it can't pass for anything but a message: a
 * fence that it leaves open ends with the quotation, and HTML, which could hide what follows, is
 * shown as text.
 */
export function quotedMarkdown(text: string): string {
  const isCode = new CodeTracker();
  return text
    .split("\n")
    .map((line) => {
      const shown = isCode.accept(line) ? line : withoutTags(line, isCode);
      return shown === "" ? ">" : `> ${shown}`;
    })
    .join("\n");
}

/** Knows of each line whether it is code, as far as that is certain. */
class CodeTracker {
  #fence = "";
  #isNested = false;
  /** Whether code inside a line may have begun in an earlier one. */
  isUncertain = false;

  /** Whether the line is certainly part of fenced code. */
  accept(line: string): boolean {
    if (this.#fence !== "") {
      const [, closing = ""] = CLOSING.exec(line) ?? [];
      if (closing.startsWith(this.#fence)) this.#fence = "";
      return true;
    }
    this.#isNested ||= NESTED_FENCE.test(line);
    if (/^[ \t]*$/.test(line)) this.isUncertain = false;
    // The text after such a fence could be inside or outside of it.
    if (this.#isNested) this.isUncertain = true;
    else [this.#fence = ""] = FENCE.exec(line) ?? [];
    return this.#fence !== "";
  }
}

function withoutTags(line: string, tracker: CodeTracker): string {
  tracker.isUncertain ||= line.replaceAll(CODE, "").includes("`");
  if (tracker.isUncertain) return line.replaceAll(TAG, "&lt;");
  let shown = "";
  let end = 0;
  for (const { 0: code, index } of line.matchAll(CODE)) {
    shown += line.slice(end, index).replaceAll(TAG, "&lt;") + code;
    end = index + code.length;
  }
  return shown + line.slice(end).replaceAll(TAG, "&lt;");
}
