// Copies the request, the response, and the request as a curl command.

import { asCurl } from "./curl.js";
import { byId, say } from "./dom.js";

export async function copy(text, region, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(region, `${what} copied`);
  } catch {
    say(region, "The browser does not let this page copy: select the text instead");
  }
}

export function makeCopies(lastCall) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const side = button.dataset.copy;
    button.addEventListener("click", () => copy(lastCall().came[side], byId(`${side}-copied`), "JSON"));
  }
  byId("copy-curl").addEventListener("click", () => {
    const { asked, came } = lastCall();
    const tokens = asked.token || asked.service_token ? ": put your token in place of ACCESS_TOKEN" : "";
    copy(asCurl(came.url, came.request, Boolean(asked.service_token)), byId("request-copied"), `curl command${tokens}`);
  });
}

/** The buttons work only where there is a call to copy. */
export function enableCopies(on) {
  for (const each of document.querySelectorAll("[data-copy], #copy-curl")) each.disabled = !on;
}
