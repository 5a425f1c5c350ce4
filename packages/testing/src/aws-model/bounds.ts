/** The bounds of a value: of a number itself, of a text's length, of a list's or map's size. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** Of a whole text. */
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
}

const NONE: Bounds = {};

const PARTITION = "arn:aws[a-zA-Z0-9-]*";
const REGION = "(eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\\d";
const ARN: Bounds = {
  max: 10_000,
  pattern: new RegExp(`^${PARTITION}:[a-zA-Z0-9-]+:(${REGION})?:(\\d{12})?:.*$`),
};
/** A function's name, or its ARN, whole or in part; with a version or an alias, or without. */
const FUNCTION_NAME: Bounds = {
  min: 1,
  max: 256,
  pattern: new RegExp(
    `^(arn:(aws[a-zA-Z-]*)?:lambda:${REGION}:\\d{12}:|(${REGION}:)?(\\d{12}:)?)(function:)?[\\w.-]+(:(\\$LATEST(\\.PUBLISHED)?|[\\w-]+))?$`,
  ),
};
const UUID: Bounds = { min: 36, max: 36 };
const ROLE_NAME: Bounds = { min: 1, max: 64, pattern: /^[\w+=,.@-]+$/ };
const POLICY_NAME: Bounds = { min: 1, max: 128, pattern: /^[\w+=,.@-]+$/ };
const POLICY: Bounds = { min: 1, max: 131_072 };
const TAG: Readonly<Record<string, Bounds>> = { Key: { min: 1, max: 128 }, Value: { min: 0, max: 256 } };
const TABLE: Bounds = { min: 1, max: 1_024 };
const RETURN_VALUES: Bounds = { values: ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] };
const ON_FAILURE: Bounds = { values: ["ALL_OLD", "NONE"] };

const MAPPING: Readonly<Record<string, Bounds>> = {
  Enabled: NONE,
  FunctionName: FUNCTION_NAME,
  BatchSize: { min: 1, max: 10_000 },
  MaximumBatchingWindowInSeconds: { min: 0, max: 300 },
  FunctionResponseTypes: { max: 1 },
  ScalingConfig: NONE,
  FilterCriteria: NONE,
};

/** What writes of one item have in common; DynamoDB bounds the rest elsewhere than in its model. */
const WRITE: Readonly<Record<string, Bounds>> = {
  TableName: TABLE,
  Key: NONE,
  Item: NONE,
  UpdateExpression: NONE,
  ConditionExpression: NONE,
  ExpressionAttributeNames: NONE,
  ExpressionAttributeValues: NONE,
  ReturnValues: RETURN_VALUES,
  ReturnValuesOnConditionCheckFailure: ON_FAILURE,
  ReturnConsumedCapacity: { values: ["INDEXES", "TOTAL", "NONE"] },
};

const SQS_MESSAGE: Readonly<Record<string, Bounds>> = {
  QueueUrl: NONE,
  Id: NONE,
  MessageBody: NONE,
  MessageGroupId: NONE,
  MessageDeduplicationId: NONE,
  MessageAttributes: NONE,
  ReceiptHandle: NONE,
  VisibilityTimeout: NONE,
};

/**
 * The bounds of each member of a request that Sluice uses, by service, structure and member, as AWS's reference of the
 * API has them; those of SQS are in the texts of its members alone, and its embedded queues keep them.
 * https://docs.aws.amazon.com/lambda/latest/api/, https://docs.aws.amazon.com/IAM/latest/APIReference/, https://docs.aws.amazon.com/eventbridge/latest/APIReference/,
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/, https://docs.aws.amazon.com/sns/latest/api/,
 * https://docs.aws.amazon.com/IAM/latest/APIReference/
 */
export const BOUNDS: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Bounds>>>>>> = {
  lambda: {
    InvocationRequest: {
      FunctionName: FUNCTION_NAME,
      InvocationType: { values: ["Event", "RequestResponse", "DryRun"] },
      LogType: { values: ["None", "Tail"] },
      Payload: NONE,
    },
    ListEventSourceMappingsRequest: {
      EventSourceArn: ARN,
      FunctionName: FUNCTION_NAME,
      Marker: NONE,
      MaxItems: { min: 1, max: 10_000 },
    },
    CreateEventSourceMappingRequest: { ...MAPPING, EventSourceArn: ARN, Tags: NONE },
    UpdateEventSourceMappingRequest: { ...MAPPING, UUID },
    GetEventSourceMappingRequest: { UUID },
    DeleteEventSourceMappingRequest: { UUID },
    ScalingConfig: { MaximumConcurrency: { min: 2, max: 1_000 } },
    FilterCriteria: { Filters: NONE },
    CreateFunctionRequest: {
      FunctionName: FUNCTION_NAME,
      Runtime: { values: ["nodejs22.x", "nodejs24.x"] },
      Architectures: { min: 1, max: 1 },
      Role: { pattern: /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[\w+=,.@/-]+$/ },
      Handler: { max: 128, pattern: /^\S+$/ },
      Code: NONE,
      Timeout: { min: 1, max: 900 },
      MemorySize: { min: 128, max: 10_240 },
      Environment: NONE,
      Tags: NONE,
    },
    FunctionCode: { ZipFile: NONE },
    Environment: { Variables: NONE },
    GetFunctionConfigurationRequest: { FunctionName: FUNCTION_NAME },
    GetFunctionConcurrencyRequest: { FunctionName: FUNCTION_NAME },
    ListFunctionsRequest: { Marker: NONE, MaxItems: { min: 1, max: 10_000 } },
    ListTagsRequest: { Resource: { min: 1, max: 256, pattern: /^arn:aws[\w-]*:lambda:.+:\d{12}:.+$/ } },
    DeleteFunctionRequest: { FunctionName: FUNCTION_NAME },
    GetAccountSettingsRequest: {},
  },
  iam: {
    SimulatePrincipalPolicyRequest: {
      PolicySourceArn: { min: 20, max: 2_048 },
      ActionNames: NONE,
      ResourceArns: NONE,
      Marker: { min: 1, max: 320 },
    },
    CreateRoleRequest: {
      Path: { min: 1, max: 512, pattern: /^\/([\u0021-\u007E]+\/)?$/ },
      RoleName: ROLE_NAME,
      AssumeRolePolicyDocument: POLICY,
      Tags: { max: 50 },
      PermissionsBoundary: { min: 20, max: 2_048 },
    },
    Tag: TAG,
    PutRolePolicyRequest: { RoleName: ROLE_NAME, PolicyName: POLICY_NAME, PolicyDocument: POLICY },
    ListRolesRequest: { PathPrefix: { min: 1, max: 512, pattern: /^\// }, Marker: { min: 1, max: 320 } },
    ListRoleTagsRequest: { RoleName: ROLE_NAME },
    DeleteRolePolicyRequest: { RoleName: ROLE_NAME, PolicyName: POLICY_NAME },
    DeleteRoleRequest: { RoleName: ROLE_NAME },
  },
  cloudwatch: {
    GetMetricStatisticsInput: {
      Namespace: { min: 1, max: 255, pattern: /^[^:].*$/ },
      MetricName: { min: 1, max: 255 },
      Dimensions: { max: 30 },
      StartTime: NONE,
      EndTime: NONE,
      Period: { min: 1 },
      Statistics: { min: 1, max: 5 },
    },
    Dimension: { Name: { min: 1, max: 255 }, Value: { min: 1, max: 1_024 } },
    DescribeAlarmHistoryInput: {
      AlarmName: { min: 1, max: 255 },
      HistoryItemType: { values: ["ConfigurationUpdate", "StateUpdate", "Action"] },
      ScanBy: { values: ["TimestampDescending", "TimestampAscending"] },
      MaxRecords: { min: 1, max: 100 },
    },
    DescribeAlarmsInput: { AlarmNamePrefix: { min: 1, max: 255 }, AlarmTypes: NONE, NextToken: NONE },
  },
  // Its topics and tokens have no bounds.
  sns: { ListSubscriptionsByTopicInput: { TopicArn: NONE, NextToken: NONE } },
  eventbridge: {
    PutEventsRequest: { Entries: { min: 1, max: 10 } },
    PutEventsRequestEntry: {
      Source: NONE,
      DetailType: NONE,
      Detail: NONE,
      Time: NONE,
      EventBusName: {
        min: 1,
        max: 1_600,
        pattern: /^(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:\d{12}:event-bus\/)?[.\-_A-Za-z0-9]+$/,
      },
      TraceHeader: { min: 1, max: 500 },
    },
  },
  dynamodb: {
    GetItemInput: { ...WRITE, ConsistentRead: NONE, ProjectionExpression: NONE },
    PutItemInput: WRITE,
    UpdateItemInput: WRITE,
    DeleteItemInput: WRITE,
    QueryInput: {
      ...WRITE,
      IndexName: { min: 3, max: 255, pattern: /^[\w.-]+$/ },
      KeyConditionExpression: NONE,
      FilterExpression: NONE,
      ProjectionExpression: NONE,
      ConsistentRead: NONE,
      ScanIndexForward: NONE,
      ExclusiveStartKey: NONE,
      Limit: { min: 1 },
      Select: { values: ["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] },
    },
    ScanInput: {
      ...WRITE,
      FilterExpression: NONE,
      ProjectionExpression: NONE,
      ConsistentRead: NONE,
      ExclusiveStartKey: NONE,
      Limit: { min: 1 },
    },
    BatchGetItemInput: { RequestItems: { min: 1, max: 100 } },
    KeysAndAttributes: {
      Keys: { min: 1, max: 100 },
      ConsistentRead: NONE,
      ProjectionExpression: NONE,
      ExpressionAttributeNames: NONE,
    },
    BatchWriteItemInput: { RequestItems: { min: 1, max: 25 } },
    WriteRequest: { PutRequest: NONE, DeleteRequest: NONE },
    PutRequest: { Item: NONE },
    DeleteRequest: { Key: NONE },
    TransactWriteItemsInput: {
      TransactItems: { min: 1, max: 100 },
      ClientRequestToken: { min: 1, max: 36 },
    },
    TransactWriteItem: { Put: NONE, Update: NONE, Delete: NONE, ConditionCheck: NONE },
    Put: WRITE,
    Update: WRITE,
    Delete: WRITE,
    ConditionCheck: WRITE,
    CreateTableInput: {
      TableName: TABLE,
      BillingMode: { values: ["PROVISIONED", "PAY_PER_REQUEST"] },
      AttributeDefinitions: NONE,
      KeySchema: { min: 1 },
      Tags: NONE,
    },
    AttributeDefinition: {
      AttributeName: { min: 1, max: 255 },
      AttributeType: { values: ["S", "N", "B"] },
    },
    KeySchemaElement: { AttributeName: { min: 1, max: 255 }, KeyType: { values: ["HASH", "RANGE"] } },
    DescribeTableInput: { TableName: TABLE },
    Tag: TAG,
    DeleteTableInput: { TableName: TABLE },
    ListTablesInput: { ExclusiveStartTableName: { min: 3, max: 255, pattern: /^[\w.-]+$/ } },
    ListTagsOfResourceInput: { ResourceArn: { min: 1, max: 1_283 } },
  },
  sqs: {
    SendMessageRequest: SQS_MESSAGE,
    SendMessageBatchRequest: { QueueUrl: NONE, Entries: NONE },
    SendMessageBatchRequestEntry: SQS_MESSAGE,
    MessageAttributeValue: { DataType: NONE, StringValue: NONE, BinaryValue: NONE },
    ReceiveMessageRequest: {
      QueueUrl: NONE,
      AttributeNames: NONE,
      MessageSystemAttributeNames: NONE,
      MessageAttributeNames: NONE,
      MaxNumberOfMessages: NONE,
      VisibilityTimeout: NONE,
      WaitTimeSeconds: NONE,
      ReceiveRequestAttemptId: NONE,
    },
    DeleteMessageRequest: SQS_MESSAGE,
    DeleteMessageBatchRequest: { QueueUrl: NONE, Entries: NONE },
    DeleteMessageBatchRequestEntry: SQS_MESSAGE,
    ChangeMessageVisibilityRequest: SQS_MESSAGE,
    ChangeMessageVisibilityBatchRequest: { QueueUrl: NONE, Entries: NONE },
    ChangeMessageVisibilityBatchRequestEntry: SQS_MESSAGE,
    GetQueueAttributesRequest: { QueueUrl: NONE, AttributeNames: NONE },
    GetQueueUrlRequest: { QueueName: NONE, QueueOwnerAWSAccountId: NONE },
    CreateQueueRequest: { QueueName: NONE, Attributes: NONE, tags: NONE },
    DeleteQueueRequest: { QueueUrl: NONE },
    ListQueuesRequest: { QueueNamePrefix: NONE, MaxResults: { min: 1, max: 1_000 }, NextToken: NONE },
    StartMessageMoveTaskRequest: { SourceArn: NONE, DestinationArn: NONE },
    ListQueueTagsRequest: { QueueUrl: NONE },
    TagQueueRequest: { QueueUrl: NONE, Tags: NONE },
  },
  sts: { GetCallerIdentityRequest: {} },
};
