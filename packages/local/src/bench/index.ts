export { handlerEntries } from "./handler-entries.ts";
