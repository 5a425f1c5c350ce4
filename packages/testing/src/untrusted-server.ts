import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** An HTTPS server on a free port that nobody has a reason to trust: its certificate is signed by itself. */
export interface UntrustedServer {
  readonly url: string;
  /** Paths of the requests that came through. */
  readonly paths: readonly string[];
  stop(): Promise<void>;
}

/** Valid for localhost and 127.0.0.1 until 2126. */
export const UNTRUSTED_CERTIFICATE: string = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUP0ZBtmwOWoE0Zr6jY6ehbpevqe4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjA3MTU0M1oYDzIxMjYxMTAy
MDcxNTQzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASd5uZLfWGmkA497DtKAALBNhgJOnjqUbKZXMJYSid61EqRHmtTkdLO
8RwYy4Lc2MQzdIb2/8Q5BH0WKKIJfZVzo28wbTAdBgNVHQ4EFgQUpMg3UciYbZkw
gUip42OXP4xI6O8wHwYDVR0jBBgwFoAUpMg3UciYbZkwgUip42OXP4xI6O8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAM2QFIUKLxA0r1EcgYOVRkIiLauvznITp1DZyNP3fdcLAiEA
v358TcpbOjy5ztxGXJuGtSj38pK4bAPczWTt9Vz/+fw=
-----END CERTIFICATE-----`;

/** The certificate's key, a secret of nobody. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJjijgZNDGZNU05Mm
D9tmek3MPQFri1POXXVMsTqOp/GhRANCAASd5uZLfWGmkA497DtKAALBNhgJOnjq
UbKZXMJYSid61EqRHmtTkdLO8RwYy4Lc2MQzdIb2/8Q5BH0WKKIJfZVz
-----END PRIVATE KEY-----`;

/** Starts it; it answers every request with an empty JSON object. */
export async function startUntrustedServer(): Promise<UntrustedServer> {
  const paths: string[] = [];
  const server = createServer({ key: KEY, cert: UNTRUSTED_CERTIFICATE }, (request, response) => {
    paths.push(request.url ?? "");
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    paths,
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
