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
