import { asOperatorError } from "@sluice/aws/operator-errors";
import { messageOf, SluiceError, type SluiceErrorCode } from "@sluice/core/errors";
import type { Connection } from "../connect/connection.ts";
import type { Style } from "../output/style.ts";
import type { Surroundings } from "../surroundings.ts";
import { printable } from "../text/printable.ts";
import type { PlaceOptions } from "./place-options.ts";

/** The end of a look at a provider: a value, or the cause for which there is none. */
export type Seen<T> =
  | { readonly kind: "seen"; readonly value: T }
  | { readonly kind: "unseen"; readonly providerId: string; readonly cause: string };

/** They would be the same for every provider. */
const SAME_FOR_ALL: readonly SluiceErrorCode[] = ["client-misconfigured", "name-invalid", "cloud-ambiguous"];

/**
 * Looks at each of some providers, in their order; one that can't be had does not keep the others from being seen.
 * @throws SluiceError for what stands in the way of all
 */
export function seeEach<T>(
  providerIds: readonly string[],
  options: PlaceOptions,
  around: Surroundings,
  look: (connection: Connection) => Promise<T>,
): Promise<readonly Seen<T>[]> {
  return Promise.all(
    providerIds.map(async (providerId): Promise<Seen<T>> => {
      try {
        return {
          kind: "seen",
          value: await look(await around.connect({ ...options, provider: providerId })),
        };
      } catch (thrown) {
        const known = asOperatorError(thrown);
        if (known instanceof SluiceError && SAME_FOR_ALL.includes(known.code)) throw known;
        return { kind: "unseen", providerId, cause: messageOf(known) };
      }
    }),
  );
}

/** The values that were seen. */
export function valuesOf<T>(all: readonly Seen<T>[]): readonly T[] {
  return all.flatMap((seen) => (seen.kind === "seen" ? [seen.value] : []));
}

/** The providers that were not seen, a line each. */
export function unseenText(all: readonly Seen<unknown>[], { paint }: Style): string {
  return all
    .flatMap((seen) =>
      seen.kind === "unseen"
        ? [`${seen.providerId}\t${paint("red", "not seen")}\t${printable(seen.cause)}\n`]
        : [],
    )
    .join("");
}

/** The same as JSON values. */
export function unseenJson(all: readonly Seen<unknown>[]): readonly object[] {
  return all.flatMap((seen) =>
    seen.kind === "unseen" ? [{ providerId: seen.providerId, unreadable: seen.cause }] : [],
  );
}
