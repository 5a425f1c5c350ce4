import { describeWorker } from "./worker.conformance.ts";

describeWorker({ name: "http-json", load: () => import("@sluice/functions/workers/http-json") });
describeWorker({ name: "demo", load: () => import("@sluice/functions/workers/demo") });
