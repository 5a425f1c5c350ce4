import { number, wholeNumber } from "@sluice/core/parsing";
import * as z from "zod";
import type { LatencyInput, ScenarioInput } from "./scenario-defaults.ts";

const DAY_SECONDS = 24 * 60 * 60;
const WEEK_MINUTES = 7 * 24 * 60;
const CALL_MAX_MS = 900_000;

const ratio = number(0, 1);

/** Steps `[minute, value]` from minute 0 on; `value` is the schema of the values. */
const timeLine = (value: z.ZodType<number>) => {
  const step = z.readonly(z.tuple([number(0, WEEK_MINUTES), value], "must be a step [minute, value]"));
  return z
    .readonly(z.tuple([step], step, "must be steps [[0, value], [minute, value], …]"))
    .refine(([[minute]]) => minute === 0, "must start at minute 0")
    .refine(
      (line) => line.every(([minute], at) => at === 0 || minute > (line[at - 1]?.[0] ?? 0)),
      "must have ascending minutes",
    );
};

const latencyPart = z.strictObject(
  { share: ratio, medianMs: number(0.1, CALL_MAX_MS), sigma: number(0, 3) },
  "must be { share, medianMs, sigma }",
);

const latency: z.ZodType<LatencyInput> = z
  .strictObject(
    {
      medianMs: z.exactOptional(number(0.1, CALL_MAX_MS)),
      sigma: z.exactOptional(number(0, 3)),
      mix: z.exactOptional(z.array(latencyPart, "must be a list of { share, medianMs, sigma }")),
      minMs: z.exactOptional(number(0, CALL_MAX_MS)),
      maxMs: z.exactOptional(number(1, CALL_MAX_MS)),
    },
    "must be { medianMs, sigma, minMs, maxMs } or { mix, minMs, maxMs }",
  )
  .refine(
    ({ medianMs, mix, sigma }) =>
      mix === undefined ? medianMs !== undefined : medianMs === undefined && sigma === undefined,
    "must have either medianMs or mix, and a mix has its sigmas within",
  );

const overload = z.strictObject(
  {
    mode: z.exactOptional(
      z.enum(["reject", "stretch", "collapse", "hang"], "must be reject, stretch, collapse or hang"),
    ),
    exponent: z.exactOptional(number(0, 10)),
    retryAfterSeconds: z.exactOptional(wholeNumber(0, DAY_SECONDS).nullable()),
  },
  "must be { mode, exponent, retryAfterSeconds }",
);

const fragile = z.strictObject(
  { downMinutes: number(0.01, WEEK_MINUTES), rampPerMinute: number(0.01, 10_000) },
  "must be { downMinutes, rampPerMinute } or null",
);

const provider = z.strictObject(
  {
    maxConcurrency: z.exactOptional(wholeNumber(1, 1_000)),
    slowAfterMs: z.exactOptional(wholeNumber(1, CALL_MAX_MS)),
    timeoutMs: z.exactOptional(wholeNumber(10, CALL_MAX_MS)),
    latency: z.exactOptional(latency),
    capacity: z.exactOptional(timeLine(wholeNumber(0, 100_000))),
    overload: z.exactOptional(overload),
    faultRatio: z.exactOptional(timeLine(ratio)),
    latencyFactor: z.exactOptional(timeLine(number(0.001, 1_000))),
    poisonRatio: z.exactOptional(ratio),
    rejectedRatio: z.exactOptional(ratio),
    fragile: z.exactOptional(fragile.nullable()),
  },
  "must be an object of options",
);

const valve = z.strictObject(
  {
    updateDelaySeconds: z.exactOptional(
      z.tuple([number(0, DAY_SECONDS), number(0, DAY_SECONDS)], "must be [min, max] in seconds"),
    ),
    overheadMs: z.exactOptional(number(0, 60_000)),
  },
  "must be { updateDelaySeconds, overheadMs }",
);

const observers = z.strictObject(
  {
    lateRatio: z.exactOptional(ratio),
    lostRatio: z.exactOptional(ratio),
    duplicateRatio: z.exactOptional(ratio),
  },
  "must be { lateRatio, lostRatio, duplicateRatio }",
);

/** Parses a scenario file, each option within its own range; relations between options are checked apart. */
export const scenarioInputSchema: z.ZodType<ScenarioInput> = z.strictObject(
  {
    name: z.exactOptional(z.string("must be text").min(1, "must not be empty")),
    durationMinutes: z.exactOptional(number(0.1, WEEK_MINUTES)),
    backlog: z.exactOptional(wholeNumber(0, 10_000_000)),
    arrivalsPerMinute: z.exactOptional(timeLine(number(0, 1_000_000))),
    provider: z.exactOptional(provider),
    valve: z.exactOptional(valve),
    observers: z.exactOptional(observers),
  },
  "must be an object of options",
);
