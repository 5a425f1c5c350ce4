import type { StartTimes } from "./timed-handler.ts";

/** A minified bundle. */
export interface BundleSize {
  readonly name: string;
  readonly bytes: number;
}

/** The cold starts of one handler. */
export interface StartFigures {
  readonly name: string;
  readonly times: readonly StartTimes[];
}

/** Medians of a handler's cold starts; `startMs` is import and first answer together. */
export interface StartResult {
  readonly name: string;
  readonly runs: number;
  readonly importMs: number;
  readonly answerMs: number;
  readonly startMs: number;
  /** The start as a multiple of each baseline's, by the baseline's name. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** All figures of the benchmark. */
export interface StartResults {
  readonly bundles: readonly BundleSize[];
  readonly starts: readonly StartResult[];
}

const isBaseline = (name: string): boolean => name.includes("baseline");

/** Sums up: medians, and their ratios to those of the baselines. */
export function startResults(bundles: readonly BundleSize[], figures: readonly StartFigures[]): StartResults {
  const medians = figures.map(({ name, times }) => ({
    name,
    runs: times.length,
    importMs: medianOf(times.map(({ importMs }) => importMs)),
    answerMs: medianOf(times.map(({ answerMs }) => answerMs)),
    startMs: medianOf(times.map(({ importMs, answerMs }) => importMs + answerMs)),
  }));
  const baselines = medians.filter(({ name }) => isBaseline(name));
  const starts = medians.map((one) => ({
    ...one,
    ratios: Object.fromEntries(
      baselines.map(({ name, startMs }) => [name, Number((one.startMs / startMs).toFixed(2))]),
    ),
  }));
  return { bundles, starts };
}

/** The results as tables. */
export function startReport({ bundles, starts }: StartResults): string {
  const baselines = starts.filter(({ name }) => isBaseline(name));
  const rows = starts.map(({ name, importMs, answerMs, startMs, ratios }) => [
    name,
    importMs.toFixed(1),
    answerMs.toFixed(1),
    startMs.toFixed(1),
    ...baselines.map((baseline) => (ratios[baseline.name] ?? Number.NaN).toFixed(2)),
  ]);
  return [
    table([["bundle, minified", "bytes"], ...bundles.map(({ name, bytes }) => [name, String(bytes)])]),
    `Cold starts in milliseconds, medians of ${starts[0]?.runs ?? 0}; ÷ is the start beside a baseline's.`,
    table([["handler", "import", "answer", "start", ...baselines.map(({ name }) => `÷ ${name}`)], ...rows]),
  ].join("\n");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
