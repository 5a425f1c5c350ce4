import type { RunningCloud } from "@sluice/local/running-cloud";
import { describe, expect, test } from "vitest";
import { findTarget } from "./find-target.ts";

const cloud = (environment: string, providerId = "demo"): RunningCloud => ({
  endpoints: { sqs: "http://127.0.0.1:1", dynamodb: "http://127.0.0.1:2", lambda: "http://127.0.0.1:3" },
  environment,
  providerId,
  pid: 1,
  startedAtMs: 0,
});

const placeOf = (choice: Parameters<typeof findTarget>[0], ...clouds: RunningCloud[]) =>
  findTarget(choice, clouds).place;

describe("the place that a command means", () => {
  test.each([
    ["what runs here, if nothing is said", {}, "local", "one", false],
    ["what runs here, by its own name", { environment: "one" }, "local", "one", true],
    ["what runs here, whatever its name", { environment: "local" }, "local", "one", true],
    ["what runs here with that provider", { provider: "demo" }, "local", "one", false],
    ["production of a provider that does not run here", { provider: "acme" }, "aws", "production", false],
    ["an environment that is named", { environment: "staging" }, "aws", "staging", true],
  ] as const)("is %s", (_, choice, kind, environment, isNamed) => {
    expect(placeOf(choice, cloud("one"))).toEqual({ kind, environment, isNamed });
  });

  test("is production if nothing runs here", () => {
    expect(placeOf({})).toEqual({ kind: "aws", environment: "production", isNamed: false });
  });

  test("is not guessed among several", () => {
    const clouds = [cloud("one"), cloud("two"), cloud("three", "slowpoke")];
    expect(() => findTarget({}, clouds)).toThrow(/one \(demo\), two \(demo\), three \(slowpoke\)/);
    expect(() => findTarget({ provider: "demo" }, clouds)).toThrow(/one \(demo\), two \(demo\)/);
    expect(placeOf({ provider: "slowpoke" }, ...clouds)).toMatchObject({ environment: "three" });
    expect(placeOf({ environment: "two" }, ...clouds)).toMatchObject({ environment: "two" });
  });

  test("is never AWS if this machine is asked for", () => {
    expect(() => findTarget({ environment: "local" }, [])).toThrow(/npm start -- --keep/);
    expect(() => findTarget({ environment: "local", provider: "acme" }, [cloud("one")])).toThrow(/acme/);
  });
});
