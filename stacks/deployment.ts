import { readProvider } from "@sluice/aws/file-catalog";
import { planOf } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { readStage } from "./stage.ts";

/** The stage that is deployed. */
const { providerId, environment, isProduction } = await readStage($app.stage);
if ($dev && isProduction) {
  const advice = `debug a stage of your own, such as ${providerId}-dev`;
  throw new SluiceError(
    "stage-invalid",
    `sst dev would replace the functions of ${$app.stage} by stubs: ${advice}`,
  );
}

/** The provider of this stage. */
export const provider = await readProvider(providerId);
/** The plan of this stage, made as the embedded cloud's is. */
export const plan = planOf(provider, environment, $dev ? "attended" : "governed");
export { environment, isProduction };
