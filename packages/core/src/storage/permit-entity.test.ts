import fc from "fast-check";
import { expect, test } from "vitest";
import { PERMIT_MODEL, parsePermitRow } from "./permit-entity.ts";

/** Attributes of a later version, by names that this one has not. */
const additions = fc.dictionary(
  fc.string().filter((name) => !(name in PERMIT_MODEL.attributes)),
  fc.jsonValue(),
);

test("a shard on which a later version has written more is read as if it had not", () => {
  const row = { leases: ["a@1-2"], phase: "closed", limit: 3, epoch: 1, split: 1, bulkWishes: ["b@3"] };
  fc.assert(
    fc.property(additions, (more) => {
      expect(parsePermitRow({ ...more, ...row })).toEqual(parsePermitRow(row));
    }),
  );
});
