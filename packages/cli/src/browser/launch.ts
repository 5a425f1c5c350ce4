import { spawn } from "node:child_process";
import type { BrowserCommand } from "./browser-command.ts";

/** Starts a program that outlives this one. Never throws, and tells nobody whether it could. */
export function launch([program, ...args]: BrowserCommand): void {
  const child = spawn(program, args, { detached: true, stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
}
