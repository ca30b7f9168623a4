// Profiles, as their schema describes them: the inputs of claims, and what was changed.

const tokens = { name: "name", given_name: "given-name", family_name: "family-name", middle_name: "additional-name", nickname: "nickname", website: "url",
  birthdate: "bday", gender: "sex", picture: "photo", locale: "language", street_address: "street-address", locality: "address-level2",
  region: "address-level1", postal_code: "postal-code", country: "country-name" }; // what browsers call the standard claims
const spelled = (value) => [value ?? ""].flat().join("\n");

/** `page` has the building blocks, the words and the configuration. */
export function profiles(page) {
  const { h, field } = page;
  const follow = (schema = {}) => schema.$ref?.slice(2).split("/").reduce((at, name) => at[name], page.configuration.profile_schema) ?? schema;
  const schemaOf = (path) => path.split("/").reduce((at, name) => follow(at.properties?.[name]), follow(page.configuration.profile_schema));

  /** The inputs of a claim, named by its path: one, or one for each member of an object. */
  function claim(path, profile, required) {
    const { words } = page;
    const { properties, type, format, title, enum: values = type === "boolean" ? [true, false] : undefined } = schemaOf(path);
    if (properties) return Object.keys(properties).map((name) => claim(`${path}/${name}`, profile));
    const value = spelled(path.split("/").reduce((at, one) => at?.[one], profile)), name = path.split("/").at(-1);
    const types = { uri: "url", email: "email", integer: "number", number: "number", birthdate: /^(\d{4}|0000-.*)$/.test(value) ? "text" : "date" }; // no date has a year alone, or none
    const unlisted = value && !values?.some((one) => `${one}` === value) ? [value] : [];
    const option = (one) => h("option", { value: one, selected: `${one}` === value }, words.choices[one] ?? `${one}`);
    return field(path, words.claims[name] ?? title ?? name, { required, autocomplete: tokens[name] ?? "off", ...(values
      ? { tag: "select", content: ["", ...values, ...unlisted].map(option) }
      : format === "lines" || type === "array" || value.includes("\n") ? { tag: "textarea", content: value } : { value, type: types[format ?? type] ?? "text" }) });
  }

  /** What was changed, as a merge patch: what is empty now is null. */
  function changes(values, before = {}) {
    const typed = { boolean: (text) => text === "true", integer: Number, number: Number, array: (text) => text.split("\n").filter(Boolean) };
    const patch = {};
    for (const [path, text] of Object.entries(values)) {
      if (text === (before[path] ?? "")) continue;
      const [last, ...outer] = path.split("/").reverse();
      outer.reduceRight((at, name) => (at[name] ??= {}), patch)[last] = text === "" ? null : (typed[schemaOf(path).type] ?? String)(text);
    }
    return patch;
  }

  return { claim, changes, schemaOf };
}
