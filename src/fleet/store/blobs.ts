/**
 * Bytes under names, which are written once and never changed. It must be consistent: what was written
 * is listed and read by everybody from then on.
 */
export interface Blobs {
  /** The names under a folder, without it, in any order. */
  list(folder: string): Promise<string[]>;
  /** Undefined if there is none. */
  read(folder: string, name: string): Promise<Buffer | undefined>;
  write(folder: string, name: string, bytes: Buffer): Promise<void>;
  /** Names that don't exist are ignored. */
  remove(folder: string, names: readonly string[]): Promise<void>;
}
