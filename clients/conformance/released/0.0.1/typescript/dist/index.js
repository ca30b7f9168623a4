export * from "./core/client.js";
export * from "./core/each.js";
export * from "./core/error.js";
export * from "./generated/frontend.js";
