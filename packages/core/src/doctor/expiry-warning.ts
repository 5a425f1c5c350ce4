/** Time before the end of a message's retention at which it is bad news: a long weekend. The alarms for it say the same. */
export const EXPIRY_WARNING_MS: number = 4 * 24 * 60 * 60_000;
