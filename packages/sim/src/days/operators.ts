import { Unreachable } from "@sluice/core/errors";
import { force, hold, type OrderAnswer, pin, resume, type SteeringDeps } from "@sluice/core/operator";
import { createLifeline } from "../world/lifeline.ts";
import { streamOf } from "../world/streams.ts";
import type { DayParts } from "./day-parts.ts";
import { environmentName } from "./environment-name.ts";
import type { Fault } from "./story.ts";
import { wireEnvironment } from "./wire-environment.ts";

/** A fault that is an order of an operator's. */
export type OrderFault = Extract<Fault, { readonly kind: "hold" | "pin" | "force" }>;

/** An operator whom the table does not answer tries again after this time, as does one who waits for an outage. */
const AGAIN_MS = 30_000;
/** An operator gives up after this time: a hold can't be ended by anybody else. */
const TRIES_MAX = 400;

/** Makes the operators of a day, each order one's with a process of its own. */
export function createOperators(parts: DayParts): (fault: OrderFault) => void {
  const { clock, story, startMs, faults } = parts;
  const random = streamOf(story.seed, "operators");
  let count = 0;

  function operator(diesAfterMs?: number): SteeringDeps {
    const lifeline = createLifeline(clock, (random.next() - 0.5) * story.skewMs);
    if (diesAfterMs !== undefined) clock.at(clock.nowMs() + diesAfterMs, lifeline.kill);
    const name = environmentName("operator", count);
    count += 1;
    const provider = parts.provider();
    const crash = () => {};
    const invokeWorker = () => Promise.reject(new TypeError("an operator starts no worker"));
    return wireEnvironment(parts, { name, role: "operator", provider, lifeline, crash, invokeWorker });
  }

  async function insist(order: () => Promise<OrderAnswer>, kind: OrderFault["kind"], untilMs: number) {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      try {
        const answer = await order();
        if (answer.kind === "ordered") return faults.struck(kind);
        if (answer.reason !== "not-open") return;
      } catch (thrown) {
        if (!(thrown instanceof Unreachable)) {
          parts.emit({ kind: "threw", where: kind, error: String(thrown) });
          return;
        }
      }
      if (clock.nowMs() + AGAIN_MS >= untilMs) return;
      await clock.sleep(AGAIN_MS);
    }
  }

  return (fault) => {
    const { kind, untilMinute } = fault;
    const untilMs = Math.floor(startMs + untilMinute * 60_000);
    const deps = operator(fault.diesAfterMs);
    void insist(() => give(fault, untilMs, deps), kind, untilMs);
    if (kind === "force" || !fault.isResumed) return;
    clock.at(untilMs, () => {
      const other = operator();
      const end = () => resume({ by: "the next shift", reason: "the end", ends: [kind] }, other);
      void insist(end, kind, Number.POSITIVE_INFINITY);
    });
  };
}

function give(fault: OrderFault, untilMs: number, deps: SteeringDeps): Promise<OrderAnswer> {
  const author = { by: "an operator", reason: "the story says so" };
  const nowMs = deps.clock.nowMs();
  switch (fault.kind) {
    case "hold": {
      const end = fault.isResumed ? ({ forMs: "ever" } as const) : { untilMs };
      const aheadMs = Math.floor(fault.aheadMinutes * 60_000);
      return hold({ ...author, ...end, ...(aheadMs > 0 && { fromMs: nowMs + aheadMs }) }, deps);
    }
    case "pin": {
      const end = fault.isResumed ? ({ forMs: "ever" } as const) : { untilMs };
      return pin({ ...author, limit: fault.limit, ...end }, deps);
    }
    case "force":
      return force({ ...author, limit: fault.limit, untilMs: Math.min(untilMs, nowMs + 3_600_000) }, deps);
  }
}
