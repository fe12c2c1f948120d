// One card of this service with example facts. Its buttons do nothing here: there is no call they belong to.

import { busily, post } from "./api.js";
import { alertIn, byId, fromServer, say } from "./dom.js";

export function makePreview() {
  async function show() {
    const complain = (line) => alertIn(byId("preview-alert"), line);
    const came = await busily(byId("preview"), complain, () => post("preview", { code: byId("code").value }));
    byId("preview-card").replaceChildren(...(came ? fromServer(came.html) : []));
    for (const each of byId("preview-card").querySelectorAll("button, input")) each.disabled = true;
    say(byId("preview-status"), came ? `Facts: ${came.title} (${came.story}).` : "");
  }

  byId("content").addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  byId("code").addEventListener("change", show);
}
