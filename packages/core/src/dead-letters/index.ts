export type { DeadLetter } from "./dead-letter.ts";
export type { DeadLettersDeps } from "./dead-letters-deps.ts";
export { drop } from "./drop.ts";
export type { LetterFilter } from "./letter-filter.ts";
export { type CauseGroup, groupByCause, readDeadLetters } from "./read-dead-letters.ts";
export { redrive } from "./redrive.ts";
