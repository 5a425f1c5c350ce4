/** The beginning of the name of everything that a run makes. */
export const PREFIX = "sluice-verify-";

/** The tag of everything that a run makes; its value is the run's suffix. */
export const TAG = "sluice-verify";

/** Names of what one run makes. */
export interface RunNames {
  readonly suffix: string;
  /** Those of one of its benches, which no other bench has. */
  bench(label: string): BenchNames;
}

/** Names of what is made for one bench. */
export interface BenchNames {
  readonly table: string;
  readonly recorder: string;
  readonly updater: string;
  readonly recorderRole: string;
  readonly updaterRole: string;
  readonly load: string;
  readonly direct: string;
  readonly deadLetters: string;
  readonly standard: string;
}

/** @param id a random one: its first eight letters make the suffix */
export function runNamesOf(id: string): RunNames {
  const suffix = id.replaceAll("-", "").slice(0, 8);
  return { suffix, bench: (label) => benchNamesOf(`${PREFIX}${suffix}-${label}`) };
}

function benchNamesOf(prefix: string): BenchNames {
  const named = (what: string) => `${prefix}-${what}`;
  return {
    table: named("invocations"),
    recorder: named("recorder"),
    updater: named("updater"),
    recorderRole: named("recorder"),
    updaterRole: named("updater"),
    load: named("load.fifo"),
    direct: named("direct.fifo"),
    deadLetters: named("dead.fifo"),
    standard: named("standard"),
  };
}
