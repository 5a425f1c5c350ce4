import { describe, expect, test } from "vitest";
import { parseEnvironment } from "./parse-environment.ts";
import { strayFrom } from "./pinned-place.ts";

const HERE = { accountId: "123456789012", region: "eu-central-1" };
const staging = parseEnvironment(HERE, "staging", "environments/staging.json");

const OTHER_ACCOUNT =
  "The credentials are of account 999999999999; environments/staging.json says 123456789012. Choose others, such as with AWS_PROFILE";
const OTHER_REGION =
  "The region is us-east-1; environments/staging.json says eu-central-1. Unset AWS_REGION, or set it to that";

describe("a deploy strays from its environment", () => {
  test.each([
    [HERE, []],
    [{ ...HERE, accountId: "999999999999" }, [OTHER_ACCOUNT]],
    [{ ...HERE, region: "us-east-1" }, [OTHER_REGION]],
    [{ accountId: "999999999999", region: "us-east-1" }, [OTHER_ACCOUNT, OTHER_REGION]],
  ])("%j: %j", (place, problems) => {
    expect(strayFrom(staging, place)).toEqual(problems);
  });

  test("what is not known yet is no reason, and what is known beside it is", () => {
    expect(strayFrom(staging, {})).toEqual([]);
    expect(strayFrom(staging, { accountId: undefined, region: "us-east-1" })).toEqual([OTHER_REGION]);
    expect(strayFrom(staging, { accountId: "999999999999", region: undefined })).toEqual([OTHER_ACCOUNT]);
  });
});
