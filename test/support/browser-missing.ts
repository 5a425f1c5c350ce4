/** No browser runs on this machine, so that the page can't be tested. */
export class BrowserMissing extends Error {
  /** @param variable names the environment variable by which a browser can be named */
  constructor(reason: string, variable: string, options?: ErrorOptions) {
    const [firstLine] = reason.split("\n");
    super(
      `No browser runs here, so that the page was not tested (${firstLine}): install Chromium, as with \`apt-get install chromium\`, or name one that runs with ${variable}=<path>`,
      options,
    );
    this.name = "BrowserMissing";
  }
}
