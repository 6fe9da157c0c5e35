/** @typedef {'light' | 'dark'} Theme */

const KEY = 'room.theme';

/** What was chosen here before, or else what the system prefers. @returns {Theme} */
export function chosenTheme() {
  const asked = new URLSearchParams(location.search).get('theme');
  const kept = asked ?? localStorage.getItem(KEY);
  if (kept === 'light' || kept === 'dark') return kept;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** @param {Theme} theme */
export function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
  // The house's own pictures are there for each theme, at addresses that differ by that word only.
  for (const image of document.images)
    if (image.src.includes('/pictures/'))
      image.src = image.src.replace(/\/pictures\/(light|dark)\//, `/pictures/${theme}/`);
  document.dispatchEvent(new CustomEvent('room:theme', { detail: theme }));
}

/** @param {Theme} theme */
export function keepTheme(theme) {
  localStorage.setItem(KEY, theme);
  applyTheme(theme);
}

/** @returns {Theme} */
export const currentTheme = () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');
