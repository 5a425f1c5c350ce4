import { expect, test } from "vitest";
import { runCommand } from "../support/start-command.ts";

const TEST = { timeout: 300_000 };

test(
  "a run survives execution environments that are killed at random moments, to its end",
  TEST,
  async () => {
    const { code, stdout, stderr } = await runCommand(["--records", "400", "--kill-every", "1", "--json"]);
    const report = JSON.parse(stdout);
    expect(report, stderr).toMatchObject({
      accepted: 400,
      stillQueued: 0,
      duplicateFetches: 0,
      verdict: "ok",
    });
    expect(report.kills).toBeGreaterThan(0);
    expect(code).toBe(0);
  },
);
