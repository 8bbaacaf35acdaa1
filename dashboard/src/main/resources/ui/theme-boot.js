// A classic script that blocks on purpose: the chosen theme must stand before the first paint.
{
  let chosen = null;
  try {
    chosen = localStorage.getItem("collapsewatch-theme");
  } catch {
    // Storage may be forbidden; then the system's preference holds.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
