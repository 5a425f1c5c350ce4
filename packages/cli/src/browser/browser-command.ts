/** The desktop that a command may run on. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A program with its arguments, which no shell reads. */
export type BrowserCommand = readonly [program: string, ...args: string[]];

/** Set where nobody sits at this machine's own screen: by CI services, and by sshd. */
const NOBODY_HERE = ["CI", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];
/** Set where X11 or Wayland have a screen. */
const SCREENS = ["DISPLAY", "WAYLAND_DISPLAY"];

/** The command that opens an address in the default browser; undefined where no person has a screen to see it on. */
export function browserCommand(url: string, { platform, variables }: Desktop): BrowserCommand | undefined {
  const isSet = (name: string) => !["", undefined].includes(variables[name]);
  if (NOBODY_HERE.some(isSet)) return undefined;
  switch (platform) {
    case "darwin":
      return ["open", url];
    case "win32":
      // `start` is a word of the shell's, to which an address may be more than that.
      return ["rundll32", "url.dll,FileProtocolHandler", url];
    default:
      return SCREENS.some(isSet) ? ["xdg-open", url] : undefined;
  }
}
