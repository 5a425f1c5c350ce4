export type { FunctionSettings } from "./function-settings.ts";
export type { FunctionStats } from "./function-stats.ts";
export { type LambdaService, startLambdaService } from "./lambda-service.ts";
export { reconfigure } from "./reconfigure.ts";
