import { createRunStore } from "@sluice/core/storage";
import { createVirtualTable } from "@sluice/sim/cloud/dynamodb";
import { itemBytes } from "@sluice/sim/cloud/dynamodb/item-size";
import { expect, test } from "vitest";

/** A write of an item of more costs a second unit. */
const UNIT_BYTES = 1_024;

test.each(["2026-11-22", "x".repeat(1_024), "0b5f2c1e-6d52-4a49-9c6a-3f1f7f0f4a11"])(
  "a full part of run %j is written for one unit, whatever its records' ends",
  async (runId) => {
    const table = createVirtualTable();
    const store = createRunStore(table, "a-provider-of-thirty-two-letters");
    const places = Array.from({ length: 200 }, (_, place) => place);
    for (const [at, name] of (
      ["fetched", "fetchedBefore", "dead", "expired", "cancelled"] as const
    ).entries()) {
      const marks = { [name]: places.filter((place) => place % 5 === at) };
      await store.mark(runId, { level: 0, index: 2_499 }, marks, Date.now());
    }
    const [part] = table.items();
    expect(part === undefined ? 0 : itemBytes(part)).toBeGreaterThan(700);
    expect(part === undefined ? 0 : itemBytes(part)).toBeLessThanOrEqual(UNIT_BYTES);
  },
);
