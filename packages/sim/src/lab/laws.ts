import type { Governed, Law } from "@sluice/core/breaker/law";
import { sluiceLaw } from "@sluice/core/breaker/sluice/sluice-law";
import { SluiceError } from "@sluice/core/errors";
import type { ValveSettings } from "@sluice/core/ports/valve";
import type { Provider } from "@sluice/core/provider/provider";
import type { Shape } from "@sluice/core/valve/shape";
import { WAKE_EVERY_MS } from "@sluice/core/waker/waker-times";
import { BASELINES } from "../laws/baselines.ts";
import { originalLaw } from "../laws/original.ts";
import type { LawSetup } from "./law-setup.ts";

/** Records of one batch of the original that are in flight together: all of them. */
const ORIGINAL_FAN_OUT = 10;
/** The least that AWS takes; with a single message group one batch runs at a time all the same. */
const MAXIMUM_CONCURRENCY_MIN = 2;

/** The laws that the lab compares, ours first. */
export const LAW_SETUPS: readonly LawSetup[] = [sluiceLaw, ...BASELINES].map(setupOf);

/** The laws of these names, in the lab's order; all of them without a name. @throws SluiceError `input-invalid` */
export function lawSetupsNamed(names: readonly string[]): readonly LawSetup[] {
  const known = LAW_SETUPS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SluiceError(
      "input-invalid",
      `There is no law ${unknown.map((name) => JSON.stringify(name)).join(", ")}: choose from ${known.join(", ")}.`,
    );
  }
  return names.length === 0 ? LAW_SETUPS : LAW_SETUPS.filter(({ name }) => names.includes(name));
}

/** The original's law keeps the time of its cron job itself, so that the waker need only be called often enough. */
// biome-ignore lint/suspicious/noExplicitAny: a law's state is its own business, here it only passes through
function setupOf(law: Law<any>): LawSetup {
  const common = { name: law.name, law, wakeEveryMs: WAKE_EVERY_MS };
  if (law !== originalLaw) return { ...common, groups: "per-record" };
  return { ...common, groups: "single", shape: originalShape };
}

/** As in the demo: its limit is its batch size, and there is one batch at a time, like that of a Kinesis shard. */
function originalShape(_provider: Provider, { phase, limit }: Governed): Shape {
  const settings: ValveSettings = {
    isEnabled: phase === "closed",
    batchSize: Math.min(ORIGINAL_FAN_OUT, limit),
    maximumConcurrency: MAXIMUM_CONCURRENCY_MIN,
  };
  return { records: settings, express: settings, fanOut: ORIGINAL_FAN_OUT };
}
