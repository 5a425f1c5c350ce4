import { Unreachable } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { CallLimits } from "./call-limits.ts";
import type { RunStop } from "./run-stop.ts";

/** Everything that a store is reached with. */
export interface ReachDeps {
  /** Time to wait for an unreachable store. */
  readonly giveUpAfterMs: number;
  readonly stop: RunStop;
  readonly limits: CallLimits;
  readonly clock: Clock;
  readonly random: Random;
}

const RETRY_BACK_OFF = { firstMs: 200, maxMs: 5_000 };
/** Longer than the AWS SDK's own tries take together. */
const CALL_TIMEOUT_MS = 20_000;

/** The port, each call of which is repeated while its service is unreachable, until the run gives it up or stops. */
export function reachPort<Port extends object>(service: string, port: Port, deps: ReachDeps): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => reach(service, async () => Reflect.apply(member, target, given), deps);
    },
  });
}

async function reach<T>(
  service: string,
  call: () => Promise<T>,
  { giveUpAfterMs, stop, limits, clock, random }: ReachDeps,
): Promise<T> {
  const giveUpAtMs = clock.nowMs() + giveUpAfterMs;
  for (let tries = 1; ; tries += 1) {
    if (stop.signal.aborted) throw stop.signal.reason;
    try {
      return await limits.keep(CALL_TIMEOUT_MS, call, service);
    } catch (thrown) {
      const leftMs = giveUpAtMs - clock.nowMs();
      if (!(thrown instanceof Unreachable) || leftMs <= 0) throw thrown;
      await clock.sleep(Math.min(leftMs, backOffMs(RETRY_BACK_OFF, tries, random)), stop.signal);
    }
  }
}
