// A link to the set-up: in the fragment, which no server ever sees, and never with a patient or a token.

import { restoreSetup, setupOf } from "./call.js";
import { copy } from "./copy.js";
import { byId } from "./dom.js";

export function makeShare(orders, services) {
  byId("share").addEventListener("click", () => {
    const own = document.body.dataset.ownUrl;
    const setup = Object.entries(setupOf()).filter(([key, value]) => value && !(key === "service" && value === own));
    const fragment = new URLSearchParams(setup);
    for (const drug of orders.drugs()) fragment.append("order", drug);
    history.replaceState(null, "", `#${fragment}`);
    copy(location.href, byId("share-said"), "Link without patient and token");
  });

  const given = new URLSearchParams(location.hash.slice(1));
  orders.replace(given.getAll("order").map((drug) => ({ drug })));
  services.want(given.get("service_id") ?? "");
  restoreSetup(Object.fromEntries(given));
}
