// What a newcomer sees first: the README's first command, and the page it names.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listen, newSecret, openFirst, password, press, title, who } from "./stage.mjs";

let first;
before(async () => (first = await openFirst()));
after(() => first?.close());

test("signs up and in at the demo of a server that nobody has configured", async () => {
  const { page, demo } = first;
  const faults = [];
  page.on("pageerror", (error) => faults.push(error));
  const asked = listen(page);
  await page.goto(demo);
  await title(page, "Sign in");
  await page.goto(`${demo}#registration`);
  await title(page, "Create your account");
  await who(page).fill("grace@example.com");
  await newSecret(page).fill(password);
  await press(page, "Create account");
  await title(page, "Hello");
  assert.deepEqual(asked.filter((one) => !one.startsWith("GET")), ["POST /v1/flows"]);
  await page.reload();
  await title(page, "Hello");
  assert.deepEqual(faults, []);
});
