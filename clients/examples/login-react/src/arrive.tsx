import { approveLink, type Flow, type OpenedLink, openLink } from "@lintel/client";
import { followLink, type LinkAccess, linkIn } from "@lintel/client/flow";
import { type ReactNode, useEffect, useState } from "react";
import { Form } from "./form.js";
import { Notice } from "./journey.js";
import { session } from "./lintel.js";
import { isRefusal, type Refusal, sentence } from "./refusal.js";
import { useSurroundings } from "./surroundings.js";

const followed = new Map<string, ReturnType<typeof followLink>>(); // React, in development, comes twice, and a link is followed once

/** Takes a link out of the address, where it is nothing to keep. */
function take(): LinkAccess | undefined {
  const found = linkIn(location.hash);
  if (found) history.replaceState(null, "", location.pathname + location.search);
  return found;
}

const first = take();

/** The link that opened this page, until it is done with. `turn` rises with each that comes while the page is open. */
export function useLink(): { readonly link: LinkAccess | undefined; readonly turn: number; done(): void } {
  const [{ link, turn }, setLink] = useState({ link: first, turn: 0 });
  useEffect(() => {
    const changed = () => {
      const found = take();
      if (!found) return;
      followed.delete(found.link_token);
      setLink((before) => ({ link: found, turn: before.turn + 1 }));
    };
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return { link, turn, done: () => setLink((before) => ({ ...before, link: undefined })) };
}

function follow(link: LinkAccess): ReturnType<typeof followLink> {
  const found = followed.get(link.link_token) ?? followLink(session.client, link, { storage: sessionStorage, links: localStorage });
  followed.set(link.link_token, found);
  return found;
}

interface ArriveProps {
  readonly link: LinkAccess;
  /** Takes the flow that the link was for, where this browser has it. */
  onFollowed(flow: Flow): void;
  /** Lets the link be. */
  onLeft(): void;
}

/** The page that a link opened. Where this browser has its flow, that goes on; elsewhere it tells what can be done. */
export function Arrive({ link, onFollowed, onLeft }: ArriveProps) {
  const { configuration, words } = useSurroundings();
  const [opened, setOpened] = useState<OpenedLink>();
  const [refusal, setRefusal] = useState<Refusal>();
  useEffect(() => {
    let here = true;
    const arrive = async () => {
      try {
        const driver = await follow(link);
        if (driver && here) return onFollowed(driver.state.flow);
        const found = driver ? undefined : await session.client(openLink, { flow_id: link.flow_id, body: { link_token: link.link_token } });
        if (here) setOpened(found);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        if (here) setRefusal(error);
      }
    };
    void arrive();
    return () => void (here = false);
  }, [link]);
  const title = opened ? (words.opened.ways[opened.elsewhere] ?? words.opened.ways.refuse).title : words.sentTitles.link;
  useEffect(() => {
    document.title = `${title} · ${configuration.name}`;
  }, [title, configuration.name]);
  return (
    <div className="card door">
      {refusal ? <Notice level={1} title={words.notice} text={sentence(refusal, words)} label={words.goOn} onClick={onLeft} />
        : opened ? <Opened link={link} opened={opened} onLeft={onLeft} />
        : <h1>{title}</h1>}
    </div>
  );
}

/** What can be done here with a link that was asked for elsewhere. */
function Opened({ link, opened, onLeft }: { link: LinkAccess; opened: OpenedLink; onLeft: () => void }) {
  const { words } = useSurroundings();
  const [approved, setApproved] = useState<boolean>();
  const { title, text } = words.opened.ways[opened.elsewhere] ?? words.opened.ways.refuse;
  const asked = (
    <p className="asked">
      <strong>{words.titles[opened.journey] ?? words.titles.step_up}</strong><br />
      <bdi>{opened.device}</bdi> · <bdi>{opened.address}</bdi>
    </p>
  );
  if (approved !== undefined) {
    return approved
      ? <Told title={words.opened.approved}><p>{words.opened.approvedText}</p></Told>
      : <Told title={words.opened.refused}><p>{words.opened.refusedText}</p></Told>;
  }
  if (opened.elsewhere === "code") {
    return (
      <Told title={title}>
        <p>{text}</p>
        {asked}
        <output className="digits" dir="ltr" aria-label={words.code}>{opened.one_time_code}</output>
        <p className="quiet">{words.notYou}</p>
      </Told>
    );
  }
  if (opened.elsewhere !== "approve") return <Notice level={1} title={title} text={text} label={words.titles.login} onClick={onLeft} />;
  return (
    <Form title={title} text={text} submit={words.opened.yes} more={<button type="button" onClick={() => setApproved(false)}>{words.opened.no}</button>}
      onSend={async () => {
        await session.client(approveLink, { flow_id: link.flow_id, body: { link_token: link.link_token } });
        setApproved(true);
      }}>
      {asked}
    </Form>
  );
}

function Told({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="stack">
      <h1 tabIndex={-1} ref={(heading) => heading?.focus()}>{title}</h1>
      {children}
    </div>
  );
}
