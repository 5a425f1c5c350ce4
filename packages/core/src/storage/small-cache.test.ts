import { expect, test } from "vitest";
import SmallCache from "./small-cache.ts";

test("answers what the endpoint cache of DynamoDB's client asks of it", () => {
  const cache = new SmallCache<string, number>(10);
  expect([cache.has("a"), cache.get("a"), cache.peek("a")]).toEqual([false, undefined, undefined]);
  cache.set("a", 1);
  cache.set("b", 2);
  expect([cache.has("a"), cache.get("a"), cache.peek("b")]).toEqual([true, 1, 2]);
  cache.clear();
  expect([cache.has("a"), cache.peek("b")]).toEqual([false, undefined]);
});
