import { textTable } from "../lab/tables.ts";
import { totalOf } from "./bill.ts";
import { billOfIdleMonth, billOfMillion, CALM_PROVIDERS } from "./bill-runs.ts";

const quick = await billOfMillion(CALM_PROVIDERS.quick);
const slow = await billOfMillion(CALM_PROVIDERS.slow);
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
