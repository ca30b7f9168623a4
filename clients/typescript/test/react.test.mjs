import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { createClient } from "@lintel/client";
import { useFlow, useSession } from "@lintel/client/react";
import { createSession } from "@lintel/client/session";

// How they behave in a page is in react-page.test.mjs; a server renders
// without asking anything.
test("the hooks render on a server, where nothing is known yet", (t) => {
  const asked = [];
  const fetch = (url) => (asked.push(url), Promise.reject(new TypeError("fetch failed")));
  const store = createSession({ baseUrl: "https://id.example.com", fetch });
  t.after(() => store.close());
  const client = createClient({ baseUrl: "https://id.example.com", fetch });
  function Page() {
    const { status } = useSession(store);
    const { flow, busy } = useFlow(client, { journey: "login" });
    return createElement("p", null, `${status} ${flow} ${busy}`);
  }
  assert.equal(renderToString(createElement(Page)), "<p>unknown undefined true</p>");
  assert.deepEqual(asked, []);
});
