// Signs up and in through the types of openapi-typescript and the calls of openapi-fetch.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";

import type { paths } from "./generated.js";

const client = createClient<paths>({ baseUrl: process.env["LINTEL_SERVER"]! });
const identifier = process.env["IDENTIFIER"]!;
const password = "a long walk to the blue harbour";

const registered = await client.POST("/v1/flows", {
  body: {
    journey: "registration",
    transport: "token",
    submit: { type: "new_password", identifier, password, profile: { name: "Ada" } },
  },
});
assert.equal(registered.data?.status, "completed");

const login = (password: string) =>
  client.POST("/v1/flows", {
    body: { journey: "login", transport: "token", submit: { type: "password", identifier, password } },
  });

const refused = await login("let me in");
assert.equal(refused.data?.status, "active");
assert.equal(refused.data?.error?.code, "credentials_invalid");
assert.ok(refused.data?.steps.some(step => step.type === "password"));

const signedIn = await login(password);
assert.equal(signedIn.data?.status, "completed");
const outcome = signedIn.data?.outcome;
assert.ok(outcome);

const session = await client.GET("/v1/session", { headers: { Authorization: `Bearer ${outcome.session_token}` } });
assert.equal(session.data?.user_id, outcome.user.id);

const stranger = await client.GET("/v1/session");
assert.equal(stranger.error?.code, "session_invalid");
