import { invalid } from "./errors.ts";
import type { Item } from "./values/attribute-value.ts";

/** The key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Longest keys: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const BYTES_MAX = { pk: 2_048, sk: 1_024 } as const;

/** The key in an item, or in a request with nothing but a key. @throws DynamoDbError if it is none */
export function keyOf(item: Item): ItemKey {
  return { pk: keyPart(item, "pk"), sk: keyPart(item, "sk") };
}

/** The key that stands alone in a request. @throws DynamoDbError if it is none */
export function onlyKeyOf(item: Item): ItemKey {
  if (Object.keys(item).length !== 2) throw invalid("The provided key element does not match the schema");
  return keyOf(item);
}

/** True for the name of an attribute of the key. */
export function isKeyAttribute(name: string): boolean {
  return name === "pk" || name === "sk";
}

function keyPart(item: Item, name: keyof typeof BYTES_MAX): string {
  const value = item[name];
  if (typeof value !== "string") throw invalid("The provided key element does not match the schema");
  if (value === "")
    throw invalid(`The AttributeValue for a key attribute cannot contain an empty string: ${name}`);
  // Three bytes a unit are the most that there can be, and mostly enough to see that a key is short.
  const max = BYTES_MAX[name];
  if (3 * value.length > max && Buffer.byteLength(value) > max) {
    throw invalid(`One or more parameter values were invalid: ${name} is longer than ${max} bytes`);
  }
  return value;
}
