import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleHandler } from "./bundle.ts";
import { handlerFile } from "./handlers.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-bundle-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a handler without a file is refused by its path", async () => {
  await expect(bundleHandler("workers/nowhere", folder)).rejects.toMatchObject({
    code: "handler-invalid",
    message: `The handler ${handlerFile("workers/nowhere")} can't be bundled:\n  the file does not exist`,
  });
});

test("a handler that does not compile is refused with the places that are wrong", async () => {
  await writeFile(join(folder, "broken.ts"), 'import "./nothing.ts";\nexport const handler = ;\n');
  const entry = relative(dirname(handlerFile("waker")), join(folder, "broken"));
  await expect(bundleHandler(entry, folder)).rejects.toMatchObject({
    code: "handler-invalid",
    message: expect.stringMatching(/broken\.ts can't be bundled:\n {2}\S*broken\.ts:2:24: Unexpected ";"$/),
  });
});
