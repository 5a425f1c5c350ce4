export { publish } from "./publish.ts";
export { queuedCountOf } from "./queued-count.ts";
export { type WakerDeps, wake } from "./wake.ts";
export { latestProbeAtMs, WAKE_EVERY_MS, wakerTimeoutMsOf } from "./waker-times.ts";
