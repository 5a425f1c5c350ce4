import { listProviderIds, readDeployed, readProvider } from "@sluice/aws/file-catalog";
import { readEnvironments } from "@sluice/aws/file-environments";
import {
  checkDeploy,
  DEFAULT_BUS,
  DeployRefused,
  oversizedVariables,
  planOf,
  stageOf,
} from "@sluice/core/deployment";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { FLEET } from "@sluice/core/provider";
import { unusableKey } from "./encryption.ts";
import { accountId, region, stage } from "./place.ts";

if (stage.kind === "fleet") throw new SluiceError("stage-invalid", `${$app.stage} is no provider's stage`);
const { providerId, environment, isProduction, settings, pinned } = stage;
if ($dev && isProduction) {
  const advice = `debug a stage of your own, such as ${providerId}-dev`;
  throw new SluiceError(
    "stage-invalid",
    `sst dev would replace the functions of ${$app.stage} by stubs: ${advice}`,
  );
}

/** The provider of this stage. */
export const provider = await readProvider(providerId, pinned);
/** The plan of this stage, made as the embedded cloud's is. */
export const plan = planOf(provider, environment, $dev ? "attended" : "governed", {
  reservesConcurrency: settings.lambda?.isReserved === true,
  bus: settings.bus,
  metrics: settings.dashboards === "each" ? "all" : "alarms",
});

// Everything is refused here, before the first resource.
const problems = [
  ...checkDeploy({
    provider,
    contract: await readProvider(providerId),
    pinned,
    ids: await listProviderIds(),
    deployed: await readDeployed(await readEnvironments()),
  }),
  ...oversizedVariables(plan, $app.stage, { accountId, region }),
];
if (problems.length === 0) problems.push(...(await missingBus()), ...(await unusableKey()));
if (problems.length > 0) throw new DeployRefused($app.stage, problems);

export { accountId, environment, region, settings };

/**
 * The bus, if it is not there yet: nobody would learn that events go nowhere. What is not AWS's answer to that question is
 * told with it.
 */
async function missingBus(): Promise<string[]> {
  const { bus } = settings;
  if (bus === DEFAULT_BUS) return [];
  try {
    await aws.cloudwatch.getEventBus({ name: bus });
    return [];
  } catch (thrown) {
    const first = `Deploy ${stageOf(FLEET, environment)} first, which makes it`;
    return [`The bus ${bus} can't be found in ${region}. ${first}. AWS said: ${messageOf(thrown)}`];
  }
}
