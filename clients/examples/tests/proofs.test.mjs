// Codes and links, on both pages: in without a password, back in without one, and proving addresses.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, described, focused, kinds, newSecret, open, password, press, secret, signIn, title, who } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

const digits = (page) => page.getByRole("textbox", { name: /^Code/ });
const another = (page, what = "code") => page.getByRole("button", { name: `Send another ${what}` });
const wrong = (code) => `${(Number(code) + 1) % 10 ** code.length}`.padStart(code.length, "0");
const fragment = ({ values }) => new URL(values.link).hash;

for (const kind of kinds) {
  /** Signs somebody up who has proven their address, at the page of an application that asks for nothing else. */
  async function enrolled(application = "approve") {
    const identifier = stage.newcomer();
    const page = await stage.visit(kind, { path: `?client_id=${application}#registration` });
    await who(page).fill(identifier);
    await press(page, "Send me a code instead");
    await title(page, "Enter the code");
    const message = await stage.message(identifier);
    await digits(page).fill(message.values.code);
    await press(page, "Continue");
    await title(page, "Hello");
    await press(page, "Sign out");
    await title(page, "Sign in");
    return { page, identifier, message };
  }

  /** Asks for a link at the door, and waits. */
  async function waitingForALink(page, identifier, before) {
    await who(page).fill(identifier);
    await press(page, "Send me a link instead");
    await title(page, "Open the link");
    return stage.message(identifier, before);
  }

  describe(kind, () => {
    test("signs up without a password: what is typed wrong is said at its field", async () => {
      const identifier = stage.newcomer();
      const page = await stage.visit(kind, { path: "#registration" });
      await press(page, "Send me a code instead");
      assert.deepEqual(await described(who(page)), { invalid: "true", text: "Please fill this in." });
      await who(page).fill("countess");
      await press(page, "Send me a code instead");
      await page.getByText("This application wants addresses proven first").waitFor();
      assert.equal((await described(who(page))).invalid, "true");
      await who(page).fill(identifier);
      await press(page, "Send me a code instead");

      await title(page, "Enter the code");
      await page.getByText("A code of 6 digits is on its way to a•••@example.com.").waitFor();
      assert.equal(await focused(page), "input Code");
      assert.deepEqual(await digits(page).evaluate((input) => [input.inputMode, input.autocomplete, input.dir]), ["numeric", "one-time-code", "ltr"]);
      await axe(page);
      const { kind: about, values: { code } } = await stage.message(identifier);
      assert.equal(about, "registration_code");
      await press(page, "Continue");
      assert.equal((await described(digits(page))).invalid, "true");
      await digits(page).fill(wrong(code));
      await press(page, "Continue");
      await page.getByText("The code is not right.").waitFor();
      assert.equal((await described(digits(page))).invalid, "true");
      assert.equal(await focused(page), "input Code");
      await digits(page).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
      await page.keyboard.press("Enter");
      await title(page, "About you");
      await page.getByLabel("Name").fill("Ada Lovelace");
      await press(page, "Continue");
      await page.getByRole("checkbox").check();
      await press(page, "Continue");
      await title(page, "Hello, Ada Lovelace");
    });

    test("signs in by code; another one can be had after a while, and the first is worth nothing then", async () => {
      const { page, identifier, message } = await enrolled();
      await page.clock.install();
      await who(page).fill(identifier);
      await press(page, "Send me a code instead");
      await title(page, "Enter the code");
      const first = await stage.message(identifier, message);
      assert.equal(first.kind, "login_code");
      assert.equal(await another(page).isDisabled(), true);
      assert.match(await another(page).textContent(), /^Send another code \(0:(3[01]|2\d)\)$/);
      await stage.advance(31);
      await page.clock.fastForward(31_000);
      await another(page).and(page.locator(":enabled")).click();
      await page.getByRole("status").filter({ hasText: "Another one is on its way." }).waitFor();
      const second = await stage.message(identifier, first);
      assert.equal(await another(page).isDisabled(), true);
      if (second.values.code !== first.values.code) {
        await digits(page).fill(first.values.code);
        await press(page, "Continue");
        await page.getByText("The code is not right.").waitFor();
      }
      await digits(page).fill(second.values.code);
      await press(page, "Continue");
      await title(page, "Hello");
    });

    test("goes back from the code to the question before", async () => {
      const page = await stage.visit(kind);
      await who(page).fill(stage.newcomer());
      await press(page, "Send me a code instead");
      await title(page, "Enter the code");
      await press(page, "Back");
      await title(page, "Sign in");
      assert.equal(await who(page).count(), 1);
    });

    test("begins again where no other code will be sent", async () => {
      const page = await stage.visit(kind);
      await page.route("**/v1/flows", async (route) => {
        const answer = await route.fetch();
        const flow = await answer.json();
        for (const { sent } of flow.steps) delete sent?.resend_after_seconds;
        await route.fulfill({ response: answer, json: flow });
      });
      await who(page).fill(stage.newcomer());
      await press(page, "Send me a code instead");
      await title(page, "Enter the code");
      assert.equal(await another(page).count(), 0);
      await press(page, "Start again");
      await title(page, "Sign in");
    });

    test("goes on after a reload where it was: the code is still asked for", async () => {
      const { page, identifier, message } = await enrolled();
      await who(page).fill(identifier);
      await press(page, "Send me a code instead");
      await title(page, "Enter the code");
      await page.reload();
      await title(page, "Enter the code");
      await digits(page).fill((await stage.message(identifier, message)).values.code);
      await press(page, "Continue");
      await title(page, "Hello");
    });

    test("signs in by a link that is opened in the same browser, and so does the page that waits", async () => {
      const { page, identifier, message } = await enrolled();
      const link = await waitingForALink(page, identifier, message);
      await axe(page);
      const second = await page.context().newPage();
      second.setDefaultTimeout(10_000);
      await second.goto(link.values.link);
      await title(second, "Hello");
      assert.doesNotMatch(second.url(), /ll_/, "nothing of the link is left in the address");
      await title(page, "Hello");
      assert.equal(await page.evaluate(() => localStorage.getItem("lintel_link")), null);
    });

    test("signs in by a link that is opened elsewhere, with the code that it shows there", async () => {
      const page = await stage.visit(kind, { path: "#registration" });
      const identifier = stage.newcomer();
      const link = await waitingForALink(page, identifier);
      const elsewhere = await stage.visit(kind, { path: fragment(link) });
      await title(elsewhere, "Your code");
      await elsewhere.getByText("Create your account").waitFor();
      await elsewhere.getByText(/^Chrome on /).waitFor();
      await axe(elsewhere);
      const code = await elsewhere.getByRole("status", { name: "Code" }).textContent();
      await digits(page).fill(wrong(code));
      await press(page, "Continue");
      await page.getByText("The code is not right.").waitFor();
      await digits(page).fill(code);
      await press(page, "Continue");
      await title(page, "About you");
      const late = await stage.visit(kind, { path: fragment(link) });
      await title(late, "Please note");
      await late.getByText("The link is not right, was used before or is too old.").waitFor();
    });

    test("lets the page that waits go on from elsewhere, after a question", async () => {
      const { page, identifier, message } = await enrolled();
      const link = await waitingForALink(page, identifier, message);
      assert.equal(await page.getByRole("textbox").count(), 0, "there is nothing to type");
      const elsewhere = await stage.visit(kind, { path: fragment(link) });
      await title(elsewhere, "Was that you?");
      await axe(elsewhere);
      await press(elsewhere, "No");
      await title(elsewhere, "Nothing happened");
      assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Open the link");
      await elsewhere.goto(link.values.link);
      await title(elsewhere, "Was that you?");
      await press(elsewhere, "Yes, that was me");
      await title(elsewhere, "Done");
      await title(page, "Hello");
    });

    test("says that a link works only where it was asked for", async () => {
      const { page, identifier, message } = await enrolled("refuse");
      const link = await waitingForALink(page, identifier, message);
      const elsewhere = await stage.visit(kind, { path: fragment(link) });
      await title(elsewhere, "Open it where you asked for it");
      await press(elsewhere, "Sign in");
      await title(elsewhere, "Sign in");
      await page.goto(link.values.link); // the same document: only the fragment changes
      await title(page, "Hello");
    });

    test("proves an address after a password was chosen, where there is no account before", async () => {
      const identifier = stage.newcomer();
      const page = await stage.visit(kind, { path: "?client_id=approve#registration" });
      await who(page).fill(identifier);
      await newSecret(page).fill(password);
      await press(page, "Create account");
      await title(page, "Confirm your address");
      await page.getByText(identifier).waitFor();
      await axe(page);
      await press(page, "Send me a code");
      await digits(page).fill((await stage.message(identifier)).values.code);
      await press(page, "Continue");
      await title(page, "Hello");
      await press(page, "Sign out");
      await signIn(page, identifier);
      await title(page, "Hello");
    });

    test("recovers an account whose password was forgotten", async () => {
      const identifier = await stage.register();
      const page = await stage.visit(kind);
      await page.getByRole("link", { name: "Forgot your password?" }).click();
      await title(page, "Recover your account");
      await axe(page);
      await page.getByRole("textbox", { name: /^email or phone$/i }).fill(identifier);
      await press(page, "Send me a code");
      await title(page, "Enter the code");
      await digits(page).fill((await stage.message(identifier)).values.code);
      await press(page, "Continue");
      await title(page, "Choose a new password");
      assert.equal(await page.locator("input[autocomplete=username]").inputValue(), identifier, "password managers know whose it is");
      await newSecret(page).fill("a short walk to the green hill");
      await press(page, "Continue");
      await title(page, "Hello, Ada Lovelace");
      await press(page, "Sign out");
      await signIn(page, identifier);
      await page.getByText("The credentials are not right.").waitFor();
      await secret(page).fill("a short walk to the green hill");
      await press(page, "Sign in");
      await title(page, "Hello, Ada Lovelace");
    });

    test("confirms an address of the account", async () => {
      const identifier = await stage.register();
      const page = await stage.visit(kind);
      await signIn(page, identifier);
      await title(page, "Hello, Ada Lovelace");
      await page.getByRole("link", { name: "Security" }).click();
      const row = page.getByRole("listitem").filter({ hasText: identifier });
      await row.getByText("not confirmed yet").waitFor();
      await page.getByRole("button", { name: `Confirm: ${identifier}` }).click();
      const dialog = page.getByRole("dialog", { name: "Confirm your address" });
      await dialog.getByRole("heading", { name: "Enter the code" }).waitFor();
      await axe(page);
      await press(dialog, "Cancel");
      await row.getByText("not confirmed yet").waitFor();
      const { id } = await stage.message(identifier);
      await stage.advance(31);
      await page.getByRole("button", { name: `Confirm: ${identifier}` }).click();
      await digits(dialog).fill((await stage.message(identifier, { id })).values.code);
      await press(dialog, "Continue");
      await dialog.waitFor({ state: "detached" });
      await row.getByText("not confirmed yet").waitFor({ state: "detached" });
      assert.equal(await row.getByRole("button").count(), 0);
    });
  });
}
