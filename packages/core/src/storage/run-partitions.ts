/**
 * Patterns of the partition keys of a provider's runs and of the lists of them, as IAM's
 * `dynamodb:LeadingKeys` takes them: what a service that enqueues may reach.
 */
export function runPartitionsOf(providerId: string): readonly string[] {
  const provider = `$sluice#provider_${providerId}`;
  return [`${provider}#runKey_*`, `${provider}#runsOf_*`, `${provider}#list_watched`];
}

/** Patterns of the partition keys of what a provider's waker tells of it: its contract, and what it saw. */
export function historyPartitionsOf(providerId: string): readonly string[] {
  const provider = `$sluice#provider_${providerId}`;
  return [`${provider}#list_contract`, `${provider}#snapshotDay_*`];
}
