import { writeFile } from "node:fs/promises";
import { htmlReport, type Trace, terminalStyleOf, textChart } from "@sluice/sim/report";
import { PageUnwritable } from "./check-page-path.ts";
import type { StartOptions } from "./options.ts";
import type { RunReport } from "./run-report.ts";

const CHART_HEIGHT = 12;
/** Columns beyond which charts become no clearer. */
const CHART_WIDTH_MAX = 120;
const DEFAULT_COLUMNS = 80;

/** The origin of a run for the head of its charts: how to have the same again. */
export function originFiguresOf(
  { seed }: Pick<StartOptions, "seed">,
  startedAtMs: number,
  args: readonly string[] = process.argv.slice(2),
): Trace["figures"] {
  const command = ["npm start", ...(args.length === 0 ? [] : ["--", ...args.map(quoted)])].join(" ");
  const date = `${new Date(startedAtMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return { command, seed: String(seed), date };
}

/** An argument as it can be pasted into a shell. */
function quoted(arg: string): string {
  return /^[\w./:=@%+,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}

/** The figures of a run for the head of its charts. */
export function traceFiguresOf(report: RunReport): Trace["figures"] {
  const {
    verdict,
    fetched,
    seconds,
    deadLettered,
    maxInFlight,
    limit,
    trips,
    probes,
    decisions,
    valveUpdates,
  } = report;
  return {
    verdict,
    fetched: `${fetched} in ${seconds} s`,
    "dead-lettered": String(deadLettered),
    "most in flight": `${maxInFlight} of ${limit}`,
    trips: String(trips),
    probes: String(probes),
    decisions: String(decisions),
    "valve updates": String(valveUpdates),
    ...contractFiguresOf(report),
  };
}

/** Figures of windows, quotas and holds, where the run had any. */
function contractFiguresOf({ whileClosed, quotas, holds, whileHeld }: RunReport): Trace["figures"] {
  return {
    ...(whileClosed !== undefined && { "while closed": `${whileClosed} requests` }),
    ...Object.fromEntries(
      quotas.map(({ per, requests, mostStarts }) => [`most a ${per}`, `${mostStarts} of ${requests}`]),
    ),
    ...(holds > 0 && { holds: String(holds), "while held": `${whileHeld} starts` }),
  };
}

/** Draws limit and requests in flight over time on a terminal. */
export function showCharts(trace: Trace, stream: NodeJS.WriteStream): void {
  const width = Math.min(CHART_WIDTH_MAX, (stream.columns ?? DEFAULT_COLUMNS) - 1);
  const style = terminalStyleOf(process.env, stream.isTTY);
  stream.write(`\n${textChart(trace, { ...style, width, height: CHART_HEIGHT })}`);
}

/** Writes the charts and each decision as a page. @throws PageUnwritable */
export async function writePage(trace: Trace, file: string): Promise<void> {
  try {
    await writeFile(file, htmlReport([trace]));
  } catch (thrown) {
    throw new PageUnwritable(file, thrown);
  }
}
