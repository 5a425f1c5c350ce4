import type { Phase } from "@sluice/core/law";
import type { RunStatus } from "@sluice/core/runs";
import { type Color, painterFor, type TerminalStyle } from "@sluice/sim/report";
import { clockText, countText } from "./figure-text.ts";
import { NAME_WIDTH, type PanelLine, plain, rowsOf, rowText } from "./panel-rows.ts";
import { endsText, paceText } from "./run-ledger.ts";
import { type RetryWait, retryText } from "./run-progress.ts";
import { accessText, type QuotaView, quotaText, reasonsText, type SteeringView } from "./steering-view.ts";

/** A watched run at an instant. */
export interface LiveView {
  readonly elapsedMs: number;
  /** The stage of the storm, such as `brownout`. */
  readonly weather: string;
  readonly phase: Phase;
  readonly limit: number;
  /** X. */
  readonly maxConcurrency: number;
  readonly inFlightCount: number;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly isValveEnabled: boolean;
  /** Median of the last seconds; absent if nothing was answered. */
  readonly latencyMs?: number;
  readonly faultsPerSecond: number;
  readonly fetchedCount: number;
  readonly totalCount: number;
  readonly backlogCount: number;
  /** Present while nothing is left but messages that wait for their next attempt. */
  readonly retry?: RetryWait;
  /** The run's ledger; absent until it has been read. */
  readonly run?: Pick<RunStatus, "counts" | "open" | "ratePerMinute" | "endsAtMs" | "endUnsureMs">;
  /** Trouble that the worker makes on purpose. */
  readonly slowPercentage: number;
  readonly errorPercentage: number;
  readonly throttledPercentage?: number;
  readonly hangingPercentage?: number;
  /** Absent until it has been read. */
  readonly steering?: SteeringView;
}

/** A decision of the breaker, or a change of a valve, to be shown as it falls. */
export interface LiveEvent {
  /** Since the start of the run. */
  readonly atMs: number;
  readonly summary: string;
}

/** The style of a panel. */
export interface FrameOptions extends TerminalStyle {
  /** Columns; no line is longer. */
  readonly width: number;
  /** True if keys are listened to, and so explained. */
  readonly hasKeys?: boolean;
  /** True if some of them make trouble. */
  readonly hasTroubleKeys?: boolean;
}

const BAR_WIDTH_MAX = 40;
const BAR_WIDTH_MIN = 5;
/** Columns for the text beside a bar. */
const BESIDE_BAR_WIDTH = 44;

const PHASE_COLORS: Readonly<Record<Phase, Color>> = { closed: "green", "half-open": "yellow", open: "red" };
const KEYS = "h hold 20 s or resume, q end";
const TROUBLE_KEYS = "s/S slow ±10 %, e/E errors ±10 %, 0 none";

interface Bars {
  readonly full: string;
  readonly empty: string;
}

const UNICODE: Bars = { full: "█", empty: "·" };
const ASCII: Bars = { full: "#", empty: "." };

/** The panel, row by row; a line that is too long goes on below its own text. */
export function renderFrame(view: LiveView, options: FrameOptions): string[] {
  const paint = painterFor(options.color);
  const bar = barFor(options);
  const { limit, inFlightCount, maxConcurrency, fetchedCount, totalCount } = view;
  const lines: PanelLine[] = [
    headLine(view),
    row("fetched", [...bar("green", fetchedCount, totalCount), plain(fetchedText(view))]),
    row("run", [plain(runText(view))]),
    row("in flight", [
      ...bar("blue", inFlightCount, maxConcurrency),
      plain(`${inFlightCount} of ${maxConcurrency}`),
    ]),
    row("limit", [
      ...bar("yellow", limit, maxConcurrency),
      plain(`${countText(limit)} of ${maxConcurrency}`),
    ]),
    ...(view.steering === undefined ? [] : steeringRows(view.steering, bar)),
    row("valve", [plain(valveText(view))]),
    row("provider", [plain(providerText(view))]),
    row("trouble", troubleParts(view)),
    ...keyRows(options),
  ];
  return lines.flatMap((line) => rowsOf(line, options)).map((row) => rowText(row, paint));
}

/** The panel's figures in one plain line. */
export function statusLine(view: LiveView): string {
  const { weather, phase, limit, maxConcurrency, inFlightCount } = view;
  const trouble = hasTrouble(view) ? [troubleText(view)] : [];
  const steering = view.steering === undefined ? [] : steeringTexts(view.steering);
  return [
    `${clockText(view.elapsedMs)}  ${weather}`,
    `breaker ${phase}`,
    `limit ${countText(limit)} of ${maxConcurrency}`,
    `in flight ${inFlightCount}`,
    `valve ${valveText(view)}`,
    providerText(view),
    ...trouble,
    ...steering,
    `fetched ${fetchedText(view)}`,
    ...(view.run === undefined ? [] : [`run ${runText(view)}`]),
  ].join(" · ");
}

/** A decision as a line. */
export function decisionLine({ atMs, summary }: LiveEvent): string {
  return `${clockText(atMs)}  ${summary}`;
}

function headLine({ elapsedMs, weather, phase }: LiveView): PanelLine {
  return [
    { color: "bold", text: clockText(elapsedMs) },
    plain(`  weather ${weather}   breaker `),
    { color: PHASE_COLORS[phase], text: phase },
  ];
}

function row(name: string, parts: PanelLine): PanelLine {
  return [{ color: "dim", text: name.padEnd(NAME_WIDTH) }, ...parts];
}

/** Windows and quotas, if the provider has any, and all that lets nothing start. */
function steeringRows(steering: SteeringView, bar: Bar): PanelLine[] {
  const { access, quotas, reasons } = steering;
  const isShut = reasons.length > 0;
  return [
    ...(access === undefined
      ? []
      : [row("access", [{ color: access.isOpen ? "green" : "red", text: accessText(access, steering) }])]),
    ...quotas.map((quota: QuotaView) =>
      row("quota", [...bar("cyan", quota.usedCount, quota.requests), plain(quotaText(quota, steering))]),
    ),
    row("shut by", [{ color: isShut ? "yellow" : "dim", text: reasonsText(steering) }]),
  ];
}

function steeringTexts(steering: SteeringView): string[] {
  const { access, quotas, reasons } = steering;
  return [
    ...(access === undefined ? [] : [`access ${accessText(access, steering)}`]),
    ...quotas.map((quota) => quotaText(quota, steering)),
    ...(reasons.length === 0 ? [] : [`shut by ${reasonsText(steering)}`]),
  ];
}

function keyRows({ hasKeys = false, hasTroubleKeys = false }: FrameOptions): PanelLine[] {
  if (!hasKeys) return [];
  const explained = [KEYS, ...(hasTroubleKeys ? [TROUBLE_KEYS] : [])];
  return explained.map((text, at) => row(at === 0 ? "keys" : "", [{ color: "dim", text }]));
}

/** Draws a value against its most. */
type Bar = (color: Color, value: number, max: number) => PanelLine;

function barFor({ width, unicode = true }: FrameOptions): Bar {
  const { full, empty } = unicode ? UNICODE : ASCII;
  const cells = Math.min(BAR_WIDTH_MAX, Math.max(BAR_WIDTH_MIN, width - NAME_WIDTH - BESIDE_BAR_WIDTH));
  return (color, value, max) => {
    const filled = filledCells(value, max, cells);
    return [
      { color, text: full.repeat(filled) },
      { color: "dim", text: empty.repeat(cells - filled) },
      plain("  "),
    ];
  };
}

/** The number of cells that a value fills: one at least if it is above 0, and all only if it is complete. */
function filledCells(value: number, max: number, cells: number): number {
  if (max <= 0 || value <= 0) return 0;
  if (value >= max) return cells;
  return Math.min(cells - 1, Math.max(1, Math.round((value / max) * cells)));
}

function troubleParts(view: LiveView): PanelLine {
  return hasTrouble(view)
    ? [{ color: "magenta", text: troubleText(view) }]
    : [{ color: "dim", text: "none" }];
}

function hasTrouble(view: LiveView): boolean {
  const { slowPercentage, errorPercentage, throttledPercentage = 0, hangingPercentage = 0 } = view;
  return slowPercentage + errorPercentage + throttledPercentage + hangingPercentage > 0;
}

function troubleText(view: LiveView): string {
  const { slowPercentage, errorPercentage, throttledPercentage, hangingPercentage } = view;
  return [
    `${slowPercentage} % slow, ${errorPercentage} % errors`,
    ...(throttledPercentage === undefined ? [] : [`${throttledPercentage} % throttled`]),
    ...(hangingPercentage === undefined ? [] : [`${hangingPercentage} % hang`]),
  ].join(", ");
}

function runText({ run, retry }: LiveView): string {
  if (run === undefined) return "not begun";
  const pace = retry === undefined ? paceText(run, Date.now()) : retryText(retry, Date.now());
  return pace === "" ? endsText(run) : `${endsText(run)}; ${pace}`;
}

function fetchedText({ fetchedCount, totalCount, backlogCount }: LiveView): string {
  const percent = Math.floor((100 * fetchedCount) / Math.max(1, totalCount));
  return `${countText(fetchedCount)} of ${countText(totalCount)} (${percent} %), ${countText(backlogCount)} queued`;
}

function valveText({ isValveEnabled, batchSize, maximumConcurrency }: LiveView): string {
  return isValveEnabled ? `batch ${batchSize} × concurrency ${maximumConcurrency}` : "shut";
}

function providerText({ latencyMs, faultsPerSecond }: LiveView): string {
  const latency = latencyMs === undefined ? "no answers" : `median ${countText(Math.round(latencyMs))} ms`;
  return `${latency}, ${faultsPerSecond.toFixed(1)} faults/s`;
}
