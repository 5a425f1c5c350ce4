/**
 * Patterns of the partition keys of a provider's runs and of the list of those that are watched, as IAM's
 * `dynamodb:LeadingKeys` takes them: what a service that enqueues may reach.
 */
export function runPartitionsOf(providerId: string): readonly string[] {
  const provider = `$sluice#provider_${providerId}`;
  return [`${provider}#runKey_*`, `${provider}#list_watched`];
}
