/** A small project that `seqloss init` writes. */
export interface Template {
  readonly summary: string;
  /** What `npm start` does. Default trains, and writes the weights. */
  readonly does?: string;
  /** Scripts of package.json besides, or instead of, those that every project has. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Packages that it is built with, at the versions that this one uses. */
  readonly devDependencies?: readonly string[];
  /** What else git leaves out. */
  readonly ignored?: readonly string[];
  /** Lines of its README, after those on `src/data.ts` and `src/model.ts`. Default one on `src/main.ts`. */
  readonly more?: readonly string[];
  /** Contents by path, besides those that every project has. */
  readonly files: Readonly<Record<string, string>>;
}
