import * as z from "zod";
import { number, wholeNumber } from "../parsing/numbers.ts";

/** The periods of quotas that slide: in any stretch of time of that length the provider takes so many starts. */
export const SLIDING_PERIODS = ["second", "minute", "hour"] as const;

/** Their lengths, in ms. */
export const SLIDING_PERIOD_MS: Readonly<Record<SlidingQuota["per"], number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
};

/** The most starts that a provider takes in any second, minute or hour. */
export interface SlidingQuota {
  readonly requests: number;
  readonly per: (typeof SLIDING_PERIODS)[number];
}

/** The most starts that a provider takes from one reset to the next, a day later on the clocks of its time zone. */
export interface DayQuota {
  readonly requests: number;
  readonly per: "day";
  /** Time of the reset in the provider's time zone, as `09:00`; by default its midnight. */
  readonly resetsAt: string;
  /** The bulk is spread over what is left of the day, instead of going as fast as all else allows; by default not. */
  readonly spread: boolean;
  /** Share of the requests that is kept for the express lane and for probes; 5 % by default. */
  readonly reserve: number;
}

/** The most starts that a provider takes in a period. Retries and probes are starts, too. */
export type Quota = SlidingQuota | DayQuota;

/** A quota as the data file has it. */
export type QuotaInput = SlidingQuota | (Pick<DayQuota, "requests" | "per"> & Partial<DayQuota>);

/** Most requests of a quota: beyond any provider's, and small enough to be added up exactly. */
const REQUESTS_MAX = 100_000_000;
/** The largest reserve: something must be left for the bulk. */
const RESERVE_MAX = 0.9;

const requests = wholeNumber(1, REQUESTS_MAX);
const ofDaysOnly = z.exactOptional(z.never("is for a quota per day only"));
const periodError = 'must be "second", "minute", "hour" or "day"';

const sliding = z.strictObject({
  requests,
  per: z.enum(SLIDING_PERIODS),
  resetsAt: ofDaysOnly,
  spread: ofDaysOnly,
  reserve: ofDaysOnly,
});

const ofDays = {
  resetsAt: z
    .string("must be a time of day, from 00:00 to 23:59")
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day, from 00:00 to 23:59"),
  spread: z.boolean("must be true or false"),
  reserve: number(0, RESERVE_MAX),
};

const day = z.strictObject({ requests, per: z.literal("day") });

function listOf<Each extends Quota | QuotaInput>(each: z.ZodType<Each>): z.ZodType<readonly Each[]> {
  return z
    .array(each, "must be a list of quotas")
    .min(1, "must be a list of at least one quota")
    .refine(
      (quotas) => new Set(quotas.map(({ per }) => per)).size === quotas.length,
      "must name each period once",
    );
}

/** The quotas of a complete provider. */
export const quotasSchema: z.ZodType<readonly Quota[]> = listOf<Quota>(
  z.discriminatedUnion("per", [sliding, day.extend(ofDays)], periodError) as z.ZodType<Quota>,
);

/** The quotas of a data file. */
export const quotasInputSchema: z.ZodType<readonly QuotaInput[]> = listOf<QuotaInput>(
  z.discriminatedUnion(
    "per",
    [
      sliding,
      day.extend({
        resetsAt: z.exactOptional(ofDays.resetsAt),
        spread: z.exactOptional(ofDays.spread),
        reserve: z.exactOptional(ofDays.reserve),
      }),
    ],
    periodError,
  ) as z.ZodType<QuotaInput>,
);

const DAY_DEFAULTS = { resetsAt: "00:00", spread: false, reserve: 0.05 } as const;

/** Fills in what a data file leaves out. */
export function quotaWithDefaults(quota: QuotaInput): Quota {
  return quota.per === "day" ? { ...DAY_DEFAULTS, ...quota } : quota;
}

/** Starts of a day that the bulk may make: all but the reserve, which is rounded down. */
export function bulkRequestsOf({ requests: all, reserve }: DayQuota): number {
  return all - Math.floor(all * reserve);
}

const DAY_MS = 24 * 3_600_000;

/** Time between two starts of the bulk that quotas space out evenly, without room for what is uncertain, in ms; 0 if none does. */
export function evenIntervalMs(quotas: readonly Quota[]): number {
  return Math.max(0, ...quotas.map(evenIntervalOf));
}

function evenIntervalOf(quota: Quota): number {
  if (quota.per !== "day") return SLIDING_PERIOD_MS[quota.per] / quota.requests;
  return quota.spread ? DAY_MS / bulkRequestsOf(quota) : 0;
}
