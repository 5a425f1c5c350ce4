/** Asks for the shard after a write, or the one that refused it, so that neither needs a read (on AWS). */
export const TELL = { response: "all_new", returnOnConditionCheckFailure: "all_old" } as const;

/**
 * Asks only for the shard that refused a write. Operators make such writes too, and their policy names the attributes that they
 * reach: a whole shard has more.
 */
export const TELL_REFUSAL = { returnOnConditionCheckFailure: "all_old" } as const;
