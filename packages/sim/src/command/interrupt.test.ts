import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

const MODULE = new URL("./interrupt.ts", import.meta.url).href;

/** Starts a command that says when it is ready and when it is asked to end, which it does half a second later. */
function start(program = "") {
  const script = `
    import { createInterrupt } from "${MODULE}";
    const interrupt = createInterrupt(130);
    interrupt.signal.addEventListener("abort", () => {
      console.error("asked");
      setTimeout(() => { console.error("in order"); process.exit(0); }, 500);
    });
    setInterval(() => console.log("alive"), 20);
    ${program}
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  const printed = text(child.stderr);
  const ended = once(child, "close").then(async ([code]) => ({ code, printed: await printed }));
  return { child, ready: once(child.stdout, "data"), ended };
}

const IN_ORDER = { code: 0, printed: "asked\nin order\n" };

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("a command ends in order at %s", async (signal) => {
  const { child, ready, ended } = start();
  await ready;
  child.kill(signal);
  expect(await ended).toEqual(IN_ORDER);
});

test("it does so when nobody reads any more what it prints", async () => {
  const { child, ready, ended } = start();
  await ready;
  child.stdout.destroy();
  expect(await ended).toEqual(IN_ORDER);
});

test.each(["SIGTERM", "SIGHUP", "SIGINT"])(
  "it takes no second signal for a wish when npm echoes %s",
  async (echo) => {
    const { ended } = start(`process.emit("SIGINT"); process.emit("${echo}");`);
    expect(await ended).toEqual(IN_ORDER);
  },
);

test("another Ctrl-C a second later ends it at once", async () => {
  const { ended } = start(`
    let nowMs = performance.now();
    performance.now = () => nowMs;
    process.emit("SIGINT");
    nowMs += 1_001;
    process.emit("SIGINT");
  `);
  expect(await ended).toEqual({ code: 130, printed: "asked\n" });
});

test("a key that is pressed twice ends it at once, because no key has an echo", async () => {
  const { ended } = start("interrupt.press(); interrupt.press();");
  expect(await ended).toEqual({ code: 130, printed: "asked\n" });
});

test("an output that fails for another reason is an error", async () => {
  const { ended } = start(`
    process.stdout.emit("error", Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
  `);
  const { code, printed } = await ended;
  expect(code).toBe(1);
  expect(printed).toContain("no space left on device");
});
