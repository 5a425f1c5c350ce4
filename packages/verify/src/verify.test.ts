import { parseEnvironment } from "@sluice/core/deployment";
import { measuredMappingSchema } from "@sluice/sim/event-source-mapping";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runVerify } from "./command.ts";
import type { CommandDeps } from "./command-deps.ts";
import { EMBEDDED_PLACE, type EmbeddedAccount, startEmbeddedAccount } from "./fakes/embedded-account.ts";
import { fakeSurroundings } from "./fakes/fake-surroundings.ts";
import { QUICK_TIMING } from "./fakes/quick-timing.ts";
import { parseVerifyOptions } from "./options.ts";
import { RESOURCE_KINDS } from "./ports/resource.ts";
import type { VerifyReport } from "./report/report.ts";
import { PREFIX, runNamesOf } from "./run-names.ts";

const names = runNamesOf("0a1b2c3d-0000-4000-8000-000000000000");
const environment = parseEnvironment(EMBEDDED_PLACE, "trial", "environments/trial.json");

/** Of an update of a mapping. */
const UPDATE_MS = 600;

let embedded: EmbeddedAccount;
beforeAll(async () => {
  embedded = await startEmbeddedAccount({ suffix: names.suffix, tags: {} }, { updateMs: UPDATE_MS });
});
afterAll(() => embedded.stop());

const optionsOf = (...args: string[]) => parseVerifyOptions(["--environment", "trial", ...args]);

function commandOf(changes: Partial<CommandDeps> = {}) {
  const surroundings = fakeSurroundings();
  const deps = { environment, account: embedded.account, names, timing: QUICK_TIMING, surroundings };
  return { surroundings, deps: { ...deps, ...changes } };
}

async function whatIsThere(): Promise<readonly string[]> {
  const { remover } = embedded.account;
  const found = await Promise.all(RESOURCE_KINDS.map((kind) => remover.find(kind, PREFIX)));
  return found.flat().map(({ name }) => name);
}

describe("a run", () => {
  test("measures, tells what it found, and leaves nothing", async () => {
    const { surroundings, deps } = commandOf();
    expect(await runVerify(deps, optionsOf("--yes", "--json", "--only", "late-deletion"))).toBe(0);
    const report = JSON.parse(surroundings.printed.join("")) as VerifyReport;
    expect(report.findings).toEqual([
      expect.objectContaining({
        row: "late-deletion",
        outcome: {
          kind: "holds",
          measured: "refused with InvalidParameterValue, and the message comes back",
        },
      }),
    ]);
    expect(surroundings.told.join("\n")).toContain(`removed queue ${names.bench("queues").direct}`);
    expect(await whatIsThere()).toEqual([]);
  });

  test("measures the updates of a mapping", async () => {
    const { surroundings, deps } = commandOf();
    expect(
      await runVerify(deps, optionsOf("--yes", "--json", "--only", "updates", "ramp")),
      surroundings.told.join("\n"),
    ).toBe(0);
    const report = JSON.parse(surroundings.printed.join("")) as VerifyReport;
    expect(measuredMappingSchema.parse(report.mapping)).toEqual(report.mapping);
    const times = Object.values(report.mapping.updateSeconds ?? {}).flat();
    expect(times).toHaveLength(6);
    // What shows last was seen some batches before the end of the transition.
    for (const seconds of times) expect(seconds).toBeGreaterThan(UPDATE_MS / 2_000);
    const rows = report.findings.map(({ row, outcome }) => `${row} ${outcome.kind}`);
    expect(rows).toContain("received-when-disabled holds");
    expect(rows).toContain("group-lock holds");
    expect(await whatIsThere()).toEqual([]);
  });
});
