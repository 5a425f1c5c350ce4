import { Entity } from "electrodb";
import { expect, test } from "vitest";
import { BREAKER_MODEL } from "./breaker-entity.ts";
import { CONTRACT_MODEL } from "./contract-entity.ts";
import { createEntity } from "./entity.ts";
import { EVENT_MODEL } from "./event-entity.ts";
import { FETCH_MODEL } from "./fetch-entity.ts";
import { ORDERS_MODEL } from "./orders-entity.ts";
import { PERMIT_MODEL } from "./permit-entity.ts";
import { QUOTA_MODEL } from "./quota-entity.ts";
import { LISTED_RUN_MODEL, ROSTER_MODEL } from "./roster-entity.ts";
import { LOST_RECORD_MODEL, RUN_MODEL, RUN_PART_MODEL, WATCHED_RUNS_MODEL } from "./run-entity.ts";
import { SNAPSHOT_MODEL } from "./snapshot-entity.ts";

const MODELS = [
  BREAKER_MODEL,
  CONTRACT_MODEL,
  EVENT_MODEL,
  FETCH_MODEL,
  LISTED_RUN_MODEL,
  LOST_RECORD_MODEL,
  ORDERS_MODEL,
  PERMIT_MODEL,
  QUOTA_MODEL,
  ROSTER_MODEL,
  RUN_MODEL,
  RUN_PART_MODEL,
  SNAPSHOT_MODEL,
  WATCHED_RUNS_MODEL,
];
const TABLE = { name: "table", client: { send: async () => ({}), config: {} } as never };

test.each(MODELS)("ElectroDB takes the model of a $model.entity", (model) => {
  expect(() => new Entity(model, { table: "table" })).not.toThrow();
});

test("only the check is left out", () => {
  const attributes = { ...FETCH_MODEL.attributes, day: { type: "string", hidden: "yes" } };
  const wrong = { ...FETCH_MODEL, attributes } as never;
  expect(() => new Entity(wrong, { table: "table" })).toThrow("hidden");
  expect(() => createEntity(wrong, TABLE)).not.toThrow();
});

test("an entity that is not checked asks the table the same", () => {
  const key = { provider: "demo", shard: 1 };
  const checked = new Entity(PERMIT_MODEL, { table: "table" });
  expect(createEntity(PERMIT_MODEL, TABLE).get(key).params()).toEqual(checked.get(key).params());
});
