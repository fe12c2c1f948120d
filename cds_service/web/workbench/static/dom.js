// The few things every part of the page needs of the document.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; a child that is text stays text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((each) => each !== "" && each !== undefined));
  return made;
}

/** HTML that our own server rendered and escaped, as nodes. Nothing else may be passed here. */
export function fromServer(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}

/** Says one line in a live region; the same line again is said again. */
export function say(region, line) {
  region.textContent = "";
  region.textContent = line;
}

/** Shows an error in an element with role=alert; an empty line takes it away. */
export function alertIn(region, line) {
  region.replaceChildren(...(line ? [element("p", { class: "alert" }, line)] : []));
}

/** Smooth only for readers who did not ask for less motion. */
export const scrolling = () =>
  matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
