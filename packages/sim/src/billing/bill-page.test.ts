import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type Bill, totalOf } from "./bill.ts";
import { billOfIdleMonth, billOfMillion, CALM_PROVIDERS } from "./bill-runs.ts";

const RUNNING_MS = 60_000;

/** How a line of the page's table begins, by the line of the bill. */
const TITLES: Readonly<Record<keyof Bill | "all", string>> = {
  worker: "worker",
  ventilator: "ventilator",
  waker: "waker and its schedule",
  table: "table: reads and writes",
  queues: "queues",
  logs: "logs, kept for 30 days",
  traces: "X-Ray",
  storage: "storage of rows, with recovery, for 30 days",
  metrics: "CloudWatch: metrics",
  alarms: "CloudWatch: metrics that alarms look at, 26 → 20",
  dashboards: "CloudWatch: dashboard",
  all: "all",
};

test(
  "what operators read of the bill is what is printed",
  async () => {
    const page = await readFile(new URL("../../../../docs/operations.md", import.meta.url), "utf8");
    const said = new Map(
      [...page.matchAll(/^\| ([^|]+) \|([^|]+)\|([^|]+)\|([^|]+)\|$/gm)].map(([, title = "", ...cells]) => [
        title,
        cells.map(lastUsdOf),
      ]),
    );
    const bills = [
      await billOfMillion(CALM_PROVIDERS.quick),
      await billOfMillion(CALM_PROVIDERS.slow),
      await billOfIdleMonth(),
    ];
    for (const [line, title] of Object.entries(TITLES)) {
      const printed = bills.map((bill) => (line === "all" ? totalOf(bill) : bill[line as keyof Bill]));
      expect([title, said.get(title)]).toEqual([title, printed.map((usd) => usd.toFixed(2))]);
    }
  },
  RUNNING_MS,
);

/** What comes after the arrow, if there is one; an empty cell is nothing to pay. */
function lastUsdOf(cell: string): string {
  return Number(cell.split("→").at(-1)).toFixed(2);
}
