// Signs up and in through the client of openapi-generator's typescript-fetch.
import assert from "node:assert/strict";

import { Configuration, FlowApi, FlowTransport, ResponseError, SessionApi } from "./generated/index.js";

const basePath = process.env["LINTEL_SERVER"]!;
const identifier = process.env["IDENTIFIER"]!;
const password = "a long walk to the blue harbour";
const flows = new FlowApi(new Configuration({ basePath }));

const registered = await flows.createFlow({
  flowStart: {
    journey: "registration",
    transport: FlowTransport.Token,
    submit: { type: "new_password", identifier, password, profile: { name: "Ada" } },
  },
});
assert.equal(registered.status, "completed");

const login = (password: string) =>
  flows.createFlow({
    flowStart: { journey: "login", transport: FlowTransport.Token, submit: { type: "password", identifier, password } },
  });

const refused = await login("let me in");
assert.equal(refused.status, "active");
assert.equal(refused.error?.code, "credentials_invalid");
assert.ok(refused.steps.some(step => step.type === "password"));

const { status, outcome } = await login(password);
assert.equal(status, "completed");
assert.ok(outcome?.sessionToken);

const sessions = new SessionApi(new Configuration({ basePath, accessToken: outcome.sessionToken }));
const session = await sessions.getSession();
assert.equal(session.userId, outcome.user.id);
assert.ok(session.createdAt instanceof Date);

const stranger = new SessionApi(new Configuration({ basePath })).getSession();
await assert.rejects(stranger, (error: unknown) => error instanceof ResponseError && error.response.status === 401);
