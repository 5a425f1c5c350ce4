// Whose records are enqueued, and where that provider is deployed to.
const provider = "demo";
const environment = $app.stage;

/** The provider's time zone: its day is what a run is named after. */
export const timeZone = "Europe/Zurich";

/** What the scheduler has to know. */
export const variables = { PROVIDER: provider, ENVIRONMENT: environment };

const { accountId } = await aws.getCallerIdentity();
const { partition } = await aws.getPartition();

/** Sluice's own policy for this provider: send to its queues, keep runs and read them. */
export const policy = `arn:${partition}:iam::${accountId}:policy/sluice-${environment}-${provider}-scheduler`;
