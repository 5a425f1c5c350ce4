import { afterEach, expect } from "vitest";

// Before each file of tests. Core knows no client of AWS, so that its tests are spared the SDK.
const { testPath = "" } = expect.getState();
if (!testPath.includes("/packages/core/")) {
  const { checkRequests, problemsFound } = await import("@sluice/testing/check-requests");
  checkRequests();
  afterEach(() => {
    // Also where an adapter, or a test, takes the refusal for one of AWS's.
    expect(problemsFound(), "requests that AWS would refuse for their form").toEqual([]);
  });
}
