export { accessAt } from "./windows/access.ts";
export { calendarOf } from "./windows/calendar-of.ts";
export { longestClosureMs } from "./windows/longest-closure.ts";
export { instantAfterOpenMs, isOpenAt } from "./windows/questions.ts";
