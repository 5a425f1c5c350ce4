import { listProviderIds, readDeployed, readProvider } from "@sluice/aws/file-catalog";
import { readEnvironments } from "@sluice/aws/file-environments";
import {
  checkDeploy,
  DeployRefused,
  describePins,
  oversizedVariables,
  planOf,
  strayFrom,
} from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { readStage } from "./stage.ts";

/** The stage that is deployed. */
const { providerId, environment, isProduction, settings, pinned } = await readStage($app.stage);
if ($dev && isProduction) {
  const advice = `debug a stage of your own, such as ${providerId}-dev`;
  throw new SluiceError(
    "stage-invalid",
    `sst dev would replace the functions of ${$app.stage} by stubs: ${advice}`,
  );
}

const { accountId } = await aws.getCallerIdentity();
const { region } = await aws.getRegion();
/** The provider of this stage. */
export const provider = await readProvider(providerId, pinned);
/** The plan of this stage, made as the embedded cloud's is. */
export const plan = planOf(provider, environment, $dev ? "attended" : "governed", {
  reservesConcurrency: settings.lambda?.isReserved === true,
});

// Everything is refused here, before the first resource.
const problems = [
  ...(pinned === undefined ? [] : strayFrom(pinned, { accountId, region })),
  ...checkDeploy({
    provider,
    contract: await readProvider(providerId),
    pinned,
    ids: await listProviderIds(),
    deployed: await readDeployed(await readEnvironments()),
  }),
  ...oversizedVariables(plan, $app.stage, { accountId, region }),
];
if (problems.length > 0) throw new DeployRefused($app.stage, problems);

/** One line for whoever deploys: what the environment pins, and what it does not. */
export const pins = describePins(environment, pinned);
export { accountId, environment, region, settings };
