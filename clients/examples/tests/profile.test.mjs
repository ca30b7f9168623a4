// A profile that holds what inputs cannot show. Promise: saving changes what was changed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { kinds, open, press, signIn, title } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

const says = (page, text) => page.getByRole("status").filter({ hasText: text }).waitFor();

/** Has the server know more claims: one for a text of more lines than its input has, one whose values have changed since. */
async function know(page, more) {
  await page.route("**/v1/configuration**", async (route) => {
    const answer = await route.fetch();
    const configuration = await answer.json();
    Object.assign(configuration.profile_schema.properties, {
      bio: { type: "string", title: "Biography" }, plan: { type: "string", title: "Plan", enum: ["new", "newer"] },
    });
    await route.fulfill({ response: answer, json: configuration });
  });
  await page.route("**/v1/me", async (route) => {
    const answer = await route.fetch();
    if (answer.status() !== 200) return route.fulfill({ response: answer });
    const user = await answer.json();
    await route.fulfill({ response: answer, json: { ...user, profile: { ...user.profile, ...more } } });
  });
}

for (const kind of kinds) {
  describe(kind, () => {
    /** Somebody with a profile, and what the page sends of it. */
    async function signedIn(profile, more) {
      const identifier = await stage.register({ name: "Ada Lovelace", ...profile });
      const page = await stage.visit(kind, { prepare: (page) => know(page, more) });
      await signIn(page, identifier);
      await title(page, "Hello, Ada Lovelace");
      await page.reload(); // the profile as it is read, and not as the flow told it
      await title(page, "Hello, Ada Lovelace");
      const sent = [];
      page.on("request", (request) => request.method() === "PATCH" && sent.push(request.postDataJSON().profile));
      return { page, sent };
    }

    test("saves the name, and nothing that no input can show", async () => {
      const { page, sent } = await signedIn({ birthdate: "0000-02-29" }, { bio: "one\ntwo", plan: "old" });
      assert.equal(await page.getByLabel("Date of birth").inputValue(), "0000-02-29");
      assert.equal(await page.getByLabel("Biography").inputValue(), "one\ntwo");
      assert.equal(await page.getByLabel("Plan").inputValue(), "old");
      await page.getByLabel("Name", { exact: true }).fill("Ada King");
      await press(page, "Save");
      await says(page, "Saved.");
      assert.deepEqual(sent, [{ name: "Ada King" }]);
    });

    test("keeps what its input made something else of, as long as nobody touches it", async () => {
      const { page, sent } = await signedIn({}, { birthdate: "long ago" });
      assert.equal(await page.getByLabel("Date of birth").inputValue(), "");
      await page.getByLabel("Nickname").fill("Countess");
      await press(page, "Save");
      await says(page, "Saved.");
      assert.deepEqual(sent, [{ nickname: "Countess" }]);
    });

    test("sends what is taken back after it was saved", async () => {
      const { page, sent } = await signedIn();
      for (const name of ["Ada King", "Ada Lovelace"]) {
        const saved = page.waitForResponse((answer) => answer.request().method() === "PATCH");
        await page.getByLabel("Name", { exact: true }).fill(name);
        await press(page, "Save");
        await saved;
        await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
      }
      assert.deepEqual(sent, [{ name: "Ada King" }, { name: "Ada Lovelace" }]);
    });
  });
}
