import { BATCH_SIZE_MAX, MAXIMUM_CONCURRENCY_MIN } from "@sluice/core/aws-bounds";
import { SluiceError } from "@sluice/core/errors";
import { type ControlState, type Law, sluiceLaw } from "@sluice/core/law";
import type { ValveSettings } from "@sluice/core/ports";
import { byLane, type Provider } from "@sluice/core/provider";
import type { MappingShape } from "@sluice/core/valve";
import { WAKE_EVERY_MS } from "@sluice/core/waker";
import { BASELINES, REPORT_LAWS, SECOND_BEST } from "../laws/baselines.ts";
import type { LawSetup } from "../laws/law-setup.ts";
import { originalLaw } from "../laws/original.ts";
import { ABLATIONS } from "./ablations.ts";

/** Name that stands for Sluice's law, and for it without one of its parts each. */
const ABLATIONS_NAME = "ablations";

/** Records of one batch of the original that are in flight together: all of them. */
const ORIGINAL_FAN_OUT = BATCH_SIZE_MAX;

/** The laws that the lab compares, Sluice's first. */
export const LAW_SETUPS: readonly LawSetup[] = [sluiceLaw, ...BASELINES].map(setupOf);

/** All laws that `--law` knows: also Sluice's law without one of its parts each. */
const ALL_SETUPS: readonly LawSetup[] = [...LAW_SETUPS, ...ABLATIONS];

/** Laws that are left out unless named: each has a better twin. */
const OPTIONAL: ReadonlySet<string> = new Set(SECOND_BEST.map(({ name }) => name));

/**
 * The laws of these names, in the lab's order; without a name those to compare. `ablations` stands for
 * Sluice's law and all that lack a part.
 * @throws SluiceError `input-invalid`
 */
export function lawSetupsNamed(names: readonly string[]): readonly LawSetup[] {
  const known = ALL_SETUPS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name) && name !== ABLATIONS_NAME);
  if (unknown.length > 0) {
    throw new SluiceError(
      "input-invalid",
      `There is no law ${unknown.map((name) => JSON.stringify(name)).join(", ")}: choose from ${[...known, ABLATIONS_NAME].join(", ")}.`,
    );
  }
  if (names.length === 0) return LAW_SETUPS.filter(({ name }) => !OPTIONAL.has(name));
  const wanted = new Set(names);
  if (wanted.has(ABLATIONS_NAME))
    for (const { name } of [LAW_SETUPS[0], ...ABLATIONS].flatMap((one) => one ?? [])) wanted.add(name);
  return ALL_SETUPS.filter(({ name }) => wanted.has(name));
}

/** The setup of a law. The original's keeps its cron job's time itself: the waker need only run often. */
// biome-ignore lint/suspicious/noExplicitAny: a law's state is its own business, here it only passes through
function setupOf(law: Law<any>): LawSetup {
  const seesEachReport = REPORT_LAWS.includes(law);
  const common = { name: law.name, law, seesEachReport, wakeEveryMs: WAKE_EVERY_MS };
  if (law !== originalLaw) return { ...common, groups: "per-record" };
  return { ...common, groups: "single", shape: originalShape };
}

/** As in the demo: the limit is the batch size, and batches come one at a time, as from a Kinesis shard. */
function originalShape(_provider: Provider, { phase, limit }: ControlState): MappingShape {
  const settings: ValveSettings = {
    isEnabled: phase === "closed",
    batchSize: Math.min(ORIGINAL_FAN_OUT, limit),
    // With a single message group one batch runs at a time all the same.
    maximumConcurrency: MAXIMUM_CONCURRENCY_MIN,
  };
  return { settings: byLane(() => settings), fanOut: ORIGINAL_FAN_OUT };
}
