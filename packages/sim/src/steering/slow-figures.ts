import type { ReportTable } from "../report/report-table.ts";
import { type QuotaDay, type QuotaDayCase, runQuotaDay } from "./quota-day.ts";

/** A provider whose starts are far apart. */
export type SlowCase = Pick<QuotaDayCase, "quotas" | "maxConcurrency">;

/** Such providers; X = 20 where it is not named. */
export const SLOW_CASES: readonly (readonly [name: string, slow: SlowCase])[] = [
  ["10 a minute", { quotas: [{ requests: 10, per: "minute" }] }],
  ["5 a minute", { quotas: [{ requests: 5, per: "minute" }] }],
  ["5 a minute, X = 1", { quotas: [{ requests: 5, per: "minute" }], maxConcurrency: 1 }],
  ["1 a minute", { quotas: [{ requests: 1, per: "minute" }] }],
  ["10 an hour", { quotas: [{ requests: 10, per: "hour" }] }],
  ["2,000 a day spread", { quotas: [{ requests: 2_000, per: "day", spread: true }] }],
];

/** A backlog of the bulk for so many minutes. */
export function slowFigures(slow: SlowCase, minutes: number): Promise<QuotaDay> {
  return runQuotaDay({ ...slow, minutes });
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
