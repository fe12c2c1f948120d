// What is to be called: the form, read and filled. The form itself is the state.

import { byId } from "./dom.js";

const FIELDS = ["service", "fhir", "user", "encounter", "profile"];

export const hookOf = () => document.querySelector("input[name=hook]:checked").value;

export const patientOf = () => document.querySelector("input[name=patient]:checked")?.value ?? "";

/** The two servers, as every endpoint takes them. */
export function places() {
  return {
    fhir: byId("fhir").value.trim(),
    token: byId("token").value,
    service: byId("service").value.trim(),
    service_token: byId("service-token").value,
  };
}

/** The whole call but its orders. */
export function callAsked() {
  return {
    ...places(),
    patient: patientOf(),
    hook: hookOf(),
    service_id: byId("service-id").value,
    user: byId("user").value.trim(),
    encounter: byId("encounter").value.trim(),
    prefetch: byId("prefetch").checked,
    profile: byId("profile").value,
  };
}

export function setHook(hook) {
  const radio = [...document.querySelectorAll("input[name=hook]")].find((each) => each.value === hook);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The set-up that a link may carry: never a patient, a token or an order's resource. */
export function setupOf() {
  const fields = Object.fromEntries(FIELDS.map((id) => [id, byId(id).value.trim()]));
  delete fields.encounter; // an encounter is a patient's
  return { ...fields, hook: hookOf(), service_id: byId("service-id").value, prefetch: byId("prefetch").checked ? "on" : "off" };
}

export function restoreSetup(setup) {
  for (const id of FIELDS) if (setup[id]) byId(id).value = setup[id];
  if (setup.prefetch) byId("prefetch").checked = setup.prefetch !== "off";
  if (setup.hook) setHook(setup.hook);
}
