/** The address of what is on the screen, into the clipboard. */
export async function copyLink(): Promise<void> {
  await navigator.clipboard.writeText(location.href);
}
