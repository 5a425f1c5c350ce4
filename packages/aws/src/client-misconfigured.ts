import { messageOf, SluiceError } from "@sluice/core/errors";

/** An AWS client that can't work as it is set up: its region, its credentials or its endpoint. */
export class ClientMisconfigured extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super("client-misconfigured", message, options);
  }
}

/** The place that a call was made to, in the words of an error about it. */
export interface CallPlace {
  /** Absent where the client has none that can be used. */
  readonly region?: string | undefined;
  /** Scheme, host and port that the call was sent to; absent if it got no further. */
  readonly origin?: string | undefined;
}

/** The SDK's errors for a region that there is not, or that is none, have no name of their own. */
const WRONG_REGION = /^Region (is missing|not accepted)/;

/** No credentials were found. */
const NO_CREDENTIALS = new Set(["CredentialsProviderError", "TokenProviderError"]);

/**
 * The credentials are not known, not whole, or of an account that does not use the region.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
const CREDENTIALS_REFUSED = new Set([
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidSecurity",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "OptInRequired",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

/** Another service of AWS, or an emulator without SQS. */
const OTHER_SERVICE = new Set(["InvalidAction", "UnknownOperationException"]);

/** Codes of Node and OpenSSL for a server that can't prove who it is, or speaks no TLS. */
const NO_TLS = /^(EPROTO|ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_)|SELF_SIGNED_CERT/;

/**
 * The setting that an error of the SDK comes from; undefined for an error that comes from none, such as a refusal by the
 * service.
 */
export function misconfigurationOf(thrown: unknown, place: CallPlace = {}): ClientMisconfigured | undefined {
  if (thrown instanceof ClientMisconfigured) return thrown;
  const message = misconfigurationIn(Object(thrown), messageOf(thrown), place);
  return message === undefined ? undefined : new ClientMisconfigured(message, { cause: thrown });
}

/** The part of the SDK's errors, and of Node's, that tells their kind. */
interface Failure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly input?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function misconfigurationIn(failure: Failure, reason: string, place: CallPlace): string | undefined {
  const [name, code] = [String(failure.name), String(failure.code)];
  if (WRONG_REGION.test(reason)) return `${reason.replace(/\.$/, "")}. ${REGION_ADVICE}`;
  if (NO_CREDENTIALS.has(name)) return `${reason}. ${CREDENTIALS_ADVICE}`;
  if (CREDENTIALS_REFUSED.has(name)) return credentialsRefused(`${name}: ${reason}`, place);
  if (code === "ERR_INVALID_URL") return noUrl(String(failure.input));
  if (OTHER_SERVICE.has(name)) return notSqs(`it answers ${name}`, place);
  if (NO_TLS.test(code))
    return `${addressOf(place)} can't be talked to by TLS: ${reason}. ${ENDPOINT_ADVICE}`;
  const isNoAnswerOfSqs = failure instanceof SyntaxError || name === "Unknown";
  const status = failure.$metadata?.httpStatusCode;
  // Of a proxy's 502 or 429 nobody is to blame.
  if (!isNoAnswerOfSqs || status === undefined || status >= 500 || status === 429) return undefined;
  return notSqs(`it answers HTTP ${status}`, place);
}

const REGION_ADVICE =
  "Set AWS_REGION to the region of the deployment, such as eu-central-1, or give the client one";
const CREDENTIALS_ADVICE = [
  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile that exists,",
  "or run where there is a role",
].join(" ");
const ENDPOINT_ADVICE = [
  "Check AWS_ENDPOINT_URL_SQS and AWS_ENDPOINT_URL, or the client's own endpoint:",
  "for AWS itself there should be none, for an emulator one such as http://127.0.0.1:4566, others begin with https://",
].join(" ");

/** The refusal of credentials that a service does not know, or does not know any more. */
export function credentialsRefused(reason: string, { region }: CallPlace): string {
  return [
    `AWS refuses the credentials${region === undefined ? "" : ` in ${region}`}: ${reason}.`,
    "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or AWS_PROFILE,",
    "and that the account uses the region in AWS_REGION",
  ].join(" ");
}

/** The message for an endpoint that can't be one. */
export function noUrl(endpoint: string): string {
  return `The endpoint ${endpoint} is no URL of a server. ${ENDPOINT_ADVICE}`;
}

/** The message for an answer that SQS does not give. */
export function notSqs(what: string, place: CallPlace): string {
  return `${addressOf(place)} is not SQS: ${what}. ${ENDPOINT_ADVICE}`;
}

function addressOf({ origin }: CallPlace): string {
  return origin === undefined ? "What answers" : `What answers at ${origin}`;
}
