import { detached } from "./deltas.ts";

/** Pieces of this length and more are held as they come. */
const LONG = 64;
const BLOCK = 256;
const LAST_LATIN_1 = 0xff;
/** Shorter texts take no more memory than what it takes to share them. */
const SHORTEST_SHARED = 64;

/**
 * A text that grows by small pieces, and can be read from any place on. Pieces are copied into
 * bytes as they come: as strings, those of a thousand turns at once would live long enough to cost
 * the garbage collector more than all else that is done with them.
 */
export class TextStore {
  #blocks: string[] = [];
  #blocksLength = 0;
  /** What follows the blocks: bytes as long as all of it is Latin-1, else a string. */
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

  /** Takes no more memory than the text needs, until more comes. */
  trim(): void {
    this.#flush();
    this.#bytes = undefined;
  }

  /**
   * Gives up its own copy of the text for one that is held anyway. False when `whole` has another
   * text at this place.
   */
  share(whole: string, at: number): boolean {
    this.trim();
    if (this.length < SHORTEST_SHARED) return true;
    let end = at;
    for (const block of this.#blocks) {
      if (!whole.startsWith(block, end)) return false;
      end += block.length;
    }
    this.#blocks = [whole.slice(at, end)];
    return true;
  }

  /** False for a text that is not Latin-1. */
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

  /** What follows the blocks, from `offset` on. */
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
