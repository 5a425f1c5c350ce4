/** Lists with fewer parts: without either half of many, then without each one. */
export function* without<Part>(parts: readonly Part[]): Generator<readonly Part[]> {
  if (parts.length > 2) yield parts.slice(parts.length / 2);
  if (parts.length > 2) yield parts.slice(0, parts.length / 2);
  for (const at of parts.keys()) yield parts.toSpliced(at, 1);
}
