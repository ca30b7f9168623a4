import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// In development the API is reached through this server, so that the page and the API are
// one origin, as they are behind a proxy in production: cookies need no further thought.
const api = { "/v1": { target: "http://localhost:8080" } };

export default defineConfig({
  plugins: [react()],
  base: "./",
  resolve: { dedupe: ["react"] }, // the client is linked from a folder that has a React of its own
  build: { modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: api },
  preview: { proxy: api },
});
