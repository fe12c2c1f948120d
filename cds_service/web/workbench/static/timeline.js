// The neutrophil timeline of the chosen patient: drawn by the server, told aloud point by point here.

import { busily, post } from "./api.js";
import { patientOf, places } from "./call.js";
import { alertIn, byId, element, fromServer, say } from "./dom.js";

const NOBODY = "Choose a patient to see the neutrophil counts over time.";

export function makeTimeline() {
  const panel = byId("panel-timeline");
  let up = false;
  let drawn = "";
  let drawing = new AbortController();

  async function draw(scale = "log") {
    const patient = patientOf();
    if (!patient) return;
    const { fhir, token } = places();
    drawn = patient;
    // Whoever chooses another patient, or axis, does not want the drawing that is still under way.
    drawing.abort();
    drawing = new AbortController();
    const { signal } = drawing;
    const complain = (line) => alertIn(byId("alert"), line);
    const came = await busily(panel, complain, () => post("timeline", { fhir, token, patient, scale }, signal));
    if (signal.aborted) return;
    if (came) panel.replaceChildren(...fromServer(came.html));
    else drawn = "";
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
      drawing.abort();
      panel.replaceChildren(element("p", { class: "empty" }, NOBODY));
      drawn = "";
      if (up) draw();
    },
  };
}
