import { type Refused, refused } from "./answer.ts";

/** The operator who gives an order, and his reason. */
export interface Author {
  /** A name, as the caller's credentials have it: an ARN on AWS. */
  readonly by: string;
  readonly reason: string;
}

/** Longest name, and longest reason, in characters: both stand in each event, alarm and list. */
const BY_MAX = 512;
const REASON_MAX = 500;

/** The refusal of an author without a name or a reason, or with too long a one; undefined if both are as they should be. */
export function refusalOfAuthor({ by, reason }: Author): Refused | undefined {
  if (by.trim() === "" || by.length > BY_MAX) {
    return refused("author-invalid", `Say who orders it, in at most ${BY_MAX} characters`);
  }
  if (reason.trim() === "" || reason.length > REASON_MAX) {
    return refused(
      "reason-invalid",
      `Give a reason, of at most ${REASON_MAX} characters: others will read it`,
    );
  }
  return undefined;
}
