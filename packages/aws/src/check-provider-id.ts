import { SluiceError } from "@sluice/core/errors";
import { explain } from "@sluice/core/parsing";
import { providerInputSchema } from "@sluice/core/provider";

/**
 * Refuses an id by the rule that holds for a provider's data file.
 * @throws SluiceError `name-invalid`
 */
export function checkProviderId(id: string): void {
  const { error } = providerInputSchema.safeParse({ id }, { reportInput: true });
  const problem = error?.issues.find(({ path }) => path[0] === "id");
  if (problem !== undefined) throw new SluiceError("name-invalid", `The provider's ${explain(problem)}`);
}
