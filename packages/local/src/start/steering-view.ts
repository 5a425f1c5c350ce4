import type { Quota } from "@sluice/core/provider";
import { countText, leftText, wallClockText } from "./figure-text.ts";

/** A provider's windows, quotas and holds at an instant. Instants are epoch ms. */
export interface SteeringView {
  readonly nowMs: number;
  /** The provider's; times of day are shown in it. */
  readonly timeZone: string;
  /** Absent for a provider that is always open. */
  readonly access?: AccessView;
  readonly quotas: readonly QuotaView[];
  /** All reasons for which nothing may start now, the one that ends last at the end. */
  readonly reasons: readonly ShutReason[];
}

/** An opening or a closing of a provider. */
export interface AccessView {
  readonly isOpen: boolean;
  /** False also in the last moments of an opening: a call that started now might not end in it. */
  readonly mayStart: boolean;
  /** The end of the opening or closing; absent if it never ends. */
  readonly untilMs?: number;
}

/** A quota, and the part of it that is used. */
export interface QuotaView {
  readonly per: Quota["per"];
  readonly requests: number;
  readonly usedCount: number;
  /** The end of the day that the quota is for; absent of a quota whose period slides. */
  readonly resetsAtMs?: number;
}

/** A reason for which nothing may start. */
export interface ShutReason {
  /** For people, such as `operator anna`. */
  readonly name: string;
  /** True if contract or operators want it so: then it is no trouble that nothing moves. */
  readonly isPlanned: boolean;
  /** Absent if it is not known, or if it never ends. */
  readonly untilMs?: number;
}

/** The view's openings and closings, in words. */
export function accessText({ isOpen, mayStart, untilMs }: AccessView, view: SteeringView): string {
  const state = isOpen ? (mayStart ? "open" : "open, but nothing may start any more,") : "closed";
  if (untilMs === undefined) return isOpen ? "always open from now on" : "closed for good";
  return `${state} until ${endText(untilMs, view)}`;
}

/** The use of a quota, in words. */
export function quotaText({ per, requests, usedCount, resetsAtMs }: QuotaView, view: SteeringView): string {
  const used = `${countText(usedCount)} of ${countText(requests)} ${per === "hour" ? "an" : "a"} ${per}`;
  if (resetsAtMs === undefined) return used;
  return `${used}, resets at ${wallClockText(resetsAtMs, view).replace(/:00$/, "")}`;
}

/** All reasons to stay shut, in words, the one that ends last first; `nothing` if there is none. */
export function reasonsText(view: SteeringView): string {
  if (view.reasons.length === 0) return "nothing";
  return view.reasons
    .toReversed()
    .map(({ name, untilMs }) => (untilMs === undefined ? name : `${name} until ${endText(untilMs, view)}`))
    .join("; ");
}

/** True while contract or operators let nothing start. */
export function isShutByPlan({ reasons }: SteeringView): boolean {
  return reasons.some(({ isPlanned }) => isPlanned);
}

function endText(untilMs: number, view: SteeringView): string {
  return `${wallClockText(untilMs, view)}, ${leftText(untilMs - view.nowMs)} left`;
}
