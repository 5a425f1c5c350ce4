import { parentPort } from "node:worker_threads";
import dynalite from "dynalite";
import { AWS_BODY_MAX_BYTES, listenOnLoopback } from "../loopback/loopback-server.ts";

/* Runs in a thread of its own: a DynamoDB in memory, on a free port of this machine, whose URL is its only message. */

const BODY = { maxBytes: AWS_BODY_MAX_BYTES, types: ["application/x-amz-json-1.0", "application/json"] };

const server = dynalite({ createTableMs: 0 });
server.on("request", (request) => {
  // Dynalite throws, and so ends this process, where a client goes away while it sends.
  request.removeAllListeners("error");
  request.on("error", () => {});
});
const { url } = await listenOnLoopback(server, { body: BODY });
parentPort?.postMessage(url);
