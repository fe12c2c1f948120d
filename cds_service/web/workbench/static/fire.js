// Fires the hook and shows what came of it.

import { busily, post } from "./api.js";
import { callAsked, patientOf } from "./call.js";
import { enableCopies } from "./copy.js";
import { alertIn, byId, fromServer, say } from "./dom.js";
import { showFindings, worst } from "./findings.js";
import { showJson } from "./json-view.js";

const ANOTHER = "Another patient is chosen: fire again.";

/** `showTab(id)` brings a panel up. Gives `last()`: the call that the page shows, or undefined. */
export function makeFire(orders, showTab) {
  let last;

  async function fire() {
    if (byId("fire").getAttribute("aria-busy") === "true") return;
    const asked = callAsked();
    const complain = (line) => alertIn(byId("alert"), line);
    say(byId("status"), "Firing ...");
    const came = await busily(byId("fire"), complain, () => post("fire", { ...asked, orders: orders.asked() }));
    if (!came) {
      clear("No call was made.", "failed");
      return;
    }
    if (patientOf() !== asked.patient) {
      clear(ANOTHER);
      return;
    }
    last = { asked, came };
    enableCopies(true);
    show(came);
  }

  function show(came) {
    const what = `${came.says}. HTTP ${came.status} in ${came.milliseconds} ms from ${came.service}.`;
    say(byId("status"), came.error ? `Error, not an all-clear. ${what}` : what);
    byId("status").dataset.state = came.error ? "failed" : "done";
    byId("panel-cards").replaceChildren(...fromServer(came.cards));
    byId("panel-trace").replaceChildren(...fromServer(came.trace));
    for (const side of ["request", "response"]) showSide(side, came);
    byId("request-address").textContent = `POST ${came.url}`;
    byId("response-address").textContent = `HTTP ${came.status}, ${came.milliseconds} ms`;
    orders.sent(requestOf(came).context?.draftOrders);
    showTab("tab-cards");
  }

  function showSide(side, came) {
    const found = came.findings[side];
    const view = showJson(byId(`${side}-json`), came[side], worst(found));
    showFindings(byId(`${side}-findings`), found, view, came.error && side === "response" ? "" : "No findings.");
    const badge = byId(`badge-${side}`);
    badge.hidden = !found.length;
    badge.textContent = String(found.length);
    badge.className = `badge ${["error", "warning", "hint"].find((grade) => found.some((each) => each.severity === grade))}`;
    badge.setAttribute("aria-label", `${found.length} findings`);
  }

  /** Takes away what the page shows of the last call, and says why. */
  function clear(line, state = "") {
    last = undefined;
    enableCopies(false);
    say(byId("status"), line);
    byId("status").dataset.state = state;
    for (const id of ["panel-cards", "panel-trace", "request-json", "response-json", "request-findings", "response-findings"]) {
      byId(id).replaceChildren();
    }
    for (const side of ["request", "response"]) {
      byId(`badge-${side}`).hidden = true;
      byId(`${side}-address`).textContent = "";
    }
  }

  byId("call").addEventListener("submit", (event) => {
    event.preventDefault();
    fire();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !byId("view-call").hidden) fire();
  });
  return {
    last: () => last,
    /** Cards of one patient beside the name of another are how patients come to harm. */
    patientChanged() {
      if (last) clear(ANOTHER);
    },
  };
}

export const requestOf = (came) => JSON.parse(came.request);
