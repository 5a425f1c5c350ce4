import { invalid, UnsupportedRequest } from "../errors.ts";

/**
 * A value as the table keeps it: plain data, as the SDK's document client hands it over. Binary data is not
 * supported.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | ReadonlySet<string | number>
  | AttributeMap;

/** A map of values by name. */
export interface AttributeMap {
  readonly [name: string]: AttributeValue;
}

/** An item of the table, key included. It never changes: each write replaces it. */
export type Item = AttributeMap;

/** DynamoDB's names of the types. */
export type AttributeKind = "S" | "N" | "BOOL" | "NULL" | "L" | "M" | "SS" | "NS";

/** The type of a value. */
export function kindOf(value: AttributeValue): AttributeKind {
  if (typeof value === "string") return "S";
  if (typeof value === "number") return "N";
  if (typeof value === "boolean") return "BOOL";
  if (value === null) return "NULL";
  if (isList(value)) return "L";
  if (!isSet(value)) return "M";
  const [first] = value;
  return typeof first === "number" ? "NS" : "SS";
}

/** True for a list. */
export function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** True for a set, of strings or of numbers. */
export function isSet(value: AttributeValue): value is ReadonlySet<string | number> {
  return value instanceof Set;
}

/** An attribute of an item; undefined if it, or the item, is not there. */
export function attributeOf(item: Item | undefined, name: string): AttributeValue | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

/**
 * A copy of a value from outside, in the form that is kept.
 * @throws UnsupportedRequest for what the SDK would not send, or would send in a way of its own
 */
export function storedValue(value: unknown): AttributeValue {
  switch (typeof value) {
    case "string":
      return storedText(value);
    case "number":
      return storedNumber(value);
    case "boolean":
      return value;
    case "object":
      return value === null ? null : storedContainer(value);
    default:
      throw new UnsupportedRequest(`a value of type ${typeof value}`);
  }
}

/** Copies of values by name. Those that are undefined are left out, as the SDK does at this level alone. */
export function storedMap(values: object): Record<string, AttributeValue> {
  const stored: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) stored[name] = storedValue(value);
  }
  return stored;
}

function storedText(text: string): string {
  if (!text.isWellFormed()) throw new UnsupportedRequest("text with half a surrogate pair");
  return text;
}

/** Bounds of the SDK's marshaller, and of DynamoDB's smallest number, 1e-130. */
function storedNumber(value: number): number {
  if (Number.isNaN(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new UnsupportedRequest(`the number ${value}: it is not within ±${Number.MAX_SAFE_INTEGER}`);
  }
  if (value !== 0 && Math.abs(value) < 1e-130) throw invalid("Number underflow");
  return value + 0;
}

function storedContainer(value: object): AttributeValue {
  if (Array.isArray(value)) return value.map(storedValue);
  if (value instanceof Set) return storedSet(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new UnsupportedRequest(`an instance of ${value.constructor.name}`);
  }
  const stored: Record<string, AttributeValue> = {};
  for (const [name, part] of Object.entries(value)) stored[name] = storedValue(part);
  return stored;
}

function storedSet(members: ReadonlySet<unknown>): ReadonlySet<string | number> {
  if (members.size === 0) throw invalid("An string set may not be empty");
  const stored = new Set<string | number>();
  const [first] = members;
  for (const member of members) {
    if (typeof member !== typeof first) throw new UnsupportedRequest("a set of several types");
    if (member === "") throw invalid("An string set may not have a empty string as a member");
    if (typeof member === "string") stored.add(storedText(member));
    else if (typeof member === "number") stored.add(storedNumber(member));
    else throw new UnsupportedRequest(`a set of values of type ${typeof member}`);
  }
  return stored;
}

/** A copy that its receiver may change. */
export function copyOf(item: Item): Record<string, AttributeValue> {
  const copy: Record<string, AttributeValue> = { ...item };
  for (const name in copy) {
    const value = copy[name];
    if (typeof value === "object" && value !== null) copy[name] = copyOfContainer(value);
  }
  return copy;
}

function copyOfContainer(value: AttributeValue & object): AttributeValue {
  if (isSet(value)) return new Set(value);
  if (!isList(value)) return copyOf(value);
  return value.map((part) => (typeof part === "object" && part !== null ? copyOfContainer(part) : part));
}
