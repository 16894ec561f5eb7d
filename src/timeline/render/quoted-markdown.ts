/** A fenced block: opened at the start of a line, it ends only at its closing fence. */
const FENCE = /^(?:`{3,}(?=[^`]*$)|~{3,})/;
const CLOSING = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
/** A fence that may be part of a list or a quotation, and end with it. */
const NESTED_FENCE = /^[\s>*+\-\d.)]+(?:`{3}|~{3})/;
/** Inline code: no link or table cell starts or ends in it. */
const CODE = /(?<![^ \t])`[^`|()[\]\\]+`(?!`)/g;
const TAG = /<(?=[A-Za-z/!?])/g;
/** The definition of a footnote or a link: it would apply to other messages, or be shown below all of them. */
const DEFINITION = /^((?:[\s>*+\-\d.)]*\[)?(?:\\.|[^[\]\\])*\]):/;

/**
 * Quotes a message's own Markdown, so that it can't imitate anything outside the message: an open
 * fence ends with the quotation, and HTML, which could hide what follows, is shown as text.
 */
export function quotedMarkdown(text: string): string {
  const isCode = new CodeTracker();
  return text
    .split("\n")
    .map((line) => {
      const shown = isCode.accept(line)
        ? line
        : withoutTags(line, isCode).replace(DEFINITION, "$1\\:");
      return shown === "" ? ">" : `> ${shown}`;
    })
    .join("\n");
}

/** Tracks for each line whether it is certainly code. */
class CodeTracker {
  #fence = "";
  #isNested = false;
  /** Whether inline code may have started in an earlier line. */
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
