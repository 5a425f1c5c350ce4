import type { Gate } from "../permits/gate.ts";
import type { VentilatorDeps } from "./deps.ts";

/** A gate that is shut. */
export type ShutGate = Extract<Gate, { kind: "shut" }>;

/** A gate that is held shut. @param reopensAtMs left out: nobody knows */
export function shutGate(reopensAtMs: number | undefined): ShutGate {
  return { kind: "shut", reason: "held", ...(reopensAtMs !== undefined && { reopensAtMs }) };
}

/** Spread of the messages that come back when a gate reopens, so that they do not all at once. */
export const REOPENING_SPREAD_MS = 3_000;
/** Wait of a message where the gate may reopen any moment: when the probe under way is answered. */
const PROBING_MS = 15_000;
/**
 * Longest wait of a message that an operator's hold keeps back, who may end it at any time: one that is hidden until the
 * end that he had in mind would not come before. Behind the valve, which is shut by then, it costs nothing.
 */
const ORDERED_MAX_MS = 2 * 60_000;
/** The same at any other shut gate: a deploy may change the windows or quotas that shut it. */
const SHUT_MAX_MS = 15 * 60_000;

/** The wait of a record that a shut gate keeps back, in ms: until the gate may open, or is worth another look. */
export function untilReopenedMs(
  { reason, reopensAtMs, mayOpenSooner }: ShutGate,
  { clock, random }: Pick<VentilatorDeps, "clock" | "random">,
): number {
  const shutForMs = Math.max(0, (reopensAtMs ?? 0) - clock.nowMs());
  // The end of a hold has come; that of a trip's wait only means that somebody probes.
  const isOpen = reason === "held" && reopensAtMs !== undefined;
  if (shutForMs === 0 && !isOpen) return PROBING_MS * (1 + random.next());
  const waitMs = Math.min(shutForMs, mayOpenSooner ? ORDERED_MAX_MS : SHUT_MAX_MS);
  return waitMs + REOPENING_SPREAD_MS * random.next();
}
