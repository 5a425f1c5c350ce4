import { WATCHED_BY } from "@sluice/sim/billing";
import { expect, test } from "vitest";
import { runStage } from "./graph.ts";
import { allOf } from "./resources.ts";

const PREPARING_MS = 300_000;

test(
  "the bill counts each metric that an alarm looks at, and each dashboard",
  async () => {
    const run = await runStage("demo");
    const alarms = allOf(run, "cloudwatch/metricAlarm").map(
      ({ inputs }) => inputs.metricQueries ?? [{ metric: {} }],
    );
    const looked = alarms.map(
      (queries) => (queries as readonly object[]).filter((query) => "metric" in query).length,
    );
    expect(WATCHED_BY).toEqual({
      alarmMetricCount: looked.reduce((sum, count) => sum + count, 0),
      dashboardCount: allOf(run, "cloudwatch/dashboard").length,
    });
  },
  PREPARING_MS,
);
