import { StoredRowInvalid } from "@sluice/core/errors";
import type { ClosedControl, OpenControl } from "@sluice/core/law";
import * as z from "zod";

/** The control of a law that never probes. */
export type UnprobedControl = ClosedControl | OpenControl;

const limit = z.int().min(1);
const common = { limit, epoch: z.int().min(0), target: limit };

/** The stored form of {@link UnprobedControl}. */
export const controlSchema: z.ZodType<UnprobedControl> = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("closed"), ...common }),
  z.object({ phase: z.literal("open"), ...common, probeAtMs: z.number(), isValveKept: z.boolean() }),
]);

/** Closed at a limit, and no other one is expected soon. */
export function closedControl(limit: number, epoch = 0): ClosedControl {
  return { phase: "closed", limit, target: limit, epoch };
}

/**
 * Time for which a tripped breaker stays open: `DEFAULT_WAIT_DURATION_IN_OPEN_STATE` of resilience4j
 * (https://github.com/resilience4j/resilience4j, commit af9e7c9, `CircuitBreakerConfig.java`), and the usual
 * one of other breakers, too.
 */
export const OPEN_MS = 60_000;

/**
 * Open until an instant.
 * @param target the limit for which the valve stays open meanwhile; left out: it is shut
 */
export function openControl(probeAtMs: number, target?: number): OpenControl {
  const isValveKept = target !== undefined;
  return { phase: "open", limit: 1, target: target ?? 1, epoch: 0, probeAtMs, isValveKept };
}

/** Parses a stored state of the law `name`. @throws StoredRowInvalid */
export function parseState<State>(schema: z.ZodType<State>, name: string, stored: unknown): State {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(stored), `no state of ${name}: ${z.prettifyError(parsed.error)}`);
}
