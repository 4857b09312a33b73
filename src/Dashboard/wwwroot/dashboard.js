// The only script of ours: remembers the theme, and tells which one the system prefers.
window.etlTheme = {
  live: () => { document.documentElement.dataset.live = "yes"; },
  get: () => localStorage.getItem("etl-theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  set: theme => { localStorage.setItem("etl-theme", theme); document.documentElement.dataset.theme = theme; },
};
document.documentElement.dataset.theme = window.etlTheme.get();
window.etlWidth = () => window.innerWidth;
