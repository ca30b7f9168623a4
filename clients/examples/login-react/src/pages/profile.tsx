import { updateMe } from "@lintel/client";
import { useAsk } from "../ask.js";
import { Claims } from "../claims.js";
import { Form } from "../form.js";
import { changes, schemaOf } from "../profile.js";
import { useSurroundings } from "../surroundings.js";
import { useUser } from "../user.js";

export function ProfilePage() {
  const { configuration, words, say } = useSurroundings();
  const [user, setUser] = useUser();
  const ask = useAsk();
  const schema = configuration.profile_schema;
  const writable = Object.keys((schema.properties as object | undefined) ?? {}).filter((name) => !schemaOf(schema, name).readOnly);
  const front = new Set([...configuration.profile_claims, "name", "nickname", ...Object.keys(user.profile)]);
  const near = writable.filter((name) => front.has(name));
  const parts = (name: string) => Number(schemaOf(schema, name).properties !== undefined);
  const far = writable.filter((name) => !front.has(name)).sort((a, b) => parts(a) - parts(b)); // what has parts comes last

  async function save(values: { readonly [path: string]: string }): Promise<void> {
    setUser(await ask(updateMe, { body: { profile: changes(schema, user.profile, values) } }));
    say(words.saved);
  }
  return (
    <div className="card">
      <Form title={words.about} level={2} submit={words.save} onSend={save}>
        <div className="pair"><Claims names={near} profile={user.profile} /></div>
        {far.length > 0 && (
          <details>
            <summary>{words.more}</summary>
            <div className="pair"><Claims names={far} profile={user.profile} /></div>
          </details>
        )}
      </Form>
    </div>
  );
}
