// JSON as text with line numbers, each line marked where the validator found something.

import { element, scrolling } from "./dom.js";

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const COLOURED_LINES = 6000; // beyond this many the colours cost more than they tell

/** Shows `text` in `region`; gives `jump(line)`, which shows and focuses a line. */
export function showJson(region, text, findings = []) {
  const lines = text.split("\n");
  const marks = Map.groupBy ? Map.groupBy(findings, (each) => each.line) : grouped(findings);
  const coloured = lines.length <= COLOURED_LINES;
  const shown = lines.map((line, at) => lineOf(line, at + 1, marks.get(at + 1) ?? [], coloured));
  region.replaceChildren(...shown.flat());
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
