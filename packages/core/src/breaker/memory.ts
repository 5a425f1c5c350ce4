import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import { type Evidence, evidenceSchema, NO_EVIDENCE } from "../law/evidence.ts";
import type { ControlState, Law, LawConfig } from "../law/law.ts";
import type { StoredBreaker } from "../ports/breaker-store.ts";

/** What the breaker remembers between two looks. */
export interface BreakerMemory<State extends ControlState = ControlState> {
  /** The law's own state. */
  readonly law: State;
  /** What of the current epoch's evidence the law has already seen, over all shards. */
  readonly counted: Evidence;
  readonly lookedAtMs: number;
}

/** Remembered, and the version that a commit must name; 0: nothing was ever stored. */
export interface StoredMemory<State extends ControlState = ControlState> {
  readonly memory: BreakerMemory<State>;
  readonly version: number;
  /** Why what is stored could not be read, if it couldn't: the memory then begins afresh, and a commit replaces it. */
  readonly unreadable?: string;
}

const memorySchema = z.object({ law: z.unknown(), counted: evidenceSchema, lookedAtMs: z.number() });

/**
 * Reads what was stored, or begins afresh: also where it can't be read, because another version has written it. A
 * breaker that stood still until someone mended the row would be worse than one that learns anew.
 */
export function parseMemory<State extends ControlState>(
  stored: StoredBreaker | undefined,
  law: Law<State>,
  config: LawConfig,
  nowMs: number,
): StoredMemory<State> {
  const afresh = { law: law.initial(config, nowMs), counted: NO_EVIDENCE, lookedAtMs: 0 };
  if (stored === undefined) return { memory: afresh, version: 0 };
  const { version } = stored;
  const parsed = memorySchema.safeParse(stored.state);
  if (!parsed.success) return { memory: afresh, version, unreadable: z.prettifyError(parsed.error) };
  try {
    const { counted, lookedAtMs } = parsed.data;
    return { memory: { law: law.parse(parsed.data.law), counted, lookedAtMs }, version };
  } catch (thrown) {
    if (!(thrown instanceof StoredRowInvalid)) throw thrown;
    return { memory: afresh, version, unreadable: thrown.message };
  }
}
