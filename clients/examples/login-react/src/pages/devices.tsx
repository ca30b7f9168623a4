import { each, endOtherSessions, endMySession, listMySessions, type Session } from "@lintel/client";
import { useAsk } from "../ask.js";
import { useSurroundings, When } from "../surroundings.js";
import { Listing } from "./listing.js";
import { useLoaded } from "./load.js";

export function DevicesPage() {
  const { words } = useSurroundings();
  const ask = useAsk();
  const { value = [], refusal, after } = useLoaded(async () => {
    const sessions: Session[] = [];
    for await (const session of each(ask, listMySessions)) sessions.push(session);
    return sessions;
  });
  return (
    <Listing title={words.sessions} items={value} refusal={refusal} after={after}
      row={({ id, device, current, last_seen_at }, act) => (
        <>
          <div>
            {device.name}
            {current && <span className="badge">{words.thisDevice}</span>}
            <div className="quiet"><bdi>{device.address}</bdi> · {words.lastSeen} <When time={last_seen_at} /></div>
          </div>
          {!current && act(words.end, device.name, () => ask(endMySession, { session_id: id }))}
        </>
      )}
      below={(act) => value.length > 1 && act(words.endOthers, "", () => ask(endOtherSessions))} />
  );
}
