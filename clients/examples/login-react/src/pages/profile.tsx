import { updateMe } from "@lintel/client";
import { useState } from "react";
import { useAsk } from "../ask.js";
import { Claims } from "../claims.js";
import { Form } from "../form.js";
import { changes, schemaOf, type Values } from "../profile.js";
import { useSurroundings } from "../surroundings.js";
import { useUser } from "../user.js";

export function ProfilePage() {
  const { configuration, words, say } = useSurroundings();
  const [user, setUser] = useUser();
  const [profile] = useState(user.profile); // the fields begin with it, and then go their own way
  const ask = useAsk();
  const schema = configuration.profile_schema;
  const writable = Object.keys((schema.properties as object | undefined) ?? {}).filter((name) => !schemaOf(schema, name).readOnly);
  const front = new Set([...configuration.profile_claims, "name", "nickname", ...Object.keys(profile)]);
  const near = writable.filter((name) => front.has(name));
  const parts = (name: string) => Number(schemaOf(schema, name).properties !== undefined);
  const far = writable.filter((name) => !front.has(name)).sort((a, b) => parts(a) - parts(b)); // what has parts comes last

  async function save(values: Values, _: HTMLFormElement, before: Values): Promise<void> {
    setUser(await ask(updateMe, { body: { profile: changes(schema, values, before) } }));
    say(words.saved);
  }
  return (
    <>
    {user.guest && <Guest />}
    <div className="card">
      <Form title={words.about} level={2} submit={words.save} onSend={save}>
        <div className="pair"><Claims names={near} profile={profile} /></div>
        {far.length > 0 && (
          <details>
            <summary>{words.more}</summary>
            <div className="pair"><Claims names={far} profile={profile} /></div>
          </details>
        )}
      </Form>
    </div>
    </>
  );
}

/** What a guest can become; it leads to the journeys at whose end they are somebody else. */
function Guest() {
  const { words } = useSurroundings();
  const enter = (journey: string) => () => void (location.hash = journey);
  return (
    <section className="card stack">
      <h2>{words.guestTitle}</h2>
      <p className="quiet">{words.guestText}</p>
      <div className="actions">
        <button type="button" className="main" onClick={enter("registration")}>{words.upgrade}</button>
        <button type="button" onClick={enter("login")}>{words.links["login"]}</button>
      </div>
    </section>
  );
}
