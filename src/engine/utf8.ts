/** @file UTF-8 a byte at a time (Unicode 17, table 3-7): which bytes begin a character, and which may go on with it. Leaves out decoding. */

/** Bytes of a character that begins so; 0 if none does. */
export function lengthFrom(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** May the byte follow those of an unfinished character? No character is written longer than need be, none is a surrogate, none is above U+10FFFF. */
export function continues(unfinished: ArrayLike<number>, byte: number): boolean {
  if (byte < 0x80 || byte > 0xbf) return false;
  if (unfinished.length > 1) return true;
  switch (unfinished[0]) {
    case 0xe0:
      return byte >= 0xa0;
    case 0xed:
      return byte <= 0x9f;
    case 0xf0:
      return byte >= 0x90;
    case 0xf4:
      return byte <= 0x8f;
    default:
      return true;
  }
}
