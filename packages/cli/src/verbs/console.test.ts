import { expect, test } from "vitest";
import { createDesk, type TypeOptions } from "../fakes/desk.ts";

const SCREEN = { DISPLAY: ":0" };
const TERMINAL: readonly string[] = [];

/** Serves the page, asks for the address that a browser was given, and ends. */
async function serve(args: string, options: TypeOptions) {
  const ended = new AbortController();
  const launched: (readonly string[])[] = [];
  const typed = await createDesk().type(`console ${args}`, {
    ...options,
    interrupt: ended.signal,
    onWritten: () => ended.abort(),
    onLaunched: (command) => launched.push(command),
  });
  return { ...typed, launched };
}

test("the page is opened in the browser of whoever sits at a screen, by an address that lets in once", async () => {
  const { code, out, launched } = await serve("", { answers: TERMINAL, variables: SCREEN });
  expect(code).toBe(0);
  const [, token] = /^http:\/\/127\.0\.0\.1:\d+\/\?token=(\S+)\n$/.exec(out) ?? [];
  const [[program, address] = []] = launched;
  expect(program).toBe("xdg-open");
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?ticket=\S+$/);
  expect(address).not.toContain(token);
});

test.each([
  ["if that is not wanted", "--no-open", { answers: TERMINAL, variables: SCREEN }],
  ["for a program", "--json", { answers: TERMINAL, variables: SCREEN }],
  ["for a pipe", "", { variables: SCREEN }],
  ["without a screen", "", { answers: TERMINAL }],
  ["over SSH", "", { answers: TERMINAL, variables: { ...SCREEN, SSH_TTY: "/dev/pts/1" } }],
  ["in CI", "", { answers: TERMINAL, variables: { ...SCREEN, CI: "true" } }],
] as const)("no browser is opened %s, and the address is printed", async (_, args, options) => {
  const { code, out, launched } = await serve(args, options);
  expect(code).toBe(0);
  expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  expect(launched).toEqual([]);
});
