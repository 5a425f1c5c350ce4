import { vi } from "vitest";

/** Captures the lines that are logged from now on, parsed. Modules that log must be imported after the call. */
export function captureLogs(): readonly Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  // Without it Powertools logs to a console of its own.
  vi.stubEnv("POWERTOOLS_DEV", "true");
  for (const method of ["debug", "info", "warn", "error", "log"] as const) {
    vi.spyOn(console, method).mockImplementation((line) => lines.push(JSON.parse(line)));
  }
  return lines;
}
