import type { Provider } from "../provider/provider.ts";
import type { Environment } from "./environment.ts";
import { PRODUCTION } from "./stage.ts";

/** A change of the repository, seen from one environment. */
export interface Change {
  /** Paths from the repository's root. */
  readonly paths: readonly string[];
  readonly environment: string;
  /** Providers of the catalog by their data files, or as the environment has them. */
  readonly providers: readonly Provider[];
  readonly environments: readonly Environment[];
}

const CATALOG = /^packages\/core\/src\/provider\/catalog\/([a-z0-9-]+)\.json$/;
const WORKER = /^packages\/functions\/src\/workers\/([a-z0-9-]+)\.ts$/;
const ENVIRONMENT = /^environments\/([a-z0-9]+)\.json$/;
/** Paths of what is deployed to no stage. */
const NEVER_DEPLOYED = [
  /\.(md|svg)$/,
  /\.test\.ts$/,
  /^(docs|test|examples|\.ci|\.github)\//,
  /^packages\/(cli|console|local|scheduler|sim|testing)\//,
  /\/fakes\//,
  /^packages\/functions\/src\/catalog\//,
  /^(biome|tsconfig[\w.]*)\.json$/,
  /^(vitest\.config\.ts|\.gitignore)$/,
];

/**
 * The stages of an environment that a change may alter, sorted. A provider's own file, worker and environment are told
 * apart; whatever else is deployed is deployed with all of them.
 */
export function touchedStages({ paths, environment, providers, environments }: Change): string[] {
  const without = environments.find(({ name }) => name === environment)?.without ?? [];
  const deployed = providers.filter(({ id }) => !without.includes(id));
  const touched = deployed.filter((provider) =>
    paths.some((path) => isTouchedBy(path, provider, environment, deployed)),
  );
  return touched.map(({ id }) => (environment === PRODUCTION ? id : `${id}-${environment}`)).toSorted();
}

function isTouchedBy(
  path: string,
  { id, worker }: Provider,
  environment: string,
  deployed: readonly Provider[],
): boolean {
  if (NEVER_DEPLOYED.some((pattern) => pattern.test(path))) return false;
  const [, fileId] = CATALOG.exec(path) ?? [];
  if (fileId !== undefined) return fileId === id;
  const [, environmentName] = ENVIRONMENT.exec(path) ?? [];
  if (environmentName !== undefined) return environmentName === environment;
  const [, workerName] = WORKER.exec(path) ?? [];
  // Beside workers the folder has what they share.
  const isWorker = workerName !== undefined && deployed.some((other) => other.worker.name === workerName);
  return isWorker ? workerName === worker.name : true;
}
