import { type AttributeValue, type Item, isList, isSet } from "./attribute-value.ts";

/** Largest item: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const ITEM_BYTES_MAX = 400 * 1_024;
/**
 * A list or map, and each part of it:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const CONTAINER_BYTES = 3;
const PART_BYTES = 1;
/** A character of UTF-16 is at most three bytes of UTF-8. */
const UNIT_BYTES_MAX = 3;

type Measure = (text: string) => number;

/** The size of an item in bytes, names included. */
export function itemBytes(item: Item): number {
  return mapBytes(item, Buffer.byteLength);
}

/** True if DynamoDB refuses an item for its size. Only large ones are measured exactly. */
export function isTooLarge(item: Item): boolean {
  const isMaybe = mapBytes(item, (text) => UNIT_BYTES_MAX * text.length) > ITEM_BYTES_MAX;
  return isMaybe && itemBytes(item) > ITEM_BYTES_MAX;
}

function mapBytes(map: Item, measure: Measure): number {
  let bytes = 0;
  for (const name in map) {
    const value = map[name];
    if (value !== undefined) bytes += measure(name) + bytesOf(value, measure);
  }
  return bytes;
}

function bytesOf(value: AttributeValue, measure: Measure): number {
  if (typeof value === "string") return measure(value);
  if (typeof value === "number") return numberBytes(value);
  if (typeof value === "boolean" || value === null) return 1;
  if (isSet(value)) return sumOf(value, (member) => bytesOf(member, measure));
  if (isList(value)) {
    return CONTAINER_BYTES + sumOf(value, (part) => PART_BYTES + bytesOf(part, measure));
  }
  return CONTAINER_BYTES + Object.keys(value).length * PART_BYTES + mapBytes(value, measure);
}

/** Two digits a byte, one byte for the exponent and one for a sign. */
function numberBytes(value: number): number {
  const digits = Number.isInteger(value) ? Math.ceil(Math.log10(Math.abs(value) + 1)) : 17;
  return Math.ceil(digits / 2) + (value < 0 ? 2 : 1);
}

function sumOf<T>(parts: Iterable<T>, bytes: (part: T) => number): number {
  let sum = 0;
  for (const part of parts) sum += bytes(part);
  return sum;
}
