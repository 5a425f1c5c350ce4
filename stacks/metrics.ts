import { environment, provider } from "./deployment.ts";
import { metricAddressesOf } from "./metric-addresses.ts";

export type { MetricAddress } from "./metric-addresses.ts";

/** The metrics of this stage's provider. */
export const { own, ofQueue, ofFunction, ofTable } = metricAddressesOf(provider.id, environment);
