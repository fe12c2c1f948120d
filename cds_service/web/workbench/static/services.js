// Discovery: which services a CDS Hooks server lists, and which of them is called.

import { busily, post } from "./api.js";
import { hookOf, places, setHook } from "./call.js";
import { alertIn, byId, element } from "./dom.js";

const ANY = "the one that listens to the hook";

export function makeServices() {
  const choice = byId("service-id");
  let listed = [];
  let wanted = "";

  function fill() {
    const before = choice.value || wanted;
    const fitting = listed.filter((each) => each.hook === hookOf());
    const options = fitting.map((each) => element("option", { value: each.id }, `${each.title} (${each.id})`));
    if (fitting.length !== 1) options.unshift(element("option", { value: "" }, fitting.length ? "choose one" : ANY));
    choice.replaceChildren(...options);
    if (fitting.some((each) => each.id === before)) choice.value = before;
  }

  async function list() {
    const found = await busily(byId("list-services"), (line) => alertIn(byId("alert"), line), () => {
      const { service, service_token } = places();
      return post("services", { service, service_token });
    });
    listed = found?.services ?? [];
    fill();
    if (listed.length && !listed.some((each) => each.hook === hookOf())) setHook(listed[0].hook);
    const others = found?.others ? `; ${found.others} more for hooks that this page does not fire` : "";
    if (found) byId("service-help").textContent = `${listed.length} service${listed.length === 1 ? "" : "s"} listed${others}.`;
  }

  byId("list-services").addEventListener("click", list);
  byId("service").addEventListener("change", list);
  for (const each of document.querySelectorAll("input[name=hook]")) each.addEventListener("change", fill);
  return {
    list,
    /** The service that a shared link names, once it is listed. */
    want(id) {
      wanted = id;
    },
  };
}
