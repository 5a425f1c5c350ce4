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

/** Open until an instant; the valve is shut meanwhile. */
export function openControl(probeAtMs: number, epoch = 0): OpenControl {
  return { phase: "open", limit: 1, target: 1, epoch, probeAtMs, isValveKept: false };
}

/** Parses a stored state of the law `name`. @throws StoredRowInvalid */
export function parseState<State>(schema: z.ZodType<State>, name: string, stored: unknown): State {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(stored), `no state of ${name}: ${z.prettifyError(parsed.error)}`);
}
