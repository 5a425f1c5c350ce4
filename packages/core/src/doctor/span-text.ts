const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** A length of time in its largest unit, rounded down, such as `3 days`, for people. */
export function spanText(durationMs: number): string {
  const [name, ms] = UNITS.find(([, unitMs]) => durationMs >= unitMs) ?? ["second", 1_000];
  const count = Math.floor(durationMs / ms);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
