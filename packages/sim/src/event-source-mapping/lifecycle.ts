import type { MappingChange, MappingSettings } from "./settings.ts";

/**
 * The stage of a mapping's life. While it changes, the old settings stay in force: the pollers learn of a change late.
 * `deleted` is the end.
 */
export type Lifecycle =
  | { readonly kind: "settled"; readonly settings: MappingSettings }
  | {
      readonly kind: "changing";
      readonly state: TransitionState;
      readonly settings: MappingSettings;
      readonly next: MappingSettings;
    }
  | { readonly kind: "deleted"; readonly settings: MappingSettings };

/** States in which every update is refused. */
export type TransitionState = "Creating" | "Enabling" | "Disabling" | "Updating" | "Deleting";

/** The state of a mapping, in AWS's words. */
export type MappingState = "Enabled" | "Disabled" | TransitionState;

/** A new mapping: one that is created disabled has nothing to start, and is `Disabled` at once. */
export function created(settings: MappingSettings): Lifecycle {
  if (!settings.isEnabled) return { kind: "settled", settings };
  return { kind: "changing", state: "Creating", settings: disabled(settings), next: settings };
}

/** An accepted change of a settled mapping. */
export function changed(settings: MappingSettings, change: MappingChange): Lifecycle {
  const next = { ...settings, ...change };
  return { kind: "changing", state: transitionBetween(settings, next), settings, next };
}

/** An accepted deletion of a settled mapping: polling goes on until the transition ends. */
export function deleting(settings: MappingSettings): Lifecycle {
  return { kind: "changing", state: "Deleting", settings, next: disabled(settings) };
}

/** A mapping that Lambda disables: it has no transition, and ends the one under way. A deletion it can't stop. */
export function disabledAtOnce(lifecycle: Lifecycle): Lifecycle {
  const isGoing =
    lifecycle.kind === "deleted" || (lifecycle.kind === "changing" && lifecycle.state === "Deleting");
  return isGoing ? lifecycle : { kind: "settled", settings: disabled(wantedSettings(lifecycle)) };
}

/** The end of a transition; anything else stays as it is. */
export function settled(lifecycle: Lifecycle): Lifecycle {
  if (lifecycle.kind !== "changing") return lifecycle;
  return { kind: lifecycle.state === "Deleting" ? "deleted" : "settled", settings: lifecycle.next };
}

/** The state as AWS reports it. */
export function stateOf(lifecycle: Lifecycle): MappingState {
  switch (lifecycle.kind) {
    case "settled":
      return lifecycle.settings.isEnabled ? "Enabled" : "Disabled";
    case "changing":
      return lifecycle.state;
    case "deleted":
      return "Deleting";
  }
}

/** The settings that AWS reports: those wanted, although they may not be in force yet. */
export function wantedSettings(lifecycle: Lifecycle): MappingSettings {
  return lifecycle.kind === "changing" ? lifecycle.next : lifecycle.settings;
}

function transitionBetween(settings: MappingSettings, next: MappingSettings): TransitionState {
  if (settings.isEnabled === next.isEnabled) return "Updating";
  return next.isEnabled ? "Enabling" : "Disabling";
}

function disabled(settings: MappingSettings): MappingSettings {
  return { ...settings, isEnabled: false };
}
