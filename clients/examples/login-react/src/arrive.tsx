import { type Flow, type OpenedLink, openLink } from "@lintel/client";
import { followLink, type FoundLink, type LinkAccess, linkIn } from "@lintel/client/flow";
import { useEffect, useState } from "react";
import { Invited, Recovered, Undo } from "./arrivals.js";
import { Notice } from "./journey.js";
import { session } from "./lintel.js";
import { Opened } from "./opened.js";
import { isRefusal, type Refusal, sentence } from "./refusal.js";
import { useSurroundings } from "./surroundings.js";

const followed = new Map<string, ReturnType<typeof followLink>>(); // React, in development, comes twice, and a link is followed once

/** Takes a link out of the address, where it is nothing to keep. */
function take(): FoundLink | undefined {
  const found = linkIn(location.hash);
  if (found) history.replaceState(null, "", location.pathname + location.search);
  return found;
}

const first = take();

/** The link that opened this page, until it is done with. `turn` rises with each that comes while the page is open. */
export function useLink(): { readonly link: FoundLink | undefined; readonly turn: number; done(): void } {
  const [{ link, turn }, setLink] = useState({ link: first, turn: 0 });
  useEffect(() => {
    const changed = () => {
      const found = take();
      if (!found) return;
      if (found.type === "flow") followed.delete(found.link_token);
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
  readonly link: FoundLink;
  /** Takes the flow that the link was for, where this browser has it, or that its invitation has completed. */
  onFollowed(flow: Flow): void;
  /** Lets the link be. */
  onLeft(): void;
}

/** The page that a link opened: what it is for is asked on a page of its kind. */
export function Arrive({ link, onFollowed, onLeft }: ArriveProps) {
  switch (link.type) {
    case "invitation": return <Invited token={link.invitation_token} onCompleted={onFollowed} onLeft={onLeft} />;
    case "undo": return <Undo token={link.undo_token} onLeft={onLeft} />;
    case "recovery": return <Recovered token={link.recovery_token} onLeft={onLeft} />;
    default: return <Followed link={link} onFollowed={onFollowed} onLeft={onLeft} />;
  }
}

/** The page of a flow's link. Where this browser has the flow, that goes on; elsewhere it tells what can be done. */
function Followed({ link, onFollowed, onLeft }: ArriveProps & { readonly link: LinkAccess }) {
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
