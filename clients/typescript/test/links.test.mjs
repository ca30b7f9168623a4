import assert from "node:assert/strict";
import { test } from "node:test";
import { LintelError } from "@lintel/client";
import { awaitLink, followLink, linkIn, resumeFlow, startFlow } from "@lintel/client/flow";

// What a page needs for links: the one that waits, and the one that a link opens. The client
// answers as the test says, because what is asked, and when, is what matters.
const waiting = (revision, more = {}) => ({
  id: "flw_1", journey: "login", status: "active", revision, messages: [],
  steps: [{ id: `link.${revision}.link`, type: "link", approved: false, sent: { channel: "email", destination: "a•••@example.com", code_length: 6, expires_at: "2030-01-02T03:14:05Z" }, ...more }],
});
const approved = (revision) => waiting(revision, { approved: true });
const completed = (revision) => ({ id: "flw_1", journey: "login", status: "completed", revision, steps: [], outcome: {} });
const refused = (flow, code) => ({ ...flow, error: { code, detail: "No." } });
const failure = (code, status, retryAfter) => new LintelError(code, status, code, { retryAfter });

/** A client that gives these answers, one after the other, and notes what was asked; an error is thrown. */
function answering(...answers) {
  const asked = [];
  const client = async ([method, path], { body, ...input }, { signal } = {}) => {
    asked.push([method, path.replace("/v1/flows/{flow_id}", ""), body ?? input.wait].filter((one) => one !== undefined && one !== ""));
    if (!answers.length) return new Promise((_, reject) => signal.addEventListener("abort", () => reject(failure("aborted", 0))));
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client, asked };
}

/** Stands for a storage of the browser. */
function storage(...kept) {
  const values = new Map(kept);
  return { values, getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value), removeItem: (key) => void values.delete(key) };
}

const link = { type: "flow", flow_id: "flw_1", link_token: "ll_1" };
const submission = ["POST", "/steps", { type: "link", link_token: "ll_1" }];

test("a fragment is a link's where it has both of its parts", () => {
  assert.deepEqual(linkIn("#flow=flw_1&link=ll_1"), link);
  assert.deepEqual(linkIn("flow=flw_1&link=ll_1&utm=x"), link);
  for (const other of ["", "#", "#login", "#flow=flw_1", "#link=ll_1", "#flow=&link=ll_1"]) assert.equal(linkIn(other), undefined, other);
});

test("a fragment may be an invitation's, an undo's or a recovery's", () => {
  assert.deepEqual(linkIn("#invitation=li_1"), { type: "invitation", invitation_token: "li_1" });
  assert.deepEqual(linkIn("#utm=x&undo=lu_1"), { type: "undo", undo_token: "lu_1" });
  assert.deepEqual(linkIn("recovery=lr_1"), { type: "recovery", recovery_token: "lr_1" });
  for (const other of ["#invitation", "#undo=", "#recovery", "#registration"]) assert.equal(linkIn(other), undefined, other);
});

test("a flow starts with an invitation", async () => {
  const { client, asked } = answering({ ...approved(1), flow_token: "lf_1" });
  await startFlow(client, { journey: "registration", invitation_token: "li_1" });
  const [[, , body]] = asked;
  assert.equal(body.invitation_token, "li_1");
  assert.ok(body.accepts.includes("guest"));
});

test("a flow is kept for other tabs as long as it waits for a link, and no longer", async () => {
  const links = storage(), own = storage();
  const { client } = answering({ ...waiting(1), flow_token: "lf_1" }, { ...waiting(2), steps: [] }, waiting(3), completed(4));
  const driver = await startFlow(client, { journey: "login", storage: own, links });
  assert.deepEqual([...links.values], [["lintel_link", "flw_1 lf_1"]]);
  await driver.back();
  assert.deepEqual([[...links.values], [...own.values]], [[], [["lintel_flow", "flw_1 lf_1"]]]);
  await driver.submit({ type: "link" });
  assert.equal(links.values.size, 1);
  links.setItem("lintel_link", "flw_2 lf_2"); // another tab's
  await driver.submit({ type: "link", one_time_code: "123456" });
  assert.deepEqual([[...links.values], [...own.values]], [[["lintel_link", "flw_2 lf_2"]], []]);
});

test("a flow that is not for a link is kept for no other tab", async () => {
  const links = storage();
  const { client } = answering({ ...waiting(1, { sent: undefined }), flow_token: "lf_1" });
  await startFlow(client, { journey: "login", links });
  assert.equal(links.values.size, 0);
});

test("the page that a link opens answers the flow that this browser has kept", async () => {
  const links = storage(["lintel_link", "flw_1 lf_1"]), own = storage();
  const { client, asked } = answering(waiting(1), completed(2));
  const driver = await followLink(client, link, { storage: own, links });
  assert.equal(driver.state.flow.status, "completed");
  assert.deepEqual(asked, [["GET"], submission]);
  assert.deepEqual([links.values.size, own.values.size], [0, 0]);
});

test("a flow that goes on after its link is kept in the tab that the link opened", async () => {
  const links = storage(["lintel_link", "flw_1 lf_1"]), own = storage();
  const { client } = answering(waiting(1), { ...waiting(2), steps: [{ id: "profile.3.profile", type: "profile", claims: ["name"] }] }, waiting(3));
  await followLink(client, link, { storage: own, links });
  assert.deepEqual([[...links.values], [...own.values]], [[], [["lintel_flow", "flw_1 lf_1"]]]);
  assert.equal((await resumeFlow(client, own)).state.flow.revision, 3);
});

test("a link that is refused leaves the flow waiting, with the reason", async () => {
  const links = storage(["lintel_link", "flw_1 lf_1"]);
  const { client } = answering(waiting(1), refused(waiting(2), "link_invalid"));
  const driver = await followLink(client, link, { links });
  assert.equal(driver.state.flow.error.code, "link_invalid");
  assert.equal(links.values.size, 1);
});

test("elsewhere nothing is asked, and another link's flow is left alone", async () => {
  const { client, asked } = answering();
  assert.equal(await followLink(client, link, {}), undefined);
  assert.equal(await followLink(client, link, { links: storage() }), undefined);
  const other = storage(["lintel_link", "flw_2 lf_2"]);
  assert.equal(await followLink(client, link, { links: other }), undefined);
  assert.equal(other.values.size, 1);
  assert.deepEqual(asked, []);
});

for (const gone of [failure("flow_unknown", 404), completed(2)]) {
  test(`a flow that is over is followed by no link: ${gone.status}`, async () => {
    const links = storage(["lintel_link", "flw_1 lf_1"]);
    const { client } = answering(gone);
    assert.equal(await followLink(client, link, { links }), undefined);
    assert.equal(links.values.size, 0);
  });
}

test("the page that waits goes on once the link was approved elsewhere", async () => {
  const { client, asked } = answering({ ...waiting(1), flow_token: "lf_1" }, waiting(1), approved(2), completed(3));
  const driver = await startFlow(client, { journey: "login" });
  assert.equal((await awaitLink(driver)).status, "completed");
  assert.deepEqual(asked.slice(1), [["GET", 30], ["GET", 30], ["POST", "/steps", { type: "link", id: "link.2.link" }]]);
});

test("the page that waits learns that the link was followed in another tab", async () => {
  const { client } = answering({ ...waiting(1), flow_token: "lf_1" }, completed(2));
  const driver = await startFlow(client, { journey: "login" });
  assert.equal((await awaitLink(driver)).status, "completed");
});

test("an approval that came too late is not sent again and again", async () => {
  const { client, asked } = answering({ ...waiting(1), flow_token: "lf_1" }, approved(2), refused(approved(3), "code_expired"));
  const driver = await startFlow(client, { journey: "login" });
  const leave = new AbortController();
  const waited = awaitLink(driver, leave.signal);
  while (asked.length < 4) await new Promise(setImmediate);
  leave.abort();
  await assert.rejects(waited, { code: "aborted" });
  assert.deepEqual(asked.map(([method]) => method), ["POST", "GET", "POST", "GET"]);
});

test("a connection that is lost, and being one of too many, only takes longer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { client, asked } = answering({ ...waiting(1), flow_token: "lf_1" }, failure("network", 0), failure("rate_limited", 429, 7), completed(2));
  const driver = await startFlow(client, { journey: "login" });
  const waited = awaitLink(driver);
  const pass = async (seconds, upTo) => {
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    t.mock.timers.tick(seconds * 1000 - 1);
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    assert.equal(asked.length, upTo - 1);
    t.mock.timers.tick(1);
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    assert.equal(asked.length, upTo);
  };
  await pass(2, 3);
  await pass(7, 4);
  assert.equal((await waited).status, "completed");
});

test("a flow that is gone is waited for no more", async () => {
  const { client } = answering({ ...waiting(1), flow_token: "lf_1" }, failure("flow_unknown", 404));
  const driver = await startFlow(client, { journey: "login" });
  await assert.rejects(awaitLink(driver), { code: "flow_unknown" });
});
