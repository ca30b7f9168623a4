import assert from "node:assert/strict";
import { test } from "node:test";
import * as core from "@lintel/client";
import { startFlow } from "@lintel/client/flow";
import { play, playAll } from "./conformance/play.mjs";

// The suite of clients/conformance. It needs nothing but the package: a release keeps it
// in clients/conformance/released.
const stub = process.env.LINTEL_STUB;
assert.ok(stub, "start with: go run ./clients/conformance/cmd/withstub npm --prefix clients/typescript test");
const lintel = { ...core, startFlow };
const { cases } = await (await fetch(`${stub}/-/cases`)).json();

test("conformance", (t) => playAll(t, cases, `Node ${process.version}`, (one) => play(lintel, stub, one, "node")));

test("a client without manners is found out", async () => {
  const failed = [];
  const careless = { ...lintel, createClient: ({ baseUrl, token }) => async ([method, path], { body, ...more } = {}) => {
    const filled = path.replace(/{(.+?)}/g, (_, hole) => more[hole]);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return (await fetch(baseUrl + filled, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(1000) })).json();
  } };
  await Promise.all(cases.map((one) => play(careless, stub, one, "careless").catch(() => failed.push(one.name))));
  const hard = cases.filter((one) => one.expect.error || one.wire.length !== 1).map((one) => one.name);
  assert.deepEqual(hard.filter((one) => !failed.includes(one)), []);
});
