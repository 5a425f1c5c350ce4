import { planOf } from "@sluice/core/deployment";
import type { Provider } from "@sluice/core/provider";
import { reconfigure } from "../lambda/reconfigure.ts";
import type { Cloud } from "./cloud.ts";
import type { Deployment } from "./deploy.ts";

/**
 * Deploys a changed contract where the same provider runs, in the order of a deploy: worker, ventilator, waker. Calls
 * under way end with the old contract. Queues and mappings stay as they are, also where the contract's times differ.
 * @returns the deployment with its new contract and plan
 */
export function redeploy(cloud: Cloud, deployment: Deployment, provider: Provider): Deployment {
  const plan = planOf(provider, deployment.environment, deployment.mode);
  for (const { name, timeoutMs, memoryMb, environment } of [plan.worker, plan.ventilator, plan.waker]) {
    reconfigure(cloud.lambdaService.lambda, name, { timeoutMs, memoryMb, environment });
  }
  return { ...deployment, provider, plan };
}
