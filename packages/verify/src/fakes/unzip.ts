/** The text of the only file of an archive, by its own header. */
export function textInZip(zip: Uint8Array): string {
  const bytes = Buffer.from(zip);
  const sizeBytes = bytes.readUInt32LE(18);
  const startsAt = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  return bytes.subarray(startsAt, startsAt + sizeBytes).toString();
}
