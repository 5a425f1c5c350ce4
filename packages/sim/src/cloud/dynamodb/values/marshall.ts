import { type AttributeMap, type AttributeValue, isList, isSet, kindOf } from "./attribute-value.ts";

/** A value in the form of the wire, such as `{ N: "3" }`. */
export type AttributeText = Readonly<Record<string, unknown>>;

/** A map of values in the form of the wire. */
export function marshallMap(map: AttributeMap): Record<string, AttributeText> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, marshall(value)]));
}

function marshall(value: AttributeValue): AttributeText {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (isList(value)) return { L: value.map(marshall) };
  return isSet(value) ? { [kindOf(value)]: Array.from(value, String) } : { M: marshallMap(value) };
}
