import { mutantsIn as at, type Mutant } from "./mutant.ts";

const CORE = "packages/core/src";

/** An error that passes, taken for one that lasts. */
function lasting(name: string): Mutant {
  return {
    name: `${name} is not passing`,
    file: `${CORE}/storage/transient-errors.ts`,
    from: `    "${name}",\n`,
    to: `    "No${name}",\n`,
  };
}

/** Deliberate faults in what is made of the answers of AWS. */
export const ADAPTER_MUTANTS: readonly Mutant[] = [
  ...at("packages/aws/src/invoke-refusals.ts", [
    "a 500 of Lambda's counts as a refusal",
    "if (status >= 500) return SETUP_FAILED.has(String(name));",
    "if (status >= 500) return true;",
  ]),
  ...at("packages/aws/src/function-errors.ts", [
    "a load that failed counts as a crash",
    "return errorType !== WORKER_CRASHED && !AT_ANY_TIME.test(errorType);",
    "return false;",
  ]),
  ...[
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "RequestThrottled",
  ].map(lasting),
  ...at(
    `${CORE}/storage/transient-errors.ts`,
    [
      "a 5xx of an unknown name is not passing",
      "return status >= 500 || status === 429",
      "return status === 429",
    ],
    [
      "a broken connection is not passing",
      "return CONNECTION_CODE.test(String(code)) || /socket|connect|network/i.test(thrown.message);",
      "return CONNECTION_CODE.test(thrown.message);",
    ],
  ),
];
