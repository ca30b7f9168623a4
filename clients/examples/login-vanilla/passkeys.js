// Passkeys: a button or a field to sign in with one, making one to sign up or to have one more,
// and the list of them. The table of steps in index.html takes three types from here.
import { addPasskey, isSupported, listPasskeys, removePasskey, renameMyPasskey, signInWithPasskey, startFlow, upgradeToPasskey } from "./lintel.js";

/** `page` has the building blocks, the words and the configuration. */
export function passkeys(page) {
  const { h, form, field, who, date, button, ask, inDialog, listing, run } = page;
  const here = () => page.configuration.passkeys.available && isSupported();

  /** Answers a step. Of a passkey only the type is known yet: the browser asks for the rest. */
  function give(driver, { type, identifier, name, ...more }) {
    if (type === "passkey") return signInWithPasskey(driver, { identifier });
    if (type !== "new_passkey") return driver.submit({ type, identifier, name, ...more });
    return more.conditional ? upgradeToPasskey(driver) : addPasskey(driver, { identifier, name });
  }

  const steps = {
    passkey: ({ type, identifier }, { journey, level, answer, ways }) => form({
      title: journey === "step_up" ? page.words.titles.step_up : page.words.passkeys.prove, text: page.words.passkeys.proveText, level, ways, submit: page.words.instead.passkey,
      fields: identifier ? who({ identifier }) : [],
    }, (values) => answer(page.instead(values) ?? { type })),
    new_passkey: (step, context) => (step.conditional ? upgrade : make)(step, context),
    skip: () => "", // it stands beside one that is made without asking
  };

  /** To sign up, where nothing else will do, or to have one more, which can be named. */
  function make({ type, identifier }, { journey, level, answer, ways }) {
    const { passkeys: words, titles } = page.words;
    const signsUp = /registration$/.test(journey);
    return form({
      title: signsUp ? titles.registration : words.add, text: words.addText, level, ways, submit: words.make,
      fields: signsUp ? who({ identifier }) : journey === "enrolment" ? field("name", words.name, { maxlength: 64, placeholder: words.namePlaceholder, hint: words.nameHint }) : [],
    }, (values) => answer(page.instead(values) ?? { type, identifier: values.identifier, name: values.name || undefined }));
  }

  /** Nobody has to do anything; it is over in a moment, with a passkey or without. */
  function upgrade({ type }, { level, answer }) {
    const element = form({ title: page.words.passkeys.upgrade, level, submit: page.words.goOn }, () => answer({ type, conditional: true }));
    setTimeout(() => element.requestSubmit());
    return element;
  }

  /** The card of the signed-in page. */
  async function card() {
    const { words } = page, { passkeys: told } = words;
    const list = await listing(told.title, told.text, () => listPasskeys(ask), ({ id, name, authenticator, created_at, last_used_at, backed_up }, act) => [
      h("div", {}, name, backed_up && h("span", { class: "badge" }, told.backedUp),
        h("div", { class: "quiet" }, authenticator && [authenticator, " · "], last_used_at ? [told.lastUsed, " ", date(last_used_at)] : [told.created, " ", date(created_at)])),
      h("div", { class: "actions" }, act(told.rename, name, () => rename(id, name)), act(words.remove, name, () => remove(id))),
    ], (act) => here() && act(told.add, "", add));
    return list;
  }

  const rename = (id, before) => inDialog(page.words.passkeys.rename, (done) => form({
    title: page.words.passkeys.rename, level: "h2", submit: page.words.save, fields: field("name", page.words.passkeys.name, { value: before, maxlength: 64, required: true }),
  }, async ({ name }) => done(await ask(renameMyPasskey, { passkey_id: id, body: { name } }))));

  /** Where nothing else lets its person in, they are asked first. */
  async function remove(id) {
    const { passkeys: words, remove } = page.words;
    try {
      await removePasskey(ask, id);
    } catch (error) {
      if (error.code !== "last_way_in") throw error;
      await inDialog(words.lastWay, (done) => form({ title: words.lastWay, text: words.lastWayText, level: "h2", submit: remove, look: "danger" }, async () => done()));
      await removePasskey(ask, id, { lastWayIn: true });
    }
  }

  /** The flow wants a fresh proof before it begins; `ask` gets it. */
  async function add() {
    const driver = await startFlow(ask, { journey: "enrolment", client_id: page.client_id, accepts: ["new_passkey"] });
    await inDialog(page.words.passkeys.add, (done) => {
      const place = h("div");
      run(place, "enrolment", { level: "h2", driver }).then(done);
      return place;
    });
  }

  return { here, give, card, steps, supported: isSupported() };
}
