import { readCatalog } from "@sluice/aws/read-catalog";
import { type Catalog, checkCatalog, concurrencyNeedOf, PRODUCTION } from "@sluice/core/deployment";
import { workerProblems } from "./worker-problems.ts";

/* What `npm run check:catalog` does: everything that a deploy of any provider would be refused for, without a cloud. */

const { catalog, unreadable } = await readCatalog();
const problems = [...unreadable, ...checkCatalog(catalog), ...(await workerProblems(distinct(catalog)))];
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write(`${summaryOf(catalog).join("\n")}\n`);

/** Every provider in every environment that gives its worker other variables; in production, where none has a file. */
function distinct({ contracts, deployed }: Catalog) {
  const byVariables = new Map(
    [
      ...contracts.map((provider) => ({ provider, environment: PRODUCTION })),
      ...deployed.map(({ provider, environment: { name } }) => ({ provider, environment: name })),
    ].map((one) => [JSON.stringify(one.provider), one]),
  );
  return [...byVariables.values()];
}

function summaryOf({ contracts, environments, deployed }: Catalog): string[] {
  const needed = (providers: Catalog["contracts"]) =>
    providers.reduce((sum, provider) => sum + concurrencyNeedOf(provider).all, 0);
  return [
    `${contracts.length} providers can be deployed; together they need ${needed(contracts)} concurrent invocations`,
    ...environments.map(({ name, lambda }) => {
      const here = deployed.filter(({ environment }) => environment.name === name);
      const granted = lambda === undefined ? "an unknown number" : String(lambda.concurrency);
      return `${name}: ${here.length} providers, ${needed(here.map(({ provider }) => provider))} of ${granted} invocations`;
    }),
  ];
}
