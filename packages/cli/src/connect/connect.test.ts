import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createConnect } from "./connect.ts";

beforeEach(() => {
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/no/such/file");
});
afterEach(() => vi.unstubAllEnvs());

const connect = (provider: string) => createConnect()({ provider, environment: "staging" });

test("a provider that there is not is the first that is wrong, and those that there are are named", async () => {
  await expect(connect("nope")).rejects.toMatchObject({
    code: "name-invalid",
    message: expect.stringMatching(
      /^The catalog has no provider nope: it has demo, .*\. Nor can one be had in staging: Region is missing/,
    ),
  });
});

test("of one that there is it is said what is wrong", async () => {
  await expect(connect("demo")).rejects.toMatchObject({
    code: "client-misconfigured",
    message: expect.stringMatching(/^Region is missing/),
  });
});

test("an id that can't be one is told so", async () => {
  await expect(connect("No Good")).rejects.toMatchObject({
    code: "name-invalid",
    message: expect.stringMatching(/^The provider's /),
  });
});
