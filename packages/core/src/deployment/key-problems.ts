/** A key as KMS describes it: https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html */
export interface KeyDescription {
  /** `Enabled` if it can be used. */
  readonly keyState: string;
  /** Whose it is: `CUSTOMER` or `AWS`. */
  readonly keyManager: string;
  readonly keySpec: string;
  readonly keyUsage: string;
}

/** Reasons why a key is unfit to be an environment's `kmsKeyArn`, one sentence each. */
export function keyProblems(
  arn: string,
  { keyState, keyManager, keySpec, keyUsage }: KeyDescription,
): string[] {
  const must = `kmsKeyArn must be a key that`;
  if (keyManager !== "CUSTOMER") {
    return [`${must} you manage: the policy of ${arn} is AWS's, and does not let CloudWatch use it`];
  }
  if (keySpec !== "SYMMETRIC_DEFAULT" || keyUsage !== "ENCRYPT_DECRYPT") {
    return [
      `${must} encrypts symmetrically, as table and queues need it: ${arn} is ${keySpec} for ${keyUsage}`,
    ];
  }
  if (keyState !== "Enabled") {
    return [`${must} is enabled: ${arn} is ${keyState}. Enable it, or cancel its deletion, and deploy again`];
  }
  return [];
}
