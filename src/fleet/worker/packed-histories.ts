import { promisify } from "node:util";
import { crc32, gzip, gzipSync } from "node:zlib";

const inBackground = promisify(gzip);

/** Up to this size, compressing takes less time than waiting for another thread to do it. */
const SMALL_BYTES = 16 * 1024;
/**
 * How much can be added to a history before all of it is compressed again: this fraction of it, or this many bytes,
 * whichever is more.
 */
const MAX_ADDED_PART = 0.1;
const MAX_ADDED_BYTES = 16 * 1024;
/** How many compressed bytes are kept of a thread that runs no turn. */
const MAX_IDLE_BYTES = 256 * 1024;

/** The beginning of a history, compressed. */
interface Base {
  readonly length: number;
  readonly crc: number;
  readonly packed: Buffer;
}

/**
 * Compresses the histories of a thread and its sub-agents. Servers add to a history at its end, so each
 * save only compresses what was added.
 */
export class PackedHistories {
  readonly #bases = new Map<string, Base>();

  /** Compresses the history with this path. The parts are members of one gzip file. */
  async pack(path: string, history: Buffer): Promise<readonly Buffer[]> {
    const base = this.#bases.get(path);
    const added = base && addedTo(base, history);
    if (added && added.length <= mostAdded(base)) {
      return added.length === 0 ? [base.packed] : [base.packed, await compress(added)];
    }
    const all = await compress(history);
    this.#bases.set(path, { length: history.length, crc: crc32(history), packed: all });
    return [all];
  }

  /** Called when the turn has ended. Drops compressed histories that would take too much memory until the thread's next turn. */
  rest(): void {
    let bytes = 0;
    for (const { packed } of this.#bases.values()) bytes += packed.length;
    if (bytes > MAX_IDLE_BYTES) this.#bases.clear();
  }
}

/** What was added to the history after the base; undefined if the history has changed in another way. */
function addedTo({ length, crc }: Base, history: Buffer): Buffer | undefined {
  if (history.length < length || crc32(history.subarray(0, length)) !== crc) return undefined;
  return history.subarray(length);
}

function mostAdded({ length }: Base): number {
  return Math.max(MAX_ADDED_BYTES, length * MAX_ADDED_PART);
}

export async function compress(bytes: Buffer): Promise<Buffer> {
  const options = { level: 1 };
  return bytes.length <= SMALL_BYTES ? gzipSync(bytes, options) : inBackground(bytes, options);
}
