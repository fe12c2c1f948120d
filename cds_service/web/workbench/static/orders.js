// The draft orders of the page: what the clinician is ordering, and what an accepted suggestion does to it.

import { hookOf } from "./call.js";
import { byId, element, say } from "./dom.js";

const nameOf = (resource) =>
  resource.medicationCodeableConcept?.text ??
  resource.medicationCodeableConcept?.coding?.[0]?.display ??
  resource.code?.text ??
  resource.code?.coding?.[0]?.display ??
  resource.resourceType;

const keyOf = (resource) => `${resource.resourceType}/${resource.id}`;

export function makeOrders() {
  let orders = []; // {drug, resource or null, selected, suggested}
  let sent = []; // the orders of the call under way, or of the last one
  let made = 0;

  function show() {
    const selecting = hookOf() === "order-select";
    byId("orders-part").hidden = hookOf() === "patient-view";
    byId("orders").replaceChildren(...orders.map((order) => row(order, selecting)));
  }

  function row(order, selecting) {
    const name = order.resource ? nameOf(order.resource) : order.drug;
    const tick = element("input", { type: "checkbox", "aria-label": `${name} is selected`, disabled: !selecting });
    tick.checked = order.selected || !selecting;
    tick.addEventListener("change", () => (order.selected = tick.checked));
    const remove = element("button", { type: "button", class: "quiet", "aria-label": `Remove ${name}` }, "Remove");
    remove.addEventListener("click", () => {
      orders = orders.filter((each) => each !== order);
      show();
      say(byId("orders-said"), `${name} removed`);
      byId("drug").focus();
    });
    const status = order.resource ? `${order.resource.status ?? ""} ${keyOf(order.resource)}` : "draft";
    return element("li", {}, tick, element("span", {}, element("b", {}, name), element("small", {}, status)), remove);
  }

  function add() {
    const drug = byId("drug").value.trim();
    if (!drug) return;
    orders.push({ drug, resource: null, selected: true });
    byId("drug").value = "";
    show();
    say(byId("orders-said"), `${drug} added`);
  }

  /** Does to the drafts what one action of a suggestion asks; gives what an EHR would say it did. */
  function apply(action) {
    const resource = action.resource;
    const key = action.type === "delete" ? action.resourceId : resource && keyOf(resource);
    const at = orders.findIndex(({ resource: held }) => held && (keyOf(held) === key || held.id === key));
    if (action.type === "delete" && key) {
      if (at >= 0) orders.splice(at, 1);
      return at >= 0 ? `Draft ${key} is removed` : `${key} in the chart would be deleted`;
    }
    if (action.type === "update" && resource) {
      const changed = { drug: "", resource, selected: true, suggested: true };
      if (at >= 0) orders[at] = { ...changed, selected: orders[at].selected };
      else orders.push(changed);
      return `${at >= 0 ? "Draft" : "In the chart, to be signed:"} ${key} becomes ${resource.status ?? "as suggested"}`;
    }
    if (action.type === "create" && resource) {
      const draft = { ...resource, id: `suggested-${(made += 1)}` };
      orders.push({ drug: "", resource: draft, selected: true, suggested: true });
      return `New draft ${keyOf(draft)}: ${nameOf(draft)}`;
    }
    return `An EHR could not do this action (${action.type ?? "no type"})`;
  }

  byId("add-order").addEventListener("click", add);
  byId("drug").addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    }
  });
  for (const each of document.querySelectorAll("input[name=hook]")) each.addEventListener("change", show);
  show();

  return {
    asked() {
      sent = [...orders];
      return orders.map(({ drug, resource, selected }) => ({ drug, resource, selected }));
    },
    drugs: () => orders.filter((each) => !each.suggested && each.drug).map((each) => each.drug),
    replace(given) {
      orders = given.map(({ drug = "", resource = null, selected = true }) => ({ drug, resource, selected }));
      show();
    },
    /** Takes over the resources as they were sent: what a suggestion updates or deletes is one of these. */
    sent(bundle) {
      bundle?.entry?.forEach(({ resource }, at) => sent[at] && (sent[at].resource = resource));
      show();
    },
    accept(actions) {
      const done = actions.map(apply);
      show();
      return done;
    },
    /** Orders belong to one patient: only the drugs typed here stay, to be drafted anew. */
    forAnotherPatient() {
      orders = orders.filter((each) => each.drug && !each.suggested).map((each) => ({ ...each, resource: null }));
      show();
    },
  };
}
