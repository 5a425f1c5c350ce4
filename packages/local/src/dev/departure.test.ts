import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const MODULE = new URL("./departure.ts", import.meta.url).href;

test.each([
  ["SIGTERM", "SIGINT"],
  ["SIGHUP", "SIGINT"],
  ["SIGINT", "SIGINT"],
  ["SIGTERM", "SIGTERM"],
])("%s with %s as its echo is one departure, and ends nothing at once", (signal, echo) => {
  const script = `
    import { departureSignal } from "${MODULE}";
    const departure = departureSignal(130);
    departure.addEventListener("abort", () => console.log("gone"));
    process.emit("${signal}");
    process.emit("${echo}");
    setTimeout(() => console.log("in order"), 10);
  `;
  const args = ["--input-type=module", "--eval", script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { stdio: "pipe", encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toBe("gone\nin order\n");
  expect(status).toBe(0);
});
