import { namesOf } from "@sluice/core/provider";

// Whose records are enqueued, and where that provider is deployed to.
const provider = "demo";
const environment = $app.stage;

/** The provider's time zone: its day is what a run is named after. */
export const timeZone = "Europe/Zurich";

/** What the scheduler has to know. */
export const variables = { PROVIDER: provider, ENVIRONMENT: environment };

const { accountId } = await aws.getCallerIdentity();
const { partition } = await aws.getPartition();
const { schedulerPolicy } = namesOf(environment, provider);

/** Sluice's own policy for this provider's queues: find them, read what they allow, send. */
export const policy = `arn:${partition}:iam::${accountId}:policy/${schedulerPolicy}`;
