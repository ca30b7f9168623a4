// Whether everybody can use the pages: axe on everything there is to see, the keyboard
// alone, small screens, either direction, password managers.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, focused, kinds, newSecret, open, password, press, secret, signIn, title, who } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

/** Turns the page around and leaves the server's words as they are. */
const rightToLeft = (page) => page.route(/\/v1\/(configuration|flows)(?!.*wait=)/, async (route) => {
  const answer = await route.fetch();
  if (answer.status() === 204) return route.fulfill({ response: answer });
  await route.fulfill({ response: answer, json: { ...(await answer.json()), locale: "ar", text_direction: "rtl" } });
});

const looks = {
  light: {},
  dark: { colorScheme: "dark" },
  "right to left": { prepare: rightToLeft },
  "320 pixels": { viewport: { width: 320, height: 568 } },
  "320 pixels, dark, right to left": { viewport: { width: 320, height: 568 }, colorScheme: "dark", prepare: rightToLeft },
};

const fits = async (page) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
const seen = async (page) => (await axe(page), await fits(page));

/** Presses Tab until the focus is on something of that name. */
async function tabTo(page, name) {
  for (let press = 0; press < 30; press++) {
    if ((await focused(page)).toLowerCase().endsWith(name.toLowerCase())) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${name} cannot be reached from the keyboard`);
}

for (const kind of kinds) {
  describe(kind, () => {
    for (const [look, options] of Object.entries(looks)) {
      test(`has nothing that axe objects to: ${look}`, async () => {
        const page = await stage.visit(kind, { ...options, path: "#registration" });
        await seen(page);
        await press(page, "Create account");
        await seen(page);
        await who(page).fill(stage.newcomer());
        await newSecret(page).fill(password);
        await press(page, "Create account");
        await title(page, "About you");
        await seen(page);
        await page.getByLabel("Name").fill("Ada Lovelace");
        await press(page, "Continue");
        await title(page, "Before you go on");
        await press(page, "Continue");
        await seen(page);
        await page.getByRole("checkbox").check();
        await press(page, "Continue");
        await title(page, "Hello, Ada Lovelace");
        await page.getByText("More about you").click();
        await seen(page);
        for (const name of ["Security", "Devices", "Activity"]) {
          await page.getByRole("link", { name }).click();
          await page.getByRole("heading", { level: 1, name }).waitFor();
          await page.getByRole("listitem").first().waitFor();
          await seen(page);
        }
        await page.getByRole("link", { name: "Security" }).click();
        await stage.advance(6 * 60);
        await press(page, "Delete account");
        await page.getByRole("dialog").waitFor();
        await seen(page);
        await press(page.getByRole("dialog"), "Delete account");
        await secret(page.getByRole("dialog")).waitFor();
        await seen(page);
        await page.keyboard.press("Escape");
        await press(page, "Sign out");
        await title(page, "Sign in");
        await signIn(page, stage.newcomer(), "wrong");
        await page.getByText("The credentials are not right.").waitFor();
        await seen(page);
      });
    }

    test("is turned around where the language is written from right to left", async () => {
      const page = await stage.visit(kind, { locale: "ar-EG" });
      assert.deepEqual(await page.locator("html").evaluate(({ lang, dir }) => [lang, dir]), ["ar", "rtl"]);
      const middle = 1100 / 2;
      const brand = await page.locator("header svg").boundingBox();
      const language = await page.getByRole("combobox").boundingBox();
      assert.ok(brand.x > middle && language.x < middle);
      const [input, toggle] = [await secret(page).boundingBox(), await page.getByRole("button", { name: "Show password" }).boundingBox()];
      assert.ok(toggle.x - input.x < 20, "what stands at the end stands on the left");
      await signIn(page, stage.newcomer(), "wrong");
      const said = page.getByText("بيانات الدخول غير صحيحة.");
      assert.equal(await said.first().evaluate((element) => getComputedStyle(element).direction), "rtl");
    });

    test("signs up and in with the keyboard alone", async () => {
      const identifier = stage.newcomer();
      const page = await stage.visit(kind);
      await tabTo(page, "New here? Create an account");
      await page.keyboard.press("Enter");
      await title(page, "Create your account");
      await newSecret(page).waitFor();
      await page.waitForFunction(() => document.activeElement.localName === "input");
      await page.keyboard.type(identifier);
      await page.keyboard.press("Tab");
      await page.keyboard.type(password);
      await page.keyboard.press("Tab");
      assert.equal(await focused(page), "button Show password");
      await page.keyboard.press("Space");
      assert.equal(await newSecret(page).getAttribute("type"), "text");
      assert.equal(await page.getByRole("button", { name: "Show password" }).getAttribute("aria-pressed"), "true");
      await page.keyboard.press("Space");
      await tabTo(page, "Create account");
      await page.keyboard.press("Enter");
      await title(page, "About you");
      await page.keyboard.type("Ada");
      await page.keyboard.press("Enter");
      await title(page, "Before you go on");
      await tabTo(page, "I agree to the terms (2026-11).");
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      await title(page, "Hello, Ada");
      await page.keyboard.press("Tab");
      assert.equal(await focused(page), "input Name", "the focus went to the title, and on from there");
      await page.reload();
      await title(page, "Hello, Ada");
      await tabTo(page, "Sign out");
      await page.keyboard.press("Enter");
      await title(page, "Sign in");
      await page.waitForFunction(() => document.activeElement.localName === "input");
      await page.keyboard.type(identifier);
      await page.keyboard.press("Tab");
      await page.keyboard.type(password);
      await page.keyboard.press("Enter");
      await title(page, "Hello, Ada");
    });

    test("tells password managers what is what", async () => {
      const page = await stage.visit(kind);
      assert.equal(await who(page).getAttribute("autocomplete"), "username");
      assert.equal(await secret(page).getAttribute("autocomplete"), "current-password");
      await page.goto(page.url().replace(/#.*|$/, "#registration"));
      await newSecret(page).waitFor();
      assert.equal(await who(page).getAttribute("autocomplete"), "username");
      assert.equal(await newSecret(page).getAttribute("autocomplete"), "new-password");
      const identifier = await stage.register();
      await page.goto(page.url().replace("#registration", "#login"));
      await signIn(page, identifier);
      await page.getByRole("link", { name: "Security" }).click();
      await newSecret(page).waitFor();
      const form = page.locator("form", { has: newSecret(page) });
      assert.equal(await form.locator("input[autocomplete=username]").inputValue(), identifier);
    });

    test("moves nothing for those who want no motion", async () => {
      const still = await stage.visit(kind, { reducedMotion: "reduce" });
      const moving = await stage.visit(kind, { reducedMotion: "no-preference" });
      const durations = (page) => page.evaluate(() => [...document.querySelectorAll("*")].map((one) => getComputedStyle(one))
        .filter(({ transitionDuration, animationName }) => !/^(0s(, )?)+$/.test(transitionDuration) || animationName !== "none").length);
      assert.equal(await durations(still), 0);
      assert.ok((await durations(moving)) > 0);
    });
  });
}
