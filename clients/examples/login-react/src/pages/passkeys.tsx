import type { Passkey } from "@lintel/client";
import { isSupported } from "@lintel/client/passkeys";
import { usePasskeys } from "@lintel/client/react";
import { useState } from "react";
import { Dialog, useAsk } from "../ask.js";
import { Field, Form } from "../form.js";
import { Journey } from "../journey.js";
import { useSurroundings, When } from "../surroundings.js";
import { Listing } from "./listing.js";

/** The passkeys that one has: names, adds and removes them. The last way in goes after a warning. */
export function Passkeys() {
  const { words } = useSurroundings();
  const ask = useAsk();
  const { passkeys = [], error, lastWayIn, reload, rename, remove, confirm, keep } = usePasskeys(ask);
  const [naming, setNaming] = useState<Passkey>();
  const [adding, setAdding] = useState<{ end(done: boolean): void }>();
  const told = words.passkeys;

  async function add(): Promise<boolean> {
    const done = await new Promise<boolean>((end) => setAdding({ end }));
    setAdding(undefined);
    return done && reload();
  }
  return (
    <>
      <Listing title={told.title} text={told.text} items={passkeys} refusal={error?.code === "aborted" ? undefined : error} after={(what) => what() as Promise<boolean>}
        row={(one, act) => (
          <>
            <div>
              {one.name}
              {one.backed_up && <span className="badge">{told.backedUp}</span>}
              <div className="quiet">
                {one.authenticator && `${one.authenticator} · `}
                {one.last_used_at ? <>{told.lastUsed} <When time={one.last_used_at} /></> : <>{told.created} <When time={one.created_at} /></>}
              </div>
            </div>
            <div className="actions">
              {act(told.rename, one.name, async () => (setNaming(one), false))}
              {act(words.remove, one.name, () => remove(one.id))}
            </div>
          </>
        )}
        below={(act) => isSupported() && act(told.add, "", add)} />
      {naming && (
        <Dialog label={told.rename} onClose={() => setNaming(undefined)}>
          <Form title={told.rename} level={2} submit={words.save} onSend={async ({ name = "" }) => (await rename(naming.id, name), setNaming(undefined))}>
            <Field name="name" label={told.name} defaultValue={naming.name} maxLength={64} required />
          </Form>
        </Dialog>
      )}
      {lastWayIn && (
        <Dialog label={told.lastWay} onClose={keep}>
          <Form title={told.lastWay} text={told.lastWayText} level={2} submit={words.remove} look="danger" onSend={confirm} />
        </Dialog>
      )}
      {adding && (
        <Dialog label={told.add} onClose={() => adding.end(false)}>
          <Journey client={ask} name="enrolment" level={2} onCompleted={() => adding.end(true)} />
        </Dialog>
      )}
    </>
  );
}
