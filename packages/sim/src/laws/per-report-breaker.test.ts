import { observeOnly } from "@sluice/core/law";
import { createBreakerHarness } from "@sluice/testing/breaker-harness";
import { tinyLaw } from "@sluice/testing/tiny-law";
import { describe, expect, test } from "vitest";
import { createPerReportBreaker } from "./per-report-breaker.ts";

const OK = { okCount: 1 };

describe("a law that sees each report by itself", () => {
  test("sees each of many that come at once", async () => {
    const harness = createBreakerHarness();
    const reported = await Promise.all(Array.from({ length: 4 }, () => harness.report(OK)));
    await Promise.all(
      reported.map((each) => harness.start({ createBreaker: createPerReportBreaker }).breaker.consider(each)),
    );
    expect((await harness.state())?.seen[0]).toMatchObject({ okCount: 4 });
  });

  test("gives up after five conflicts, without throwing", async () => {
    const harness = createBreakerHarness();
    const { breaker, store } = harness.start({ createBreaker: createPerReportBreaker });
    store.port.commit = async () => {
      store.calls.push("commit");
      return "conflict";
    };
    await breaker.consider(await harness.report(OK));
    expect(store.calls.filter((call) => call === "commit")).toHaveLength(5);
  });
});

test("a law that sees each report by itself gives advice as well", async () => {
  const harness = createBreakerHarness();
  const { breaker } = harness.start({ createBreaker: createPerReportBreaker, law: observeOnly(tinyLaw) });
  for (let count = 0; count < 3; count += 1) await breaker.consider(await harness.report({ faultCount: 1 }));
  expect((await harness.decisions()).map(({ kind }) => kind)).toEqual(["advice"]);
  expect(await harness.state()).toMatchObject({ phase: "closed", limit: 3, epoch: 0 });
});
