const DELIMITERS = [",", "\t", ";"];

/** The delimiter by which a line is the header of a table with a column `id`; undefined if there is none. */
export function headerDelimiterOf(line: string): string | undefined {
  return DELIMITERS.find((delimiter) => line.split(delimiter).some((name) => unquoted(name.trim()) === "id"));
}

/** True if all lines have the same number of some delimiter, and at least one of it. */
export function looksLikeTable(lines: readonly string[]): boolean {
  if (lines.length < 2) return false;
  return DELIMITERS.some((delimiter) => {
    const [count = 0, ...others] = lines.map((line) => line.split(delimiter).length - 1);
    return count > 0 && others.every((other) => other === count);
  });
}

function unquoted(name: string): string {
  return name.replace(/^"(.*)"$/, "$1");
}
