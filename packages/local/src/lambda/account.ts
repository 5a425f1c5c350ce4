/** Where the embedded services pretend to be. */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** The ARN of a function. */
export function functionArnOf(account: Account, functionName: string): string {
  return `arn:aws:lambda:${account.region}:${account.accountId}:function:${functionName}`;
}

/** The ARN of an event source mapping. */
export function mappingArnOf(account: Account, uuid: string): string {
  return `arn:aws:lambda:${account.region}:${account.accountId}:event-source-mapping:${uuid}`;
}

/** The bare name in what a caller may give instead: a full or partial ARN, with or without a qualifier. */
export function functionNameOf(nameOrArn: string): string {
  const parts = nameOrArn.split(":");
  const marker = parts.indexOf("function");
  return parts[marker + 1] ?? nameOrArn;
}
