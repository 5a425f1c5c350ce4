export type { Desk, TroubleDial } from "./desk.ts";
export { type ConsoleServer, serveConsole } from "./serve-console.ts";
