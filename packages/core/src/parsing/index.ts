export { explain } from "./explain.ts";
export { number, wholeNumber } from "./numbers.ts";
