import { type Flow, getConfiguration, getMe, type PublicConfiguration, type User, type UserDeletion } from "@lintel/client";
import { useSession } from "@lintel/client/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Arrive, useLink } from "./arrive.js";
import { AskProvider } from "./ask.js";
import { useHashOf } from "./hash.js";
import { Home } from "./home.js";
import { Notice } from "./journey.js";
import { chooseLocale, clientId, session } from "./lintel.js";
import { isRefusal, type Refusal, sentence } from "./refusal.js";
import { journeys, SignIn } from "./signIn.js";
import { type Surroundings, SurroundingsContext, useSurroundings, When } from "./surroundings.js";
import { SetUserContext, UserContext } from "./user.js";
import { wordsFor } from "./words.js";

/** The whole page: finds out what is offered and who is there, and shows what fits. */
export function App() {
  const [configuration, setConfiguration] = useState<PublicConfiguration>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [said, setSaid] = useState("");

  const begin = useCallback(() => {
    setRefusal(undefined);
    Promise.all([session.client(getConfiguration, clientId ? { client_id: clientId } : {}), session.load()]).then(
      ([found]) => {
        Object.assign(document.documentElement, { lang: found.locale, dir: found.text_direction });
        setConfiguration(found);
      },
      (error: unknown) => {
        if (!isRefusal(error)) throw error;
        setRefusal(error);
      },
    );
  }, []);
  useEffect(begin, [begin]);

  useEffect(() => {
    const silence = setTimeout(() => setSaid(""), 6000);
    return () => clearTimeout(silence);
  }, [said]);

  const surroundings = useMemo<Surroundings | undefined>(
    () => configuration && { configuration, words: wordsFor(configuration.locale), say: setSaid },
    [configuration],
  );
  const words = wordsFor(configuration?.locale ?? navigator.language);
  return (
    <>
      {surroundings ? (
        <SurroundingsContext value={surroundings}>
          <Inside />
        </SurroundingsContext>
      ) : (
        <main>
          {refusal && (
            <div className="card door">
              <Notice level={1} title={words.notice} text={sentence(refusal, words)} label={words.again} onClick={begin} />
            </div>
          )}
        </main>
      )}
      <p id="status" role="status">{said}</p>
    </>
  );
}

/** Whoever is there gets their pages, and anybody else the way in. */
function Inside() {
  const { words, say } = useSurroundings();
  const state = useSession(session);
  const [user, setUser] = useState<User>();
  const [deletion, setDeletion] = useState<UserDeletion>();
  const { link, turn, done: linkDone } = useLink();
  const atTheDoor = useHashOf(journeys);
  const signedIn = state.status === "signed_in" ? state.session.user_id : undefined;
  const leaving = useRef(true); // nobody has to be told that they left, or never came

  useEffect(() => {
    if (state.status === "signed_out" && !leaving.current) say(words.ended);
    leaving.current = state.status !== "signed_in";
  }, [state.status]);
  useEffect(() => {
    if (!signedIn) setUser(undefined);
    else if (user?.id !== signedIn) void session.client(getMe).then(setUser, (error) => isRefusal(error) && say(sentence(error, words)));
  }, [signedIn]);

  function completed(flow: Flow): void {
    if (flow.outcome) setUser(flow.outcome.user); // so that nothing has to be asked for
    setDeletion(undefined);
    history.replaceState(null, "", "#profile");
    session.adopt(flow);
  }
  /** Goes on with the flow that a link was for; one that is not over yet is kept for its page. */
  function followed(flow: Flow): void {
    linkDone();
    if (flow.status === "completed") completed(flow);
    else history.replaceState(null, "", `#${flow.journey}`);
  }
  async function leave(): Promise<void> {
    leaving.current = true;
    try {
      await session.end();
      say(words.signedOut);
    } catch (error) {
      leaving.current = false;
      if (!isRefusal(error)) throw error;
      say(sentence(error, words));
    }
  }
  function removed(told: UserDeletion): void {
    leaving.current = true;
    setDeletion(told);
    void session.load();
  }
  return (
    <>
      <Header onSignOut={signedIn ? leave : undefined} />
      <main>
        {link ? (
          <Arrive key={turn} link={link} onFollowed={followed} onLeft={linkDone} />
        ) : user?.guest && signedIn && atTheDoor ? (
          <SignIn asGuest onCompleted={completed} />
        ) : signedIn && user ? (
          <UserContext value={user}>
            <SetUserContext value={setUser}>
              <AskProvider>
                <Home onDeleted={removed} />
              </AskProvider>
            </SetUserContext>
          </UserContext>
        ) : deletion ? (
          <Deleted deletion={deletion} onSignIn={() => setDeletion(undefined)} />
        ) : (
          state.status === "signed_out" && <SignIn asGuest={false} onCompleted={completed} />
        )}
      </main>
    </>
  );
}

function Header({ onSignOut }: { onSignOut: (() => void) | undefined }) {
  const { configuration, words } = useSurroundings();
  return (
    <header>
      <span className="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M2 6h28v6H2zM5 14h6v14H5zM21 14h6v14h-6z" /></svg>
        {configuration.name}
      </span>
      <select className="small" aria-label={words.language} value={configuration.locale} onChange={(event) => chooseLocale(event.target.value)}>
        {configuration.languages.map(({ tag, name }) => <option key={tag} value={tag} lang={tag}>{name}</option>)}
      </select>
      {onSignOut && <button type="button" onClick={onSignOut}>{words.signOut}</button>}
    </header>
  );
}

function Deleted({ deletion, onSignIn }: { deletion: UserDeletion; onSignIn: () => void }) {
  const { words } = useSurroundings();
  return (
    <div className="card door">
      <h1 tabIndex={-1} ref={(heading) => heading?.focus()}>{words.deleted}</h1>
      {deletion.status !== "deleted" && <p>{words.scheduled} <When time={deletion.delete_at} only="date" /></p>}
      <div className="actions">
        <button type="button" className="main" onClick={onSignIn}>{words.titles.login}</button>
      </div>
    </div>
  );
}
