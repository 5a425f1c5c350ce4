import type { Finding } from "../measure/measurement.ts";

const VERDICTS = { holds: "as assumed", differs: "DIFFERS", "not-measured": "not measured" };

/** The columns of the table; the texts in them are wrapped. */
const COLUMNS: readonly Column[] = [
  { title: "row", width: 23, cell: ({ row }) => row },
  { title: "what", width: 30, cell: ({ what }) => what },
  { title: "assumed", width: 34, cell: ({ assumed }) => assumed },
  {
    title: "measured",
    width: 40,
    cell: ({ outcome }) => (outcome.kind === "not-measured" ? outcome.why : outcome.measured),
  },
  { title: "verdict", width: 12, cell: ({ outcome }) => VERDICTS[outcome.kind] },
];

interface Column {
  readonly title: string;
  /** In characters. */
  readonly width: number;
  cell(finding: Finding): string;
}

/** The findings as a table for people, each beside what is assumed. */
export function findingsTable(findings: readonly Finding[]): string {
  const titles = COLUMNS.map(({ title }) => title);
  const rule = COLUMNS.map(({ width }) => "─".repeat(width));
  const rows = findings.map((finding) => COLUMNS.map(({ cell }) => cell(finding)));
  return [titles, rule, ...rows].map(rowText).join("");
}

function rowText(cells: readonly string[]): string {
  const wrapped = cells.map((cell, at) => wrap(cell, COLUMNS[at]?.width ?? 0));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = wrapped.map((lines, at) => (lines[line] ?? "").padEnd(COLUMNS[at]?.width ?? 0));
    return `${parts.join("  ").trimEnd()}\n`;
  }).join("");
}

/** The text in lines that are no longer than `width`; a longer word is cut. */
function wrap(text: string, width: number): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ").flatMap((one) => piecesOf(one, width))) {
    const last = lines.at(-1) ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function piecesOf(word: string, width: number): readonly string[] {
  return word.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""];
}
