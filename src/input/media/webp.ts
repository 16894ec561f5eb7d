const CUT_OFF = "is cut off: its end is missing";
const DAMAGED = "is damaged: its header is wrong";

/** Why a WebP can't be decoded, to end a sentence. */
export function webpFault(bytes: Buffer): string | undefined {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return CUT_OFF;
  for (let at = 12; at + 8 <= end; ) {
    const type = bytes.toString("latin1", at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (content.length < length) return CUT_OFF;
    if (type === "VP8 ") return content.includes(START_OF_FRAME) ? undefined : DAMAGED;
    if (type === "VP8L") return content[0] === 0x2f ? undefined : DAMAGED;
    if (type === "ANMF") return undefined;
    // Parts have even length.
    at += 8 + length + (length % 2);
  }
  return "has no pixels";
}

const START_OF_FRAME = Buffer.from([0x9d, 0x01, 0x2a]);
