import { textTable } from "../lab/tables.ts";
import { totalOf } from "./bill.ts";
import { billOfIdleMonth, billOfMillion } from "./bill-runs.ts";

const quick = await billOfMillion({ maxConcurrency: 20, medianMs: 300, backlog: 20_000 });
const slow = await billOfMillion({ maxConcurrency: 20, medianMs: 5_000, backlog: 5_000 });
const idle = await billOfIdleMonth();

const lines = Object.keys(quick) as (keyof typeof quick)[];
const table = {
  caption:
    "US dollars per million records at X = 20, and of a provider's month without any; us-east-1, list prices",
  columns: [{ name: "line" }, { name: "calls of 300 ms" }, { name: "calls of 5 s" }, { name: "idle month" }],
  rows: [
    ...lines.map((line) => [line, quick[line], slow[line], idle[line]]),
    ["all", totalOf(quick), totalOf(slow), totalOf(idle)],
  ],
};
process.stdout.write(`${textTable(table)}\n`);
