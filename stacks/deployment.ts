import { readProvider } from "@sluice/aws/file-catalog";
import { planOf } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { readStage } from "./stage.ts";

// The plan of this stage's provider and environment, the same that the embedded cloud is made of.
const { providerId, environment, isProduction } = await readStage($app.stage);
if ($dev && isProduction) {
  const advice = `debug a stage of your own, such as ${providerId}-dev`;
  throw new SluiceError(
    "stage-invalid",
    `sst dev would replace the functions of ${$app.stage} by stubs: ${advice}`,
  );
}

export const provider = await readProvider(providerId);
export const plan = planOf(provider, environment, $dev ? "attended" : "governed");
export { environment, isProduction };
