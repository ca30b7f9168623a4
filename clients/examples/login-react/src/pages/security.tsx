import { addIdentifier, deleteMe, getMe, LintelError, removeIdentifier, setPassword, updateIdentifier, type UserDeletion } from "@lintel/client";
import { useState } from "react";
import { Dialog, useAsk } from "../ask.js";
import { Form } from "../form.js";
import { Journey } from "../journey.js";
import { session } from "../lintel.js";
import { NewPasswordField } from "../steps/newPassword.js";
import { Who } from "../steps/who.js";
import { useSurroundings } from "../surroundings.js";
import { useUser } from "../user.js";
import { Listing } from "./listing.js";
import { useLoaded } from "./load.js";
import { Passkeys } from "./passkeys.js";

export function SecurityPage({ onDeleted }: { onDeleted: (deletion: UserDeletion) => void }) {
  const { configuration } = useSurroundings();
  const [user] = useUser();
  if (user.guest) return <Removal onDeleted={onDeleted} />; // there is nothing to sign in with
  return (
    <>
      <Identifiers />
      {configuration.passkeys.available && <Passkeys />}
      <PasswordCard />
      <Removal onDeleted={onDeleted} />
    </>
  );
}

function Identifiers() {
  const { configuration, words, say } = useSurroundings();
  const [user, setUser] = useUser();
  const [proving, setProving] = useState<{ readonly id: string; end(done: boolean): void }>();
  const ask = useAsk();
  const reached: { readonly [type: string]: boolean } = { email: configuration.code.channels.includes("email"), phone: configuration.code.channels.includes("sms") };
  const { refusal, after } = useLoaded(async () => setUser(await ask(getMe)));

  async function add(identifier: string, form: HTMLFormElement): Promise<void> {
    await ask(addIdentifier, { body: { value: identifier } });
    setUser(await ask(getMe));
    form.reset();
    say(words.saved);
  }
  async function prove(id: string): Promise<void> {
    const done = await new Promise<boolean>((end) => setProving({ id, end }));
    setProving(undefined);
    if (!done) throw new LintelError("aborted", 0, "the dialog was closed");
  }
  return (
    <>
    <Listing title={words.ways} text={words.waysText} refusal={refusal} after={after} items={user.identifiers} row={({ id, value, type, primary, verified_at }, act) => (
      <>
        <div>
          <bdi>{value}</bdi>
          {primary && user.identifiers.some((one) => one.type === type && !one.primary) && <span className="badge">{words.primary}</span>}
          <div className="quiet">{words.types[type] ?? type}{!verified_at && type !== "username" && ` · ${words.unproven}`}</div>
        </div>
        <div className="actions">
          {!primary && act(words.makePrimary, value, () => ask(updateIdentifier, { identifier_id: id, body: { primary: true } }))}
          {!verified_at && reached[type] && act(words.prove, value, () => prove(id))}
          {user.identifiers.length > 1 && act(words.remove, value, () => ask(removeIdentifier, { identifier_id: id }))}
        </div>
      </>
    )}>
      <Form title={words.another} level={3} submit={words.add} look="" onSend={({ identifier = "" }, form) => add(identifier, form)}>
        <Who />
      </Form>
    </Listing>
    {proving && (
      <Dialog label={words.titles.verification} onClose={() => proving.end(false)}>
        <Journey client={session.client} name="verification" level={2} begin={{ submit: { type: "code", identifier_id: proving.id } }} onCompleted={() => proving.end(true)} />
      </Dialog>
    )}
    </>
  );
}

function PasswordCard() {
  const { configuration, words, say } = useSurroundings();
  const [user] = useUser();
  const ask = useAsk();

  async function change(password: string, form: HTMLFormElement): Promise<void> {
    await ask(setPassword, { body: { password } });
    form.reset();
    say(words.changed);
  }
  return (
    <div className="card">
      <Form title={words.changePassword} level={2} submit={words.changePassword} look="" onSend={({ password = "" }, form) => change(password, form)}>
        <input hidden readOnly autoComplete="username" value={user.identifiers.find((one) => one.primary)?.value ?? ""} />
        <NewPasswordField policy={configuration.password_policy} />
      </Form>
    </div>
  );
}

function Removal({ onDeleted }: { onDeleted: (deletion: UserDeletion) => void }) {
  const { words } = useSurroundings();
  const ask = useAsk();
  const [answer, setAnswer] = useState<{ give(sure: boolean): void }>();
  const text = { title: words.removal, text: words.removalText, submit: words.removal, look: "danger", level: 2 } as const;

  async function remove(): Promise<void> {
    const sure = await new Promise<boolean>((give) => setAnswer({ give }));
    setAnswer(undefined);
    if (sure) onDeleted(await ask(deleteMe));
  }
  return (
    <div className="card">
      <Form {...text} onSend={remove} />
      {answer && (
        <Dialog label={words.removalAsk} onClose={() => answer.give(false)}>
          <Form {...text} title={words.removalAsk} onSend={async () => answer.give(true)} />
        </Dialog>
      )}
    </div>
  );
}
