import type { Random } from "@sluice/core/ports";
import type { VirtualClock } from "../../virtual-time/virtual-clock.ts";
import { isRepeatedBySdk, isThrottling, type SdkError, timeoutError } from "./sdk-error.ts";

/** One request of a client, as often as the SDK sends it. */
export interface SdkRequest {
  readonly service: Service;
  /** As in AWS's API, such as `UpdateItem`. */
  readonly operation: string;
}

/** A service of AWS as a client sees it; Lambda's calls of functions and those of its control plane fail apart. */
export type Service = "dynamodb" | "sqs" | "lambda" | "lambda-control" | "eventbridge";

/**
 * The fate of one sending of a request:
 * - `answered`: carried out and answered after `delayMs` more than usual;
 * - `refused`: not carried out, answered with an error;
 * - `failed`: carried out, answered with an error all the same, as a 500 may be;
 * - `lost`: carried out, but the connection breaks before the answer, after `afterMs` if that takes so long;
 * - `unheard`: neither carried out nor answered.
 */
export type SendingFate =
  | { readonly kind: "answered"; readonly delayMs: number }
  | { readonly kind: "refused" | "failed"; readonly error: SdkError }
  | { readonly kind: "lost"; readonly error: SdkError; readonly afterMs: number }
  | { readonly kind: "unheard" };

/** The parts that a client's calls work with. */
export interface SdkCallsDeps {
  readonly clock: VirtualClock;
  readonly random: Random;
  /** Sendings of one request, the first included: the SDK's `maxAttempts`. */
  readonly attemptsMax: number;
  /** Time after which a sending without an answer is given up; plus infinity if the client never does. */
  readonly giveUpAfterMs: number;
  /** Decides the fate of a sending. */
  fateOf(request: SdkRequest): SendingFate;
  /** Waits between two sendings; never ends where the client's process is dead. */
  pause(durationMs: number): Promise<void>;
}

/** Bounds of half the way to a service, in ms; a request takes two halves. */
const HALF_WAY_MIN_MS = 1;
const HALF_WAY_SPREAD_MS = 6;
/** Waits of the SDK's standard retries: @smithy/util-retry, constants.ts. */
const RETRY_FIRST_MS = 100;
const THROTTLED_FIRST_MS = 500;
const RETRY_MAX_MS = 20_000;

/**
 * Sends a request as the SDK does, again after errors that it takes for passing ones.
 * @param apply carries the request out, at the instant at which the service has it; throws what the service refuses
 * @throws SdkError the last sending's error
 */
export async function sendLikeSdk<T>(
  request: SdkRequest,
  apply: () => T | Promise<T>,
  deps: SdkCallsDeps,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await sendOnce(request, apply, deps);
    } catch (thrown) {
      const error = thrown as SdkError;
      const { random, attemptsMax } = deps;
      if (error.$metadata !== undefined) error.$metadata.attempts = attempts;
      if (attempts >= attemptsMax || error.$metadata === undefined || !isRepeatedBySdk(error)) throw thrown;
      const firstMs = isThrottling(error) ? THROTTLED_FIRST_MS : RETRY_FIRST_MS;
      await deps.pause(random.next() * Math.min(RETRY_MAX_MS, firstMs * 2 ** (attempts - 1)));
    }
  }
}

async function sendOnce<T>(request: SdkRequest, apply: () => T | Promise<T>, deps: SdkCallsDeps): Promise<T> {
  const { clock, random, giveUpAfterMs } = deps;
  const halfWayMs = () => HALF_WAY_MIN_MS + random.next() * HALF_WAY_SPREAD_MS;
  const fate = deps.fateOf(request);
  switch (fate.kind) {
    case "unheard":
      await clock.sleep(giveUpAfterMs);
      throw timeoutError();
    case "refused":
      await clock.sleep(2 * halfWayMs());
      throw fate.error;
    case "failed":
    case "lost": {
      await clock.sleep(halfWayMs());
      const carriedOut = (async () => apply())().catch(() => {});
      await (fate.kind === "lost" ? Promise.race([carriedOut, clock.sleep(fate.afterMs)]) : carriedOut);
      await clock.sleep(halfWayMs());
      throw fate.error;
    }
    case "answered":
      return answered(apply, fate.delayMs, halfWayMs, deps);
  }
}

/** Carries the request out late; a caller that has given up by then never learns of it. */
async function answered<T>(
  apply: () => T | Promise<T>,
  delayMs: number,
  halfWayMs: () => number,
  { clock, random, giveUpAfterMs }: SdkCallsDeps,
): Promise<T> {
  if (delayMs === 0) {
    await clock.sleep(halfWayMs());
    const answer = await apply();
    await clock.sleep(halfWayMs());
    return answer;
  }
  const beforeMs = random.next() < 0.5 ? delayMs : 0;
  const run = async () => {
    await clock.sleep(beforeMs + halfWayMs());
    const answer = await apply();
    await clock.sleep(delayMs - beforeMs + halfWayMs());
    return answer;
  };
  if (delayMs < giveUpAfterMs) return run();
  const late = run();
  late.catch(() => {});
  return Promise.race([
    late,
    clock.sleep(giveUpAfterMs).then((): never => {
      throw timeoutError();
    }),
  ]);
}
