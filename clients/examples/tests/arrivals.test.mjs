// Guests, and the links that belong to no flow, on both pages: an invitation, a removed address
// that is taken back, and a recovery that is objected to.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, kinds, newSecret, open, password, press, secret, signIn, title, who } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

const digits = (page) => page.getByRole("textbox", { name: /^Code/ });
const fragment = ({ values }) => new URL(values.link).hash;
const guestButton = (page) => page.getByRole("button", { name: "Continue as a guest" });
const go = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();

for (const kind of kinds) {
  /** Who is signed in at a page. */
  const me = (page) => page.evaluate(() => fetch("/v1/me", { credentials: "include" }).then((answer) => answer.json()));

  /** Somebody new who is signed in, has a password and has proven their address. */
  async function proven() {
    const identifier = stage.newcomer();
    const page = await stage.visit(kind, { path: "?client_id=guests#registration" });
    await who(page).fill(identifier);
    await newSecret(page).fill(password);
    await press(page, "Create account");
    await title(page, "Hello");
    await go(page, "Security");
    await page.getByRole("button", { name: `Confirm: ${identifier}` }).click();
    const message = await stage.message(identifier);
    await digits(page).fill(message.values.code);
    await press(page.getByRole("dialog"), "Continue");
    await page.getByRole("button", { name: `Confirm: ${identifier}` }).waitFor({ state: "detached" });
    return { page, identifier, message };
  }

  /** Somebody who was invited, at the page that the link opened. */
  async function invited(client_id, profile) {
    const identifier = stage.newcomer();
    await stage.manage("POST", "/invitations", { client_id, identifier: { type: "email", value: identifier }, locale: "en", ...(profile && { profile }) });
    const message = await stage.message(identifier);
    const page = await stage.visit(kind, { path: fragment(message) });
    await title(page, "You are invited");
    return { page, identifier, message };
  }

  async function guest() {
    const page = await stage.visit(kind, { path: "?client_id=guests" });
    await guestButton(page).click();
    await title(page, "Hello, guest");
    return page;
  }

  describe(kind, () => {
    test("lets nobody in as a guest where there are none", async () => {
      const page = await stage.visit(kind);
      await title(page, "Sign in");
      assert.equal(await guestButton(page).count(), 0);
    });

    test("lets a guest in, who has what is theirs only, and registers as who they are", async () => {
      const page = await guest();
      await page.getByText("You are here as a guest").waitFor();
      await axe(page);
      const before = await me(page);
      assert.deepEqual([before.guest, before.identifiers], [true, []]);
      await page.getByLabel("Nickname").fill("Countess");
      await press(page, "Save");
      await page.getByText("Saved.").waitFor();
      await go(page, "Security");
      await page.getByRole("button", { name: "Delete account" }).waitFor();
      assert.equal(await page.getByRole("textbox").count(), 0, "there is nothing to sign in with");
      await page.reload();
      await go(page, "Profile");
      await press(page, "Create an account");
      await title(page, "Create your account");
      assert.equal(await guestButton(page).count(), 0);
      await page.getByRole("link", { name: "Stay a guest" }).click();
      await title(page, "Hello, guest");
      await press(page, "Create an account");
      const identifier = stage.newcomer();
      await who(page).fill(identifier);
      await newSecret(page).fill(password);
      await press(page, "Create account");
      await title(page, `Hello, ${identifier}`);
      assert.equal(await page.getByText("You are here as a guest").count(), 0);
      const registered = await me(page);
      assert.deepEqual([registered.id, registered.profile.nickname, registered.guest], [before.id, "Countess", undefined]);
      await press(page, "Sign out");
      await signIn(page, identifier);
      await title(page, `Hello, ${identifier}`);
      assert.equal((await me(page)).id, before.id);
    });

    test("signs a guest in to the account that they have", async () => {
      const { page: door, identifier } = await proven();
      await door.context().close();
      const page = await guest();
      await page.getByRole("button", { name: "I have an account: sign in" }).click();
      await signIn(page, identifier);
      await title(page, `Hello, ${identifier}`);
      assert.deepEqual((await me(page)).identifiers.map(({ value }) => value), [identifier]);
    });

    test("lets who is invited in with one click", async () => {
      const { page, identifier } = await invited("approve");
      assert.doesNotMatch(page.url(), /li_/, "nothing of the link is left in the address");
      await page.getByText("Harbour Boats invites you. The invitation is for a•••@example.com.").waitFor();
      await axe(page);
      await press(page, "Accept the invitation");
      await title(page, "Create your account");
      await page.getByText(identifier).waitFor();
      await axe(page);
      await press(page, "Continue without a password");
      await title(page, `Hello, ${identifier}`);
      assert.ok((await me(page)).identifiers[0].verified_at, "the letter has proven the address");
    });

    test("lets who is invited choose a password, also after a reload; the link is worth nothing then", async () => {
      const { page, identifier, message } = await invited("approve", { name: "Ada Lovelace" });
      await press(page, "Accept the invitation");
      await title(page, "Create your account");
      await page.reload();
      await title(page, "Create your account");
      await page.getByText(identifier).waitFor();
      await newSecret(page).fill(password);
      await press(page, "Create account");
      await title(page, "Hello, Ada Lovelace");
      const late = await stage.visit(kind, { path: `?client_id=approve${fragment(message)}` });
      await title(late, "Please note");
      await press(late, kind === "react" ? "Continue" : "Sign in");
      await signIn(late, identifier);
      await title(late, "Hello, Ada Lovelace");
    });

    test("signs who is invited in to the account that they have, and asks what the application wants to know", async () => {
      const { page: door, identifier, message } = await proven();
      await stage.manage("POST", "/invitations", { client_id: "books", identifier: { type: "email", value: identifier }, locale: "en" });
      await press(door, "Sign out");
      await title(door, "Sign in");
      await door.goto(new URL(fragment(await stage.message(identifier, message)), door.url()).href); // the same document
      await title(door, "You are invited");
      await press(door, "Accept the invitation");
      await secret(door).waitFor();
      await press(door, "Continue without a password");
      await title(door, "Before you go on");
      await door.getByRole("checkbox").check();
      await press(door, "Continue");
      await title(door, "Hello");
      assert.equal((await me(door)).identifiers[0].value, identifier);
    });

    test("takes a removed address back, and leads to a new password", async () => {
      const { page, identifier, message } = await proven();
      const other = stage.newcomer();
      await who(page).fill(other);
      await press(page, "Add");
      await page.getByRole("button", { name: `Make primary: ${other}` }).waitFor();
      const added = await stage.message(identifier, message);
      await page.getByRole("button", { name: `Remove: ${identifier}` }).click();
      await page.getByRole("listitem").filter({ hasText: identifier }).waitFor({ state: "detached" });
      const removed = await stage.message(identifier, added);

      const elsewhere = await stage.visit(kind, { path: `?client_id=guests${fragment(removed)}` });
      await title(elsewhere, "Take your address back?");
      assert.doesNotMatch(elsewhere.url(), /lu_/, "nothing of the link is left in the address");
      await elsewhere.getByText("a•••@example.com was removed from your account").waitFor();
      await axe(elsewhere);
      await press(elsewhere, "Take it back");
      await title(elsewhere, "The address is yours again");
      await page.reload();
      await title(page, "Sign in");

      const told = await stage.message(identifier, removed);
      await press(elsewhere, "Choose a new password");
      await title(elsewhere, "Recover your account");
      await elsewhere.getByRole("textbox").fill(identifier);
      await press(elsewhere, "Send me a code");
      await title(elsewhere, "Enter the code");
      await digits(elsewhere).fill((await stage.message(identifier, told)).values.code);
      await press(elsewhere, "Continue");
      await newSecret(elsewhere).fill("a short walk to the green hill");
      await press(elsewhere, "Continue");
      await title(elsewhere, `Hello, ${identifier}`);
      const late = await stage.visit(kind, { path: fragment(removed) });
      await title(late, "Please note");
      await late.getByText("This link undoes nothing").waitFor();
    });

    test("stops a recovery that its reader has not asked for", async () => {
      const { page, identifier, message } = await proven();
      const { id } = await me(page);
      const taker = stage.newcomer();
      assert.equal((await stage.manage("POST", `/users/${id}/recovery`, { value: taker })).status, "waiting");
      const told = await stage.message(identifier, message);
      const elsewhere = await stage.visit(kind, { path: fragment(told) });
      await title(elsewhere, "Stop the recovery of your account?");
      assert.doesNotMatch(elsewhere.url(), /lr_/, "nothing of the link is left in the address");
      await elsewhere.getByText("your account opens to whoever reads").waitFor();
      assert.equal((await stage.manage("GET", `/users/${id}/recovery`)).status, "waiting", "opening the link stops nothing");
      await axe(elsewhere);
      await press(elsewhere, "Stop it");
      await title(elsewhere, "It is stopped");
      assert.equal((await stage.manage("GET", `/users/${id}/recovery`)).status, "stopped");
      assert.equal((await me(page)).id, id, "whoever is signed in stays");
      const late = await stage.visit(kind, { path: fragment(told) });
      await title(late, "Please note");
    });
  });
}
