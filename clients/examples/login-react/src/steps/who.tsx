import { use } from "react";
import { Field } from "../form.js";
import { useSurroundings } from "../surroundings.js";
import { UserContext } from "../user.js";

interface WhoProps {
  /** Who it is, where the flow knows. */
  readonly identifier?: string | undefined;
  readonly types?: readonly string[];
  readonly journey?: string;
}

/** Asks who it is; or, where that is known, shows it, to people and to password managers. */
export function Who({ identifier, types, journey }: WhoProps) {
  const { configuration, words } = useSurroundings();
  const user = use(UserContext);
  const known = identifier ?? (journey === "step_up" ? user?.identifiers.find((one) => one.primary)?.value : undefined);
  if (known) {
    return (
      <>
        <p className="who"><bdi>{known}</bdi></p>
        <input hidden readOnly autoComplete="username" value={known} />
      </>
    );
  }
  const names = (types ?? configuration.identifier_types).map((type) => words.types[type] ?? type);
  const label = new Intl.ListFormat(configuration.locale, { type: "disjunction" }).format(names);
  const autoComplete = configuration.passkeys.available && journey?.startsWith("login") ? "username webauthn" : "username";
  return <Field name="identifier" label={label} autoComplete={autoComplete} autoCapitalize="none" spellCheck={false} required />;
}
