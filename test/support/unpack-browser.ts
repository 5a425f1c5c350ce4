import { unpackBrowser } from "./browser.ts";

/** Before any file of tests: the browser is unpacked where all look, and whoever finds half of it takes it for whole. */
export async function setup(): Promise<void> {
  // Each test that needs a browser says so itself where none runs.
  await unpackBrowser().catch(() => {});
}
