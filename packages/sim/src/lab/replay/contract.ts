import { readFile } from "node:fs/promises";
import { listProviderIds, readProvider } from "@sluice/aws/file-catalog";
import { fileProblem } from "@sluice/aws/file-problem";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { type Provider, parseProvider } from "@sluice/core/provider";

/**
 * The contract of the provider whose events are replayed: the data file that the command names, by its path or by an id
 * of the catalog, else that of the catalog for the id in the events.
 * @throws SluiceError `input-invalid`, `provider-invalid`, `provider-unknown`
 */
export async function contractFor(
  named: string | undefined,
  eventsId: string | undefined,
): Promise<Provider> {
  if (named !== undefined) {
    const provider = await namedProvider(named);
    if (eventsId === undefined || eventsId === provider.id) return provider;
    throw new SluiceError(
      "input-invalid",
      `The events are of ${eventsId}, and ${named} describes ${provider.id}: give ${eventsId}'s data file with --provider.`,
    );
  }
  if (eventsId === undefined) {
    throw new SluiceError(
      "input-invalid",
      "The events do not say of which provider they are: give its data file, or its id in the catalog, with --provider.",
    );
  }
  const knownIds = await listProviderIds();
  if (knownIds.includes(eventsId)) return readProvider(eventsId);
  throw new SluiceError(
    "input-invalid",
    `The events are of ${eventsId}, of which the catalog has no data file: give it with --provider.`,
  );
}

async function namedProvider(named: string): Promise<Provider> {
  if (!/[./\\]/.test(named)) return readProvider(named);
  try {
    return parseProvider(JSON.parse(await readFile(named, "utf8")), named);
  } catch (thrown) {
    if (thrown instanceof SluiceError) throw thrown;
    const problem = thrown instanceof SyntaxError ? `is not JSON: ${messageOf(thrown)}` : fileProblem(thrown);
    throw new SluiceError("input-invalid", `The data file ${named} ${problem}.`, { cause: thrown });
  }
}
