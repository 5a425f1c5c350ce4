import * as z from "zod";
import { BATCH_SIZE_MAX, MAXIMUM_CONCURRENCY_MAX } from "../aws-bounds.ts";
import { parseStored } from "../parsing/parse-stored.ts";
import type { ValveSettings } from "../ports/valve.ts";

/** The memory of one valve, so that many processes turn it as one. */
export interface ValveNotes {
  /** The settings that were last seen in force or accepted, and the instant; absent before the first time. */
  readonly applied?: { readonly settings: ValveSettings; readonly atMs: number };
  /** The instant of the last change on purpose. */
  readonly turnedAtMs?: number;
  /** The settings before it; absent in notes of versions that kept none. */
  readonly turnedFrom?: ValveSettings;
  /** The epoch of that change's settings: those of an earlier epoch may come late. */
  readonly epoch?: number;
  /** The instant from which other settings than the applied ones are wanted; absent while they agree. */
  readonly wantedSinceMs?: number;
  /** The end of the lane's wait for a quota, as the waker told it last; absent if it does not wait. */
  readonly quotaHeldUntilMs?: number;
  /** The process that is turning the valve, and the end of its turn. */
  readonly lease?: { readonly holderId: string; readonly untilMs: number };
}

const settingsSchema = z.object({
  isEnabled: z.boolean(),
  batchSize: z.int().min(1).max(BATCH_SIZE_MAX),
  // A mapping that was set up by hand may have fewer than AWS takes today.
  maximumConcurrency: z.int().min(1).max(MAXIMUM_CONCURRENCY_MAX),
});

const notesSchema: z.ZodType<ValveNotes> = z.object({
  applied: z.exactOptional(z.object({ settings: settingsSchema, atMs: z.number() })),
  turnedAtMs: z.exactOptional(z.number()),
  turnedFrom: z.exactOptional(settingsSchema),
  epoch: z.exactOptional(z.int().min(0)),
  wantedSinceMs: z.exactOptional(z.number()),
  quotaHeldUntilMs: z.exactOptional(z.number()),
  lease: z.exactOptional(z.object({ holderId: z.string(), untilMs: z.number() })),
});

/** Parses stored notes. @throws StoredRowInvalid */
export function parseValveNotes(stored: unknown): ValveNotes {
  return parseStored(notesSchema, stored);
}

/** Notes with the instant from which the wanted settings differ from those in force. */
export function withWanted(
  notes: ValveNotes,
  wanted: ValveSettings,
  nowMs: number,
  inForce: ValveSettings | undefined,
): ValveNotes {
  const { wantedSinceMs = nowMs, ...rest } = notes;
  return inForce !== undefined && isSame(inForce, wanted) ? rest : { ...rest, wantedSinceMs };
}

/** Notes with the end of the lane's wait for a quota: what is told now, or else what was told before. */
export function withQuotaHold(notes: ValveNotes, toldUntilMs: number | undefined, nowMs: number): ValveNotes {
  const { quotaHeldUntilMs, ...rest } = notes;
  const untilMs = toldUntilMs ?? quotaHeldUntilMs ?? 0;
  return untilMs > nowMs + QUOTA_HOLD_MIN_MS ? { ...rest, quotaHeldUntilMs: untilMs } : rest;
}

/** A shorter wait shuts no valve, and is not worth a note. */
const QUOTA_HOLD_MIN_MS = 30_000;

/** Notes with the settings that were seen in force. */
export function withApplied(notes: ValveNotes, settings: ValveSettings, atMs: number): ValveNotes {
  const isKnown = notes.applied !== undefined && isSame(notes.applied.settings, settings);
  return isKnown ? notes : { ...notes, applied: { settings, atMs } };
}

/** Notes with the settings and the epoch of an accepted update. */
export function withTurned(
  { wantedSinceMs: _, ...rest }: ValveNotes,
  turned: { readonly from: ValveSettings; readonly to: ValveSettings },
  epoch: number,
  atMs: number,
): ValveNotes {
  const { from: turnedFrom, to: settings } = turned;
  return { ...rest, applied: { settings, atMs }, turnedAtMs: atMs, turnedFrom, epoch };
}

function isSame(one: ValveSettings, other: ValveSettings): boolean {
  return (
    one.isEnabled === other.isEnabled &&
    one.batchSize === other.batchSize &&
    one.maximumConcurrency === other.maximumConcurrency
  );
}
