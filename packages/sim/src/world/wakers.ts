import type { Provider } from "@sluice/core/provider/provider";
import type { WakerDeps } from "@sluice/core/waker/deps";
import { wake } from "@sluice/core/waker/wake";
import type { Meter } from "../billing/meter.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";

/** The waker's Lambda lives so long, and longer only where a call to the provider would not fit. */
export const WAKER_TIMEOUT_MS = 60_000;
/** What a probe needs beside its call and the usual margin: receive, decide, turn the valve. */
const PROBE_EXTRA_MS = 10_000;

/** What the waker's rounds work with. */
export interface WakersDeps {
  readonly clock: VirtualClock;
  readonly meter: Meter;
  readonly provider: Provider;
  readonly everyMs: number;
  /** Starts the n-th execution environment, from 0 on: a round may outlast the next one's start. */
  start(index: number): WakerDeps;
}

/** Lets the waker make its rounds, the first one at an instant. */
export function startWakers(deps: WakersDeps, firstAtMs: number): void {
  const { clock, meter, everyMs } = deps;
  const timeoutMs = wakerTimeoutMs(deps.provider);
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

/** How long a waker of this provider may live. */
export function wakerTimeoutMs({ worker, ventilator }: Provider): number {
  return Math.max(WAKER_TIMEOUT_MS, worker.timeoutMs + ventilator.marginMs + PROBE_EXTRA_MS);
}
