// Signs up and in through the SDK of @hey-api/openapi-ts.
import assert from "node:assert/strict";

import { client } from "./generated/client.gen.js";
import { createFlow, getSession } from "./generated/index.js";

client.setConfig({ baseUrl: process.env["LINTEL_SERVER"]! });
const identifier = process.env["IDENTIFIER"]!;
const password = "a long walk to the blue harbour";

const registered = await createFlow({
  body: {
    journey: "registration",
    transport: "token",
    submit: { type: "new_password", identifier, password, profile: { name: "Ada" } },
  },
});
assert.equal(registered.data?.status, "completed");

const login = (password: string) =>
  createFlow({
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

const session = await getSession({ auth: auth => (auth.type === "http" ? outcome.session_token : undefined) });
assert.equal(session.data?.user_id, outcome.user.id);

const stranger = await getSession();
assert.equal(stranger.error?.code, "session_invalid");
