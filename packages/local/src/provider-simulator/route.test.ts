import fc from "fast-check";
import { expect, test } from "vitest";
import { routeOf } from "./route.ts";

test("any id comes back from its percent-encoding", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (recordId) => {
      const route = { kind: "record", recordId };
      expect(routeOf("GET", `/records/${encodeURIComponent(recordId)}`)).toEqual(route);
      expect(routeOf("GET", `/records/${encodeURIComponent(recordId)}?a=/b`)).toEqual(route);
    }),
  );
});

test.each([
  ["GET", "/records/%zz", 400],
  ["GET", "/records/%ff", 400],
  ["GET", "/records/50%", 400],
  ["GET", "/records/", 400],
  ["GET", "/records/a/b", 400],
  ["GET", "/records", 404],
  ["GET", "/", 404],
  ["POST", "/records/a", 405],
  ["PUT", "/records/a", 405],
  ["POST", "/trouble", 405],
  ["GET", "/trouble/x", 404],
])("%s %s is answered %d", (method, url, status) => {
  expect(routeOf(method, url)).toMatchObject({ kind: "none", status });
});

test("the audit has a path of its own", () => {
  expect(routeOf("GET", "/audit")).toEqual({ kind: "audit" });
});

test.each(["GET", "PUT"] as const)("trouble is read and changed: %s", (method) => {
  expect(routeOf(method, "/trouble?x=1")).toEqual({ kind: "trouble", method });
});
