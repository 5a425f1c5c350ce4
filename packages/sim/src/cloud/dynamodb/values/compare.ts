import { type AttributeMap, type AttributeValue, isList, isSet, kindOf } from "./attribute-value.ts";
import { compareText } from "./text-order.ts";

/** True if two values are of the same type and equal. */
export function areEqual(one: AttributeValue, other: AttributeValue): boolean {
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) {
    return one === other;
  }
  if (kindOf(one) !== kindOf(other)) return false;
  if (isList(one)) return isList(other) && areListsEqual(one, other);
  if (isSet(one)) return isSet(other) && one.size === other.size && hasAll(other, one);
  return !isSet(other) && !isList(other) && areMapsEqual(one, other);
}

function hasAll(set: ReadonlySet<unknown>, members: ReadonlySet<unknown>): boolean {
  for (const member of members) if (!set.has(member)) return false;
  return true;
}

function areListsEqual(one: readonly AttributeValue[], other: readonly AttributeValue[]): boolean {
  return (
    one.length === other.length &&
    one.every((value, at) => {
      const beside = other[at];
      return beside !== undefined && areEqual(value, beside);
    })
  );
}

function areMapsEqual(one: AttributeMap, other: AttributeMap): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => {
      const [here, there] = [one[name], other[name]];
      return here !== undefined && there !== undefined && areEqual(here, there);
    })
  );
}

/** Below, above or equal to 0 by the order of two texts or two numbers; undefined for any other two values. */
export function orderOf(one: AttributeValue, other: AttributeValue): number | undefined {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "string" && typeof other === "string") return compareText(one, other);
  return undefined;
}
