// The validator's findings as a list; each leads to its line.

import { element } from "./dom.js";

const SEVERITIES = ["error", "warning", "hint"];
const LISTED = 300;

/** The findings worth a place on the page: all, or of very many the worst, in their order. */
export function worst(findings) {
  if (findings.length <= LISTED) return findings;
  const graded = SEVERITIES.flatMap((severity) => findings.filter((each) => each.severity === severity));
  const kept = new Set(graded.slice(0, LISTED));
  return findings.filter((each) => kept.has(each));
}

/** Lists `findings` in `region`; `none` is said where there are none. */
export function showFindings(region, findings, view, none) {
  if (!findings.length) {
    region.replaceChildren(...(none ? [element("p", { class: "clean" }, none)] : []));
    return;
  }
  region.replaceChildren(
    element("h3", {}, counted(findings)),
    element("ol", { class: "findings" }, ...worst(findings).map((each) => item(each, view))),
    findings.length > LISTED ? element("p", { class: "help" }, `The worst ${LISTED} of ${findings.length} are listed.`) : "",
  );
}

/** "2 errors, 1 hint" */
export function counted(findings) {
  return SEVERITIES
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
