// The validator's findings as a list; each leads to its line.

import { element } from "./dom.js";

export function showFindings(region, findings, view, none) {
  if (!findings.length) {
    region.replaceChildren(...(none ? [element("p", { class: "clean" }, none)] : []));
    return;
  }
  region.replaceChildren(
    element("h3", {}, counted(findings)),
    element("ol", { class: "findings" }, ...findings.map((each) => item(each, view))),
  );
}

/** "2 errors, 1 hint" */
export function counted(findings) {
  return ["error", "warning", "hint"]
    .map((severity) => [findings.filter((each) => each.severity === severity).length, severity])
    .filter(([count]) => count)
    .map(([count, severity]) => `${count} ${severity}${count > 1 ? "s" : ""}`)
    .join(", ");
}

function item(finding, view) {
  const place = finding.line ? `Line ${finding.line}:${finding.column}` : "The payload";
  const jump = element("button", { type: "button", class: "jump" }, place);
  jump.addEventListener("click", () => view.jump(finding.line));
  const link = element("a", { href: finding.url, target: "_blank", rel: "noopener noreferrer", title: finding.text }, finding.requirement);
  return element(
    "li",
    { class: finding.severity },
    jump,
    element(
      "div",
      {},
      element("p", {}, element("b", { class: "severity" }, finding.severity), ` ${finding.message}`),
      finding.fix ? element("p", { class: "fix" }, finding.fix) : "",
      element("p", { class: "help" }, element("code", {}, finding.pointer || "(whole document)"), ` ${finding.verb} `, link),
    ),
  );
}
