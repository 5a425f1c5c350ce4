import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@sluice/core/errors";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { BrowserMissing } from "./browser-missing.ts";

/** The variable with the path of the browser that tests are to use. */
export const BROWSER_VARIABLE = "SLUICE_BROWSER";

/** Names of a Chromium that a machine may have of its own. */
const OWN_NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];

/** Whoever runs tests in a container is root there, and has little shared memory. */
const ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];

/** Starts a Chromium: the one that is named, or the machine's own, or the one that npm has brought. @throws BrowserMissing */
export async function startBrowser(): Promise<Browser> {
  try {
    return await chromium.launch({ args: ARGS, ...(await whichBrowser()) });
  } catch (thrown) {
    throw new BrowserMissing(messageOf(thrown), BROWSER_VARIABLE, { cause: thrown });
  }
}

/** Makes the browser that npm has brought ready where none is to be had otherwise. @throws Error of an operating system that it isn't for */
export async function unpackBrowser(): Promise<void> {
  await whichBrowser();
}

async function whichBrowser(): Promise<LaunchOptions> {
  const own = process.env[BROWSER_VARIABLE] ?? ownChromium();
  if (own !== undefined) return { executablePath: own };
  const executablePath = await sparticuz.executablePath();
  const libraries = join(tmpdir(), "al2023", "lib");
  const { LD_LIBRARY_PATH } = process.env;
  const paths = [LD_LIBRARY_PATH, existsSync(libraries) ? libraries : undefined].filter(Boolean);
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return {
    executablePath,
    env: { ...env, ...(paths.length > 0 && { LD_LIBRARY_PATH: paths.join(":") }) },
  };
}

function ownChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(":");
  const paths = folders.flatMap((folder) => OWN_NAMES.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}
