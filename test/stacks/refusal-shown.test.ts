import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyRepository, type RepositoryCopy } from "../support/repository-copy.ts";
import { ROOT, standInFor } from "./platform.ts";

const PREPARING_MS = 300_000;

let copy: RepositoryCopy;
let config: string;
beforeAll(async () => {
  copy = await copyRepository();
  config = await mkdtemp(join(tmpdir(), "sluice-pulumi-"));
  for (const name of ["stacks", "sst.config.ts", "tsconfig.stacks.json"]) {
    await cp(join(ROOT, name), join(copy.root, name), { recursive: true });
  }
  await mkdir(join(copy.root, "environments"));
}, PREPARING_MS);
afterAll(async () => {
  await copy.remove();
  await rm(config, { recursive: true });
});

/** Elsewhere nobody can write to what another process prints to, and the log alone has it, in one line. */
const LOGGED = process.platform === "linux" ? [] : ["--print-logs"];

/** What SST's own command prints where there is no terminal, as in a CI. It asks nobody: it does not come that far. */
async function printedBy(...args: string[]): Promise<string> {
  // A shell's pipe, as a CI has: Node's own are sockets, which nobody else can open.
  const child = spawn("sh", ["-c", '"$0" "$@" 2>&1 | cat', "node_modules/.bin/sst", ...args, ...LOGGED], {
    cwd: copy.root,
    detached: true,
    env: {
      ...process.env,
      ...(await standInFor(config)),
      SST_NO_BUN: "1",
      SST_TELEMETRY_DISABLED: "1",
      NO_COLOR: "1",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  return LOGGED.length === 0 ? printed : printed.replaceAll("\\n", "\n");
}

test(
  "a stage that is none is refused in words, where there is no terminal, too",
  async () => {
    expect(await printedBy("diff", "--stage", "nobody")).toMatch(
      /Stage nobody belongs to no provider\. .*Providers: demo, slowpoke\n/,
    );
  },
  PREPARING_MS,
);

test(
  "so is an environment's file that can't be used",
  async () => {
    await copy.write("environments/staging.json", { accountId: 12 });
    expect(await printedBy("deploy", "--stage", "demo-staging")).toContain(
      "Environment environments/staging.json is invalid:\n  accountId must be the 12 digits of an AWS account, as text, received 12\n",
    );
  },
  PREPARING_MS,
);
