export { type ProviderServer, startProviderServer } from "./provider-server.ts";
