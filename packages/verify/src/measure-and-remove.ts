import type { Bench } from "./bench/bench.ts";
import { createBench } from "./bench/create-bench.ts";
import type { CommandDeps } from "./command-deps.ts";
import { Interrupted } from "./interrupted.ts";
import { type MeasurementRun, measureAll } from "./measure/measure-all.ts";
import { createLedger, type Ledger } from "./removal/ledger.ts";
import { type Leftover, removeAll } from "./removal/remove-all.ts";
import { createProgress, type Progress } from "./schedule/progress.ts";
import { REMOVING } from "./schedule/remaining.ts";
import { measurementsOf, type Schedule } from "./schedule/schedule.ts";

/** The measurements that have ended, and what could not be removed. */
export interface FinishedRun {
  readonly runs: readonly MeasurementRun[];
  readonly leftovers: readonly Leftover[];
}

const TELL_EVERY_MS = 60_000;

/** Measures by a schedule, and removes all that was made for it, whatever happens. */
export async function measureAndRemove(deps: CommandDeps, schedule: Schedule): Promise<FinishedRun> {
  const { environment, account, timing, surroundings } = deps;
  const { clock, interrupt, tell } = surroundings;
  const ledger = createLedger();
  const removing = { remover: account.remover, clock, apartMs: timing.lookEveryMs, say: tell };
  const progress = createProgress(schedule, clock);
  const isOver = new AbortController();
  const runs: MeasurementRun[] = [];
  let leftovers: readonly Leftover[] = [];
  tellOfInterruption(interrupt, tell);
  const telling = tellNowAndThen(deps, progress, isOver.signal);
  try {
    await measureInto(runs, deps, schedule, ledger, progress);
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
  } finally {
    isOver.abort();
    await telling;
    tell(
      `removing ${ledger.all().length} things; about ${Math.ceil(REMOVING.typicalMinutes)} min left, at most ${REMOVING.mostMinutes}`,
    );
    leftovers = await removeAll(removing, ledger.all());
    if (leftovers.length > 0)
      tell(`Remove it later with: npm run verify:aws -- --environment ${environment.name} --clean`);
  }
  return { runs: inOrderOf(schedule, runs), leftovers };
}

async function measureInto(
  runs: MeasurementRun[],
  deps: CommandDeps,
  schedule: Schedule,
  ledger: Ledger,
  progress: Progress,
): Promise<void> {
  const { tell, interrupt } = deps.surroundings;
  const calledOff = new AbortController();
  const signal = AbortSignal.any([interrupt, calledOff.signal]);
  const measuring = {
    bench: benchesOf(deps, ledger, signal),
    callOff: () => calledOff.abort(),
    onBegin(measurement: MeasurementRun["measurement"]) {
      progress.began(measurement);
      tell(`${measurement.id}: ${measurement.title}`);
      tell(progress.line());
    },
    onEnd(run: MeasurementRun) {
      runs.push(run);
      progress.ended(run.measurement);
      if (run.failure !== undefined)
        tell(`${run.measurement.id} was not measured${shareOf(run)}: ${run.failure}`);
    },
  };
  await measureAll(measuring, schedule);
}

function shareOf({ findings }: MeasurementRun): string {
  return findings.some(({ outcome }) => outcome.kind !== "not-measured") ? " as a whole" : "";
}

/** Makes the bench of each label once. */
function benchesOf(
  { account, names, timing, surroundings }: CommandDeps,
  ledger: Ledger,
  interrupt: AbortSignal,
): (label: string) => Bench {
  const { clock, ids, tell } = surroundings;
  const benches = new Map<string, Bench>();
  return (label) => {
    const known = benches.get(label);
    if (known !== undefined) return known;
    const deps = { account, clock, ids, timing, names: names.bench(label), ledger, interrupt, say: tell };
    const bench = createBench(deps);
    benches.set(label, bench);
    return bench;
  };
}

function tellOfInterruption(interrupt: AbortSignal, tell: (line: string) => void): void {
  const line = "Interrupted: removing what was made. Ctrl-C again leaves it there.";
  if (interrupt.aborted) tell(line);
  else interrupt.addEventListener("abort", () => tell(line), { once: true });
}

async function tellNowAndThen(
  { surroundings }: CommandDeps,
  progress: Progress,
  isOver: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([isOver, surroundings.interrupt]);
  for (;;) {
    await surroundings.clock.sleep(TELL_EVERY_MS, signal);
    if (signal.aborted) return;
    surroundings.tell(progress.line());
  }
}

/** As the schedule has them: lanes side by side end in any order. */
function inOrderOf(schedule: Schedule, runs: readonly MeasurementRun[]): readonly MeasurementRun[] {
  return measurementsOf(schedule).flatMap((one) => runs.filter(({ measurement }) => measurement === one));
}
