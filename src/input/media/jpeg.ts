const START_OF_SCAN = 0xda;
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const DAMAGED = "is damaged: its header is wrong";
const CUT_OFF = "is cut off: its end is missing";

/** Why a JPEG can't be decoded, as the end of a sentence. */
export function jpegFault(bytes: Buffer): string | undefined {
  let framed = false;
  for (let at = 2; ; ) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    if (at + 4 > bytes.length) return CUT_OFF;
    const marker = bytes.readUInt8(at + 1);
    if (bytes[at] !== 0xff || marker < 0xc0 || standsAlone(marker)) return DAMAGED;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return CUT_OFF;
    if (startsFrame(marker)) {
      if (end < at + 9) return DAMAGED;
      if (bytes.readUInt16BE(at + 5) === 0 || bytes.readUInt16BE(at + 7) === 0)
        return "has no pixels";
      framed = true;
    }
    if (marker === START_OF_SCAN) {
      if (!framed) return DAMAGED;
      // The marker can't occur among the pixels: in pixel data, each 0xff is followed by a 0.
      return bytes.indexOf(END_OF_IMAGE, end) === -1 ? CUT_OFF : undefined;
    }
    at = end;
  }
}

/** Markers without a segment, which don't belong in a header. */
function standsAlone(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd9;
}

function startsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
