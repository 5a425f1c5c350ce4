import type { Rule, RuleContext } from "./rule.ts";

/** Time for which a deploy's larger X may still be in force: environments of the version before end within it. */
const OLD_VERSION_MS = 20 * 60_000;

/** Rule 1: never more than X requests in flight; after a deploy that changes X, never more than the larger one. */
export function boundRule({ story, startMs }: RuleContext): Rule {
  const limits = [{ fromMs: startMs, maxConcurrency: story.contract.maxConcurrency }];

  function allowedAt(nowMs: number): number {
    const [current = limits[0], ...earlier] = limits.toReversed();
    let allowed = current?.maxConcurrency ?? 0;
    let replacedAtMs = current?.fromMs ?? 0;
    for (const { maxConcurrency, fromMs } of earlier) {
      if (nowMs - replacedAtMs <= OLD_VERSION_MS) allowed = Math.max(allowed, maxConcurrency);
      replacedAtMs = fromMs;
    }
    return allowed;
  }

  return {
    name: "bound",
    see(event) {
      if (event.kind === "deployed") {
        limits.push({ fromMs: event.atMs, maxConcurrency: event.provider.maxConcurrency });
      }
      if (event.kind !== "started" || event.inFlightCount <= allowedAt(event.atMs)) return undefined;
      const { recordId, inFlightCount } = event;
      return { what: `${inFlightCount} requests in flight, ${allowedAt(event.atMs)} are allowed`, recordId };
    },
  };
}
