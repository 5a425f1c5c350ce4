export { backOffMs } from "./back-off.ts";
