import { messageOf } from "@sluice/core/errors";
import type { Valve, ValveReading, ValveSettings, ValveUpdate } from "@sluice/core/ports";

/** The state of a valve beside the settings that are wanted of it. */
export type Turning =
  | { readonly kind: "in-force" }
  /** AWS has accepted the change, and needs up to a minute to make it. */
  | { readonly kind: "accepted" }
  /** Not now, for a reason that fits into a sentence. */
  | { readonly kind: "waiting"; readonly why: string };

const WHY_NOT: Readonly<Record<Exclude<ValveUpdate["kind"], "accepted">, string>> = {
  busy: "AWS is still changing it",
  throttled: "the account's control plane is at its limit",
  missing: "there is no such mapping yet",
};

/** Looks at a valve and turns it if need be. Never throws: an error is a reason to wait. */
export async function turnValve(valve: Valve, wanted: Partial<ValveSettings>): Promise<Turning> {
  try {
    const reading = await valve.read();
    if (reading === undefined) return { kind: "waiting", why: WHY_NOT.missing };
    if (reading.state === "disabling" && wanted.isEnabled === false) return { kind: "accepted" };
    if (!isSettled(reading)) return { kind: "waiting", why: `AWS is ${reading.state} it` };
    if (isInForce(reading, wanted)) return { kind: "in-force" };
    const { kind } = await valve.update(wanted);
    return kind === "accepted" ? { kind } : { kind: "waiting", why: WHY_NOT[kind] };
  } catch (thrown) {
    return { kind: "waiting", why: messageOf(thrown) };
  }
}

function isSettled({ state }: ValveReading): boolean {
  return state === "enabled" || state === "disabled";
}

function isInForce({ settings }: ValveReading, wanted: Partial<ValveSettings>): boolean {
  return (Object.keys(wanted) as (keyof ValveSettings)[]).every((name) => settings[name] === wanted[name]);
}
