export type { TimerClock } from "./timer-clock.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
