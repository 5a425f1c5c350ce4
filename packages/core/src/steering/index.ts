export { accessAt } from "./windows/access.ts";
export { calendarOf } from "./windows/calendar-of.ts";
export { instantAfterOpenMs, isOpenAt } from "./windows/questions.ts";
