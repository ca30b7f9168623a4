import type { Profile } from "@lintel/client";
import { Field } from "./form.js";
import { schemaOf, spelled } from "./profile.js";
import { useSurroundings } from "./surroundings.js";

/** What browsers call the standard claims. */
const tokens: { readonly [claim: string]: string } = {
  name: "name", given_name: "given-name", family_name: "family-name", middle_name: "additional-name", nickname: "nickname",
  website: "url", birthdate: "bday", gender: "sex", picture: "photo", locale: "language", street_address: "street-address",
  locality: "address-level2", region: "address-level1", postal_code: "postal-code", country: "country-name",
};

const inputTypes: { readonly [format: string]: string } = { uri: "url", email: "email", integer: "number", number: "number", birthdate: "date" };

interface ClaimsProps {
  readonly names: readonly string[];
  readonly profile: Profile;
  readonly required?: boolean;
}

/** The inputs for some claims, as the profile schema describes them. */
export function Claims({ names, profile, required = false }: ClaimsProps) {
  const { configuration } = useSurroundings();
  return names.map((path) => {
    const { properties } = schemaOf(configuration.profile_schema, path);
    if (!properties) return <Claim key={path} path={path} profile={profile} required={required} />;
    return <Claims key={path} names={Object.keys(properties).map((name) => `${path}/${name}`)} profile={profile} />;
  });
}

function Claim({ path, profile, required }: { path: string; profile: Profile; required: boolean }) {
  const { configuration, words } = useSurroundings();
  const schema = schemaOf(configuration.profile_schema, path);
  const name = path.split("/").at(-1) as string;
  const value = spelled(profile, path);
  const shared = { name: path, label: words.claims[name] ?? schema.title ?? name, defaultValue: value, required, autoComplete: tokens[name] ?? "off" };
  const choices = schema.enum ?? (schema.type === "boolean" ? [true, false] : undefined);
  if (choices) {
    const unlisted = value && !choices.some((one) => `${one}` === value) ? [value] : [];
    return (
      <Field {...shared} as="select">
        <option value="" />
        {[...choices, ...unlisted].map((one) => <option key={`${one}`} value={`${one}`}>{words.choices[`${one}`] ?? `${one}`}</option>)}
      </Field>
    );
  }
  if (schema.format === "lines" || schema.type === "array" || value.includes("\n")) return <Field {...shared} as="textarea" />;
  // A date of birth may be a year alone, or have none, which an input for dates would lose.
  const type = schema.format === "birthdate" && /^(\d{4}|0000-.*)$/.test(value) ? "text" : inputTypes[schema.format ?? schema.type ?? ""];
  return <Field {...shared} type={type ?? "text"} />;
}
