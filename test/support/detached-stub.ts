/**
 * What `sst dev` leaves behind in place of a function, as it answers when nobody is attached: with success, and after
 * 16 seconds there. https://github.com/anomalyco/sst/blob/v4.17.1/platform/functions/bridge/bridge.go
 */
export async function handler(): Promise<{ readonly statusCode: string; readonly body: string }> {
  return {
    statusCode: "500",
    body: "sst dev is not running (worker: 0123456789abcdef0123456789abcdef)",
  };
}
