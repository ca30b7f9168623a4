export * from "./guard.js";
export * from "./keys.js";
export * from "./verify.js";
