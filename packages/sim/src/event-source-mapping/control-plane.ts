import type { Clock } from "@sluice/core/ports";
import { type MappingRefusal, refused } from "./mapping-outcome.ts";

/**
 * Requests per second that Lambda's control plane takes of one account, in one region: most of its calls together, by
 * whomever. It can't be raised.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const CONTROL_PLANE_REQUESTS_PER_SECOND = 15;

/** The door of an account's control plane. */
export interface ControlPlane {
  /** Lets a request in, or refuses it; one that is refused counts for nothing. */
  admit(): MappingRefusal | undefined;
}

/** Lets in so many requests in any second. How AWS counts bursts is not documented. */
export function createControlPlane(
  clock: Clock,
  requestsPerSecond: number = CONTROL_PLANE_REQUESTS_PER_SECOND,
): ControlPlane {
  const admittedAtMs: number[] = [];
  return {
    admit() {
      const nowMs = clock.nowMs();
      while (admittedAtMs[0] !== undefined && admittedAtMs[0] <= nowMs - 1_000) admittedAtMs.shift();
      if (admittedAtMs.length >= requestsPerSecond)
        return refused("TooManyRequestsException", "Rate exceeded");
      admittedAtMs.push(nowMs);
      return undefined;
    },
  };
}
