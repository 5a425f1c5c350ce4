import type { Law } from "@sluice/core/law";
import { type AimdMemory, createAimdLimiter } from "./aimd.ts";
import { FAULT_BREAKER, QUICK_BREAKER } from "./resilience4j.ts";
import { faultCountOf, refusalCountOf } from "./sample.ts";
import { OPEN_MS } from "./stored-state.ts";
import { type Guarded, withBreaker } from "./with-breaker.ts";

/** `backoffRatio` of concurrency-limits: see {@link createAimdLimiter}. */
const GENTLE_RATIO = 0.9;
/**
 * Factor of the AWS SDKs' adaptive retries after a refusal: `_BETA` of botocore
 * (https://github.com/boto/botocore, `botocore/retries/throttling.py`).
 */
const SDK_RATIO = 0.7;

/**
 * The plainest law that heeds what a provider says: the limit falls when a call is refused for its rate, as
 * with status 429, and grows by one with each other answer. Faults don't move it; a breaker that trips for 60 s
 * sees to outages.
 */
export const aimd429Law: Law<Guarded<AimdMemory>> = withBreaker(
  createAimdLimiter("aimd-429", GENTLE_RATIO),
  refusalCountOf,
  FAULT_BREAKER,
);

/** {@link aimd429Law} with larger steps down, and a breaker that needs few calls. */
export const aimd429QuickLaw: Law<Guarded<AimdMemory>> = withBreaker(
  createAimdLimiter("aimd-429-quick", SDK_RATIO),
  refusalCountOf,
  { ...QUICK_BREAKER, openMs: OPEN_MS, failureCountOf: faultCountOf },
);
