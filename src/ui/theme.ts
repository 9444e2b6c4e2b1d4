/** @file The visitor's choice of light or dark, kept in this browser. The colours themselves are in theme.css. */

export type Theme = "system" | "light" | "dark";

const KEY = "cat-lab.theme";

/** `system` when nothing, or nothing readable, was kept. */
export function savedTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system"; // storage is closed to this page: the choice lasts for the visit
  }
}

export function saveTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // as above
  }
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}
