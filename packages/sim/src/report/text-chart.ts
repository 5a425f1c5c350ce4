import type { Phase } from "@sluice/core/law";
import { type Color, type Painter, painterFor, type TerminalStyle } from "./terminal-style.ts";
import { countTicks, minuteTicks } from "./ticks.ts";
import type { ShutSpan, Trace, TraceSample } from "./trace.ts";
import { numberText } from "./words.ts";

/** Size and abilities of the terminal. */
export interface TextChartOptions extends TerminalStyle {
  /** Columns in all. */
  readonly width: number;
  /** Lines of the plot itself; phase, axis and legend take four more. */
  readonly height: number;
}

const LABEL_WIDTH = 6;
const PLOT_WIDTH_MIN = 10;
const PLOT_HEIGHT_MIN = 3;
/** Columns between two labels of the time axis. */
const TIME_LABEL_EVERY = 12;

interface Marks {
  /** In flight, from a cell that is barely filled to a full one. */
  readonly fill: string;
  readonly limit: string;
  readonly capacity: string;
  readonly corner: string;
  readonly wall: string;
  readonly floor: string;
  readonly phases: Readonly<Record<Phase, string>>;
  readonly shut: Readonly<Record<ShutSpan["kind"], string>>;
}

const UNICODE: Marks = {
  fill: "▁▂▃▄▅▆▇█",
  limit: "━",
  capacity: "·",
  corner: "└",
  wall: "│",
  floor: "─",
  phases: { closed: "▁", "half-open": "▒", open: "█" },
  shut: { window: "▒", hold: "█" },
};

const ASCII: Marks = {
  fill: "#",
  limit: "=",
  capacity: ".",
  corner: "+",
  wall: "|",
  floor: "-",
  phases: { closed: "_", "half-open": "?", open: "X" },
  shut: { window: "c", hold: "h" },
};

const PHASE_COLORS: Readonly<Record<Phase, Color>> = { closed: "green", "half-open": "yellow", open: "red" };

/**
 * A trace as text: in flight as bars, the limit as a line over them, true capacity as dots behind; below them the phase
 * and minutes. Of what falls into one column the worst is shown: most in flight, least capacity, phase furthest open.
 */
export function textChart(trace: Trace, options: TextChartOptions): string {
  const paint = painterFor(options.color);
  const marks = options.unicode === false ? ASCII : UNICODE;
  const plotWidth = Math.max(PLOT_WIDTH_MIN, options.width - LABEL_WIDTH - 1);
  const plotHeight = Math.max(PLOT_HEIGHT_MIN, options.height);
  const title = paint("bold", trace.title);
  if (trace.samples.length === 0) return `${title}\nno samples\n`;
  const columns = columnsOf(trace, plotWidth);
  return [
    title,
    ...plotLines(columns, trace, plotHeight, marks, paint),
    phaseLine(columns, marks, paint),
    ...shutLines(trace, plotWidth, marks, paint),
    ...timeAxis(trace.durationMs, plotWidth, marks),
    legend(trace, marks, paint),
    "",
  ].join("\n");
}

interface Column {
  readonly limit: number;
  readonly inFlightCount: number;
  readonly capacityCount: number | undefined;
  readonly phase: Phase;
}

/** A column without a sample of its own goes on as the one before it. */
function columnsOf({ samples, durationMs }: Trace, count: number): readonly (Column | undefined)[] {
  const spanMs = Math.max(1, durationMs);
  const bySlot = Map.groupBy(samples, ({ atMs }) =>
    Math.max(0, Math.min(count - 1, Math.floor((atMs / spanMs) * count))),
  );
  let latest: Column | undefined;
  return Array.from({ length: count }, (_, slot) => {
    const own = bySlot.get(slot);
    const column = own === undefined ? latest : columnOf(own);
    const last = own?.at(-1);
    latest = last === undefined ? latest : columnOf([last]);
    return column;
  });
}

function columnOf(samples: readonly TraceSample[]): Column {
  const capacities = samples.flatMap(({ capacityCount }) =>
    capacityCount === undefined ? [] : [capacityCount],
  );
  const phases = new Set(samples.map(({ phase }) => phase));
  return {
    limit: samples.at(-1)?.limit ?? 0,
    inFlightCount: Math.max(...samples.map(({ inFlightCount }) => inFlightCount)),
    capacityCount: capacities.length === 0 ? undefined : Math.min(...capacities),
    phase: phases.has("open") ? "open" : phases.has("half-open") ? "half-open" : "closed",
  };
}

function plotLines(
  columns: readonly (Column | undefined)[],
  { maxConcurrency }: Trace,
  height: number,
  marks: Marks,
  paint: Painter,
): string[] {
  const top = columns.reduce(
    (high, column) => Math.max(high, column?.limit ?? 0, column?.inFlightCount ?? 0),
    maxConcurrency,
  );
  const perLine = top / height;
  const labels = new Map(countTicks(top, Math.ceil(height / 3)).map((tick) => [lineOf(tick, perLine), tick]));
  return Array.from({ length: height }, (_, index) => {
    const line = height - 1 - index;
    const label = labels.get(line);
    const cells = columns.map((column) => cellOf(column, line, perLine, marks, paint));
    return `${labelText(label === undefined ? "" : numberText(label))}${marks.wall}${cells.join("")}`;
  });
}

function cellOf(
  column: Column | undefined,
  line: number,
  perLine: number,
  marks: Marks,
  paint: Painter,
): string {
  if (column === undefined) return " ";
  if (lineOf(column.limit, perLine) === line) return paint("yellow", marks.limit);
  const filled = Math.min(1, column.inFlightCount / perLine - line);
  if (filled > 0) {
    const level = Math.min(marks.fill.length - 1, Math.floor(filled * marks.fill.length));
    return paint("blue", marks.fill[level] ?? " ");
  }
  const isBearable = column.capacityCount !== undefined && column.capacityCount / perLine > line;
  return isBearable ? paint("dim", marks.capacity) : " ";
}

/** The line whose upper edge or inside a value falls on; 0 falls on the lowest. */
function lineOf(value: number, perLine: number): number {
  return Math.max(0, Math.ceil(value / perLine - 1e-9) - 1);
}

function phaseLine(
  columns: readonly (Column | undefined)[],
  { phases, wall }: Marks,
  paint: Painter,
): string {
  const cells = columns.map((column) =>
    column === undefined ? " " : paint(PHASE_COLORS[column.phase], phases[column.phase]),
  );
  return `${labelText("phase")}${wall}${cells.join("")}`;
}

const SHUT_COLORS: Readonly<Record<ShutSpan["kind"], Color>> = { window: "magenta", hold: "yellow" };

/** A line with closings and holds, a hold over a closing; none if there is neither. */
function shutLines(
  { shutSpans = [], durationMs }: Trace,
  width: number,
  { shut, wall }: Marks,
  paint: Painter,
): string[] {
  if (shutSpans.length === 0) return [];
  const perColumnMs = Math.max(1, durationMs) / width;
  const cells = Array.from({ length: width }, (_, column) => {
    const within = shutSpans.filter(
      ({ fromMs, untilMs }) => fromMs < (column + 1) * perColumnMs && untilMs > column * perColumnMs,
    );
    const kind = within.some((span) => span.kind === "hold") ? "hold" : within[0]?.kind;
    return kind === undefined ? " " : paint(SHUT_COLORS[kind], shut[kind]);
  });
  return [`${labelText("shut")}${wall}${cells.join("")}`];
}

function timeAxis(durationMs: number, width: number, { corner, floor }: Marks): string[] {
  const minutes = durationMs / 60_000;
  const labels: string[] = Array.from({ length: width }, () => " ");
  for (const minute of minuteTicks(minutes, Math.floor(width / TIME_LABEL_EVERY))) {
    const at = Math.min(width - 1, Math.floor((minute / Math.max(minutes, 1e-9)) * width));
    const label = at === 0 ? `${minute} min` : String(minute);
    const from = Math.min(at, width - label.length);
    for (const [index, character] of [...label].entries()) labels[from + index] = character;
  }
  return [
    `${" ".repeat(LABEL_WIDTH)}${corner}${floor.repeat(width)}`,
    `${" ".repeat(LABEL_WIDTH + 1)}${labels.join("").trimEnd()}`,
  ];
}

function legend({ shutSpans = [] }: Trace, marks: Marks, paint: Painter): string {
  const { fill, limit, capacity, phases, shut } = marks;
  const phaseNames = (["closed", "half-open", "open"] as const).map(
    (phase) => `${paint(PHASE_COLORS[phase], phases[phase])} ${phase}`,
  );
  return [
    " ".repeat(LABEL_WIDTH),
    `${paint("blue", fill.at(-1) ?? "")} in flight`,
    `${paint("yellow", limit)} limit`,
    `${paint("dim", capacity)} capacity`,
    ...phaseNames,
    ...SHUT_NAMES.filter(([kind]) => shutSpans.some((span) => span.kind === kind)).map(
      ([kind, name]) => `${paint(SHUT_COLORS[kind], shut[kind])} ${name}`,
    ),
  ].join("  ");
}

const SHUT_NAMES: readonly (readonly [kind: ShutSpan["kind"], name: string])[] = [
  ["window", "provider closed"],
  ["hold", "held"],
];

function labelText(label: string): string {
  return `${label.padStart(LABEL_WIDTH - 1)} `;
}
