export { type CallOptions, type Client, type ClientOptions, createClient } from "../core/client.js";
export { each } from "../core/each.js";
export { type ClientCode, LintelError } from "../core/error.js";
export type { Operation } from "../core/operation.js";
export * from "../generated/management.js";
export * from "./client.js";
