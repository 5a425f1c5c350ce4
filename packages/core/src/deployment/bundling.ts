/** Options for bundling a function, in the words of SST: the `nodejs` argument of `sst.aws.Function`. */
export interface NodejsOptions {
  readonly minify: boolean;
  /** Code before all other code of a bundle. */
  readonly banner: string;
  readonly esbuild: {
    /** Packages that are left out: importing one in a deployed function fails. */
    readonly external: string[];
    /** Packages that others take the place of. */
    readonly alias: Record<string, string>;
  };
}

/**
 * Sources of credentials that the AWS SDK tries after the environment, in which Lambda puts them. It imports
 * each of them only when all before have failed. In the bundle they would be a tenth of the code, and one of
 * them imports `node:http` at the top, which costs a third of the time that the SDK's clients take to start.
 */
const CREDENTIALS_ELSEWHERE = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
];

/** Keeps zod from compiling each object schema at first use: a millisecond each, when every one counts. */
const SCHEMAS_INTERPRETED = "globalThis.__zod_globalConfig = { jitless: true };";

/** Modules that take the place of packages which are never used, or for next to nothing. */
const INSTEAD_OF = {
  "@smithy/core/event-streams": "@sluice/aws/no-event-streams",
  jsonschema: "@sluice/core/storage/no-validator",
  "mnemonist/lru-cache": "@sluice/core/storage/small-cache",
};

/**
 * Options for bundling every function, in AWS and in the embedded cloud. An option that is not here has SST's
 * default; source maps are thus not deployed, since Node reads one at every start. Names are kept, so that
 * stack traces have them.
 * https://sst.dev/docs/component/aws/function/#nodejs
 */
export const NODEJS_OPTIONS: NodejsOptions = {
  minify: true,
  banner: SCHEMAS_INTERPRETED,
  esbuild: { external: CREDENTIALS_ELSEWHERE, alias: INSTEAD_OF },
};

/** Memory of a process that is not for its old objects: Node itself, new objects, and what the heap does not use. */
const BESIDE_OLD_OBJECTS_MB = 80;
/** New objects are thrown away in portions of this size. By default it is eight times as much, three times over. */
const NEW_OBJECTS_MB = 2;

/**
 * Options by which Node keeps within a function's memory, as `NODE_OPTIONS` has them: by itself it grows by what it could throw away.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function nodeOptionsOf(memoryMb: number): string {
  return `--max-semi-space-size=${NEW_OBJECTS_MB} --max-old-space-size=${memoryMb - BESIDE_OLD_OBJECTS_MB}`;
}
