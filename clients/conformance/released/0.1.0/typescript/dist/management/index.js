export { createClient } from "../core/client.js";
export { each } from "../core/each.js";
export { LintelError } from "../core/error.js";
export * from "../generated/management.js";
export * from "./client.js";
