/// <reference path="./.sst/platform/config.d.ts" />

// One stage is one provider in one environment. All its parts in AWS are in stacks/, one concern a file.
export default $config({
  async app({ stage }) {
    const { readStage } = await import("./stacks/stage.ts");
    const { providerId, environment, isProduction } = await readStage(stage);
    return {
      name: "sluice",
      home: "aws",
      removal: isProduction ? "retain" : "remove",
      protect: isProduction,
      providers: {
        aws: {
          version: "7.20.0",
          defaultTags: { tags: { app: "sluice", provider: providerId, environment } },
        },
      },
    };
  },
  async run() {
    await import("./stacks/deployment.ts");
    const { LANES } = await import("@sluice/core/provider");
    const { table } = await import("./stacks/table.ts");
    const { queues, deadLetterQueue } = await import("./stacks/queues.ts");
    await import("./stacks/worker.ts");
    await import("./stacks/ventilator.ts");
    await import("./stacks/waker.ts");
    const { schedulerPolicy } = await import("./stacks/scheduler-policy.ts");
    const { alarmTopic } = await import("./stacks/alarms.ts");
    await import("./stacks/queue-alarms.ts");
    const { dashboard } = await import("./stacks/dashboard.ts");
    await import("./stacks/attended.ts");
    return {
      table: table.name,
      ...Object.fromEntries(LANES.map((lane) => [`${lane}Queue`, queues[lane].url])),
      deadLetterQueue: deadLetterQueue.url,
      schedulerPolicy: schedulerPolicy.arn,
      alarmTopic: alarmTopic.arn,
      dashboard: dashboard.dashboardName,
    };
  },
});
