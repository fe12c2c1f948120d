// Validates a payload that is pasted, dropped or opened.

import { busily, post } from "./api.js";
import { alertIn, byId, say } from "./dom.js";
import { counted, showFindings, worst } from "./findings.js";
import { showJson } from "./json-view.js";

export function makeCheck() {
  const payload = byId("payload");
  const limit = Number(payload.dataset.maxBytes);
  const complain = (line) => alertIn(byId("check-alert"), line);

  async function check() {
    const asked = {
      text: payload.value,
      request: byId("against").value,
      kind: byId("kind").value,
      profile: byId("check-profile").value,
    };
    const report = await busily(byId("validate"), complain, () => post("validate", asked));
    byId("check-json").hidden = !report;
    if (!report) {
      say(byId("check-status"), "Not validated.");
      byId("check-findings").replaceChildren();
      return;
    }
    const { kind, findings } = report;
    const view = showJson(byId("check-json"), asked.text, worst(findings));
    showFindings(byId("check-findings"), findings, view, "");
    say(byId("check-status"), findings.length ? `Read as ${kind}: ${counted(findings)}.` : `Read as ${kind}: no findings.`);
  }

  async function open(file) {
    if (!file) return;
    if (file.size > limit) {
      complain(`The file has ${file.size} bytes; this page takes ${limit}. cds-service validate takes larger ones.`);
      return;
    }
    payload.value = await file.text();
    check();
  }

  byId("check").addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  byId("file").addEventListener("change", (event) => {
    open(event.target.files[0]);
    event.target.value = ""; // the same file may be opened again after a change
  });
  const view = byId("view-validate");
  for (const name of ["dragover", "drop"]) {
    view.addEventListener(name, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      if (name === "drop") open(event.dataTransfer.files[0]);
    });
  }
}
