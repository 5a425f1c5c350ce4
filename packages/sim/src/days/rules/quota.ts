import { parseProvider, type Quota, SLIDING_PERIOD_MS } from "@sluice/core/provider";
import { quotaDayAt } from "@sluice/core/steering/quotas";
import type { Rule, RuleContext } from "./rule.ts";

/** Counts the starts of one quota's present period; true if the one at this instant is one too many. */
type Count = (atMs: number) => boolean;

/** Rule 9: in no period of a quota does the provider see more starts than it allows, of any kind. */
export function quotaRule({ story }: RuleContext): Rule {
  const { quotas = [], timeZone } = parseProvider(story.contract, "of the story");
  const counts = quotas.map((quota) => ({ quota, exceeds: countOf(quota, timeZone) }));

  return {
    name: "quota",
    see(event) {
      if (event.kind !== "started") return undefined;
      const exceeded = counts.filter(({ exceeds }) => exceeds(event.atMs)).map(({ quota }) => quota);
      const [first] = exceeded;
      if (first === undefined) return undefined;
      return {
        what: `more than ${first.requests} requests were started in a ${first.per}`,
        recordId: event.recordId,
      };
    },
  };
}

function countOf(quota: Quota, timeZone: string): Count {
  if (quota.per === "day") {
    let day = "";
    let count = 0;
    return (atMs) => {
      const { name } = quotaDayAt(timeZone, quota, atMs);
      count = name === day ? count + 1 : 1;
      day = name;
      return count > quota.requests;
    };
  }
  /** The last starts, as many as a period may have, in a ring. */
  const starts: number[] = [];
  let next = 0;
  return (atMs) => {
    const earlierMs = starts[next];
    starts[next] = atMs;
    next = (next + 1) % quota.requests;
    return earlierMs !== undefined && atMs - earlierMs < SLIDING_PERIOD_MS[quota.per];
  };
}
