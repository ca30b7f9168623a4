// Codes and links: having one sent, typing the code, waiting for the link, and the page that a
// link opens. The table of steps in index.html takes `code` and `link` from here.
import { approveLink, openLink } from "./lintel.js";

/** `page` has the building blocks, the words and the configuration. */
export function proofs(page) {
  const { h, form, field, who, heading, button, notice, say, present } = page;
  const target = location.origin + location.pathname; // the page that links open: this one

  /** The answer that has something sent instead of what a form asks for; undefined where its own button was pressed. */
  const instead = ({ way, identifier }) => way && (way === "invited" ? { type: "link" } : { type: way, identifier, ...(way === "link" && { link_uri: target }) });

  /** What an address is called that something can be sent to. */
  const reachable = () => page.configuration.code.channels.map((channel) => ({ sms: "phone" })[channel] ?? channel);

  /** Asks where to send it, as far as that is not known. Of an invitation it was sent already. */
  function send({ type, identifier, approved }, { journey, level, answer, ways }) {
    const { words } = page;
    if (approved) {
      return form({ title: words.titles[journey], level, submit: words.goOn, ways, fields: who({ identifier }) }, (values) => answer(instead(values) ?? { type }));
    }
    const known = identifier || ["step_up", "verification"].includes(journey);
    return form({
      title: identifier && journey === "registration" ? words.titles.verification : words.titles[journey], text: words.sendText[journey] ?? words.sendText.other, level,
      submit: words.send[type], ways, fields: identifier || !known ? [who({ identifier, identifier_types: reachable() })] : [],
    }, (values) => answer(instead({ way: type, ...values })));
  }

  /** A button that has another one sent, as soon as that can be; where none will be, one that begins again. */
  function resend(step, leave) {
    let until, timer;
    const over = button(page.words.again, leave, "bare");
    const element = h("button", { name: "way", value: step.type, formnovalidate: true, class: "bare" });
    const draw = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      element.disabled = left > 0;
      element.textContent = page.words.resend[step.type] + (left > 0 ? ` (${Math.floor(left / 60)}:${`${left % 60}`.padStart(2, "0")})` : "");
      if (left <= 0 || !element.isConnected) clearInterval(timer);
    };
    /** Takes what the server says now. */
    element.tell = ({ sent }) => {
      clearInterval(timer);
      over.hidden = sent?.resend_after_seconds !== undefined;
      element.hidden = !over.hidden;
      until = Date.now() + (sent?.resend_after_seconds ?? 0) * 1000;
      setTimeout(draw); // when it is in the page
      timer = setInterval(draw, 1000);
    };
    element.tell(step);
    return [element, over];
  }

  /** Says that something was sent; for a code, and a link that shows one elsewhere, with an input for it. */
  function sent(step, { level, answer, leave }) {
    const { words, configuration } = page, { type, sent: { destination, code_length } } = step;
    const [before, after] = type === "code" ? words.codeSent(code_length) : words.linkSent[configuration.link.elsewhere] ?? words.linkSent.refuse;
    const typed = type === "code" || configuration.link.elsewhere === "code";
    const again = resend(step, leave);
    const element = form({
      title: words.sentTitles[type], text: [before, h("bdi", {}, destination), after], level, submit: typed && words.goOn, more: again,
      fields: typed ? [field("one_time_code", type === "code" ? words.code : words.codeShown, {
        inputmode: "numeric", autocomplete: "one-time-code", class: "digits", dir: "ltr", required: true, hint: words.nothingCame,
      })] : [h("p", { class: "quiet" }, words.nothingCame)],
    }, async (values) => {
      const flow = await answer(instead(values) ?? { type, one_time_code: values.one_time_code });
      if (values.way && !flow.error) say(words.sentAgain);
    });
    return Object.assign(element, { tell: again[0].tell });
  }

  const step = (offered, context) => (offered.sent ? sent : send)(offered, context);

  /** What a link does that was opened elsewhere than where it was asked for. */
  async function opened({ flow_id, link_token }, door) {
    const { words } = page, input = { flow_id, body: { link_token } };
    const show = (title, ...content) => present(title, h("div", { class: "card door" }, content));
    const told = (title, text) => show(title, notice(title, text));
    const { journey, device, address, elsewhere, one_time_code } = await page.lintel(openLink, input);
    const asked = h("p", { class: "asked" }, h("strong", {}, words.titles[journey] ?? words.titles.step_up), h("br"), h("bdi", {}, device), " · ", h("bdi", {}, address));
    const { title, text } = words.opened[elsewhere] ?? words.opened.refuse;
    if (elsewhere === "code") {
      return show(title, h("div", { class: "stack" }, heading("h1", title), h("p", {}, text), asked,
        h("output", { class: "digits", dir: "ltr", "aria-label": words.code }, one_time_code), h("p", { class: "quiet" }, words.notYou)));
    }
    if (elsewhere !== "approve") return show(title, notice(title, text, button(words.titles.login, door, "main")));
    show(title, form({ title, text, fields: [asked], submit: words.opened.yes, more: button(words.opened.no, () => told(words.opened.refused, words.opened.refusedText)) }, async () => {
      await page.lintel(approveLink, input);
      told(words.opened.approved, words.opened.approvedText);
    }));
  }

  return { instead, opened, steps: { code: step, link: step } };
}
