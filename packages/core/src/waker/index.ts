export type { WakerDeps } from "./deps.ts";
export { wake } from "./wake.ts";
export { latestProbeAtMs, WAKE_EVERY_MS, wakerTimeoutMsOf } from "./waker-times.ts";
