// What the clinician does with a card: accept a suggestion, or override it. Both send real feedback.

import { busily, post } from "./api.js";
import { byId, element } from "./dom.js";

const NO_UUID = "No feedback is sent: the card has no uuid to name it by.";
const NO_SUGGESTION_UUID = "No feedback is sent: the suggestion has no uuid to name it by.";

export function makeCards(orders, lastCall) {
  byId("panel-cards").addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (event.target.closest("[data-accept]")) accept(card, event.target.closest("[data-accept]"));
    if (event.target.closest("[data-override]")) override(card, event.target.closest("[data-override]"));
  });

  async function accept(card, button) {
    const done = orders.accept(JSON.parse(button.dataset.actions));
    const others = button.dataset.alone === "yes" ? card.querySelectorAll("[data-accept], [data-override]") : [button];
    for (const each of others) each.disabled = true;
    button.setAttribute("aria-pressed", "true");
    const shown = [
      element("h4", {}, "Accepted: what an EHR would do"),
      done.length ? element("ul", {}, ...done.map((line) => element("li", {}, line))) : element("p", {}, "Nothing: it has no actions."),
      element("p", { class: "help" }, "The drafts on this page are changed; nothing is written to the FHIR server."),
    ];
    const missing = card.dataset.uuid ? (button.dataset.uuid ? "" : NO_SUGGESTION_UUID) : NO_UUID;
    await tell(card, button, shown, missing, { suggestion: button.dataset.uuid });
  }

  async function override(card, button) {
    const reason = card.querySelector(".override input[type=radio]:checked");
    const comment = card.querySelector("[data-comment]").value.trim();
    for (const each of card.querySelectorAll("[data-accept], [data-override]")) each.disabled = true;
    const shown = [element("h4", {}, "Overridden: the card is put aside, the orders stay as they are")];
    await tell(card, button, shown, card.dataset.uuid ? "" : NO_UUID, { reason: reason ? JSON.parse(reason.value) : {}, comment });
  }

  async function tell(card, button, shown, missing, feedback) {
    const { asked, came } = lastCall();
    const did = card.querySelector(".did");
    did.replaceChildren(...shown);
    if (missing) {
      did.append(element("p", { class: "help" }, missing));
      return;
    }
    const { service, service_token } = asked;
    let complaint = "";
    const told = await busily(button, (line) => (complaint = line), () =>
      post("feedback", { service, service_token, service_id: came.service, card: card.dataset.uuid, ...feedback }),
    );
    did.append(told ? answered(told) : element("p", { class: "alert" }, `Feedback was not sent: ${complaint}`));
  }

  function answered(told) {
    return element(
      "details",
      { class: told.ok ? "told" : "told failed" },
      element("summary", {}, `Feedback sent. The service answered ${told.line.replace(/\.$/, "")}.`),
      element("p", { class: "address" }, `POST ${told.url}`),
      element("pre", {}, told.sent),
      told.received ? element("pre", {}, told.received) : "",
    );
  }
}
