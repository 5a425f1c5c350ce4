import type { IncomingMessage } from "node:http";

/** The bodies that a server takes. */
export interface BodyRules {
  readonly maxBytes: number;
  /** Media types in lower case, without parameters. */
  readonly types: readonly string[];
}

/** An answer to a request whose body is not to be read; the problem is for its sender. */
export interface RequestRefusal {
  readonly status: 403 | 411 | 413 | 415;
  readonly problem: string;
}

const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;
/** The relations of a page to this server in which the user, or the server itself, has asked for it. */
const OWN_SITES: readonly string[] = ["none", "same-origin"];

/**
 * Finds out from the headers of a request if a server of this machine is to refuse it; undefined if it may be served. A
 * page that a browser shows may come from anywhere: one that sends a request tells its origin, and one whose name was
 * made to lead here tells that name as the host. A body must say its length, so that no part of a long one is read.
 */
export function requestRefusalOf(request: IncomingMessage, body: BodyRules): RequestRefusal | undefined {
  return callerRefusalOf(request) ?? bodyRefusalOf(request, body);
}

function callerRefusalOf({ headers, headersDistinct }: IncomingMessage): RequestRefusal | undefined {
  const hosts = headersDistinct.host ?? [];
  if (hosts.length !== 1 || !OWN_HOST.test(hosts[0] ?? "")) {
    return forbidden(
      `This server is for programs on this machine, at 127.0.0.1 or localhost, not for host ${hosts.join(", ")}`,
    );
  }
  if (headers.origin !== undefined) {
    return forbidden(`This server serves no page of a browser, not even one of origin ${headers.origin}`);
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && !OWN_SITES.includes(String(site))) {
    return forbidden(`This server serves no page of a browser, and this one is ${site}`);
  }
  return undefined;
}

function bodyRefusalOf({ headers }: IncomingMessage, body: BodyRules): RequestRefusal | undefined {
  if (headers["transfer-encoding"] !== undefined) {
    return { status: 411, problem: "The body must come whole, with a Content-Length" };
  }
  const lengthBytes = Number(headers["content-length"] ?? 0);
  if (lengthBytes > body.maxBytes) {
    return { status: 413, problem: `The body must have ${body.maxBytes} bytes at most` };
  }
  const [type = ""] = (headers["content-type"] ?? "").split(";", 1);
  if (lengthBytes > 0 && !body.types.includes(type.trim().toLowerCase())) {
    const given = type === "" ? "has none" : `is ${type}`;
    return {
      status: 415,
      problem: `The Content-Type must be ${body.types.join(" or ")}, and this one ${given}`,
    };
  }
  return undefined;
}

function forbidden(problem: string): RequestRefusal {
  return { status: 403, problem };
}
