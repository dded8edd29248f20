/** The address of what is on the screen, into the clipboard; says how it went. */
export async function copyLink(): Promise<string> {
  try {
    await navigator.clipboard.writeText(location.href);
    return "The link is in the clipboard.";
  } catch {
    return "This browser does not allow it: copy the address instead.";
  }
}
