import { type FileHandle, open } from "node:fs/promises";

/** How much is read at a time. Most histories fit into one piece. */
const PIECE_BYTES = 512 * 1024;
const MAX_FREE = 4;
/** Larger buffers aren't kept. */
const MAX_FREE_BYTES = 8 * 1024 * 1024;

/**
 * Reads files into buffers that later reads use again: if each read allocated its own, the garbage
 * collector would stop the process every few turns to free them.
 */
export class FileReader {
  readonly #free: Buffer[] = [];

  /** Calls `use` with the file's bytes, which are only valid until it resolves. */
  async read<T>(path: string, use: (bytes: Buffer) => Promise<T>): Promise<T> {
    const file = await open(path);
    let buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
    try {
      // `readFile` takes more steps, and each may wait for a thread.
      const [{ size }, { bytesRead }] = await Promise.all([
        file.stat(),
        file.read(buffer, 0, buffer.length, 0),
      ]);
      if (size > buffer.length) buffer = enlarged(buffer, bytesRead, size);
      const end = bytesRead < size ? await readRest(file, buffer, bytesRead, size) : bytesRead;
      const result = await use(buffer.subarray(0, end));
      if (this.#free.length < MAX_FREE && buffer.length <= MAX_FREE_BYTES) this.#free.push(buffer);
      return result;
    } finally {
      file.close().catch(() => {});
    }
  }
}

/** A buffer with room for a file that grows. */
function enlarged(buffer: Buffer, used: number, size: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(size + PIECE_BYTES);
  buffer.copy(larger, 0, 0, used);
  return larger;
}

/** Returns where the file ends, at most at `size`. */
async function readRest(
  file: FileHandle,
  buffer: Buffer,
  start: number,
  size: number,
): Promise<number> {
  for (let end = start; ; ) {
    const { bytesRead } = await file.read(buffer, end, size - end, end);
    end += bytesRead;
    if (bytesRead === 0 || end === size) return end;
  }
}
