const EXTENSION = 0x21;
const IMAGE = 0x2c;
const DAMAGED = "is damaged: its header is wrong";
const CUT_OFF = "is cut off: its end is missing";

/** Why the first frame of a GIF, the only one that the server uses, can't be decoded. */
export function gifFault(bytes: Buffer): string | undefined {
  if (bytes.length < 13) return CUT_OFF;
  let at = 13 + tableSize(bytes.readUInt8(10));
  while (bytes[at] === EXTENSION) {
    const end = afterBlocks(bytes, at + 2);
    if (end === undefined) return CUT_OFF;
    at = end;
  }
  if (at + 10 >= bytes.length) return CUT_OFF;
  if (bytes[at] !== IMAGE) return DAMAGED;
  if (bytes.readUInt16LE(at + 5) === 0 || bytes.readUInt16LE(at + 7) === 0) return "has no pixels";
  const pixels = at + 10 + tableSize(bytes.readUInt8(at + 9));
  if (bytes[pixels] === undefined) return CUT_OFF;
  if (bytes.readUInt8(pixels) > 11) return DAMAGED;
  if (bytes[pixels + 1] === 0) return "has no pixels";
  return afterBlocks(bytes, pixels + 1) === undefined ? CUT_OFF : undefined;
}

/** Size in bytes of the colour table that follows, according to these flags. */
function tableSize(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** The position after a sequence of blocks, each beginning with its length, that ends with an empty one. */
function afterBlocks(bytes: Buffer, start: number): number | undefined {
  let at = start;
  for (let length = bytes[at]; length !== undefined; length = bytes[at]) {
    at += 1 + length;
    if (length === 0) return at;
  }
  return undefined;
}
