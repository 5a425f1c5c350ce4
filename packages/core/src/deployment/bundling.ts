/** How functions are bundled, in the words of SST: the `nodejs` argument of `sst.aws.Function`. */
export interface NodejsOptions {
  readonly minify: boolean;
  /** Comes before all other code of a bundle. */
  readonly banner: string;
  readonly esbuild: {
    /** Packages that are left out: importing one in a deployed function fails. */
    readonly external: string[];
  };
}

/**
 * Where the AWS SDK looks for credentials after the environment, where Lambda puts them. It imports each of them only
 * when all before have failed. In the bundle they would be a tenth of the code, and one of them imports `node:http`
 * at the top, which costs a third of what the SDK's clients take to start.
 */
const CREDENTIALS_ELSEWHERE = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
];

/** Zod would compile each object schema when it is first used: a millisecond each, when every millisecond counts. */
const SCHEMAS_INTERPRETED = "globalThis.__zod_globalConfig = { jitless: true };";

/**
 * How every function is bundled, in AWS and in the embedded cloud. What is not said here is SST's default; source maps
 * are thus not deployed, since Node reads one at every start. Names are kept, so that stack traces have them.
 * https://sst.dev/docs/component/aws/function/#nodejs
 */
export const NODEJS_OPTIONS: NodejsOptions = {
  minify: true,
  banner: SCHEMAS_INTERPRETED,
  esbuild: { external: CREDENTIALS_ELSEWHERE },
};
