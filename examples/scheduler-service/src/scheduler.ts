import { createScheduler, type Scheduler } from "@sluice/scheduler";
import * as z from "zod";

const { PROVIDER, ENVIRONMENT } = z
  .object({ PROVIDER: z.string(), ENVIRONMENT: z.string() })
  .parse(process.env);

/** Made once per execution environment; every call uses it. */
export const scheduler: Scheduler = await createScheduler({ provider: PROVIDER, environment: ENVIRONMENT });
