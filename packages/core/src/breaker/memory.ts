import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import type { StoredBreaker } from "../ports/breaker-store.ts";
import { type Evidence, evidenceSchema, NO_EVIDENCE } from "./evidence.ts";
import type { Governed, Law, LawConfig } from "./law.ts";

/** What the breaker remembers between two looks. */
export interface BreakerMemory<State extends Governed = Governed> {
  /** The law's own state. */
  readonly law: State;
  /** What of the current epoch's evidence the law has already seen, over all shards. */
  readonly counted: Evidence;
  readonly lookedAtMs: number;
}

/** Remembered, and the version that a commit must name; 0: nothing was ever stored. */
export interface Remembered<State extends Governed = Governed> {
  readonly memory: BreakerMemory<State>;
  readonly version: number;
}

const memorySchema = z.object({ law: z.unknown(), counted: evidenceSchema, lookedAtMs: z.number() });

/** Reads what was stored, or begins afresh. @throws StoredRowInvalid */
export function remember<State extends Governed>(
  stored: StoredBreaker | undefined,
  law: Law<State>,
  config: LawConfig,
  nowMs: number,
): Remembered<State> {
  if (stored === undefined) {
    return {
      memory: { law: law.initial(config, nowMs), counted: NO_EVIDENCE, lookedAtMs: 0 },
      version: 0,
    };
  }
  const parsed = memorySchema.safeParse(stored.state);
  if (!parsed.success) {
    throw new StoredRowInvalid(JSON.stringify(stored.state), z.prettifyError(parsed.error));
  }
  const { counted, lookedAtMs } = parsed.data;
  return { memory: { law: law.parse(parsed.data.law), counted, lookedAtMs }, version: stored.version };
}
