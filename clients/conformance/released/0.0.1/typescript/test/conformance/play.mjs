// Plays one case of clients/conformance with this client, in Node or in a page: what it
// needs is fetch, and the package as `lintel`.

/** Throws with all that is not as the case says; `who` keeps apart who plays it at one time. */
export async function play(lintel, stub, one, who) {
  const baseUrl = `${stub}/${one.name}@${who}`;
  await fetch(`${baseUrl}/-/reset`, { method: "POST" });
  const { token, locale, timeout_ms: timeout = 10_000, retries } = one.client ?? {};
  const client = lintel.createClient({ baseUrl, token, locale, timeout, retries });
  const outcomes = await Promise.all(Array.from({ length: one.callers ?? 1 }, () => outcome(lintel, client, one)));
  const wrong = outcomes.flatMap((got) => differences("", one.expect, got));
  const { left } = await (await fetch(`${baseUrl}/-/left`)).json();
  if (wrong.length + left.length) throw new Error([one.about, ...wrong, ...left].join("\n  "));
}

/** What the caller of a client gets, in the words of a case. */
async function outcome(lintel, client, { call, pages, expect }) {
  const operation = lintel[call.operation];
  const options = call.idempotency_key ? { idempotencyKey: call.idempotency_key } : {};
  try {
    if (pages) {
      const items = [];
      for await (const item of lintel.each(client, operation, call.input, options)) items.push(item);
      return { items };
    }
    const value = await client(operation, call.input, options);
    return value === undefined ? { nothing: true } : { value };
  } catch (error) {
    if (!(error instanceof Error && error instanceof lintel.LintelError)) return { error: `no LintelError: ${error}` };
    const { code, status, retryAfter: retry_after, problem } = error;
    return { error: { code, status, retry_after, problem, field: error.field(expect.error?.field?.pointer) } };
  }
}

/** Where a value lacks what is wanted; an object may have more members than those. */
function differences(at, want, got) {
  if (Object(want) !== want) return want === got ? [] : [`${at} is ${JSON.stringify(got)} and is to be ${JSON.stringify(want)}`];
  if (Object(got) !== got || Array.isArray(want) !== Array.isArray(got)) return [`${at} is ${JSON.stringify(got)} and is to be ${JSON.stringify(want)}`];
  const wrong = Array.isArray(want) && want.length !== got.length ? [`${at} has ${got.length} items and is to have ${want.length}`] : [];
  return wrong.concat(Object.keys(want).flatMap((name) => differences(`${at}/${name}`, want[name], got[name])));
}

/** Plays all of them as tests below `t`, a few at a time. */
export async function playAll(t, cases, where, playOne) {
  let passed = 0;
  await t.test(where, { concurrency: 4 }, (t) =>
    Promise.all(cases.map((one) => t.test(`${one.promise}: ${one.name}`, async () => {
      await playOne(one);
      passed++;
    }))),
  );
  console.log(`conformance: ${passed} of ${cases.length} cases, ${where}`);
}
