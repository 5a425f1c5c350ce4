import { once } from "node:events";
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { planOf } from "@sluice/core/deployment";
import type { Provider } from "@sluice/core/provider";
import type { Loading } from "./load-worker.ts";

/** Variables without which Node does not find its own modules, or writes elsewhere. */
const INHERITED = ["PATH", "HOME", "TMPDIR"] as const;

/**
 * Loads the worker of each provider with the variables that its deployment will give it, and a made-up value for each secret
 * that its data file names: what it asks for and does not get it says itself.
 * @param providers each with the name of the environment that it is in
 */
export async function workerProblems(
  providers: readonly { readonly provider: Provider; readonly environment: string }[],
): Promise<string[]> {
  const problems: string[] = [];
  // One after the other: each is a moment's work, and fifty threads at once would take gigabytes.
  for (const { provider, environment } of providers) {
    const problem = await problemOf(provider, environment);
    if (problem !== undefined) {
      problems.push(
        `The worker ${provider.worker.name} of ${provider.id} in ${environment} can't begin: ${problem}`,
      );
    }
  }
  return problems;
}

async function problemOf(provider: Provider, environment: string): Promise<string | undefined> {
  const { entry, environment: variables, secrets } = planOf(provider, environment).worker;
  const source = new URL(`../${entry}.ts`, import.meta.url);
  if (!existsSync(source)) return `there is no packages/functions/src/${entry}.ts`;
  const inherited = INHERITED.map((name) => [name, process.env[name]]);
  const linked = secrets.map((name) => [`SST_RESOURCE_${name}`, JSON.stringify({ value: "made-up" })]);
  const thread = new Worker(new URL("load-worker.ts", import.meta.url), {
    workerData: source.href,
    env: { ...Object.fromEntries([...inherited, ...linked]), ...variables, POWERTOOLS_LOG_LEVEL: "SILENT" },
  });
  try {
    const [loading]: Loading[] = await once(thread, "message");
    return loading?.problem;
  } catch (thrown) {
    return String(thrown);
  } finally {
    await thread.terminate();
  }
}
