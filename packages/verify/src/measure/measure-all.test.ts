import { expect, test } from "vitest";
import { createBench } from "../bench/create-bench.ts";
import { openSimulatedAccount } from "../fakes/simulated-account.ts";
import { createLedger } from "../removal/ledger.ts";
import { runNamesOf } from "../run-names.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { AWS_TIMING } from "../timing.ts";
import { type MeasurementRun, measureAll } from "./measure-all.ts";
import type { Measurement } from "./measurement.ts";

const MINUTE_MS = 60_000;

/** A measurement of this name that takes so long, and may take two minutes. */
function lasting(id: string, lastsMs: number, changes: Partial<Measurement> = {}): Measurement {
  return {
    id,
    rows: [id],
    title: `measures ${id}`,
    needs: [],
    duration: () => ({ typicalMinutes: 1, mostMinutes: 2 }),
    messagesMax: () => 0,
    async run(bench) {
      const endsAtMs = bench.clock.nowMs() + lastsMs;
      while (bench.clock.nowMs() < endsAtMs) await bench.pause(1_000);
      return { findings: [] };
    },
    ...changes,
  };
}

async function measured(stages: Schedule["stages"]) {
  const { account, clock, passing } = openSimulatedAccount({ transitionMs: () => 0 });
  const names = runNamesOf("0a1b2c3d");
  const ledger = createLedger();
  const interrupt = new AbortController().signal;
  const said: string[] = [];
  const shared = { account, clock, ids: { next: () => "id" }, timing: AWS_TIMING, ledger, interrupt };
  const runs: MeasurementRun[] = [];
  const deps = {
    bench: (label: string) =>
      createBench({ ...shared, say: (line) => void said.push(line), names: names.bench(label) }),
    callOff: () => {},
    onBegin: ({ id }: Measurement) => void said.push(`begins ${id}`),
    onEnd: (run: MeasurementRun) => void runs.push(run),
  };
  await passing(() => measureAll(deps, { stages, rounds: 1 }));
  return { said, failures: Object.fromEntries(runs.map((run) => [run.measurement.id, run.failure])) };
}

test("a measurement that takes longer than it may is ended, and keeps no other", async () => {
  const { failures } = await measured([
    [
      { benches: ["a"], measurements: [lasting("slow", 10 * MINUTE_MS), lasting("next", 1_000)] },
      { benches: ["b"], measurements: [lasting("beside", 1.9 * MINUTE_MS)] },
    ],
    [{ benches: ["a"], measurements: [lasting("later", 1_000)] }],
  ]);
  const why = "it took longer than 2 minutes";
  expect(failures).toEqual({ slow: why, next: undefined, beside: undefined, later: undefined });
});

test("all that is needed is made before anything is measured", async () => {
  const { said } = await measured([
    [{ benches: ["a"], measurements: [lasting("first", 1_000)] }],
    [{ benches: ["b"], measurements: [lasting("second", 1_000, { needs: ["direct", "mapping"] })] }],
  ]);
  const at = said.indexOf("begins first");
  expect(said.slice(0, at).some((line) => /^making queue .*-b-direct/.test(line))).toBe(true);
  expect(said.slice(at)).toEqual(["begins first", "begins second"]);
});
