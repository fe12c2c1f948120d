// JSON as text with line numbers, each line marked where the validator found something.

import { element, scrolling } from "./dom.js";

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const COLOURED_LINES = 6000; // beyond this many the colours cost more than they tell
const SHOWN_LINES = 20000; // beyond this many a browser takes seconds: only the findings' surroundings are shown
const AROUND = 3;

/** Shows `text` in `region`; gives `jump(line)`, which shows and focuses a line. */
export function showJson(region, text, findings = []) {
  const lines = text.split("\n");
  const near = new Set(findings.flatMap(({ line }) => Array.from({ length: 2 * AROUND + 1 }, (_, at) => line - AROUND + at)));
  const marks = Map.groupBy ? Map.groupBy(findings, (each) => each.line) : grouped(findings);
  const coloured = lines.length <= COLOURED_LINES;
  const shown = [];
  for (const [at, line] of lines.entries()) {
    if (at < SHOWN_LINES || near.has(at + 1)) shown.push(...lineOf(line, at + 1, marks.get(at + 1) ?? [], coloured));
  }
  if (lines.length > SHOWN_LINES) {
    shown.push(element("p", { class: "help" }, `${lines.length} lines; from ${SHOWN_LINES} on, those around a finding.`));
  }
  const fragment = document.createDocumentFragment();
  for (const each of shown) fragment.append(each); // one by one: a call takes no hundred thousand arguments
  region.replaceChildren(fragment);
  return {
    jump(line) {
      const target = region.querySelector(`[data-line="${line}"]`);
      if (!target) return;
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: "center", behavior: scrolling() });
    },
  };
}

function grouped(findings) {
  const marks = new Map();
  for (const each of findings) marks.set(each.line, [...(marks.get(each.line) ?? []), each]);
  return marks;
}

function lineOf(line, number, marks, coloured) {
  const worst = ["error", "warning", "hint"].find((each) => marks.some((mark) => mark.severity === each));
  const code = element("code", {}, ...(coloured ? colours(line) : [line]));
  const shown = element("div", { class: worst ? `line ${worst}` : "line", "data-line": number }, code);
  const notes = marks.map((mark) =>
    element("div", { class: `note ${mark.severity}` }, element("b", {}, mark.severity), ` ${mark.message}`),
  );
  return [shown, ...notes];
}

function colours(line) {
  const parts = [];
  let done = 0;
  for (const found of line.matchAll(TOKEN)) {
    const [whole, string, colon] = found;
    const kind = string ? (colon ? "key" : "string") : "value";
    parts.push(line.slice(done, found.index), element("span", { class: kind }, string ?? whole), colon ?? "");
    done = found.index + whole.length;
  }
  return [...parts, line.slice(done)];
}
