// The neutrophil timeline of the chosen patient: drawn by the server, told aloud point by point here.

import { busily, post } from "./api.js";
import { patientOf, places } from "./call.js";
import { alertIn, byId, fromServer, say } from "./dom.js";

export function makeTimeline() {
  const panel = byId("panel-timeline");
  let up = false;
  let drawn = "";

  async function draw(scale = "log") {
    const patient = patientOf();
    if (!patient) return;
    const { fhir, token } = places();
    drawn = patient;
    const complain = (line) => alertIn(byId("alert"), line);
    const came = await busily(panel, complain, () => post("timeline", { fhir, token, patient, scale }));
    if (came && patientOf() === patient) panel.replaceChildren(...fromServer(came.html));
    if (!came) drawn = "";
  }

  const tell = (event) => {
    const mark = event.target.closest("[data-label], [aria-label]");
    const region = panel.querySelector("#point-said");
    if (mark && region && mark.closest("svg") && mark.localName !== "svg") {
      say(region, mark.dataset.label ?? mark.getAttribute("aria-label"));
    }
  };
  panel.addEventListener("pointerover", tell);
  panel.addEventListener("focusin", tell);
  panel.addEventListener("change", (event) => {
    if (event.target.name === "scale") draw(event.target.value);
  });

  return {
    shown(on) {
      up = on;
      if (up && drawn !== patientOf()) draw();
    },
    patientChanged() {
      panel.replaceChildren();
      drawn = "";
      if (up) draw();
    },
  };
}
