import { createContractsInForce } from "./contracts-in-force.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** Rule 1: never more than X requests in flight; after a deploy that changes X, never more than the larger one. */
export function boundRule({ story }: RuleContext): Rule {
  const limits = createContractsInForce(story.contract.maxConcurrency);
  return {
    name: "bound",
    see(event) {
      if (event.kind === "deployed") limits.deploy(event.provider.maxConcurrency, event.atMs);
      if (event.kind !== "started") return undefined;
      const { recordId, inFlightCount } = event;
      const allowed = Math.max(...limits.at(event.atMs));
      if (inFlightCount <= allowed) return undefined;
      return { what: `${inFlightCount} requests in flight, ${allowed} are allowed`, recordId };
    },
  };
}
