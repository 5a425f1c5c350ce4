import type { Provider } from "@sluice/core/provider";
import { type WakerDeps, wake, wakerTimeoutMsOf } from "@sluice/core/waker";
import type { Meter } from "../billing/meter.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";

/** Dependencies of {@link startWakers}. */
export interface WakersDeps {
  readonly clock: VirtualClock;
  readonly meter: Meter;
  readonly provider: Provider;
  readonly everyMs: number;
  /** Starts the n-th execution environment, from 0 on: a round may outlast the next one's start. */
  start(index: number): WakerDeps;
}

/** Lets the waker make its rounds, from `firstAtMs` on. */
export function startWakers(deps: WakersDeps, firstAtMs: number): void {
  const { clock, meter, everyMs } = deps;
  const timeoutMs = wakerTimeoutMsOf(deps.provider);
  const free: WakerDeps[] = [];
  let startedCount = 0;

  function acquire(): WakerDeps {
    const known = free.pop();
    if (known !== undefined) return known;
    startedCount += 1;
    return deps.start(startedCount - 1);
  }

  async function makeRound(): Promise<void> {
    const waker = acquire();
    const startedAtMs = clock.nowMs();
    meter.scheduledInvocations += 1;
    meter.lambda.waker.requests += 1;
    await wake(waker, waker.clock.nowMs() + timeoutMs);
    meter.lambda.waker.durationMs += clock.nowMs() - startedAtMs;
    free.push(waker);
  }

  function at(atMs: number): void {
    clock.at(atMs, () => {
      void makeRound();
      at(atMs + everyMs);
    });
  }

  at(firstAtMs);
}
