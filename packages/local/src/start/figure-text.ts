/** A duration as minutes and seconds, such as `07:05`. */
export function clockText(durationMs: number): string {
  const totalSeconds = Math.floor(durationMs / 1_000);
  const minutes = String(Math.floor(totalSeconds / 60)).padStart(2, "0");
  return `${minutes}:${String(totalSeconds % 60).padStart(2, "0")}`;
}

/** A number with separated thousands and one decimal at most. */
export function countText(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}
