// Before the first paint: the theme that was chosen on this device, and whether the page stands inside another. It is a file of its own, for the page allows no inline script.
try {
  const theme = localStorage.getItem("seqloss.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage can be forbidden: then the system's theme
}
const asked = new URLSearchParams(location.search);
for (const name of ["embed", "present"]) {
  if (asked.has(name)) document.documentElement.dataset[name] = asked.get(name);
}
