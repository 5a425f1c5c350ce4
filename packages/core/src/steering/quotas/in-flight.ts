import type { Provider } from "../../provider/provider.ts";
import { spacingOf } from "./spacing.ts";

/**
 * The most calls that are in flight together where sliding quotas space starts out, by Little's law; infinite where none
 * does. A permit that is out may still wait for its turn. A day's quota that is spread is not among them: express records owe it
 * no spacing, and may use what the bulk doesn't.
 */
export function mostInFlight({ quotas = [] }: Pick<Provider, "quotas">, meanLatencyMs: number): number {
  const spacing = spacingOf(quotas);
  if (spacing === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.ceil(meanLatencyMs / spacing.intervalMs));
}
