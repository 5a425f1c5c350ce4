import { SluiceError } from "@sluice/core/errors";
import { explain } from "@sluice/core/parsing";
import type { Scenario } from "./scenario.ts";
import { DEFAULT_SCENARIO, withScenarioDefaults } from "./scenario-defaults.ts";
import { scenarioProblems } from "./scenario-relations.ts";
import { scenarioInputSchema } from "./scenario-schema.ts";

/** A scenario that can't be used; the message lists each option with its legal range and what was given. */
export class ScenarioInvalid extends SluiceError {
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[], options?: ErrorOptions) {
    const list = problems.map((problem) => `  ${problem}`).join("\n");
    super("input-invalid", `Scenario ${source} is invalid:\n${list}`, options);
    this.problems = problems;
  }
}

/**
 * Parses a scenario and fills in what it leaves out.
 * @param source where it comes from: the name of a scenario that has none, and for the error's text
 * @param base what a left-out option is taken from, such as a provider's calm scenario
 * @throws ScenarioInvalid
 */
export function parseScenario(value: unknown, source: string, base: Scenario = DEFAULT_SCENARIO): Scenario {
  const input = scenarioInputSchema.safeParse(value, { reportInput: true });
  if (!input.success) throw new ScenarioInvalid(source, input.error.issues.map(explain));
  const scenario = withScenarioDefaults(input.data, source, base);
  const problems = scenarioProblems(scenario);
  if (problems.length > 0) throw new ScenarioInvalid(source, problems);
  return scenario;
}
