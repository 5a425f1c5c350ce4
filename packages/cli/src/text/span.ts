const UNITS = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1_000 },
] as const;

/** A length of time in its two largest units, such as `2 h 5 min`; less than a second is none. */
export function spanText(durationMs: number): string {
  const totalSeconds = Math.max(0, Math.round(durationMs / 1_000));
  const first = UNITS.findIndex(({ ms }) => totalSeconds * 1_000 >= ms);
  const [large, small] = UNITS.slice(first === -1 ? UNITS.length - 1 : first);
  if (large === undefined) return "0 s";
  const largeCount = Math.floor((totalSeconds * 1_000) / large.ms);
  const restMs = totalSeconds * 1_000 - largeCount * large.ms;
  const smallCount = small === undefined ? 0 : Math.floor(restMs / small.ms);
  const rest = small === undefined || smallCount === 0 ? "" : ` ${smallCount} ${small.name}`;
  return `${largeCount} ${large.name}${rest}`;
}

/** Milliseconds of each unit that a length of time is written in. */
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A length of time as operators write it, such as `90s`, `30m`, `1h30m` or `2d`; undefined if it is none. */
export function parseSpan(text: string): number | undefined {
  const compact = text.replaceAll(/\s/g, "");
  if (!/^(\d+(\.\d+)?(s|min|m|h|d))+$/.test(compact)) return undefined;
  const parts = [...compact.matchAll(/(\d+(?:\.\d+)?)(s|min|m|h|d)/g)];
  return parts.reduce((sum, [, count = "", unit = ""]) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
}
