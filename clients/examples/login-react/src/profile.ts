import type { Profile, ProfileSchema, ProfileUpdate } from "@lintel/client";

/** What of a claim's JSON Schema decides how it is asked for. */
export interface ClaimSchema {
  readonly type?: string;
  readonly title?: string;
  readonly format?: string;
  readonly enum?: readonly (string | number)[];
  readonly properties?: { readonly [name: string]: ClaimSchema };
  readonly readOnly?: boolean;
  readonly $ref?: string;
}

/** The schema of a claim, or of a member of one, by its path: `name`, `address/locality`. */
export function schemaOf(document: ProfileSchema, path: string): ClaimSchema {
  const follow = ({ $ref, ...schema }: ClaimSchema): ClaimSchema =>
    $ref ? follow($ref.slice(2).split("/").reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, document)) : schema;
  return path.split("/").reduce((at, name) => follow(at.properties?.[name] ?? {}), follow(document));
}

/** The value at a path as it is typed in; a list has one item on each line. */
export function spelled(profile: Profile, path: string): string {
  const value = path.split("/").reduce<unknown>((at, name) => (at as Profile | undefined)?.[name], profile);
  return [value ?? ""].flat().join("\n");
}

/** The values of a form's fields, by their names. */
export interface Values {
  readonly [path: string]: string;
}

/**
 * What was changed, as a merge patch: what is empty now is null. What was there before is
 * what the fields showed, because not every value can be shown by one.
 */
export function changes(document: ProfileSchema, values: Values, before: Values = {}): ProfileUpdate {
  const patch: Record<string, unknown> = {};
  for (const [path, text] of Object.entries(values)) {
    if (text === (before[path] ?? "")) continue;
    const names = path.split("/");
    const last = names.pop() as string;
    const at = names.reduce((object, name) => (object[name] ??= {}) as Record<string, unknown>, patch);
    at[last] = text === "" ? null : typed(schemaOf(document, path).type, text);
  }
  return patch;
}

function typed(type: string | undefined, text: string): unknown {
  switch (type) {
    case "boolean":
      return text === "true";
    case "integer":
    case "number":
      return Number(text);
    case "array":
      return text.split("\n").filter(Boolean);
    default:
      return text;
  }
}
