/** Days of the week, as data files name them, in the order of ISO 8601. */
export const WEEKDAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * The days that a name such as `sat` or a range such as `mon-fri` or `fri-mon` stands for, as indices of {@link WEEKDAYS};
 * undefined for any other text. A range from a day to itself might be one day or eight, and is none.
 */
export function weekdaysOf(text: string): number[] | undefined {
  const ends = text.split("-").map((name) => WEEKDAYS.indexOf(name));
  const [first = -1, last = first] = ends;
  if (ends.includes(-1) || ends.length > 2 || (ends.length === 2 && first === last)) return undefined;
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, at) => (first + at) % 7);
}
