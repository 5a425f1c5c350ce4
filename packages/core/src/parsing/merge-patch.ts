/** An object of JSON values. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The patch that makes `to` of `from`: only what differs, and null for what `to` lacks (RFC 7396, JSON Merge Patch).
 * Neither may hold a null of its own.
 */
export function mergePatchOf(from: JsonObject, to: JsonObject): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const name of Object.keys(from)) if (to[name] === undefined) patch[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const before = from[name];
    if (isObject(before) && isObject(value)) {
      const inner = mergePatchOf(before, value);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (JSON.stringify(before) !== JSON.stringify(value)) patch[name] = value;
  }
  return patch;
}

/** Applies a patch that {@link mergePatchOf} has made. */
export function patched(from: JsonObject, patch: JsonObject): JsonObject {
  const to: Record<string, unknown> = { ...from };
  for (const [name, value] of Object.entries(patch)) {
    const before = to[name];
    if (value === null) delete to[name];
    else to[name] = isObject(value) && isObject(before) ? patched(before, value) : value;
  }
  return to;
}

/** True for a value that has members of its own. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
