import type { Flow } from "@lintel/client";
import { useEffect, useState } from "react";
import { useHash } from "./hash.js";
import { Journey } from "./journey.js";
import { session } from "./lintel.js";
import { useSurroundings } from "./surroundings.js";

/** The journeys that end signed in. */
export const journeys = ["login", "registration", "login_or_registration", "recovery"] as const;

const guest = { submit: { type: "guest" } } as const;

interface SignInProps {
  /** Whether somebody is there as a guest: one who registers stays who they are, one who signs in leaves. */
  readonly asGuest: boolean;
  onCompleted(flow: Flow): void;
}

/** The journeys that end signed in; the address says which. */
export function SignIn({ asGuest, onCompleted }: SignInProps) {
  const { configuration, words } = useSurroundings();
  const named = useHash(journeys);
  const [goesOn, setGoesOn] = useState<string>(); // as a guest, instead of this one
  const journey = goesOn === named ? "guest" : named;
  const title = words.titles[journey] ?? words.titles.login;
  // Who signs up has nothing to recover.
  const recovers = journey !== "registration" && configuration.code.channels.length > 0;
  const others = journeys.filter((one) => one !== journey && configuration.journeys.includes(one) && (one !== "recovery" || recovers));
  useEffect(() => {
    document.title = `${title} · ${configuration.name}`;
  }, [title, configuration.name]);
  return (
    <div className="card door">
      {journey === "guest"
        ? <Journey key="guest" client={session.client} name="guest" level={1} begin={guest} onCompleted={onCompleted} />
        : <Journey key={journey} client={session.client} name={journey} level={1} storage={sessionStorage} onCompleted={onCompleted} />}
      <nav aria-label={title}>
        {others.map((one) => <a key={one} href={`#${one}`} onClick={() => setGoesOn(undefined)}>{words.links[one]}</a>)}
        {asGuest ? <a href="#profile">{words.stay}</a>
          : journey !== "guest" && configuration.journeys.includes("guest") && <button type="button" className="bare" onClick={() => setGoesOn(named)}>{words.titles.guest}</button>}
      </nav>
    </div>
  );
}
