import { serviceError } from "../cloud/sdk/sdk-error.ts";
export function tmpSqsClient(byUrl: Map<string, any>, around: any): object {
  return {
    send(command: any) {
      const { input } = command;
      const operation = command.constructor.name.replace(/Command$/, "");
      const { contents, longPoll } = byUrl.get(input.QueueUrl);
      return around({ operation }, async () => {
        switch (operation) {
          case "SendMessageBatch": {
            const Successful = input.Entries.map((e: any) => {
              const attributes = Object.fromEntries(
                Object.entries(e.MessageAttributes ?? {}).map(([n, a]: any) => [
                  n,
                  { dataType: a.DataType, stringValue: a.StringValue },
                ]),
              );
              const { messageId } = contents.send({
                groupId: e.MessageGroupId,
                deduplicationId: e.MessageDeduplicationId,
                body: e.MessageBody,
                ...(e.MessageAttributes && { attributes }),
              });
              return { Id: e.Id, MessageId: messageId };
            });
            longPoll.serve();
            return { Successful };
          }
          case "ChangeMessageVisibilityBatch": {
            const Failed: any[] = [];
            const Successful: any[] = [];
            for (const e of input.Entries) {
              const o = contents.changeVisibility({
                receiptHandle: e.ReceiptHandle,
                delayMs: e.VisibilityTimeout * 1000,
              });
              (o === "changed" ? Successful : Failed).push({
                Id: e.Id,
                Code: "InvalidParameterValue",
                SenderFault: true,
                Message: o,
              });
            }
            longPoll.serve();
            return { Successful, Failed };
          }
          case "ReceiveMessage": {
            const taken = contents.take(input.MaxNumberOfMessages);
            return {
              Messages: taken.map((m: any) => ({
                MessageId: m.messageId,
                ReceiptHandle: m.receiptHandle,
                Body: m.body,
                Attributes: { ApproximateReceiveCount: String(m.receiveCount) },
                MessageAttributes: m.attributes ?? {},
              })),
            };
          }
          case "DeleteMessage": {
            if (contents.remove(input.ReceiptHandle) === "expired")
              throw serviceError({ name: "InvalidParameterValue", status: 400, message: "expired" });
            longPoll.serve();
            return {};
          }
          case "GetQueueAttributes": {
            const { visibleCount, inFlightCount } = contents.depth();
            return {
              Attributes: {
                ApproximateNumberOfMessages: String(visibleCount),
                ApproximateNumberOfMessagesNotVisible: String(inFlightCount),
              },
            };
          }
        }
        throw new Error(operation);
      });
    },
  };
}
