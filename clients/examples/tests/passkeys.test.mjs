// Passkeys in a real browser, on both pages: made, used, added, named and removed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { domains } from "./domains.mjs";
import { hybrid, internal, keyring, spy, told, usb, waits } from "./keyring.mjs";
import { axe, kinds, listen, newSecret, open, password, press, secret, signIn, title, who } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

const go = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
const row = (page, text) => page.getByRole("listitem").filter({ hasText: text });
const session = (page) => page.evaluate(async () => (await fetch("/v1/session")).json());
const mine = (page) => page.evaluate(async () => (await (await fetch("/v1/me/passkeys")).json()).items);
/** Lets the last proof of everybody grow old. */
const grow = () => stage.advance(6 * 60);

/** What somebody does on one of the pages. */
function on(kind) {
  /** A page of an application with passkeys, with authenticators. */
  async function at(application, hash, ...authenticators) {
    let ring;
    const prepare = async (page) => (await spy(page), (ring = await keyring(page, ...authenticators)));
    const page = await stage.visit(kind, { path: `?client_id=${application}#${hash}`, prepare });
    return { page, ...ring };
  }
  /** Somebody new whose only way in is a passkey. */
  async function signedUp(application, ...authenticators) {
    const { page, keys, add } = await at(application, "registration", ...authenticators);
    const identifier = stage.newcomer();
    await keys[0].touch();
    await who(page).fill(identifier);
    await press(page, "Use a passkey instead of a password");
    await title(page, "Hello");
    await keys[0].touch(false);
    return { page, keys, add, identifier };
  }
  /** Somebody new with a password who has signed in. */
  async function withPassword(application, ...authenticators) {
    const identifier = stage.newcomer();
    const { page, keys, add } = await at(application, "registration", ...authenticators);
    await who(page).fill(identifier);
    await newSecret(page).fill(password);
    await press(page, "Create account");
    await title(page, "Hello");
    return { page, keys, add, identifier };
  }
  async function signOut(page) {
    await page.evaluate(() => (globalThis.waits = false));
    await press(page, "Sign out");
    await title(page, "Sign in");
    await page.getByRole("button", { name: "Use a passkey", exact: true }).waitFor();
    // Without an authenticator that is part of the device there is nothing to offer in a field.
    if (await page.evaluate(() => PublicKeyCredential.isConditionalMediationAvailable())) await waits(page);
  }
  /** Adds a passkey on the page of them; a fresh proof was given a moment ago. */
  async function add(page, key, name) {
    await go(page, "Security");
    await press(page, "Add a passkey");
    const dialog = page.getByRole("dialog", { name: "Add a passkey" });
    await dialog.getByLabel("Name").fill(name);
    await key.touch();
    await press(dialog, "Create a passkey");
    await row(page, name).waitFor();
    await key.touch(false);
  }
  return { at, signedUp, withPassword, signOut, add };
}

for (const kind of kinds) {
  const { signedUp, withPassword, signOut, add } = on(kind);
  describe(kind, () => {
    test("signs up with a passkey alone, and in with it at the press of a button", async () => {
      const { page, keys: [key], identifier } = await signedUp("keys", internal);
      const [credential] = await key.credentials();
      assert.deepEqual([credential.rpId, credential.isResidentCredential, credential.userName], ["localhost", true, identifier]);
      await signOut(page);
      await axe(page);
      assert.equal(await who(page).getAttribute("autocomplete"), "username webauthn");
      await key.touch();
      await press(page, "Use a passkey");
      await title(page, "Hello");
      const { acr, amr } = await session(page);
      assert.deepEqual([acr, amr.includes("mfa")], ["aal2", true]);
    });

    test("signs in by the field, with two requests", async () => {
      const { page, keys: [key] } = await signedUp("keys", internal);
      await signOut(page);
      const asked = listen(page);
      await page.evaluate(() => sessionStorage.clear()); // the flow that is under way
      await key.touch();
      await page.reload();
      await title(page, "Hello");
      assert.deepEqual(asked.filter((one) => !one.startsWith("GET")), ["POST /v1/flows", "POST /v1/flows/{flow}/steps"]);
    });

    test("a wrong password changes nothing: the field takes the next challenge", async () => {
      const { page, keys: [key], identifier } = await withPassword("keys", internal);
      await add(page, key, "My phone");
      await signOut(page);
      await key.touch(); // too late for what the field waits for already
      await signIn(page, identifier, "not this one");
      await title(page, "Hello");
    });

    test("a dialogue that brings nothing says so, and the password still does", async () => {
      const { page, keys: [key], identifier } = await withPassword("keys", internal);
      await signOut(page);
      await key.touch();
      await press(page, "Use a passkey");
      await page.getByText("No passkey was used.").waitFor();
      await signIn(page, identifier);
      await title(page, "Hello");
    });

    test("adds two after a fresh proof, and none twice; names one and removes the other, which is refused from then on", async () => {
      const { page, keys: [phone], add: plugIn } = await withPassword("keys", internal);
      await go(page, "Security");
      await page.getByRole("heading", { name: "Passkeys" }).waitFor();
      await grow();
      await press(page, "Add a passkey");
      await secret(page.getByRole("dialog", { name: "Confirm that it is you" })).fill(password);
      await press(page.getByRole("dialog", { name: "Confirm that it is you" }), "Continue");
      await phone.touch();
      const dialog = page.getByRole("dialog", { name: "Add a passkey" });
      await dialog.getByLabel("Name").fill("My phone");
      await axe(page);
      await press(dialog, "Create a passkey");
      await row(page, "My phone").getByText("created").waitFor();

      await press(page, "Add a passkey");
      await press(dialog, "Create a passkey");
      await dialog.getByText("This device has a passkey of yours already.").waitFor();
      await press(dialog, "Cancel");
      await dialog.waitFor({ state: "detached" });

      await phone.touch(false);
      const ring = await plugIn(usb);
      await add(page, ring, "Key ring");
      assert.deepEqual((await mine(page)).map(({ name, transports }) => [name, transports]), [["My phone", ["internal"]], ["Key ring", ["usb"]]]);
      await press(page, "Rename: My phone");
      await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("The blue phone");
      await press(page.getByRole("dialog"), "Save");
      await row(page, "The blue phone").waitFor();
      const [onRing] = await ring.credentials();
      await press(page, "Remove: Key ring");
      await row(page, "Key ring").waitFor({ state: "detached" });
      const [{ allAcceptedCredentialIds: accepted, rpId }] = (await told(page, "signalAllAcceptedCredentials")).slice(-1);
      assert.deepEqual([accepted.length, rpId], [1, "localhost"]);

      await signOut(page);
      if (!(await ring.credentials()).length) await ring.put(onRing); // a platform that was told may have let it go
      await ring.touch();
      await press(page, "Use a passkey");
      await page.getByText("This passkey could not be verified.").waitFor();
      const [unknown] = await told(page, "signalUnknownCredential");
      assert.equal(Buffer.from(unknown.credentialId, "base64url").toString("base64"), onRing.credentialId);
      await ring.leave();
      await phone.touch();
      await press(page, "Use a passkey");
      await title(page, "Hello");
      await go(page, "Security");
      await row(page, "The blue phone").getByText("last used").waitFor();
    });

    test("removes the last way in only after a warning", async () => {
      const { page } = await signedUp("keys", internal);
      await go(page, "Security");
      const [{ name }] = await mine(page);
      const warning = page.getByRole("dialog", { name: "Remove your last way in?" });
      await press(page, `Remove: ${name}`);
      await warning.getByText("Nothing else lets you into your account.").waitFor();
      await press(warning, "Cancel");
      await warning.waitFor({ state: "detached" });
      assert.equal((await mine(page)).length, 1);
      await press(page, `Remove: ${name}`);
      await press(warning, "Remove");
      await warning.waitFor({ state: "detached" });
      await row(page, name).waitFor({ state: "detached" });
      assert.deepEqual(await mine(page), []);
      assert.deepEqual((await told(page, "signalAllAcceptedCredentials")).at(-1).allAcceptedCredentialIds, []);
    });

    test("a passkey is the fresh proof that is wanted", async () => {
      const { page, keys: [key] } = await signedUp("keys", internal);
      await go(page, "Security");
      const [{ name }] = await mine(page);
      await grow();
      await key.touch();
      await press(page, `Remove: ${name}`);
      const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
      await press(dialog, "Use a passkey");
      await page.getByRole("dialog", { name: "Remove your last way in?" }).waitFor();
    });

    test("a passkey is the second factor after a password", async () => {
      const { page, keys: [key], identifier } = await withPassword("keys-second", usb);
      await add(page, key, "Key ring");
      await signOut(page);
      await signIn(page, identifier);
      await title(page, "Confirm with your passkey");
      await key.touch();
      await press(page, "Use a passkey");
      await title(page, "Hello");
      assert.equal((await session(page)).acr, "aal2");
    });

    test("a login with a password leaves a passkey behind where the browser makes one without asking, and none where it does not", async () => {
      const { page, keys: [key], identifier } = await withPassword("keys-upgrade", internal);
      await page.addInitScript(() => {
        const { credentials } = navigator, create = credentials.create.bind(credentials);
        // Without a password manager of its own this browser would wait without end.
        credentials.create = ({ mediation, ...options }) => ((globalThis.mediation = mediation), create(options));
        PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: sessionStorage.getItem("old") === null });
      });
      await page.evaluate(() => sessionStorage.setItem("old", ""));
      await signOut(page);
      await page.reload();
      await signIn(page, identifier);
      await title(page, "Hello");
      assert.deepEqual(await mine(page), []);
      await page.evaluate(() => sessionStorage.removeItem("old"));
      await signOut(page);
      await key.touch();
      await signIn(page, identifier);
      await title(page, "Hello");
      assert.equal(await page.evaluate(() => globalThis.mediation), "conditional");
      assert.equal((await mine(page)).length, 1);
    });
  });
}

describe("authenticators", () => {
  const { signedUp, signOut } = on("vanilla");

  const blind = { hasUserVerification: false, isUserVerified: false }; // it does not find out who is there
  const small = { hasResidentKey: false }; // it keeps no passkeys
  for (const [name, application, authenticator, verified] of [
    ["part of the device", "keys", internal, true],
    ["on a key ring", "keys", usb, true],
    ["on a telephone", "keys", hybrid, true],
    ["part of the device, which does not find out who is there", "keys-touch", { ...internal, ...blind }, false],
    ["on a key ring, which keeps nothing and does not find out who is there", "keys-touch", { ...usb, ...blind, ...small }, false],
    ["on an old key ring", "keys-touch", { ...usb, ...blind, ...small, protocol: "u2f" }, false],
  ]) {
    test(`a passkey that is ${name}`, async () => {
      const { page, keys: [key], identifier } = await signedUp(application, authenticator);
      const [{ isResidentCredential }] = await key.credentials();
      assert.equal(isResidentCredential, authenticator.hasResidentKey);
      const [{ transports, user_verified }] = await mine(page);
      assert.deepEqual([transports.includes(authenticator.transport), user_verified], [true, verified]);
      assert.equal((await session(page)).acr, verified ? "aal2" : "aal1");
      await signOut(page);
      await key.touch();
      if (!verified) await who(page).fill(identifier); // of those that do not find out, or keep nothing, the page has to be told whose
      await press(page, "Use a passkey");
      await title(page, "Hello");
      const { acr, amr } = await session(page);
      assert.deepEqual([acr, amr.includes("mfa")], verified ? ["aal2", true] : ["aal1", false]);
    });
  }

  test("an application that wants to know who is there refuses one that does not, whatever the page asks of it", async () => {
    const { page, keys: [key], identifier } = await signedUp("keys-touch", { ...usb, ...blind, ...small });
    await page.addInitScript(() => {
      const { credentials } = navigator, get = credentials.get.bind(credentials);
      credentials.get = ({ publicKey, ...more }) => ((globalThis.wanted = publicKey.userVerification), get({ ...more, publicKey: { ...publicKey, userVerification: "discouraged" } }));
    });
    await press(page, "Sign out");
    await title(page, "Sign in");
    await page.goto(page.url().replace("client_id=keys-touch", "client_id=keys-verified"));
    await title(page, "Sign in");
    await key.touch();
    await who(page).fill(identifier);
    await press(page, "Use a passkey");
    await page.getByText("The passkey has to find out who is there").waitFor();
    assert.equal(await page.evaluate(() => globalThis.wanted), "required");
    assert.equal((await session(page)).code, "session_invalid");
  });

  test("a counter that goes back is refused", async () => {
    const { page, keys: [key] } = await signedUp("keys", internal);
    const [made] = await key.credentials();
    const count = async (signCount) => (await key.take(made.credentialId), key.put({ ...made, signCount }));
    const use = async () => (await signOut(page), await key.touch(), press(page, "Use a passkey"));
    await count(1000);
    await use();
    await title(page, "Hello");
    await key.touch(false);
    await count(1);
    await use();
    await page.getByText("This passkey could not be verified.").waitFor();
    await key.touch(false);
    assert.equal((await session(page)).code, "session_invalid");
    await count(2000);
    await key.touch();
    await page.reload();
    await title(page, "Hello");
    const { user_id } = await session(page);
    const told = async () => (await stage.manage("GET", `/audit?type=passkey.clone_suspected&user_id=${user_id}`)).items.length;
    for (let tries = 0; !(await told()); tries++) assert.ok(tries < 200, "the operator is told");
  });

  test("what the application hints at reaches the browser, and a telephone signs in", async () => {
    const { page, keys: [key] } = await signedUp("keys-hybrid", hybrid);
    await page.addInitScript(() => {
      const { credentials } = navigator, get = credentials.get.bind(credentials);
      credentials.get = (options) => ((globalThis.hints = options.publicKey.hints), get(options));
    });
    await signOut(page);
    await page.reload();
    await title(page, "Sign in");
    await key.touch();
    await press(page, "Use a passkey");
    await title(page, "Hello");
    assert.deepEqual(await page.evaluate(() => globalThis.hints), ["hybrid"]);
    assert.ok((await mine(page))[0].transports.includes("hybrid"));
  });
});

test("a page of a related origin uses the passkeys of the relying party, and no other page does", async (t) => {
  const places = await domains();
  t.after(() => places.close());
  const page = await places.visit("harbour.test", "registration");
  const { keys: [key] } = await keyring(page, internal);
  await who(page).fill("ada@example.com");
  await key.touch();
  await press(page, "Use a passkey instead of a password");
  await title(page, "Hello");
  assert.deepEqual((await key.credentials()).map(({ rpId }) => rpId), ["harbour.test"]);
  await key.touch(false);

  // A page of another site has no cookie of the server, and takes a token.
  const use = async (host) => {
    await page.goto(places.url(host, "login"));
    return page.evaluate(async () => {
      const { createClient, startFlow, signInWithPasskey } = await import("/demo/lintel.js");
      const flow = await startFlow(createClient({ baseUrl: "", token: "" }), { journey: "login", transport: "token" });
      return signInWithPasskey(flow).then(({ status, outcome }) => `${status} ${outcome?.session.acr}`, ({ code }) => code);
    });
  };
  await key.touch();
  assert.equal(await use("strangers.test"), "invalid_domain");
  assert.equal(await use("boats.test"), "completed aal2");
  assert.ok(places.asked.includes("harbour.test /.well-known/webauthn"), "the browser has asked the relying party");
});
