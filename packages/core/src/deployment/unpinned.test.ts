import { describe, expect, test } from "vitest";
import { parseEnvironment } from "./parse-environment.ts";
import { describePins, unpinnedSettings } from "./unpinned.ts";

const LEAST = { accountId: "123456789012", region: "eu-central-1" };
const read = (file: object, name = "staging") => parseEnvironment(file, name, `environments/${name}.json`);

test.each(["production", "staging", "dryrun2"])(
  "%s without a file has what the shortest file would give it, but for the place",
  (name) => {
    const { accountId, region, ...rest } = read(LEAST, name);
    expect(unpinnedSettings(name)).toEqual(rest);
  },
);

describe("whoever deploys is told what is left to the credentials in use", () => {
  const PLACE = "environments/staging.json pins account 123456789012 and eu-central-1";
  test.each<[lambda: object | undefined, told: string]>([
    [{ concurrency: 1000 }, PLACE],
    [undefined, `${PLACE}; the account's Lambda concurrency is not pinned`],
    [{ concurrency: 1000, reserve: false }, `${PLACE}; Lambda concurrency is neither reserved nor checked`],
  ])("lambda %j", (lambda, told) => {
    expect(describePins("staging", read({ ...LEAST, ...(lambda && { lambda }) }))).toBe(told);
  });

  test("everything, without a file", () => {
    expect(describePins("staging", undefined)).toBe(
      "staging has no environments/staging.json: account, region, concurrency, and the provider's X over all environments are not pinned",
    );
  });
});
