import type { QuotaInput } from "@sluice/core/provider";
import type { ReportTable } from "../report/report-table.ts";
import { type QuotaDay, runQuotaDay } from "./quota-day.ts";

/** Quotas whose starts are far apart. */
export const SLOW_QUOTAS: readonly (readonly [name: string, quotas: readonly QuotaInput[]])[] = [
  ["10 a minute", [{ requests: 10, per: "minute" }]],
  ["5 a minute", [{ requests: 5, per: "minute" }]],
  ["1 a minute", [{ requests: 1, per: "minute" }]],
  ["10 an hour", [{ requests: 10, per: "hour" }]],
  ["2,000 a day spread", [{ requests: 2_000, per: "day", spread: true }]],
];

/** A backlog of the bulk for so many minutes. */
export function slowFigures(quotas: readonly QuotaInput[], minutes: number): Promise<QuotaDay> {
  return runQuotaDay({ quotas, minutes });
}

/** The figures as a table. */
export function slowTable(rows: readonly (readonly [name: string, day: QuotaDay])[]): ReportTable {
  return {
    caption: "Quotas whose starts are far apart, X = 20, calls of 300 ms",
    columns: [
      { name: "quota" },
      { name: "records", fractionDigits: 0 },
      { name: "receives/record", fractionDigits: 2 },
    ],
    rows: rows.map(([name, day]) => [name, day.startedCount, day.receiveCount / day.startedCount]),
  };
}
