/**
 * The time after which an idle connection is given up: before AWS's servers do, which S3's do after twenty seconds. A call
 * on a connection that its server has just closed gets no answer, and one that must not be repeated is lost by that.
 * https://github.com/vectordotdev/vector/pull/9703
 */
const IDLE_MAX_MS = 10_000;

/** Options of an agent that keeps its connections for the next call; it cuts none on which an answer is awaited. */
export function keptAlive(idleMaxMs: number = IDLE_MAX_MS): {
  readonly keepAlive: true;
  readonly timeout: number;
} {
  return { keepAlive: true, timeout: idleMaxMs };
}
