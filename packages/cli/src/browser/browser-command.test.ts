import { describe, expect, test } from "vitest";
import { browserCommand } from "./browser-command.ts";

const URL = "http://127.0.0.1:1/?ticket=a&b";
const SCREEN = { DISPLAY: ":0" };

describe("an address", () => {
  test.each([
    ["darwin", {}, ["open", URL]],
    ["win32", {}, ["rundll32", "url.dll,FileProtocolHandler", URL]],
    ["linux", SCREEN, ["xdg-open", URL]],
    ["linux", { WAYLAND_DISPLAY: "wayland-0", CI: "" }, ["xdg-open", URL]],
    ["freebsd", SCREEN, ["xdg-open", URL]],
  ] as const)("is opened on %s by the desktop's own means", (platform, variables, command) => {
    expect(browserCommand(URL, { platform, variables })).toEqual(command);
  });

  test.each([
    ["linux", {}],
    ["linux", { DISPLAY: "" }],
    ["linux", { ...SCREEN, CI: "true" }],
    ["darwin", { CI: "1" }],
    ["darwin", { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" }],
    ["linux", { ...SCREEN, SSH_TTY: "/dev/pts/1" }],
    ["win32", { SSH_CLIENT: "10.0.0.1 1 22" }],
  ] as const)("is not opened on %s with %o: nobody is there to see it", (platform, variables) => {
    expect(browserCommand(URL, { platform, variables })).toBeUndefined();
  });
});
