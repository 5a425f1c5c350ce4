export { bundleHandler } from "./bundle.ts";
export { createSqsClientFor } from "./clients.ts";
export { type Cloud, startCloud } from "./cloud.ts";
export { createQueue } from "./create-queue.ts";
export { createTable } from "./create-table.ts";
export { type Deployment, type DeployOptions, deploy } from "./deploy.ts";
export { type Emulator, startDynamoDb, startSqs } from "./emulators.ts";
export { handlerEntries } from "./handlers.ts";
export { readDeadLetters } from "./read-dead-letters.ts";
