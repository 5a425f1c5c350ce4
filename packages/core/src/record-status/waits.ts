import type { Snapshot } from "../ports/history-store.ts";
import type { Lane } from "../provider/lane.ts";

/**
 * A reason for which a record is not started now, with its end as far as it is known. `back-off`: it has failed, and comes
 * again; its end is the latest instant. `breaker`: the provider is in trouble; the end is the next probe's. `environment`:
 * Sluice's own side is. `retry-after`: the provider has asked to be left alone. `plan`: an operator holds it, or it is closed.
 * `quota`: it is used up. `queue`: others come first.
 */
export type Wait =
  | {
      readonly kind: "back-off" | "breaker" | "environment" | "retry-after" | "plan" | "quota";
      readonly untilMs?: number;
    }
  | { readonly kind: "queue"; readonly messageCount: number };

/** The reasons for which a provider's records wait, as the waker saw them last: at most a minute ago, if it is well. */
export function waitsOf(snapshot: Snapshot, lane: Lane, nowMs: number): readonly Wait[] {
  const { phase, environmentHold, probeAtMs, heldUntilMs, plannedUntilMs, quotaHeldUntilMs } = snapshot;
  const kind = environmentHold === undefined ? "breaker" : "environment";
  const breaker: Wait = { kind, ...(probeAtMs !== undefined && { untilMs: probeAtMs }) };
  const timed = [
    ["retry-after", heldUntilMs],
    ["plan", plannedUntilMs],
    ["quota", quotaHeldUntilMs?.[lane]],
  ] as const;
  const messageCount = messagesBefore(snapshot, lane);
  return [
    ...(phase === "closed" ? [] : [breaker]),
    ...timed.flatMap(([reason, untilMs]): Wait[] =>
      untilMs !== undefined && untilMs > nowMs ? [{ kind: reason, untilMs }] : [],
    ),
    ...(messageCount > 0 ? [{ kind: "queue", messageCount } as const] : []),
  ];
}

/** Messages that may come before one of a lane: express goes first. */
function messagesBefore({ queued }: Snapshot, lane: Lane): number {
  const { records, express } = queued;
  return lane === "express" ? express.visibleCount : express.visibleCount + records.visibleCount;
}
