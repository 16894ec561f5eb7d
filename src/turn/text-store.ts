import { detached } from "./deltas.ts";

/** Pieces of at least this length are kept as strings. */
const LONG = 64;
const BLOCK = 256;
const LAST_LATIN_1 = 0xff;
/** Sharing shorter texts would take as much memory as it saves. */
const SHORTEST_SHARED = 64;

/**
 * Text that grows in small pieces, and can be read from any position. Small pieces are copied
 * into bytes: as strings, the pieces of a thousand concurrent turns would live long enough to cost
 * more in garbage collection than all other work on them.
 */
export class TextStore {
  #blocks: string[] = [];
  #blocksLength = 0;
  /** The text after the blocks: bytes as long as all of it is Latin-1, otherwise a string. */
  #bytes: Buffer | undefined;
  #filled = 0;
  #wide = "";

  get length(): number {
    return this.#blocksLength + this.#filled + this.#wide.length;
  }

  append(text: string): void {
    if (text.length >= LONG) {
      this.#flush();
      this.#addBlock(text);
    } else if (this.#wide !== "") {
      this.#wide += text;
      if (this.#wide.length >= BLOCK) this.#flush();
    } else if (!this.#copy(text)) {
      this.#flush();
      this.#wide = text;
    }
  }

  /** The text from `offset` on. */
  from(offset: number): string {
    const tail = this.#tail(Math.max(0, offset - this.#blocksLength));
    if (offset >= this.#blocksLength) return tail;
    const parts = [tail];
    let start = this.#blocksLength;
    for (let index = this.#blocks.length - 1; index >= 0 && start > offset; index--) {
      const block = this.#blocks[index] ?? "";
      start -= block.length;
      parts.push(block);
    }
    const text = parts.length === 2 && tail === "" ? parts[1] : parts.reverse().join("");
    return text?.slice(offset - start) ?? "";
  }

  /** Frees the spare capacity until more is appended. */
  trim(): void {
    this.#flush();
    this.#bytes = undefined;
  }

  /**
   * Replaces its own copy of the text with a slice of `whole`, which is in memory anyway. Returns
   * false if `whole` has a different text there.
   */
  share(whole: string, at: number): boolean {
    this.trim();
    if (this.length < SHORTEST_SHARED) return true;
    let end = at;
    for (const block of this.#blocks) {
      const start = end;
      end += block.length;
      // Cutting and comparing takes a tenth of the time of `startsWith`.
      if (whole.slice(start, end) !== block) return false;
    }
    this.#blocks = [whole.slice(at, end)];
    return true;
  }

  /** Adds text to the bytes. Returns false for text that isn't Latin-1. */
  #copy(text: string): boolean {
    const { length } = text;
    if (this.#filled + length > BLOCK) this.#flush();
    this.#bytes ??= Buffer.allocUnsafeSlow(BLOCK);
    const [bytes, start] = [this.#bytes, this.#filled];
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > LAST_LATIN_1) return false;
      bytes[start + index] = code;
    }
    this.#filled = start + length;
    return true;
  }

  /** The text after the blocks, from `offset` on. */
  #tail(offset: number): string {
    if (this.#filled === 0) return detached(this.#wide.slice(offset));
    return this.#bytes?.toString("latin1", offset, this.#filled) ?? "";
  }

  #flush(): void {
    const tail = this.#tail(0);
    if (tail === "") return;
    this.#filled = 0;
    this.#wide = "";
    this.#addBlock(tail);
  }

  #addBlock(text: string): void {
    this.#blocks.push(text);
    this.#blocksLength += text.length;
  }
}
