import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Positions are padded to a multiple of this length, so that the length of a cursor doesn't reveal its content. */
const BLOCK_CHARS = 256;

/**
 * Cursors that reveal nothing to a web page. The server's own cursors contain the last thread of a
 * page of the list, which can be another user's. A sealed cursor is valid as long as the handler
 * exists, and only for one query.
 */
export class SealedCursors {
  readonly #key = randomBytes(32);

  seal(position: object, query: string): string {
    const text = JSON.stringify(position);
    const padded = text.padEnd(Math.ceil(text.length / BLOCK_CHARS) * BLOCK_CHARS);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(query));
    const sealed = Buffer.concat([cipher.update(padded, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** What was sealed for this query; undefined for anything else. */
  open(cursor: string, query: string): unknown {
    const bytes = Buffer.from(cursor, "base64url");
    const [iv, rest] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES)];
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(query));
      decipher.setAuthTag(rest.subarray(0, TAG_BYTES));
      const text = Buffer.concat([decipher.update(rest.subarray(TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString("utf8"));
    } catch {
      return undefined;
    }
  }
}
