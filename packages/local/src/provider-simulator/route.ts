/** The part of the server that a request asks for. */
export type Route =
  | { readonly kind: "record"; readonly recordId: string }
  | { readonly kind: "audit" }
  | { readonly kind: "trouble"; readonly method: "GET" | "PUT" }
  | { readonly kind: "none"; readonly status: 400 | 404 | 405; readonly problem: string };

const RECORDS = "/records/";

/** Finds the route of a request. `url` is the raw request target: ids like `..` must not be resolved. */
export function routeOf(method: string, url: string): Route {
  const path = url.split("?", 1)[0] ?? "";
  if (path === "/trouble") return troubleRouteOf(method);
  if (method !== "GET") return { kind: "none", status: 405, problem: "Only GET is served" };
  if (path === "/audit") return { kind: "audit" };
  if (!path.startsWith(RECORDS)) return { kind: "none", status: 404, problem: "No such path" };
  return recordRouteOf(path.slice(RECORDS.length));
}

function troubleRouteOf(method: string): Route {
  if (method === "GET" || method === "PUT") return { kind: "trouble", method };
  return { kind: "none", status: 405, problem: "Only GET and PUT are served" };
}

function recordRouteOf(encodedId: string): Route {
  if (encodedId === "" || encodedId.includes("/")) {
    return { kind: "none", status: 400, problem: "A record is named by one path segment" };
  }
  try {
    return { kind: "record", recordId: decodeURIComponent(encodedId) };
  } catch {
    return { kind: "none", status: 400, problem: "The record's id is not percent-encoded UTF-8" };
  }
}
