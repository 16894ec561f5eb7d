import { CodexError } from "../../errors/errors.ts";

/** The maximum size of a thread's state, both as it is stored and uncompressed. */
export const MAX_STATE_BYTES: number = 512 * 2 ** 20;

/** The error for a state that is too large: reading it would take most of the worker's memory. */
export function tooLarge(what: string, maxBytes: number = MAX_STATE_BYTES): CodexError {
  return new CodexError(
    `${what} is larger than the maximum of ${maxBytes} bytes. If the thread has an extremely long history, start ` +
      "a new thread; otherwise, another program has written this state, so check who can write to the store",
  );
}

/**
 * Storage of named blobs, which are written once and never changed. It must be strongly consistent: once
 * written, a blob is visible to every reader and in every list.
 */
export interface Blobs {
  /** The names of the blobs in a folder, relative to it and in any order. */
  list(folder: string): Promise<string[]>;
  /** Reads a blob. Resolves with undefined if it doesn't exist. */
  read(folder: string, name: string): Promise<Buffer | undefined>;
  write(folder: string, name: string, bytes: Buffer): Promise<void>;
  /** Removes blobs; names that don't exist are ignored. Can be called while other blobs of the folder are written or read. */
  remove(folder: string, names: readonly string[]): Promise<void>;
}
