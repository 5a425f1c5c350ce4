export { calendarOf } from "./windows/calendar-of.ts";
export { instantAfterOpenMs, isOpenAt } from "./windows/questions.ts";
