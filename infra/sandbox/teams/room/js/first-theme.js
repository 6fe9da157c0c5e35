/** Runs before the first paint, so that a dark room never flashes white. The rest of the theme is in theme.js. */
{
  const kept = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem('room.theme');
  const dark = kept ? kept === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
