// Tabs by the ARIA pattern: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ (arrow keys move and show).

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Makes a tablist work; `shown(id)` is called with the tab's id whenever another panel comes up. */
export function makeTabs(list, shown = () => {}) {
  const tabs = [...list.querySelectorAll("[role=tab]")];

  function select(tab, focus = false) {
    for (const each of tabs) {
      const on = each === tab;
      each.setAttribute("aria-selected", String(on));
      each.tabIndex = on ? 0 : -1;
      document.getElementById(each.getAttribute("aria-controls")).hidden = !on;
    }
    if (focus) tab.focus();
    shown(tab.id);
  }

  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) select(tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target.closest("[role=tab]"));
    const ends = { Home: 0, End: tabs.length - 1 };
    const next = event.key in ends ? ends[event.key] : at + (STEPS[event.key] ?? 0);
    if (!(event.key in ends) && !(event.key in STEPS)) return;
    event.preventDefault();
    select(tabs[(next + tabs.length) % tabs.length], true);
  });
  return (id, focus = false) => select(document.getElementById(id), focus);
}
