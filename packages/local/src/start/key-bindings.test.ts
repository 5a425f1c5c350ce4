import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { bindKeys, type KeyEffects } from "./key-bindings.ts";
import type { Keyboard } from "./keyboard.ts";

function setUp({ isTTY = true, canMakeTrouble = true } = {}) {
  const rawModes: boolean[] = [];
  const done: string[] = [];
  const emitter = Object.assign(new EventEmitter(), {
    isTTY,
    setRawMode: (isRaw: boolean) => rawModes.push(isRaw),
    setEncoding: () => {},
    resume: () => {},
    pause: () => {},
  });
  const effects: KeyEffects = {
    onQuit: () => done.push("quit"),
    onHold: () => done.push("hold"),
    ...(canMakeTrouble && { onTrouble: ({ kind }) => done.push(kind) }),
  };
  const release = bindKeys(emitter satisfies Keyboard, effects);
  return { emitter, rawModes, done, release };
}

test("each key has its effect, in the order in which they were typed", () => {
  const { emitter, done } = setUp();
  emitter.emit("data", "sh");
  emitter.emit("data", "0hq\u0003x");
  expect(done).toEqual(["change", "hold", "clear", "hold", "quit", "quit"]);
});

test("where no trouble can be made its keys do nothing", () => {
  const { emitter, done } = setUp({ canMakeTrouble: false });
  emitter.emit("data", "sE0hq");
  expect(done).toEqual(["hold", "quit"]);
});

test("release gives the terminal back", () => {
  const { emitter, rawModes, release } = setUp();
  expect(rawModes).toEqual([true]);
  release?.();
  expect(rawModes).toEqual([true, false]);
  expect(emitter.listenerCount("data")).toBe(0);
});

test("without a terminal there are no keys", () => {
  const { emitter, done, release, rawModes } = setUp({ isTTY: false });
  emitter.emit("data", "hq");
  expect([release, done, rawModes]).toEqual([undefined, [], []]);
});
