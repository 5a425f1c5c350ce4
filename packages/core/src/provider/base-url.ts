import * as z from "zod";

/** The rule for a base URL, as the end of a sentence about one. */
export const BASE_URL_RULE =
  "must be an address such as https://acme.example/v1: with https: or http:, and without credentials, query and fragment";

/**
 * Parses the root URL of a provider's API, to which a worker appends the paths of its calls. It refuses what a call could
 * not keep: credentials, a query, a fragment.
 */
export const baseUrlSchema: z.ZodType<string> = z
  .url({ protocol: /^https?$/, error: BASE_URL_RULE, abort: true })
  .refine((text) => {
    const { username, password } = new URL(text);
    return username + password === "" && !/[?#]/.test(text);
  }, BASE_URL_RULE);

/** True for a URL whose calls leave the machine unencrypted: one without TLS, to any other host than this. */
export function isReadableOnTheWay(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === "http:" && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
