import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { lawSetupsNamed } from "../lab/laws.ts";
import { idealOf, runCase } from "../lab/run-case.ts";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import { pictureOf } from "./picture.ts";

const RECOVERY = {
  name: "an outage, and half of the capacity after it",
  durationMinutes: 50,
  backlog: 100_000,
  provider: {
    maxConcurrency: 20,
    slowAfterMs: 5_000,
    timeoutMs: 30_000,
    latency: { medianMs: 1_000, sigma: 0.8 },
    capacity: [
      [0, 20],
      [10, 0],
      [20, 8],
      [35, 20],
    ],
    overload: { mode: "reject" },
  },
};

test("the picture of a recovery in the docs is what the law does", async () => {
  const scenario = parseScenario(RECOVERY, "recovery");
  const [setup] = lawSetupsNamed(["sluice"]);
  if (setup === undefined) throw new Error("no law");
  const { trace } = await runCase({ scenario, setup, seed: 1, hasTrace: true }, idealOf(scenario, 1));
  if (trace === undefined) throw new Error("no trace");
  const path = fileURLToPath(new URL("../../../../docs/law-recovery.svg", import.meta.url));
  await expect(pictureOf(trace)).toMatchFileSnapshot(path);
});
