/** Compares text as DynamoDB does, by its UTF-8 bytes: below, above or equal to 0. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const difference = one.charCodeAt(index) - other.charCodeAt(index);
    if (difference === 0) continue;
    return rankOf(one.charCodeAt(index)) - rankOf(other.charCodeAt(index));
  }
  return one.length - other.length;
}

/** Surrogates stand for characters beyond U+FFFF, which sort behind all others. */
function rankOf(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
