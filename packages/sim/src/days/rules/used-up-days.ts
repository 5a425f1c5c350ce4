import type { Provider } from "@sluice/core/provider";
import { quotaDayAt } from "@sluice/core/steering/quotas";
import type { ShutSpan } from "./shut-valve.ts";

/** The rest of a day whose quota the bulk has used up, by what the provider has seen. */
export interface UsedUpDays {
  /** Counts a start; answers with the rest of its day if the bulk can't have another one. */
  started(atMs: number): ShutSpan | undefined;
}

/** Starts with nothing counted. */
export function createUsedUpDays({
  quotas = [],
  timeZone,
}: Pick<Provider, "quotas" | "timeZone">): UsedUpDays {
  const daily = quotas.find((quota) => quota.per === "day");
  let today = "";
  let count = 0;
  let usedUp: ShutSpan | undefined;
  return {
    started(atMs) {
      if (daily === undefined) return undefined;
      const { name, endsAtMs } = quotaDayAt(timeZone, daily, atMs);
      if (name !== today) {
        [today, count, usedUp] = [name, 0, undefined];
      }
      count += 1;
      if (count >= daily.requests * (1 - daily.reserve)) usedUp ??= { fromMs: atMs, untilMs: endsAtMs };
      return usedUp;
    },
  };
}
