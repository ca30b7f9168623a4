// Whether everybody can read the letters that come with the server: each kind, in each
// language, in a wide and a narrow window, light and dark, with what somebody might be
// called at its longest.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, letter, letterKinds, letterLocales, open } from "./stage.mjs";

let stage;
before(async () => (stage = await open()));
after(() => stage?.close());

const looks = {
  light: {},
  dark: { colorScheme: "dark" },
  "320 pixels": { viewport: { width: 320, height: 568 } },
  "320 pixels, dark": { viewport: { width: 320, height: 568 }, colorScheme: "dark" },
};

/** A letter has no landmarks, which are for pages; the words of one direction look like those of another. */
const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const checked = ["en", "ar"];

/** What a mail client would fetch, run or send somewhere is not there at all. */
const inert = (page) => page.evaluate(() => [...document.querySelectorAll("script, form, iframe, img, link, object")].map(({ localName }) => localName));

describe("letters", () => {
  for (const [look, options] of Object.entries(looks)) {
    for (const locale of letterLocales) {
      test(`can be read: ${locale}, ${look}`, async () => {
        const page = await stage.blank(options);
        for (const kind of letterKinds) {
          const { html, text, subject } = await letter(stage, kind, locale);
          assert.doesNotMatch(subject + text + html, /\{[a-z_]+\}/, `${kind}: every placeholder stands for something`);
          await page.setContent(html);
          assert.equal(await page.evaluate(() => document.documentElement.dir || document.body.dir || "ltr"), locale === "ar" ? "rtl" : "ltr");
          assert.equal(await page.evaluate(() => document.documentElement.lang), locale);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${kind}: nothing is wider than the screen`);
          assert.deepEqual(await inert(page), []);
          if (checked.includes(locale)) await axe(page, wcag);
        }
        await page.context().close();
      });
    }
  }
});
