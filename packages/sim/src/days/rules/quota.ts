import { type Provider, parseProvider, type Quota, SLIDING_PERIOD_MS } from "@sluice/core/provider";
import { quotaDayAt } from "@sluice/core/steering/quotas";
import type { DatedEvent } from "../day-event.ts";
import { createContractsInForce } from "./contracts-in-force.ts";
import type { Breach, Rule, RuleContext } from "./rule.ts";

/** Counts the starts of one quota's present period; true if the one at this instant is one too many. */
type Count = (atMs: number) => boolean;

/** The counts of a contract's quotas. */
type Counts = readonly { readonly quota: Quota; readonly exceeds: Count }[];

/**
 * Rule 9: in no period of a quota does the provider see more starts than it allows, of any kind; after a deploy that
 * changes the quotas, of either contract's.
 */
export function quotaRule({ story }: RuleContext): Rule {
  const contracts = createContractsInForce(countsOf(parseProvider(story.contract, "of the story")));
  const startsMs: number[] = [];

  function deploy(provider: Provider, nowMs: number): void {
    const counts = countsOf(provider);
    // Its quotas are about what was started before, too.
    for (const atMs of startsMs) exceededOf(counts, atMs);
    contracts.deploy(counts, nowMs);
  }

  function judge({ atMs, recordId }: Extract<DatedEvent, { kind: "started" }>): Breach | undefined {
    startsMs.push(atMs);
    const exceeded = new Map(contracts.all().map((counts) => [counts, exceededOf(counts, atMs)]));
    const inForce = contracts.at(atMs).map((counts) => exceeded.get(counts));
    const [first] = inForce;
    if (first === undefined || inForce.includes(undefined)) return undefined;
    return { what: `more than ${first.requests} requests were started in a ${first.per}`, recordId };
  }

  return {
    name: "quota",
    see(event) {
      if (event.kind === "deployed") deploy(event.provider, event.atMs);
      return event.kind === "started" ? judge(event) : undefined;
    },
  };
}

function countsOf({ quotas = [], timeZone }: Provider): Counts {
  return quotas.map((quota) => ({ quota, exceeds: countOf(quota, timeZone) }));
}

/** Counts a start; answers with the first quota that it exceeds. */
function exceededOf(counts: Counts, atMs: number): Quota | undefined {
  return counts.filter(({ exceeds }) => exceeds(atMs))[0]?.quota;
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
