import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Names of a Chromium that a machine may have of its own. */
const OWN_NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];

/** Whoever runs tests in a container is root there, and has little shared memory. */
const ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];

/** Starts a Chromium: the machine's own, or the one that npm has brought. @throws if neither runs here */
export async function startBrowser(): Promise<Browser> {
  const own = ownChromium();
  if (own !== undefined) return chromium.launch({ executablePath: own, args: ARGS });
  const executablePath = await sparticuz.executablePath();
  const libraries = join(tmpdir(), "al2023", "lib");
  const { LD_LIBRARY_PATH } = process.env;
  const paths = [LD_LIBRARY_PATH, existsSync(libraries) ? libraries : undefined].filter(Boolean);
  return chromium.launch({
    executablePath,
    args: ARGS,
    env: { ...process.env, ...(paths.length > 0 && { LD_LIBRARY_PATH: paths.join(":") }) } as Record<
      string,
      string
    >,
  });
}

function ownChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(":");
  const paths = folders.flatMap((folder) => OWN_NAMES.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}
