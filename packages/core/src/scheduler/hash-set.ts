/** A set of 128-bit hashes in 21 to 32 bytes each; a `Set` of strings takes over 100 and keeps the GC busy. */
export interface HashSet {
  /** Adds the first 128 bits of a hash; false if they were there already. The hash must be uniform, as SHA-256 is. */
  add(hash: Uint8Array): boolean;
}

const WORDS = 4;
const FIRST_CAPACITY = 1_024;
/** A fuller table makes searches long: of nine slots at three quarters, of fifty at nine tenths (Knuth, 6.4). */
const FULL_SHARE = 0.75;
/** Half as large again: of half a million hashes old and new table take 18 MB together, and twice as large 25. */
const GROWTH = 1.5;

/** Makes an empty set: open addressing with linear probing; four zero words mark a free slot. */
export function createHashSet(): HashSet {
  let slots = new Uint32Array(FIRST_CAPACITY * WORDS);
  let size = 0;
  const words = new Uint32Array(WORDS);
  const bytes = new Uint8Array(words.buffer);

  function add(hash: Uint8Array): boolean {
    if (size * WORDS >= FULL_SHARE * slots.length) slots = grown(slots);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = hash[index] ?? 0;
    const isNew = put(slots, words, 0);
    if (isNew) size += 1;
    return isNew;
  }

  return { add };
}

function grown(old: Uint32Array): Uint32Array<ArrayBuffer> {
  const slots = new Uint32Array(Math.ceil((old.length / WORDS) * GROWTH) * WORDS);
  for (let at = 0; at < old.length; at += WORDS) {
    if (!isFree(old, at)) put(slots, old, at);
  }
  return slots;
}

/** Copies the hash at `from` into the first free slot from its own on; false if it meets itself. */
function put(slots: Uint32Array, source: Uint32Array, from: number): boolean {
  let at = ((source[from] ?? 0) * WORDS) % slots.length;
  while (!isFree(slots, at)) {
    if (isSame(slots, at, source, from)) return false;
    at = (at + WORDS) % slots.length;
  }
  for (let word = 0; word < WORDS; word += 1) slots[at + word] = source[from + word] ?? 0;
  return true;
}

function isFree(slots: Uint32Array, at: number): boolean {
  return slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0 && slots[at + 3] === 0;
}

function isSame(slots: Uint32Array, at: number, source: Uint32Array, from: number): boolean {
  for (let word = 0; word < WORDS; word += 1) {
    if (slots[at + word] !== source[from + word]) return false;
  }
  return true;
}
