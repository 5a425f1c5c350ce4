import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import type { ControlState } from "../law/control.ts";
import { type Evidence, evidenceSchema, NO_EVIDENCE } from "../law/evidence.ts";
import type { Law } from "../law/law.ts";
import { type LawConfig, lawConfigOf } from "../law/law-config.ts";
import type { StoredBreaker } from "../ports/breaker-store.ts";
import type { BreakerDeps } from "./breaker-deps.ts";

/** The breaker's memory between two looks. */
export interface BreakerMemory<State extends ControlState = ControlState> {
  /** The law's own state. */
  readonly law: State;
  /** Evidence of the current epoch that the law has already seen, over all shards. */
  readonly counted: Evidence;
  /** Evidence of all epochs before this one, as far as it was seen before the next one began. */
  readonly earlier: Evidence;
  readonly lookedAtMs: number;
}

/** A memory, and the version that a commit must name; 0: nothing was ever stored. */
export interface StoredMemory<State extends ControlState = ControlState> {
  readonly memory: BreakerMemory<State>;
  readonly version: number;
  /** Cause of an unreadable stored value: the memory then begins afresh, and a commit replaces it. */
  readonly unreadable?: string;
}

const memorySchema = z.object({
  law: z.unknown(),
  counted: evidenceSchema,
  earlier: evidenceSchema.default(NO_EVIDENCE),
  lookedAtMs: z.number(),
});

/**
 * Parses a stored value, or begins afresh: also where it can't be read, because another version has written
 * it. A breaker that stood still until the row was mended would be worse than one that learns anew.
 */
export function parseMemory<State extends ControlState>(
  stored: StoredBreaker | undefined,
  law: Law<State>,
  config: LawConfig,
  nowMs: number,
): StoredMemory<State> {
  const afresh = {
    law: law.initial(config, nowMs),
    counted: NO_EVIDENCE,
    earlier: NO_EVIDENCE,
    lookedAtMs: 0,
  };
  if (stored === undefined) return { memory: afresh, version: 0 };
  const { version } = stored;
  const parsed = memorySchema.safeParse(stored.memory);
  if (!parsed.success) return { memory: afresh, version, unreadable: z.prettifyError(parsed.error) };
  try {
    const { law: state, ...seen } = parsed.data;
    return { memory: { law: law.parse(state), ...seen }, version };
  } catch (thrown) {
    if (!(thrown instanceof StoredRowInvalid)) throw thrown;
    return { memory: afresh, version, unreadable: thrown.message };
  }
}

/** Reads the memory that all processes share.
 * @throws Unreachable; StoredRowInvalid if the row has no version or no JSON */
export async function readMemory({
  store,
  law,
  provider,
  clock,
  log,
}: Pick<BreakerDeps, "store" | "law" | "provider" | "clock" | "log">): Promise<StoredMemory> {
  const stored = parseMemory(await store.read(), law, lawConfigOf(provider), clock.nowMs());
  const { unreadable } = stored;
  if (unreadable !== undefined) {
    log.error("the breaker's state can't be read, it begins afresh", { unreadable });
  }
  return stored;
}
