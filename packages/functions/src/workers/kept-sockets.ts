import type { Agent, AgentOptions } from "node:http";

/** Time without a call after which a connection is given up: the usual servers end theirs after five seconds or more. */
const IDLE_MAX_MS = 4_000;

/**
 * Options of an agent: one worker runs one call at a time, and the connection stays open for the next. If the provider
 * names a shorter time in `Keep-Alive`, Node ends it a second before that.
 */
export const KEPT_OPEN: AgentOptions = { keepAlive: true, maxSockets: 1, timeout: IDLE_MAX_MS };

let lastUsedAtMs = 0;

/** Notes that a connection has just been used. */
export function noteUse(): void {
  lastUsedAtMs = Date.now();
}

/**
 * Ends the connections of an agent if they have been idle for too long. Its own timer does not: between two calls Lambda
 * freezes the process, and the next call comes before any timer.
 */
export function endIdleSockets({ freeSockets }: Pick<Agent, "freeSockets">): void {
  if (Date.now() - lastUsedAtMs < IDLE_MAX_MS) return;
  for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
}
