// The patients of the FHIR server, to choose one.

import { busily, post } from "./api.js";
import { patientOf, places, setHook } from "./call.js";
import { alertIn, byId, fromServer, say } from "./dom.js";

/** `chosen()` is called whenever another patient is chosen, or none is any more. */
export function makePatients(orders, chosen) {
  const list = byId("patients");
  const button = byId("find-patients");
  let from = ""; // the server of those listed
  const complain = (line) => alertIn(byId("alert"), line);

  async function find() {
    const { fhir, token } = places();
    const found = await busily(button, complain, () => post("patients", { fhir, token, search: byId("search").value }));
    if (!found) {
      if (fhir !== from) forget();
      return;
    }
    const before = patientOf();
    list.replaceChildren(...fromServer(found.html));
    list.scrollTop = 0;
    say(byId("patients-said"), `${found.count} patient${found.count === 1 ? "" : "s"}`);
    const same = fhir === from && [...list.querySelectorAll("input")].find((each) => each.value === before);
    from = fhir;
    if (same) same.checked = true;
    else change();
  }

  /** Patients of one server are nobody on another. */
  function forget() {
    from = "";
    list.replaceChildren();
    say(byId("patients-said"), "");
    change();
  }

  function change() {
    byId("use-story").hidden = !list.querySelector("input:checked")?.dataset.story;
    orders.forAnotherPatient();
    chosen();
  }

  async function useStory() {
    const name = list.querySelector("input:checked").dataset.story;
    const story = await busily(byId("use-story"), complain, () => post("story", { story: name }));
    if (!story) return;
    setHook(story.hook);
    byId("user").value = story.user;
    orders.replace(story.orders);
  }

  // Stories are known by title here and by name on no server: what is listed already is narrowed at once.
  function narrow() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const each of list.querySelectorAll(".person")) {
      each.hidden = !words.every((word) => each.textContent.toLowerCase().includes(word));
      left += each.hidden ? 0 : 1;
    }
    say(byId("patients-said"), `${left} of those listed`);
  }

  button.addEventListener("click", find);
  byId("fhir").addEventListener("change", find);
  byId("use-story").addEventListener("click", useStory);
  byId("search").addEventListener("input", narrow);
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault(); // Enter searches the server; it does not fire the hook
      find();
    }
  });
  list.addEventListener("change", change);
  return { find };
}
