import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { Report } from "../ports/permit-items.ts";
import { createMemoryPermitItems } from "../storage/memory.ts";

/** The numbers of successes in the reports of one batch whose first check-ins are refused or get no answer. */
async function reportedOkCounts(...failures: readonly Unreachable[]): Promise<(number | undefined)[]> {
  const items = createMemoryPermitItems();
  const reports: Report[] = [];
  const left = [...failures];
  const harness = createVentilatorHarness((request) => reply(request, { kind: "ok", latencyMs: 5 }), {
    items: {
      ...items,
      async giveBack(index, leases, report) {
        reports.push(report);
        const failure = left.shift();
        if (failure !== undefined) throw failure;
        return items.giveBack(index, leases, report);
      },
    },
  });
  await harness.run([messageFor("one")]);
  expect((await harness.permitItems.read(0)).leases).toEqual([]);
  return reports.map(({ evidence }) => evidence.okCount);
}

const refused = new Unreachable("DynamoDB", "throttled", { isUndone: true });
const unanswered = new Unreachable("DynamoDB", "no answer");

test("a check-in that was refused is repeated with its evidence", async () => {
  expect(await reportedOkCounts(refused, refused)).toEqual([1, 1, 1]);
});

test("one that may have been carried out is repeated without, or a late first one would count twice", async () => {
  expect(await reportedOkCounts(refused, unanswered, refused)).toEqual([1, 1, 0, 0]);
});
