// Takes pictures of both pages, to be looked at: node tests/screenshots.mjs FOLDER. Those
// that the README shows go to screenshots/ as well, with --keep.
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { internal, keyring } from "./keyring.mjs";
import { kinds, letter, letterKinds, letterLocales, newSecret, open, password, press, secret, signIn, title, who } from "./stage.mjs";

const [folder = "shots"] = process.argv.slice(2);
const kept = fileURLToPath(new URL("../screenshots", import.meta.url));
const shown = { "vanilla-sign-in": "sign-in", "vanilla-wrong": "wrong-answer", "vanilla-dark-security": "security-dark", "react-step-up": "step-up", "react-small-rtl-devices": "small-right-to-left", "react-profile": "profile", "vanilla-code": "code", "vanilla-passkey-sign-in": "passkey-sign-in", "vanilla-passkeys": "passkeys", "react-dark-passkey-add": "passkey-add-dark", "vanilla-passkey-last": "passkey-last-way-in", "react-dark-link": "link-dark", "vanilla-approve": "approve", "letter-login_code-en": "letter", "letter-dark-login_code-en": "letter-dark", "letter-small-invitation-ar": "letter-small-right-to-left" };
await mkdir(folder, { recursive: true });
const stage = await open();

const rightToLeft = (page) => page.route(/\/v1\/(configuration|flows)(?!.*wait=)/, async (route) => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, json: { ...(await answer.json()), text_direction: "rtl" } });
});
const looks = {
  "": { viewport: { width: 1000, height: 660 } },
  "dark-": { viewport: { width: 1000, height: 660 }, colorScheme: "dark" },
  "small-": { viewport: { width: 320, height: 640 } },
  "small-rtl-": { viewport: { width: 360, height: 640 }, prepare: rightToLeft },
};

for (const kind of kinds) {
  for (const [look, options] of Object.entries(looks)) {
    const page = await stage.visit(kind, options);
    const shoot = async (name, of = page) => {
      const path = join(folder, `${kind}-${look}${name}.png`);
      await of.waitForTimeout(150);
      await of.screenshot({ path });
      const keep = shown[`${kind}-${look}${name}`];
      if (keep && process.argv.includes("--keep")) await copyFile(path, join(kept, `${keep}.png`));
    };
    await who(page).waitFor();
    await page.evaluate(() => document.activeElement.blur());
    await shoot("sign-in");
    await signIn(page, "ada@example.com", "let me in");
    await page.getByText("The credentials are not right.").waitFor();
    await shoot("wrong");
    await page.getByRole("link", { name: /^Not sure/ }).click();
    await title(page, "Welcome");
    await shoot("welcome");
    await page.getByRole("link", { name: /^New here/ }).click();
    await title(page, "Create your account");
    const identifier = stage.newcomer().replace(/-\d+/, "");
    await who(page).fill(identifier);
    await newSecret(page).fill(password);
    await page.getByRole("button", { name: "Show password" }).click();
    await shoot("sign-up");
    await press(page, "Create account");
    await title(page, "About you");
    await page.getByLabel("Name").fill("Ada Lovelace");
    await shoot("about");
    await press(page, "Continue");
    await title(page, "Before you go on");
    await press(page, "Continue");
    await shoot("terms");
    await page.getByRole("checkbox").check();
    await press(page, "Continue");
    await title(page, "Hello, Ada Lovelace");
    await page.getByLabel("Nickname").fill("Countess");
    await press(page, "Save");
    await page.getByText("Saved.").waitFor();
    await shoot("profile");
    await page.evaluate(() => (document.getElementById("status").textContent = "")); // it would go by itself
    await page.getByText("More about you").click();
    await shoot("profile-more");
    await page.getByRole("link", { name: "Security" }).click();
    await who(page).fill(`countess-${kind}${look.replaceAll("-", "")}`);
    await press(page, "Add");
    await page.getByText(/^countess-/).waitFor();
    await page.evaluate(() => (document.activeElement.blur(), (document.getElementById("status").textContent = ""), scrollTo(0, 0)));
    await shoot("security");
    await stage.advance(6 * 60);
    await newSecret(page).fill("a short walk to the green hill");
    await press(page, "Change password");
    await secret(page.getByRole("dialog")).waitFor();
    await shoot("step-up");
    await page.keyboard.press("Escape");
    for (const userAgent of ["Mozilla/5.0 (iPhone) CriOS/1", "Mozilla/5.0 (Windows NT) Firefox/1"]) {
      const other = await stage.visit(kind, { userAgent });
      await signIn(other, identifier);
      await title(other, "Hello, Ada Lovelace");
    }
    await page.getByRole("link", { name: "Devices" }).click();
    await page.getByText("this device").waitFor();
    await shoot("devices");
    await page.getByRole("link", { name: "Activity" }).click();
    await page.getByText("Account created").waitFor();
    await shoot("activity");
    await page.context().close();
    await passkeys(kind, options, shoot);
    await proofs(kind, options, shoot);
  }
}

/** Signing in with a passkey, the list of them, one more, and the last way in. */
async function passkeys(kind, options, shoot) {
  let ring;
  const prepare = async (page) => (await options.prepare?.(page), (ring = await keyring(page, internal)));
  const page = await stage.visit(kind, { ...options, path: "?client_id=keys#registration", prepare });
  const { keys: [key] } = ring;
  await key.touch();
  await who(page).fill(stage.newcomer().replace(/-\d+/, ""));
  await shoot("passkey-sign-up", page);
  await press(page, "Use a passkey instead of a password");
  await title(page, "Hello");
  await key.touch(false);
  await page.getByRole("link", { name: "Security" }).click();
  await press(page, "Add a passkey");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("My phone");
  await shoot("passkey-add", page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Rename/ }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("The phone with the blue cover");
  await press(dialog, "Save");
  await page.getByText("The phone with the blue cover").waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await page.getByRole("heading", { name: "Passkeys" }).scrollIntoViewIfNeeded();
  await shoot("passkeys", page);
  await page.getByRole("button", { name: /^Remove: The/ }).click();
  await dialog.getByText("Nothing else lets you").waitFor();
  await shoot("passkey-last", page);
  await page.keyboard.press("Escape");
  await press(page, "Sign out");
  await page.getByRole("button", { name: "Use a passkey", exact: true }).waitFor();
  await page.evaluate(() => (document.getElementById("status").textContent = ""));
  await shoot("passkey-sign-in", page);
  await page.context().close();
}

/** Everything about codes and links: typed, waited for, and opened elsewhere. */
async function proofs(kind, options, shoot) {
  const ask = async (path, way) => {
    const identifier = stage.newcomer();
    const page = await stage.visit(kind, { ...options, path });
    await page.getByRole("textbox").first().fill(identifier);
    await press(page, way);
    return { page, message: await stage.message(identifier) };
  };
  const forgetful = await stage.visit(kind, { ...options, path: "#recovery" });
  await shoot("recovery", forgetful);
  await forgetful.context().close();
  const { page: typing } = await ask("#registration", "Send me a code instead");
  await title(typing, "Enter the code");
  await typing.getByRole("textbox").fill("123456");
  await shoot("code", typing);
  await press(typing, "Continue");
  await typing.getByText("The code is not right.").waitFor();
  await shoot("code-wrong", typing);
  for (const [path, name] of [["#registration", "shown"], ["?client_id=approve#login_or_registration", "approve"]]) {
    const { page: waiting, message } = await ask(path, "Send me a link instead");
    await title(waiting, "Open the link");
    await shoot(name === "shown" ? "link" : "link-waiting", waiting);
    const elsewhere = await stage.visit(kind, { ...options, path: new URL(message.values.link).hash });
    await shoot(name, elsewhere);
    await Promise.all([waiting, elsewhere].map((page) => page.context().close()));
  }
  await typing.context().close();
}
for (const [look, options] of Object.entries({ "": {}, "dark-": { colorScheme: "dark" }, "small-": { viewport: { width: 360, height: 640 } } })) {
  const page = await stage.blank({ viewport: { width: 700, height: 640 }, ...options });
  for (const locale of letterLocales) {
    for (const kind of letterKinds) {
      await page.setContent((await letter(stage, kind, locale)).html);
      const path = join(folder, `letter-${look}${kind}-${locale}.png`);
      await page.screenshot({ path });
      const keep = shown[`letter-${look}${kind}-${locale}`];
      if (keep && process.argv.includes("--keep")) await copyFile(path, join(kept, `${keep}.png`));
    }
  }
}
await stage.close();
