import type { Flow } from "@lintel/client";
import { useEffect } from "react";
import { useHash } from "./hash.js";
import { Journey } from "./journey.js";
import { session } from "./lintel.js";
import { useSurroundings } from "./surroundings.js";

const journeys = ["login", "registration", "login_or_registration", "recovery"] as const;

/** The journeys that end signed in; the address says which. */
export function SignIn({ onCompleted }: { onCompleted: (flow: Flow) => void }) {
  const { configuration, words } = useSurroundings();
  const journey = useHash(journeys);
  const title = words.titles[journey] ?? words.titles.login;
  // Who signs up has nothing to recover.
  const recovers = journey !== "registration" && configuration.code.channels.length > 0;
  const others = journeys.filter((one) => one !== journey && configuration.journeys.includes(one) && (one !== "recovery" || recovers));
  useEffect(() => {
    document.title = `${title} · ${configuration.name}`;
  }, [title, configuration.name]);
  return (
    <div className="card door">
      <Journey key={journey} client={session.client} name={journey} level={1} storage={sessionStorage} onCompleted={onCompleted} />
      <nav aria-label={title}>
        {others.map((one) => <a key={one} href={`#${one}`}>{words.links[one]}</a>)}
      </nav>
    </div>
  );
}
