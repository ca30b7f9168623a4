import type { UserDeletion } from "@lintel/client";
import { useEffect, useRef } from "react";
import { useHash } from "./hash.js";
import { ActivityPage } from "./pages/activity.js";
import { DevicesPage } from "./pages/devices.js";
import { ProfilePage } from "./pages/profile.js";
import { SecurityPage } from "./pages/security.js";
import { useSurroundings } from "./surroundings.js";
import { useUser } from "./user.js";

const pages = ["profile", "security", "devices", "activity"] as const;

/** The signed-in pages; the address says which. */
export function Home({ onDeleted }: { onDeleted: (deletion: UserDeletion) => void }) {
  const { configuration, words } = useSurroundings();
  const [user] = useUser();
  const page = useHash(pages);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = typeof user.profile["name"] === "string" ? user.profile["name"] : user.identifiers[0]?.value;
  const title = page === "profile" ? words.hello(name ?? words.guest) : words.pages[page];
  useEffect(() => {
    document.title = `${words.pages[page]} · ${configuration.name}`;
    heading.current?.focus();
  }, [page, words, configuration.name]);
  return (
    <div className="home">
      <nav aria-label={configuration.name}>
        {pages.map((one) => <a key={one} href={`#${one}`} aria-current={one === page ? "page" : undefined}>{words.pages[one]}</a>)}
      </nav>
      <div className="stack">
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        {page === "profile" && <ProfilePage />}
        {page === "security" && <SecurityPage onDeleted={onDeleted} />}
        {page === "devices" && <DevicesPage />}
        {page === "activity" && <ActivityPage />}
      </div>
    </div>
  );
}
