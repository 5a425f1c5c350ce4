import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { readCatalog } from "@sluice/aws/read-catalog";
import { PRODUCTION, touchedStages } from "@sluice/core/deployment";
import { messageOf } from "@sluice/core/errors";
import { checkEnvironment } from "@sluice/core/provider";

/* What `npm run stages` does: the stages that a change touches, as JSON for a matrix of jobs. */

/** A path of no known kind: it touches every stage. */
const EVERYTHING: readonly string[] = ["everything"];

const HELP = `Prints the stages of an environment that the changes since a commit touch, as JSON.

  npm run stages --silent -- --since origin/main

  --since <commit>        what is deployed now; without it every stage is printed
  --environment <name>    (default: ${PRODUCTION})
`;

/** Exit code of a wrong option, or of a catalog that can't be read. */
const EXIT_USAGE = 2;

try {
  const { values } = parseArgs({
    options: {
      since: { type: "string" },
      environment: { type: "string", default: PRODUCTION },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  else process.stdout.write(`${JSON.stringify(await stagesSince(values.since, values.environment))}\n`);
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exitCode = EXIT_USAGE;
}

async function stagesSince(commit: string | undefined, environment: string): Promise<string[]> {
  checkEnvironment(environment);
  const { catalog, unreadable } = await readCatalog();
  if (unreadable.length > 0) throw new Error(unreadable.join("\n"));
  const { contracts, environments, deployed } = catalog;
  const here = deployed.filter((one) => one.environment.name === environment);
  const isPinned = environments.some(({ name }) => name === environment);
  const providers = isPinned ? here.map(({ provider }) => provider) : contracts;
  return touchedStages({ paths: changedPaths(commit), environment, providers, environments });
}

/** Paths that differ between a commit and the work tree's; of what was renamed both. */
function changedPaths(commit: string | undefined): readonly string[] {
  if (commit === undefined) return EVERYTHING;
  const args = ["diff", "--name-only", "--no-renames", "-z", commit, "HEAD", "--"];
  const { status, stdout } = spawnSync("git", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status === 0) return stdout.split("\0").filter((path) => path !== "");
  // As after the first push of a branch, whose predecessor is no commit, or in a clone without its history.
  process.stderr.write(`Commit ${commit} is not known here: every stage is printed\n`);
  return EVERYTHING;
}
