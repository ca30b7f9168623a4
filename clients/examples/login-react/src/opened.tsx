import { approveLink, type OpenedLink } from "@lintel/client";
import type { LinkAccess } from "@lintel/client/flow";
import { useState } from "react";
import { Form } from "./form.js";
import { Notice } from "./journey.js";
import { session } from "./lintel.js";
import { useSurroundings } from "./surroundings.js";
import { Told } from "./told.js";

/** What can be done here with a link that was asked for elsewhere. */
export function Opened({ link, opened, onLeft }: { link: LinkAccess; opened: OpenedLink; onLeft: () => void }) {
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
