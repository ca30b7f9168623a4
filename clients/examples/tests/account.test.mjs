// What signed-in people do, on both pages.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { described, focused, kinds, listen, newSecret, open, password, press, secret, signIn, title, who } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

const go = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
const says = (page, text) => page.getByRole("status").filter({ hasText: text }).waitFor();
const row = (page, text) => page.getByRole("listitem").filter({ hasText: text });

/** Lets the last proof of everybody grow old. */
const grow = () => stage.advance(6 * 60);

for (const kind of kinds) {
  /** Somebody new who has signed in. */
  async function signedIn() {
    const identifier = await stage.register();
    const page = await stage.visit(kind);
    await signIn(page, identifier);
    await title(page, "Hello, Ada Lovelace");
    return { page, identifier };
  }

  describe(kind, () => {
    test("changes the profile: sets, says what is wrong, and takes away", async () => {
      const { page } = await signedIn();
      await page.getByLabel("Nickname").fill("Countess");
      await page.getByText("More about you").click();
      await page.getByLabel("Website").fill("ftp://example.com");
      await press(page, "Save");
      await page.locator(".error").filter({ hasText: "This does not have the form" }).waitFor();
      assert.equal((await described(page.getByLabel("Website"))).invalid, "true");
      await page.getByLabel("Website").fill("https://example.com");
      await page.getByLabel("Town").fill("London");
      await press(page, "Save");
      await says(page, "Saved.");
      await page.reload();
      assert.equal(await page.getByLabel("Nickname").inputValue(), "Countess");
      assert.equal(await page.getByLabel("Website").inputValue(), "https://example.com");
      assert.equal(await page.getByLabel("Town").inputValue(), "London");
      await page.getByLabel("Nickname").fill("");
      await page.getByLabel("Date of birth").or(page.getByText("More about you")).first().click();
      await press(page, "Save");
      await says(page, "Saved.");
      await page.reload();
      assert.equal(await page.getByLabel("Nickname").inputValue(), "");
      assert.equal(await page.getByLabel("Town").inputValue(), "London", "what was not touched stays");
    });

    test("changes the password after a fresh proof in place, and asks again by itself", async () => {
      const { page, identifier } = await signedIn();
      await go(page, "Security");
      await newSecret(page).fill("a short walk to the green hill");
      await grow();
      await press(page, "Change password");

      const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
      await secret(dialog).waitFor();
      assert.equal(await dialog.getByRole("textbox", { name: /username/ }).count(), 0, "it is about who is signed in");
      await dialog.getByText(identifier).waitFor();
      await secret(dialog).fill("not this one");
      await press(dialog, "Continue");
      await dialog.getByText("The credentials are not right.").waitFor();
      await secret(dialog).fill(password);
      await page.keyboard.press("Enter");
      await says(page, "Password changed.");
      assert.equal(await page.getByRole("dialog").count(), 0);
      assert.equal(await newSecret(page).inputValue(), "", "no secret is left on the page");

      await press(page, "Sign out");
      await signIn(page, identifier, "a short walk to the green hill");
      await title(page, "Hello, Ada Lovelace");
    });

    test("leaves all as it was when the proof is refused to be given, and returns the focus", async () => {
      const { page, identifier } = await signedIn();
      await go(page, "Security");
      await newSecret(page).fill("a short walk to the green hill");
      await grow();
      const asked = listen(page);
      await press(page, "Change password");
      await secret(page.getByRole("dialog")).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(await focused(page), "button Change password");
      assert.equal(await page.getByRole("alert").filter({ hasText: /./ }).count(), 0, "nobody is told what they did themselves");
      assert.deepEqual(asked, ["PUT /v1/me/password", "POST /v1/flows"]);
      await press(page, "Sign out");
      await signIn(page, identifier);
      await title(page, "Hello, Ada Lovelace");
    });

    test("asks for one proof where two things want it at once, and then does both", async () => {
      const { page } = await signedIn();
      await go(page, "Security");
      const second = stage.newcomer();
      await who(page).fill(second);
      await newSecret(page).fill("a short walk to the green hill");
      await grow();
      const refused = [/identifiers$/, /password$/].map((path) => page.waitForResponse((answer) => path.test(answer.url()) && answer.status() === 403));
      await page.evaluate(() => {
        for (const button of document.querySelectorAll("form button:not([type])")) if (/^(Add|Change password)$/.test(button.textContent)) button.click();
      });
      await Promise.all(refused);
      await secret(page.getByRole("dialog")).fill(password);
      await press(page.getByRole("dialog"), "Continue");
      await row(page, second).waitFor();
      await page.waitForFunction(() => !document.querySelector("[aria-busy=true], dialog"));
      assert.equal(await newSecret(page).inputValue(), "", "the password is changed too");
    });

    test("refuses a weak password at its field", async () => {
      const { page } = await signedIn();
      await go(page, "Security");
      await newSecret(page).fill("password1");
      await press(page, "Change password");
      await page.getByText("The password is too easy to guess.").waitFor();
      assert.equal((await described(newSecret(page))).invalid, "true");
    });

    test("adds an identifier, makes it primary and removes the other; the last one stays", async () => {
      const { page, identifier } = await signedIn();
      const taken = await stage.register();
      await go(page, "Security");
      assert.equal(await page.getByRole("button", { name: /^Remove/ }).count(), 0, "the last one cannot be removed");
      await who(page).fill(taken);
      await press(page, "Add");
      await page.getByText("Somebody already uses this identifier.").waitFor();
      assert.equal((await described(who(page))).invalid, "true");
      const second = stage.newcomer();
      await who(page).fill(second);
      await press(page, "Add");
      await row(page, second).waitFor();
      await page.getByRole("button", { name: `Make primary: ${second}` }).click();
      await row(page, second).getByText("primary", { exact: true }).waitFor();
      assert.equal(await focused(page), "h2 How you sign in");
      await page.getByRole("button", { name: `Remove: ${identifier}` }).click();
      await row(page, identifier).waitFor({ state: "detached" });
      assert.equal(await page.getByRole("button", { name: /^Remove/ }).count(), 0);
      await press(page, "Sign out");
      await signIn(page, second);
      await title(page, "Hello, Ada Lovelace");
    });

    test("shows the devices, signs one out and then all others", async () => {
      const { page, identifier } = await signedIn();
      const others = [];
      for (const userAgent of ["Mozilla/5.0 (iPhone) CriOS/1", "Mozilla/5.0 (Windows NT) Firefox/1", "Mozilla/5.0 (Macintosh) Version/1 Safari/1"]) {
        const other = await stage.visit(kind, { userAgent });
        await signIn(other, identifier);
        await title(other, "Hello, Ada Lovelace");
        others.push(other);
      }
      const [phone, windows, mac] = others;
      await go(page, "Devices");
      await row(page, "Chrome on iPhone").waitFor();
      assert.equal(await row(page, "this device").getByRole("button").count(), 0, "to end this one is to sign out");
      await page.getByRole("button", { name: "Sign out: Chrome on iPhone" }).click();
      await row(page, "Chrome on iPhone").waitFor({ state: "detached" });
      await go(phone, "Devices");
      await title(phone, "Sign in");
      await row(page, "Firefox on Windows").waitFor();

      await press(page, "Sign out everywhere else");
      await row(page, "Firefox on Windows").waitFor({ state: "detached" });
      await row(page, "this device").waitFor();
      for (const other of [windows, mac]) {
        await go(other, "Activity");
        await title(other, "Sign in");
        await says(other, "Your session has ended.");
      }
    });

    test("shows what happened, older pages too, and what it has no words for", async () => {
      const { page } = await signedIn();
      for (let change = 0; change < 22; change++) {
        await page.evaluate((nickname) => fetch("/v1/me", { method: "PATCH", headers: { "Content-Type": "application/merge-patch+json" }, body: JSON.stringify({ profile: { nickname } }) }), `Ada ${change}`);
      }
      let first = true;
      await page.route("**/v1/me/activity**", async (route) => {
        const answer = await route.fetch();
        const body = await answer.json();
        if (first) body.items[0].type = "kite.flown";
        first = false;
        await route.fulfill({ response: answer, json: body });
      });
      await go(page, "Activity");
      await row(page, "Something new").waitFor();
      await page.waitForFunction(() => document.querySelectorAll("li").length === 20);
      await press(page, "Show older");
      await row(page, "Account created").waitFor();
      await row(page, "Terms agreed to").waitFor();
      assert.equal(await page.getByRole("button", { name: "Show older" }).count(), 0);
      assert.ok((await focused(page)).startsWith("li "), "the focus is on the first that is new");
    });

    test("deletes the account after a warning; signing in undoes it", async () => {
      const { page, identifier } = await signedIn();
      await go(page, "Security");
      await press(page, "Delete account");
      const dialog = page.getByRole("dialog", { name: "Delete your account?" });
      await press(dialog, "Cancel");
      await dialog.waitFor({ state: "detached" });
      await grow();
      await press(page, "Delete account");
      await press(dialog, "Delete account");
      await secret(page.getByRole("dialog")).fill(password);
      await press(page.getByRole("dialog"), "Continue");
      await title(page, "Your account is deleted");
      await page.getByText("To keep it after all, sign in before").waitFor();
      await press(page, "Sign in");

      await signIn(page, identifier);
      await title(page, "Please note");
      await page.getByText("This account will be deleted in 30 days.").waitFor();
      await press(page, "Leave it");
      await title(page, "Sign in");
      await signIn(page, identifier);
      await title(page, "Please note");
      await press(page, "Keep my account");
      await title(page, "Hello, Ada Lovelace");
    });
  });
}
