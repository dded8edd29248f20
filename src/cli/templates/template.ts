/** A small project that `seqloss init` writes. */
export interface Template {
  readonly summary: string;
  /** Contents by path, besides those that every project has. */
  readonly files: Readonly<Record<string, string>>;
}
