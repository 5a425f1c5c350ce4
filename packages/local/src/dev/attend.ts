import type { Clock, Valve, ValveSettings } from "@sluice/core/ports";
import { type ByLane, LANES, type Lane } from "@sluice/core/provider";
import { turnValve } from "./turn-valve.ts";

/** The valves of an attended deployment, and the developer who is attached to it. */
export interface AttendDeps {
  readonly valves: ByLane<Valve>;
  readonly clock: Clock;
  /** Aborts when the developer goes. */
  readonly departure: AbortSignal;
  /** Tells the developer one line. */
  say(line: string): void;
}

/** The smallest settings that AWS knows: a developer can't follow more than two records in a debugger. */
const OPEN: ValveSettings = { isEnabled: true, batchSize: 1, maximumConcurrency: 2 };
const SHUT = { isEnabled: false };

const RETRY_MS = 1_000;
/** The relay shuts a mapping when its stub answers no developer, for instance while the developer's machine sleeps. */
const LOOK_EVERY_MS = 30_000;
/** Longer than AWS takes for a change under way, which it has to end first. */
const SHUT_WITHIN_MS = 90_000;

/**
 * Keeps the mappings open while a developer is attached, and shuts them afterwards.
 * @returns true if AWS has accepted to shut all of them
 */
export async function attend(deps: AttendDeps): Promise<boolean> {
  await Promise.all(LANES.map((lane) => keepOpen(lane, deps)));
  deps.say("Shutting both mappings.");
  const areShut = await Promise.all(LANES.map((lane) => shut(lane, deps)));
  return areShut.every((isShut) => isShut);
}

async function keepOpen(lane: Lane, { valves, clock, departure, say }: AttendDeps): Promise<void> {
  const tell = onceEach((text) => say(`${lane}: ${text}`));
  let wasOpen = false;
  while (!departure.aborted) {
    const turning = await turnValve(valves[lane], OPEN);
    switch (turning.kind) {
      case "in-force":
        tell(`open, with up to ${OPEN.maximumConcurrency} batches of ${OPEN.batchSize} at a time`);
        break;
      case "accepted":
        tell(wasOpen ? "was shut, as the relay does when nobody answers it; opening again" : "opening");
        break;
      case "waiting":
        tell(`waiting, ${turning.why}`);
        break;
    }
    wasOpen ||= turning.kind === "in-force";
    await clock.sleep(turning.kind === "in-force" ? LOOK_EVERY_MS : RETRY_MS, departure);
  }
}

async function shut(lane: Lane, { valves, clock, say }: AttendDeps): Promise<boolean> {
  const tell = onceEach((text) => say(`${lane}: ${text}`));
  const untilMs = clock.nowMs() + SHUT_WITHIN_MS;
  while (clock.nowMs() < untilMs) {
    const turning = await turnValve(valves[lane], SHUT);
    if (turning.kind !== "waiting") {
      tell("shut");
      return true;
    }
    tell(`not shut yet, ${turning.why}`);
    await clock.sleep(RETRY_MS);
  }
  tell("still open: the relay shuts it at the next message that nobody answers");
  return false;
}

/** Passes on each text that differs from the one before. */
function onceEach(tell: (text: string) => void): (text: string) => void {
  let last: string | undefined;
  return (text) => {
    if (text !== last) tell(text);
    last = text;
  };
}
