/** The places in which one JSON value differs from another, with the other's value, such as `maxConcurrency 20`. */
export function differencesOf(one: unknown, other: unknown, path = ""): readonly string[] {
  if (isObject(one) && isObject(other)) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted();
    return names.flatMap((name) =>
      differencesOf(one[name], other[name], path === "" ? name : `${path}.${name}`),
    );
  }
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  return [`${path} ${other === undefined ? "missing" : JSON.stringify(other)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
