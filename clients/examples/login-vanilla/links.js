// Links that belong to no flow: an invitation, a removed address that can be taken back, and a
// recovery to object to. Opening one changes nothing; the button of its page does.
import { openInvitation, openRecovery, openReversal, stopRecovery, useReversal } from "./lintel.js";

/** `page` has the building blocks, the words and the configuration. */
export function links(page) {
  const { h, form, notice, button, present, date, lintel, enter } = page;
  const show = (title, content) => present(title, h("div", { class: "card door" }, content));
  const told = ({ done, doneText }, ...actions) => show(done, notice(done, doneText, actions));
  const isolated = (text) => h("bdi", {}, text);

  return {
    /** Says who invites; whoever accepts signs up or in, as the address that was invited. */
    async invitation(body) {
      const { title, text: [before, after], act } = page.words.arrivals.invitation;
      const { client_id, inviter, to } = await lintel(openInvitation, { body });
      const journey = page.configuration.journeys.includes("login_or_registration") ? "login_or_registration" : "registration";
      show(title, form({ title, text: [isolated(inviter), before, isolated(to), after], submit: act },
        async () => void enter(journey, { begin: { client_id, ...body } })));
    },

    /** Says which address was removed. Once it is taken back nobody is signed in, and there is no password. */
    async undo(body) {
      const { words } = page, { title, text: [before, after], act } = words.arrivals.undo;
      const { identifier, removed_at } = await lintel(openReversal, { body });
      show(title, form({ title, text: [isolated(identifier), before, date(removed_at), after], submit: act }, async () => {
        await lintel(useReversal, { body });
        page.signedOut();
        told(words.arrivals.undo, button(words.choosePassword, () => enter("recovery"), "main"));
      }));
    },

    /** Says to which address the account will open, and when. */
    async recovery(body) {
      const { title, text: [before, between, after], act } = page.words.arrivals.recovery;
      const { masked, opens_at } = await lintel(openRecovery, { body });
      show(title, form({ title, text: [before, date(opens_at), between, isolated(masked), after], submit: act }, async () => {
        await lintel(stopRecovery, { body });
        told(page.words.arrivals.recovery);
      }));
    },
  };
}
