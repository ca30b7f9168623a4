import { type ActivityEntry, each, listActivity } from "@lintel/client";
import { useRef } from "react";
import { useAsk } from "../ask.js";
import { useSurroundings, When } from "../surroundings.js";
import { Listing } from "./listing.js";
import { useLoaded } from "./load.js";

const page = 20;

export function ActivityPage() {
  const { words } = useSurroundings();
  const ask = useAsk();
  const wanted = useRef(page);
  const { value = [], refusal, after } = useLoaded(async () => {
    const entries: ActivityEntry[] = [];
    for await (const entry of each(ask, listActivity, { limit: page + 1 })) {
      if (entries.push(entry) > wanted.current) break; // one more tells that there are older ones
    }
    return entries;
  });
  return (
    <Listing title={words.happened} items={value.slice(0, wanted.current)} refusal={refusal} after={after}
      row={({ type, occurred_at, device, address }) => (
        <>
          <div>
            {words.events[type] ?? words.events.other}
            <div className="quiet"><bdi>{device}</bdi>{device && address && " · "}<bdi>{address}</bdi></div>
          </div>
          <div className="quiet"><When time={occurred_at} /></div>
        </>
      )}
      below={(act) => value.length > wanted.current && act(words.older, "", async () => void (wanted.current += page))} />
  );
}
