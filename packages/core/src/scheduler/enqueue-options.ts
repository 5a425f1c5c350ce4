import * as z from "zod";
import { RETENTION_MAX_MS } from "../aws-bounds.ts";
import { SluiceError } from "../errors.ts";
import { explain } from "../parsing/explain.ts";
import { number, wholeNumber } from "../parsing/numbers.ts";
import { LANES, type Lane } from "../provider/lane.ts";
import { shortened } from "../records/cause.ts";
import { RUN_NAME_MAX_LENGTH, runNameSchema } from "../records/run-name.ts";
import type { EnqueueProgress } from "./run-count.ts";

/** Options of a run; each has a default. */
export interface EnqueueOptions {
  /**
   * Repeating a call with the same run id enqueues nothing twice (SQS forgets after 5 minutes, the table doesn't).
   * 1 to 1,024 characters.
   */
  readonly runId?: string;
  /** Stays with the records through queue, logs, worker and table; the run id by default. 1 to 1,024 characters. */
  readonly correlationId?: string;
  /** A record that is not started by then is not fetched, and ends as *expired*: a date, or an instant in epoch ms. */
  readonly deadline?: Date | number;
  /** The same as a time from now on, in ms; of both the earlier one counts. */
  readonly maxAgeMs?: number;
  /** `express` for records that a user waits for. */
  readonly lane?: Lane;
  /** Batches of 10 under way at once, 1 to 1,000, 16 by default. */
  readonly concurrency?: number;
  /** Time to wait for an unreachable queue, up to a day, 15 minutes by default. */
  readonly giveUpAfterMs?: number;
  /** Stops the run; calls under way get one more second, and count if they are answered by then. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: OnProgress;
}

type OnProgress = (progress: EnqueueProgress) => void;

/** Options of a run that have been checked, with defaults where there are any. */
export interface ParsedOptions {
  readonly runId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly deadline?: number | undefined;
  readonly maxAgeMs?: number | undefined;
  readonly lane: Lane;
  readonly concurrency: number;
  readonly giveUpAfterMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** The last instant of a date: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const INSTANT_MAX_MS = 8.64e15;
const CONCURRENCY = 16;
const CONCURRENCY_MAX = 1_000;
const GIVE_UP_AFTER_MS = 15 * 60_000;
const GIVE_UP_AFTER_MAX_MS = 24 * 60 * 60_000;
/** Longest part of a message about one option: its name and its value may be of any size. */
const PROBLEM_MAX_BYTES = 200;

const lengthError = `must be a text of 1 to ${RUN_NAME_MAX_LENGTH} characters`;
const nameSchema = z
  .string(lengthError)
  .min(1, lengthError)
  .max(RUN_NAME_MAX_LENGTH, lengthError)
  .pipe(runNameSchema);

const optionsSchema: z.ZodType<ParsedOptions> = z.strictObject(
  {
    runId: nameSchema.optional(),
    correlationId: nameSchema.optional(),
    deadline: z
      .union(
        [z.date().transform((date) => date.getTime()), number(0, INSTANT_MAX_MS)],
        "must be a date, or epoch ms",
      )
      .optional(),
    maxAgeMs: number(1, RETENTION_MAX_MS).optional(),
    lane: z.enum(LANES, `must be ${LANES.join(" or ")}`).default("records"),
    concurrency: wholeNumber(1, CONCURRENCY_MAX).default(CONCURRENCY),
    giveUpAfterMs: number(0, GIVE_UP_AFTER_MAX_MS).default(GIVE_UP_AFTER_MS),
    signal: z.custom<AbortSignal>(isAbortSignal, "must be an AbortSignal").optional(),
    onProgress: z.custom<OnProgress>((given) => typeof given === "function", "must be a function").optional(),
  },
  "must be an object",
);

/**
 * Checks the options of a run.
 * @throws SluiceError `input-invalid`; its message names every option that can't be
 */
export function parseEnqueueOptions(options: unknown): ParsedOptions {
  // As a part of something, so that each problem is named from `options` on.
  const { data, error } = z.object({ options: optionsSchema }).safeParse({ options }, { reportInput: true });
  if (data !== undefined) return data.options;
  const problems = error.issues.map((issue) => shortened(explain(issue), PROBLEM_MAX_BYTES));
  throw new SluiceError("input-invalid", `Nothing was enqueued: ${problems.join("; ")}`);
}

/** Goes by the shape: a signal may come from another realm, or from a library. */
function isAbortSignal(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  return ["aborted", "addEventListener", "removeEventListener"].every((name) => name in given);
}
