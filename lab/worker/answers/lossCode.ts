// The same computation as code to copy, with this library.

export const json = (value: unknown): string => JSON.stringify(value).replaceAll(",", ", ");

export function typescriptCode(
  name: string,
  outputs: unknown,
  targets: unknown,
  options: Readonly<Record<string, unknown>>,
): string {
  const given = Object.entries(options)
    .map(([option, value]) => `${option}: ${json(value)}`)
    .join(", ");
  return [
    `import { ${name} } from "seqloss";`,
    "",
    `const outputs = ${json(outputs)};`,
    `const targets = ${json(targets)};`,
    `const { value, grad } = ${name}(outputs, targets${given === "" ? "" : `, { ${given} }`});`,
  ].join("\n");
}
