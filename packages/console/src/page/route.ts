import { useEffect, useState } from "preact/hooks";

/** The page that an address names. */
export type Route =
  | { readonly kind: "fleet" }
  | { readonly kind: "provider"; readonly id: string }
  | { readonly kind: "dead"; readonly id: string }
  | { readonly kind: "run"; readonly id: string; readonly runId: string }
  | { readonly kind: "record"; readonly id: string; readonly recordId: string };

const part = encodeURIComponent;

/** Addresses of pages: what a link says. */
export const linkTo = {
  fleet: () => "#/",
  provider: (id: string) => `#/${part(id)}`,
  dead: (id: string) => `#/${part(id)}/dead`,
  run: (id: string, runId: string) => `#/${part(id)}/runs/${part(runId)}`,
  record: (id: string, recordId: string) => `#/${part(id)}/records/${part(recordId)}`,
} as const;

/** Reads an address; one that is none of ours is the fleet's. */
export function routeOf(hash: string): Route {
  const [id = "", kind, name = ""] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (id === "") return { kind: "fleet" };
  if (kind === "dead") return { kind: "dead", id };
  if (kind === "runs") return { kind: "run", id, runId: name };
  if (kind === "records") return { kind: "record", id, recordId: name };
  return { kind: "provider", id };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The page that is shown now. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener("hashchange", changed);
    // A link that was followed between the first drawing and this has told nobody.
    changed();
    return () => removeEventListener("hashchange", changed);
  }, []);
  return routeOf(hash);
}
