import fc from "fast-check";
import { expect, test } from "vitest";
import { createHashSet } from "./hash-set.ts";

/** Few distinct words, so that hashes collide in their first slot and differ only in their last bits. */
const hashes = fc
  .array(fc.constantFrom(0, 1, 2, 255), { minLength: 16, maxLength: 16 })
  .filter((bytes) => bytes.some((byte) => byte !== 0));

test("says of each hash whether it came before, as a Set does", () => {
  fc.assert(
    fc.property(fc.array(hashes, { maxLength: 300 }), (sequence) => {
      const seen = new Set<string>();
      const set = createHashSet();
      for (const bytes of sequence) {
        const name = bytes.join();
        expect(set.add(Uint8Array.from(bytes))).toBe(!seen.has(name));
        seen.add(name);
      }
    }),
  );
});

test("keeps every hash while it grows", () => {
  const set = createHashSet();
  const hashOf = (index: number): Uint8Array => {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(12, index);
    return bytes;
  };
  for (let index = 1; index <= 3_000; index += 1) expect(set.add(hashOf(index))).toBe(true);
  for (let index = 1; index <= 3_000; index += 1) expect(set.add(hashOf(index))).toBe(false);
});
