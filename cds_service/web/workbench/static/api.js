// The workbench's own endpoints. Bodies hold the patient and the token, so everything is a POST and nothing a URL.

export class Refused extends Error {}

/** Posts JSON to an endpoint and gives its JSON; Refused, with one plain line, for everything else. */
export async function post(name, body, signal) {
  let answer;
  try {
    answer = await fetch(`/workbench/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      redirect: "error",
      signal,
    });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Refused("The workbench's own server does not answer. Is it still running?");
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said) return said;
  const issues = said?.issue ?? [];
  throw new Refused(issues.map((each) => each.diagnostics).filter(Boolean).join(" ") || `HTTP ${answer.status}`);
}

/**
 * Runs `work` with the element busy; shows what goes wrong by `complain`. Gives undefined after an error.
 * A second press of a button that is busy does nothing.
 */
export async function busily(button, complain, work) {
  if (button.localName === "button" && button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  complain("");
  try {
    return await work();
  } catch (fault) {
    if (fault.name !== "AbortError") complain(fault instanceof Refused ? fault.message : `The page failed: ${fault.message}`);
    return undefined;
  } finally {
    button.removeAttribute("aria-busy");
  }
}
