/** Some durations in milliseconds as seconds for people: the middle one, and the least and the greatest. */
export function spreadText(durationsMs: readonly number[]): string {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) return "never";
  const [least = middle, greatest = middle] = [sorted[0], sorted.at(-1)];
  if (sorted.length === 1) return `${seconds(middle)} s`;
  return `${seconds(middle)} s (${seconds(least)} to ${seconds(greatest)} s, ${sorted.length} times)`;
}

function seconds(durationMs: number): string {
  const tenths = Math.round(durationMs / 100);
  // A negative nothing is none.
  return (tenths === 0 ? 0 : tenths / 10).toFixed(1);
}
