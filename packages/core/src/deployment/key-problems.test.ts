import { expect, test } from "vitest";
import { keyProblems } from "./key-problems.ts";

const ARN = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY = {
  keyState: "Enabled",
  keyManager: "CUSTOMER",
  keySpec: "SYMMETRIC_DEFAULT",
  keyUsage: "ENCRYPT_DECRYPT",
};

test("an enabled symmetric key of the account's own is fit", () => {
  expect(keyProblems(ARN, KEY)).toEqual([]);
});

test.each([
  [{ keyState: "Disabled" }, /kmsKeyArn must be a key that is enabled: arn:\S+ is Disabled\. Enable it/],
  [{ keyState: "PendingDeletion" }, /is PendingDeletion\. Enable it, or cancel its deletion/],
  [{ keyManager: "AWS" }, /must be a key that you manage: the policy of arn:\S+ is AWS's/],
  [{ keySpec: "RSA_2048" }, /must be a key that encrypts symmetrically, .* is RSA_2048 for ENCRYPT_DECRYPT/],
  [{ keySpec: "HMAC_256", keyUsage: "GENERATE_VERIFY_MAC" }, /is HMAC_256 for GENERATE_VERIFY_MAC/],
])("%j is told", (wrong, problem) => {
  expect(keyProblems(ARN, { ...KEY, ...wrong })).toEqual([expect.stringMatching(problem)]);
});
