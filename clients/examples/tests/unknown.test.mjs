// A server that is newer than the page. Promise: a new value never breaks a released app.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { kinds, newSecret, open, password, press, secret, signIn, title, who } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

/** Has the server's flows say something else. */
const change = (page, how) => page.route(/\/v1\/flows/, async (route) => {
  const answer = await route.fetch();
  const flow = await answer.json();
  how(flow);
  await route.fulfill({ response: answer, json: flow });
});

const retina = { id: "start.1.retina_scan", type: "retina_scan", distance_cm: 30, lens: { kind: "wide" } };

for (const kind of kinds) {
  describe(kind, () => {
    test("asks to update where there is no step that it knows", async () => {
      const page = await stage.visit(kind, { path: "#registration" });
      await who(page).fill(stage.newcomer());
      await newSecret(page).fill(password);
      await change(page, (flow) => (flow.steps = [retina]));
      await press(page, "Create account");
      await title(page, "Please update this app");
      await page.getByText("The next step is newer than this app.").waitFor();
      await page.unrouteAll();
      await press(page, "Reload");
      await title(page, "About you"); // the flow is where it was, and now it can be shown
    });

    test("leaves out a step that it does not know beside one that it does", async () => {
      const identifier = await stage.register();
      const page = await stage.visit(kind);
      await who(page).waitFor();
      await change(page, (flow) => flow.steps.unshift(retina));
      await signIn(page, identifier, "wrong");
      await page.getByText("The credentials are not right.").waitFor();
      await secret(page).fill(password);
      await press(page, "Sign in");
      await title(page, "Hello, Ada Lovelace");
    });

    test("asks to update where the server says that it cannot show what comes", async () => {
      const page = await stage.visit(kind);
      await who(page).waitFor();
      await change(page, (flow) => Object.assign(flow, { status: "denied", steps: [], error: { code: "client_upgrade_required", detail: "Update it." } }));
      await signIn(page, stage.newcomer());
      await title(page, "Please update this app");
    });

    test("tells the server which steps it can show", async () => {
      const page = await stage.visit(kind);
      await who(page).waitFor();
      const started = page.waitForRequest((request) => request.url().endsWith("/v1/flows") && request.method() === "POST");
      await signIn(page, stage.newcomer());
      const { accepts, transport } = (await started).postDataJSON();
      assert.deepEqual([...accepts].sort(), ["acknowledge", "code", "consent", "guest", "identifier", "link", "new_passkey", "new_password", "passkey", "password", "profile", "skip"]);
      assert.equal(transport, "cookie");
    });

    test("takes values, codes and members that it has never heard of", async () => {
      const identifier = await stage.register();
      const page = await stage.visit(kind);
      await who(page).waitFor();
      await page.route("**/v1/me", async (route) => {
        const answer = await route.fetch();
        const user = await answer.json();
        user.identifiers[0].type = "did";
        await route.fulfill({ response: answer, json: { ...user, mood: "calm" } });
      });
      await change(page, (flow) => {
        if (flow.outcome) return Object.assign(flow.outcome.session, { acr: "aal9", amr: ["gaze"] });
        return Object.assign(flow.error ?? {}, { code: "moon_phase_wrong", detail: "Not at full moon." });
      });
      await signIn(page, identifier, "wrong");
      await page.getByRole("alert").filter({ hasText: "Not at full moon." }).waitFor();
      await secret(page).fill(password);
      await press(page, "Sign in");
      await title(page, "Hello, Ada Lovelace");
      await page.getByRole("link", { name: "Security" }).click();
      await page.getByRole("listitem").filter({ hasText: identifier }).filter({ hasText: "did" }).waitFor();
    });
  });
}
