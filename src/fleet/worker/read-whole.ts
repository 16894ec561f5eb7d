import { open } from "node:fs/promises";

/** Most histories fit into one piece. */
const PIECE_BYTES = 512 * 1024;

/** Reads a file in two steps if it is small: `readFile` takes four, and each may wait for a thread. */
export async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const [{ size }, { bytesRead }] = await Promise.all([
      file.stat(),
      file.read(piece, 0, PIECE_BYTES, 0),
    ]);
    const first = piece.subarray(0, bytesRead);
    if (bytesRead >= size) return first;
    const rest = Buffer.allocUnsafe(size - bytesRead);
    for (let read = 0; read < rest.length; ) {
      const more = await file.read(rest, read, rest.length - read, bytesRead + read);
      if (more.bytesRead === 0) return Buffer.concat([first, rest.subarray(0, read)]);
      read += more.bytesRead;
    }
    return Buffer.concat([first, rest]);
  } finally {
    file.close().catch(() => {});
  }
}
