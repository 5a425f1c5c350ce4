import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import type { ValveSettings } from "../ports/valve.ts";

/** What is remembered of one valve, so that many processes turn it as one. */
export interface ValveNotes {
  /** What was last seen in force or accepted, and when; absent before the first time. */
  readonly applied?: { readonly settings: ValveSettings; readonly atMs: number };
  /** When settings were last changed on purpose. */
  readonly turnedAtMs?: number;
  /** The epoch whose wish that was: one of an earlier epoch may come late. */
  readonly epoch?: number;
  /** Since when other settings than the applied ones are wanted; absent while they agree. */
  readonly wantedSinceMs?: number;
  /** Who is turning the valve now, and until when nobody else may. */
  readonly lease?: { readonly holderId: string; readonly untilMs: number };
}

const settingsSchema = z.object({
  isEnabled: z.boolean(),
  batchSize: z.int().min(1).max(10),
  maximumConcurrency: z.int().min(1).max(1_000),
});

const notesSchema: z.ZodType<ValveNotes> = z.object({
  applied: z.exactOptional(z.object({ settings: settingsSchema, atMs: z.number() })),
  turnedAtMs: z.exactOptional(z.number()),
  epoch: z.exactOptional(z.int().min(0)),
  wantedSinceMs: z.exactOptional(z.number()),
  lease: z.exactOptional(z.object({ holderId: z.string(), untilMs: z.number() })),
});

/** Parses stored notes. @throws StoredRowInvalid */
export function parseValveNotes(stored: unknown): ValveNotes {
  const parsed = notesSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new StoredRowInvalid(JSON.stringify(stored), z.prettifyError(parsed.error));
}
