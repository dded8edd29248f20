/** The address of what is on the screen, into the clipboard; says how it went. */
export const copyLink = (): Promise<string> => copyAddress(location.href);

/** An address, into the clipboard. */
export async function copyAddress(address: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(address);
    return "The link is in the clipboard.";
  } catch {
    return "This browser does not allow it: copy the address instead.";
  }
}
