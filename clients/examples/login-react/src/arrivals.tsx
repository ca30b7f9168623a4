import { type Flow, openInvitation, openRecovery, openReversal, stopRecovery, useReversal as takeBack } from "@lintel/client";
import { type ReactNode, useEffect, useState } from "react";
import { Form } from "./form.js";
import { Journey, Notice } from "./journey.js";
import { session } from "./lintel.js";
import { useLoaded } from "./pages/load.js";
import { type Refusal, sentence } from "./refusal.js";
import { useSurroundings, When } from "./surroundings.js";
import { Told } from "./told.js";

interface ArrivalProps {
  readonly token: string;
  /** Lets the link be. */
  onLeft(): void;
}

/** Says who invites; whoever accepts signs up or in, as the address that was invited. */
export function Invited({ token, onCompleted, onLeft }: ArrivalProps & { onCompleted: (flow: Flow) => void }) {
  const { configuration, words } = useSurroundings();
  const [accepted, setAccepted] = useState(false);
  const { value: opened, refusal } = useLoaded(() => session.client(openInvitation, { body: { invitation_token: token } }));
  const { title, text: [before, after], act } = words.arrivals.invitation;
  const journey = configuration.journeys.includes("login_or_registration") ? "login_or_registration" : "registration";

  async function accept(): Promise<void> {
    history.replaceState(null, "", `#${journey}`); // where it goes on after a reload
    setAccepted(true);
  }
  return (
    <Door title={title} refusal={refusal} onLeft={onLeft}>
      {opened && (accepted
        ? <Journey client={session.client} name={journey} level={1} storage={sessionStorage} begin={{ client_id: opened.client_id, invitation_token: token }} onCompleted={onCompleted} />
        : <Form title={title} text={<><bdi>{opened.inviter}</bdi>{before}<bdi>{opened.to}</bdi>{after}</>} submit={act} onSend={accept} />)}
    </Door>
  );
}

/** Says which address was removed. Once it is taken back nobody is signed in, and there is no password. */
export function Undo({ token, onLeft }: ArrivalProps) {
  const { words } = useSurroundings();
  const [done, setDone] = useState(false);
  const { value: opened, refusal } = useLoaded(() => session.client(openReversal, { body: { undo_token: token } }));
  const { title, text: [before, after], act, done: isDone, doneText } = words.arrivals.undo;

  async function undo(): Promise<void> {
    await session.client(takeBack, { body: { undo_token: token } });
    setDone(true);
    await session.load();
  }
  function recover(): void {
    history.replaceState(null, "", "#recovery");
    onLeft();
  }
  return (
    <Door title={done ? isDone : title} refusal={refusal} onLeft={onLeft}>
      {opened && (done
        ? <Told title={isDone}>
            <p>{doneText}</p>
            <div className="actions"><button type="button" className="main" onClick={recover}>{words.choosePassword}</button></div>
          </Told>
        : <Form title={title} text={<><bdi>{opened.identifier}</bdi>{before}<When time={opened.removed_at} />{after}</>} submit={act} onSend={undo} />)}
    </Door>
  );
}

/** Says to which address the account will open, and when. */
export function Recovered({ token, onLeft }: ArrivalProps) {
  const { words } = useSurroundings();
  const [done, setDone] = useState(false);
  const { value: opened, refusal } = useLoaded(() => session.client(openRecovery, { body: { recovery_token: token } }));
  const { title, text: [before, between, after], act, done: isDone, doneText } = words.arrivals.recovery;

  async function stop(): Promise<void> {
    await session.client(stopRecovery, { body: { recovery_token: token } });
    setDone(true);
  }
  return (
    <Door title={done ? isDone : title} refusal={refusal} onLeft={onLeft}>
      {opened && (done
        ? <Told title={isDone}><p>{doneText}</p></Told>
        : <Form title={title} text={<>{before}<When time={opened.opens_at} />{between}<bdi>{opened.masked}</bdi>{after}</>} submit={act} onSend={stop} />)}
    </Door>
  );
}

interface DoorProps {
  readonly title: string;
  /** Why nothing is told of the link. */
  readonly refusal: Refusal | undefined;
  readonly children: ReactNode;
  onLeft(): void;
}

/** The page of a link: its title until it is known what it is for, or why that is not told. */
function Door({ title, refusal, children, onLeft }: DoorProps) {
  const { configuration, words } = useSurroundings();
  useEffect(() => {
    document.title = `${title} · ${configuration.name}`;
  }, [title, configuration.name]);
  return (
    <div className="card door">
      {refusal ? <Notice level={1} title={words.notice} text={sentence(refusal, words)} label={words.goOn} onClick={onLeft} /> : children || <h1>{title}</h1>}
    </div>
  );
}
