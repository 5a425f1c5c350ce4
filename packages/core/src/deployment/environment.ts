import type { JsonObject } from "../parsing/merge-patch.ts";
import type { AlarmName } from "./alarm-names.ts";

/** An environment as its file pins it: an account, a region, and what deployments there need. `parseEnvironment` makes one. */
export interface Environment {
  /** The file's name, such as `production`. */
  readonly name: string;
  /** AWS account; a deploy with the credentials of another one is refused. */
  readonly accountId: string;
  /** AWS region; all is deployed here. */
  readonly region: string;
  /** Absent: concurrency is neither checked nor reserved. */
  readonly lambda?: LambdaConcurrency;
  readonly alarms: AlarmTargets;
  /** The network of the workers, for providers that admit fixed addresses only; absent: Lambda's own. */
  readonly vpc?: WorkerVpc;
  /**
   * `fleet`: one dashboard shows all providers, by what alarms need and AWS tells by itself. `each`: every provider has one of
   * its own beside it, and tells the metrics that only that one shows.
   */
  readonly dashboards: "fleet" | "each";
  /** Name of the bus that is told of runs: made by the environment's own stage, or `default`, the account's own. */
  readonly bus: string;
  /** ARN of the policy that bounds every role. */
  readonly permissionsBoundaryArn?: string;
  /**
   * ARN of the KMS key that encrypts table, queues and the alarms' own topic; absent: keys that AWS owns, at no charge. It is
   * of this account and region.
   */
  readonly kmsKeyArn?: string;
  /** Tags of every resource, beside app, provider and environment. */
  readonly tags: Readonly<Record<string, string>>;
  readonly retention: Retention;
  /** Ids of providers that are not deployed here. */
  readonly without: readonly string[];
  /** Overrides of a provider's data file, by its id: a merge patch (RFC 7396). */
  readonly providers: Readonly<Record<string, JsonObject>>;
}

/** The concurrent invocations that the account has in the region, over all functions. */
export interface LambdaConcurrency {
  readonly concurrency: number;
  /** X of each provider is reserved for its worker, and a deploy whose catalog does not fit is refused. */
  readonly isReserved: boolean;
}

/** Topics of the alarms. */
export interface AlarmTargets {
  /** ARN of a topic that others own; absent: each stage has one of its own. */
  readonly topicArn?: string;
  /** A second topic for what somebody has to get up for. */
  readonly wake?: { readonly topicArn: string; readonly names: readonly AlarmName[] };
}

/** Subnets with a way out, and the security groups of the workers in them. */
export interface WorkerVpc {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** For how long things are kept. */
export interface Retention {
  /** Days after which CloudWatch deletes a log line. */
  readonly logDays: number;
  /** Days into the past to which the table can be restored. */
  readonly recoveryDays: number;
  /** Table and queues outlive the removal of a stage, which takes a second step. */
  readonly isKept: boolean;
}
