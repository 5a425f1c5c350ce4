import { listProviderIds } from "@sluice/aws/file-catalog";
import { preparePlatform } from "./platform.ts";

// What `npm run check` does before it can check the types of stacks/.
const [anyStage = ""] = await listProviderIds();
await preparePlatform(anyStage);
