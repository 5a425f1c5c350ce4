import type { QuotaInput } from "@sluice/core/provider";
import { quantileOf } from "../lab/quantile.ts";
import type { ReportTable } from "../report/report-table.ts";
import { type QuotaDay, runQuotaDay } from "./quota-day.ts";

/** Quotas beside which an express record waits. */
export const LANE_QUOTAS: readonly (readonly [name: string, quotas: readonly QuotaInput[]])[] = [
  ["600 a minute", [{ requests: 600, per: "minute" }]],
  ["60 a minute", [{ requests: 60, per: "minute" }]],
  ["600 a minute, 50,000 a day spread", [{ requests: 600, per: "minute" }, spreadDay(50_000)]],
  ["600 a minute, 2,000 a day spread", [{ requests: 600, per: "minute" }, spreadDay(2_000)]],
];

function spreadDay(requests: number): QuotaInput {
  return { requests, per: "day", spread: true };
}

/** Not in step with any interval. */
const EXPRESS_EVERY_MS = 14_300;

/** Express records beside a backlog of the bulk for so many minutes. */
export function laneFigures(quotas: readonly QuotaInput[], minutes: number): Promise<QuotaDay> {
  return runQuotaDay({ quotas, minutes, expressEveryMs: EXPRESS_EVERY_MS });
}

/** The figures as a table. */
export function laneTable(rows: readonly (readonly [name: string, day: QuotaDay])[]): ReportTable {
  const seconds = (waitsMs: readonly number[], share: number) => (quantileOf(waitsMs, share) ?? 0) / 1_000;
  return {
    caption: "An express record's wait for its first call beside a backlog, X = 20, calls of 300 ms",
    columns: [
      { name: "quotas" },
      { name: "records", fractionDigits: 0 },
      { name: "p50 s", fractionDigits: 1 },
      { name: "p95 s", fractionDigits: 1 },
      { name: "most s", fractionDigits: 1 },
    ],
    rows: rows.map(([name, { expressWaitsMs: waitsMs }]) => [
      name,
      waitsMs.length,
      seconds(waitsMs, 0.5),
      seconds(waitsMs, 0.95),
      seconds(waitsMs, 1),
    ]),
  };
}
