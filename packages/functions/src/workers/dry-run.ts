import { createPowertoolsLog } from "@sluice/aws/powertools-log";
import { workerEnvironment } from "../function-environment.ts";
import { defineWorker } from "./define-worker.ts";

const { provider } = workerEnvironment();
createPowertoolsLog("worker", { provider: provider.id }).info("dry run: the provider is not called");

/**
 * The worker for a dry run, such as before a provider is migrated: records are enqueued, claimed and completed as
 * always, but the provider is not called, and every attempt succeeds at once.
 */
export const handler: ReturnType<typeof defineWorker> = defineWorker(async ({ log }) => {
  log.debug("dry run: the provider is not called");
});
