import { SluiceError } from "@sluice/core/errors";
import { Resource } from "sst/resource";
import * as z from "zod";
import { workerEnvironment } from "../function-environment.ts";

/** A secret that the worker asks for and does not have; the message says what to do about it. */
class SecretMissing extends SluiceError {
  constructor(name: string) {
    const { id, worker } = workerEnvironment().provider;
    const steps = [
      ...(worker.secrets.includes(name) ? [] : [`name it under worker.secrets in ${id}.json`]),
      `npx sst secret set ${name} <value> --stage ${stageOr(id)}`,
      `npx sst deploy --stage ${stageOr(id)}`,
    ];
    const toDo = steps.map((step) => `  ${step}`).join("\n");
    super("environment-invalid", `The worker has no secret ${name}:\n${toDo}`);
  }
}

const secretSchema = z.object({ value: z.string().min(1) });
const appSchema = z.object({ stage: z.string() });

/**
 * The value of a secret that the provider's definition names under `worker.secrets`. SST hands it to a deployed worker
 * encrypted; elsewhere `SST_RESOURCE_ApiToken={"value":"…"}` in the environment stands for it. It must not be logged.
 * @throws SluiceError `environment-invalid` if there is none
 */
export function secretOf(name: string): string {
  const secret = secretSchema.safeParse(linked(name));
  if (!secret.success) throw new SecretMissing(name);
  return secret.data.value;
}

/** The resource that SST has linked to the function under a name; undefined if that can't be read. */
function linked(name: string): unknown {
  try {
    return Reflect.has(Resource, name) ? Reflect.get(Resource, name) : undefined;
  } catch {
    // The error stays here: it may quote the secret.
    return undefined;
  }
}

/** The stage, as SST tells it to every function; the provider's id in a process that SST did not deploy. */
function stageOr(providerId: string): string {
  const app = appSchema.safeParse(linked("App"));
  return app.success ? app.data.stage : providerId;
}
