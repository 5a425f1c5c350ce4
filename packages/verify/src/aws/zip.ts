import { crc32 } from "node:zlib";

const LOCAL_FILE = 0x04034b50;
const CENTRAL_ENTRY = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** 1 January 1980, the first day that the format knows. */
const DATE = 0x21;
/** A regular file that everybody may read: Lambda's runtime is another user. */
const MODE = 0o100644 << 16;
const MADE_ON_UNIX = 3 << 8;

/**
 * A zip archive of one file, stored as it is.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function zipOf(name: string, text: string): Uint8Array {
  const [path, data] = [Buffer.from(name), Buffer.from(text)];
  const entry = (signature: number, extra: number) => {
    const header = Buffer.alloc(signature === LOCAL_FILE ? 30 : 46);
    header.writeUInt32LE(signature, 0);
    if (signature === CENTRAL_ENTRY) header.writeUInt16LE(VERSION | MADE_ON_UNIX, 4);
    header.writeUInt16LE(VERSION, 4 + extra);
    header.writeUInt16LE(DATE, 12 + extra);
    header.writeUInt32LE(crc32(data), 14 + extra);
    header.writeUInt32LE(data.length, 18 + extra);
    header.writeUInt32LE(data.length, 22 + extra);
    header.writeUInt16LE(path.length, 26 + extra);
    if (signature === CENTRAL_ENTRY) header.writeUInt32LE(MODE >>> 0, 38);
    return Buffer.concat([header, path]);
  };
  const local = Buffer.concat([entry(LOCAL_FILE, 0), data]);
  const central = entry(CENTRAL_ENTRY, 2);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
