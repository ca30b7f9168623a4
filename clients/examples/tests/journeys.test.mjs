// Signing up and in, on both pages: the same test finds its way by what people see.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { described, focused, kinds, listen, newSecret, open, password, press, secret, signIn, title, who } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

for (const kind of kinds) {
  describe(kind, () => {
    test("signs up: what is wrong is said at its field, then the profile and the terms", async () => {
      const page = await stage.visit(kind, { path: "#registration" });
      await title(page, "Create your account");
      assert.equal(await focused(page).then((at) => at.toLowerCase()), "input email, phone, or username");
      await press(page, "Create account");
      assert.deepEqual(await described(who(page)), { invalid: "true", text: "Please fill this in." });

      await who(page).fill("ada@nowhere@else");
      await newSecret(page).fill(password);
      await press(page, "Create account");
      await page.getByText("An email address has one @.").waitFor();
      assert.equal((await described(who(page))).invalid, "true");

      await who(page).fill(stage.newcomer());
      await newSecret(page).fill("short");
      await press(page, "Create account");
      await page.getByText("The password is too short.").waitFor();
      assert.deepEqual(await described(newSecret(page)), { invalid: "true", text: "At least 8 characters, and not easy to guess. The password is too short." });
      assert.equal(await focused(page), "input New password");
      assert.deepEqual(await described(who(page)), { invalid: null, text: "" });

      await newSecret(page).fill(password);
      await page.keyboard.press("Enter");
      await title(page, "About you");
      assert.equal(await focused(page), "input Name");
      await page.getByLabel("Name").fill("Ada Lovelace");
      await press(page, "Continue");
      await title(page, "Before you go on");
      const terms = page.getByRole("link", { name: "Read the terms" });
      assert.equal(await terms.getAttribute("href"), "https://books.example/terms");
      await press(page, "Continue");
      const agreed = page.getByRole("checkbox", { name: "I agree to the terms (2026-11)." });
      assert.deepEqual(await described(agreed), { invalid: "true", text: "Please agree to go on." });
      await agreed.check();
      await press(page, "Continue");
      await title(page, "Hello, Ada Lovelace");
      assert.equal(await focused(page), "h1 Hello, Ada Lovelace");
      await page.reload();
      await title(page, "Hello, Ada Lovelace");
    });

    test("asks for each of several terms, and follows no link but to the web", async () => {
      const page = await stage.visit(kind, { path: "#registration" });
      const more = [{ subject: "privacy", version: "7", url: "javascript:alert(1)" }, { subject: "news", version: "8", url: "HTTPS://books.example/news" }];
      let flow, agreed;
      await page.route("**/v1/flows/**", async (route) => {
        const submission = route.request().postDataJSON();
        if (submission?.type === "consent") {
          agreed = submission.agreed;
          return route.fulfill({ json: { ...flow, error: { code: "consent_required", detail: "Agree to all of them." } } });
        }
        const answer = await route.fetch();
        flow = await answer.json();
        for (const step of flow.steps) if (step.type === "consent") step.terms.push(...more);
        await route.fulfill({ response: answer, json: flow });
      });
      await who(page).fill(stage.newcomer());
      await newSecret(page).fill(password);
      await press(page, "Create account");
      await title(page, "About you");
      await page.getByLabel("Name").fill("Ada Lovelace");
      await press(page, "Continue");
      await title(page, "Before you go on");
      const links = await page.locator("main form a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
      assert.deepEqual(links, ["https://books.example/terms", "HTTPS://books.example/news"]);
      const boxes = page.getByRole("checkbox");
      await boxes.nth(0).check();
      await boxes.nth(2).check();
      await press(page, "Continue");
      assert.deepEqual(await Promise.all([0, 1, 2].map((at) => described(boxes.nth(at)).then(({ invalid }) => invalid))), [null, "true", null]);
      await boxes.nth(1).check();
      await press(page, "Continue");
      await page.getByText("Agree to all of them.").waitFor();
      assert.deepEqual(agreed.map(({ subject }) => subject).slice(1), ["privacy", "news"]);
      assert.deepEqual(await Promise.all([0, 1, 2].map((at) => described(boxes.nth(at)).then(({ invalid }) => invalid))), ["true", null, null]);
      await page.waitForFunction(() => document.querySelector("form").ariaBusy !== "true");
    });

    test("says that an identifier is taken, at its field", async () => {
      const identifier = await stage.register();
      const page = await stage.visit(kind, { path: "#registration" });
      await who(page).fill(identifier);
      await newSecret(page).fill(password);
      await press(page, "Create account");
      await page.getByText("Somebody already uses this identifier.").waitFor();
      assert.equal((await described(who(page))).invalid, "true");
    });

    test("signs in with one request from the filled-in page to the signed-in one", async () => {
      const identifier = await stage.register();
      let asked;
      const page = await stage.visit(kind, { prepare: (page) => (asked = listen(page)) });
      await signIn(page, identifier);
      await title(page, "Hello, Ada Lovelace");
      await page.waitForLoadState("networkidle");
      assert.deepEqual(asked.filter((one) => !one.startsWith("GET")), ["POST /v1/flows"], "no flow starts before there is an answer");
    });

    test("says that a password is wrong at its field, and takes the right one", async () => {
      const identifier = await stage.register();
      const page = await stage.visit(kind);
      await signIn(page, identifier, "let me in");
      await page.getByText("The credentials are not right.").waitFor();
      assert.deepEqual(await described(secret(page)), { invalid: "true", text: "The credentials are not right." });
      assert.equal(await focused(page), "input Password");
      assert.equal(await who(page).inputValue(), identifier, "what was typed stays");
      await secret(page).fill("let me in, please");
      await press(page, "Sign in");
      await page.waitForFunction(() => document.querySelector("form")?.ariaBusy !== "true");
      await page.getByText("The credentials are not right.").waitFor();
      await secret(page).fill(password);
      await page.keyboard.press("Enter");
      await title(page, "Hello, Ada Lovelace");
    });

    test("finds out by the identifier whether to sign in or up", async () => {
      const identifier = await stage.register();
      const page = await stage.visit(kind);
      await page.getByRole("link", { name: "Not sure whether you have one?" }).click();
      await title(page, "Welcome");
      assert.equal(await page.getByRole("textbox").count(), 1, "it asks for the identifier alone");
      await who(page).fill(stage.newcomer());
      await press(page, "Continue");
      await title(page, "Create your account");
      await press(page, "Back");
      await title(page, "Welcome");
      await who(page).fill(identifier);
      await press(page, "Continue");
      await title(page, "Sign in");
      await page.getByText(identifier).waitFor();
      assert.equal(await page.locator("input[autocomplete=username]").inputValue(), identifier, "password managers know who it is");
      await secret(page).fill(password);
      await press(page, "Sign in");
      await title(page, "Hello, Ada Lovelace");
    });

    test("signs up through the same journey", async () => {
      const page = await stage.visit(kind, { path: "#login_or_registration" });
      await who(page).fill(stage.newcomer());
      await press(page, "Continue");
      await newSecret(page).fill(password);
      await press(page, "Create account");
      await page.getByLabel("Name").fill("Grace");
      await press(page, "Continue");
      await page.getByRole("checkbox").check();
      await press(page, "Continue");
      await title(page, "Hello, Grace");
    });

    test("goes on after a reload where it was", async () => {
      const page = await stage.visit(kind, { path: "#registration" });
      await who(page).fill(stage.newcomer());
      await newSecret(page).fill(password);
      await press(page, "Create account");
      await title(page, "About you");
      await page.reload();
      await title(page, "About you");
      await page.getByLabel("Name").fill("Ada");
      await press(page, "Continue");
      await page.getByRole("checkbox").check();
      await press(page, "Continue");
      await title(page, "Hello, Ada");
    });

    test("signs out, and is out after a reload", async () => {
      const page = await stage.visit(kind);
      await signIn(page, await stage.register());
      await title(page, "Hello, Ada Lovelace");
      await press(page, "Sign out");
      await title(page, "Sign in");
      await page.getByRole("status").filter({ hasText: "You are signed out." }).waitFor();
      await page.reload();
      await title(page, "Sign in");
    });

    test("tells that the server cannot be reached, and goes on when it can", async () => {
      const identifier = await stage.register();
      const page = await stage.visit(kind);
      await who(page).waitFor();
      await page.route("**/v1/flows**", (route) => route.abort());
      await signIn(page, identifier);
      await page.getByRole("alert").filter({ hasText: "The server cannot be reached." }).waitFor();
      await page.unroute("**/v1/flows**");
      await press(page, "Sign in");
      await title(page, "Hello, Ada Lovelace");
    });

    test("says so when it cannot begin, and begins when it can", async () => {
      const page = await stage.visit(kind, { prepare: (page) => page.route("**/v1/**", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" })) });
      await title(page, "Please note");
      await page.getByText("Something went wrong.").waitFor();
      await page.unroute("**/v1/**");
      await press(page, "Start again");
      await title(page, "Sign in");
    });

    test("speaks German to whoever reads it, the server too, and remembers a choice", async () => {
      const page = await stage.visit(kind, { locale: "de-AT" });
      await title(page, "Anmelden");
      assert.equal(await page.locator("html").getAttribute("lang"), "de");
      await page.getByRole("textbox", { name: /^E-Mail, Telefon oder Benutzername$/i }).fill("ada@example.com");
      await page.getByLabel("Passwort", { exact: true }).fill("falsch");
      await press(page, "Anmelden");
      await page.getByText("Die Zugangsdaten").or(page.getByText("stimmen nicht")).first().waitFor();
      await page.getByRole("combobox", { name: "Sprache" }).selectOption("en");
      await title(page, "Sign in");
      await page.reload();
      await title(page, "Sign in");
    });
  });
}
