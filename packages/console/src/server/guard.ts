import { timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Tickets } from "./tickets.ts";

/** The names by which a page's own server is called. */
const OWN_HOSTNAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);
/** A page that changes something says its token in this header, which no form of another site can send. */
export const TOKEN_HEADER = "x-sluice-token";

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;

/**
 * Lets requests through that the operator's own page makes: by the loopback's own name, from no other origin, and with the
 * token that only he was told. The address that is printed has it once, or a ticket for it; a cookie has it from then on, and
 * what changes anything says it in a header too.
 */
export function guard(token: string, tickets: Pick<Tickets, "redeem">): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const { req } = context;
    const url = new URL(req.url);
    const host = req.header("host") ?? "";
    const hostname = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
    if (!OWN_HOSTNAMES.has(hostname))
      return context.json(refusal("This page is served to this machine only"), 403);
    const origin = req.header("origin");
    if (origin !== undefined && origin !== `http://${host}`) {
      return context.json(refusal(`No page of ${origin} may ask`), 403);
    }
    const given = url.searchParams.get("token") ?? "";
    const isAtDoor = req.method === "GET" && url.pathname === "/";
    if (isAtDoor && (isSame(given, token) || tickets.redeem(url.searchParams.get("ticket") ?? ""))) {
      setCookie(context, cookieName(url), token, { httpOnly: true, sameSite: "Strict", path: "/" });
      return context.redirect("/");
    }
    const isRead = req.method === "GET" && isSame(getCookie(context, cookieName(url)) ?? "", token);
    const isTold = isSame(req.header(TOKEN_HEADER) ?? "", token);
    if (isRead || isTold) return next();
    if (url.pathname === "/") return context.html(NO_TOKEN, 401);
    return context.json(refusal("Open the address that the console has printed: it has the token"), 401);
  };
}

/** Cookies know no ports, and several consoles may run. */
function cookieName(url: URL): string {
  return `sluice-${url.port}`;
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function refusal(problem: string) {
  return { problem };
}

const NO_TOKEN =
  "<!doctype html><meta charset=utf-8><title>Sluice</title><p>Open the address that the console has printed: it has the token.";
