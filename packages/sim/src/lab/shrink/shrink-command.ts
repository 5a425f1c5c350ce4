import { SluiceError } from "@sluice/core/errors";
import { sluiceLaw } from "@sluice/core/law";
import type { Scenario } from "../../provider-simulator/scenario.ts";
import { openThread } from "../../threads/open-thread.ts";
import { drawScenario } from "../draw/draw-scenario.ts";
import { lawSetupsNamed } from "../laws.ts";
import type { LabOptions } from "../options.ts";
import { createLabProgress } from "../progress.ts";
import type { CaseRun, LabResult } from "../run-case.ts";
import type { CaseRequest } from "../thread.ts";
import { type Finding, findSmallest } from "./find-smallest.ts";
import { scenarioJson, shrinkReport } from "./shrink-report.ts";

/** The exit codes of a law that does well in the drawn scenario, and after Ctrl-C. */
const EXIT_HARMLESS = 2;
const EXIT_INTERRUPTED = 130;
/** Drawn scenarios are run with this seed, whichever theirs is. */
const RUN_SEED = 1;

/** The part of the command line that `--shrink` needs. */
export type ShrinkCommandOptions = Pick<LabOptions, "law" | "below" | "tries" | "json"> & {
  /** The seed of the scenario. */
  readonly shrink: number;
};

/**
 * Prints the smallest scenario in which a law does as badly as in the drawn one; after Ctrl-C, the smallest so far.
 * @returns the exit code
 * @throws SluiceError `input-invalid` for more than one law
 */
export async function shrinkCommand(options: ShrinkCommandOptions, signal: AbortSignal): Promise<number> {
  const { shrink: seed, below, tries, json } = options;
  const law = lawOf(options);
  // The drawn one is run as well.
  const progress = createLabProgress(process.stderr, tries + 1);
  const thread = openThread<CaseRequest, CaseRun>(new URL("../thread.ts", import.meta.url), signal);

  async function run(scenario: Scenario): Promise<LabResult | undefined> {
    const { name, durationMinutes, backlog } = scenario;
    const text = `${name} ${law}, ${durationMinutes} min, backlog of ${backlog}`;
    progress.started(text);
    try {
      const { result } = await thread.answer({ scenario, law, seed: RUN_SEED, hasTrace: false });
      progress.ended(text);
      return result;
    } catch (thrown) {
      if (signal.aborted) return undefined;
      throw thrown;
    }
  }

  try {
    const scenario = drawScenario(seed);
    const finding = await findSmallest({ scenario, belowGoodput: below, triesMax: tries, signal, run });
    progress.clear();
    return tell(finding, below, json, signal);
  } finally {
    await thread.close();
  }
}

function lawOf({ law }: ShrinkCommandOptions): string {
  const [setup, ...others] = lawSetupsNamed(law.length === 0 ? [sluiceLaw.name] : law);
  if (setup !== undefined && others.length === 0) return setup.name;
  throw new SluiceError("input-invalid", "A scenario is shrunk for one law: give one name with --law.");
}

function tell(finding: Finding, below: number, isJson: boolean, signal: AbortSignal): number {
  if (finding.kind === "harmless") {
    process.stderr.write(`${harmlessText(finding.drawn, below)}\n`);
    return EXIT_HARMLESS;
  }
  if (finding.kind === "found") {
    const text = isJson ? `${scenarioJson(finding.smallest.scenario)}\n` : shrinkReport(finding);
    process.stdout.write(text);
  }
  if (!signal.aborted) return 0;
  const isFound = finding.kind === "found";
  process.stderr.write(
    `Interrupted: ${isFound ? "that is the smallest so far" : "not even the drawn scenario has ended"}.\n`,
  );
  return EXIT_INTERRUPTED;
}

function harmlessText({ scenario, law, goodput }: LabResult, below: number): string {
  const how =
    goodput === undefined
      ? "even the ideal serves no record"
      : `${law} has a goodput of ${goodput.toFixed(3)}, which is not below ${below}`;
  return `There is nothing to shrink: in ${scenario} ${how}, and nothing is stuck. Take another seed or a higher --below.`;
}
