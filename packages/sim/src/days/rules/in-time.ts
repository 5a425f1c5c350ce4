import type { Rule, RuleContext } from "./rule.ts";

/** No part throws where it promises not to, and each answers before Lambda stops it, unless it was frozen. */
export function inTimeRule({ story }: RuleContext): Rule {
  const isFrozen = story.faults.some(({ kind }) => kind === "freeze");
  return {
    name: "in-time",
    see(event) {
      if (event.kind === "threw") return { what: `${event.where} threw: ${event.error}` };
      if (event.kind !== "died" || event.errorType !== "Sandbox.Timedout" || event.role === "worker")
        return undefined;
      return isFrozen ? undefined : { what: `${event.environment} was stopped at its time-out` };
    },
  };
}
