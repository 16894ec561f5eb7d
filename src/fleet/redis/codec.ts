import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { CodexError } from "../../errors/errors.ts";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MARK = "e1:";

/** One key, or several while you replace a key: the first encrypts, and each can decrypt. */
export type EncryptionKey = Uint8Array | string | readonly (Uint8Array | string)[];

/**
 * Encodes and decodes what a fleet stores: as JSON, or encrypted with AES-256-GCM. Encrypted data is
 * bound to its context, such as a turn's id, so it can't be moved to another one.
 */
export class Codec {
  readonly #keys: readonly Buffer[];

  constructor(key: EncryptionKey | undefined) {
    const keys = key === undefined ? [] : Array.isArray(key) ? key : [key];
    this.#keys = keys.map(toKey);
  }

  encode(value: unknown, context: string): string {
    const json = JSON.stringify(value);
    const [key] = this.#keys;
    if (!key) return json;
    return MARK + seal(key, Buffer.from(json), context).toString("base64");
  }

  /**
   * @throws CodexError if the data was encrypted with another key, or should be encrypted but
   * isn't.
   */
  decode(text: string, context: string): unknown {
    if (this.#keys.length === 0 && !text.startsWith(MARK)) return JSON.parse(text);
    if (!text.startsWith(MARK)) throw notEncrypted(context);
    const bytes = Buffer.from(text.slice(MARK.length), "base64");
    return JSON.parse(this.#open(bytes, context).toString());
  }

  encodeBytes(bytes: Buffer, context: string): Buffer {
    const [key] = this.#keys;
    return key ? seal(key, bytes, context) : bytes;
  }

  decodeBytes(bytes: Buffer, context: string): Buffer {
    return this.#keys.length === 0 ? bytes : this.#open(bytes, context);
  }

  #open(bytes: Buffer, context: string): Buffer {
    for (const key of this.#keys) {
      try {
        return open(key, bytes, context);
      } catch {
        // Try the next key.
      }
    }
    throw new CodexError(
      `The data of ${context} can't be decrypted: it was written with a different encryptionKey, or was modified`,
    );
  }
}

function notEncrypted(context: string): CodexError {
  return new CodexError(
    `The data of ${context} isn't encrypted: set the same encryptionKey in all processes of the fleet`,
  );
}

function seal(key: Buffer, bytes: Buffer, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function open(key: Buffer, bytes: Buffer, context: string): Buffer {
  // Without this length, a tag of four bytes would be accepted.
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), options)
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

function toKey(key: Uint8Array | string): Buffer {
  const bytes = typeof key === "string" ? Buffer.from(key, "base64") : Buffer.from(key);
  if (bytes.length === KEY_BYTES) return bytes;
  throw new TypeError(
    `encryptionKey must be ${KEY_BYTES} bytes long, as a Uint8Array or in base64, not ${bytes.length}; ` +
      "create one with `openssl rand -base64 32`",
  );
}
