// A plugin for Rolldown: long literals of nothing but data become JSON.parse("…"), of which an engine reads a string, ten times as
// fast as objects and lists, until it is wanted.

/** @param {RegExp} files @param {number} least characters of a literal that is worth it */
export function dataLiterals(files, least) {
  return {
    name: "data-literals",
    transform: {
      filter: { id: files },
      handler(code) {
        let made = "";
        let end = 0;
        for (const { node, value } of literals(this.parse(code), least)) {
          made += `${code.slice(end, node.start)}JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
          end = node.end;
        }
        return { code: made + code.slice(end) };
      },
    },
  };
}

/** The outermost ones, in the order of the code. */
function literals(node, least) {
  if (node === null || typeof node !== "object") return [];
  if (/^(Object|Array)Expression$/.test(node.type) && node.end - node.start >= least) {
    const value = dataOf(node);
    if (value !== undefined) return [{ node, value }];
  }
  return Object.values(node).flatMap((part) => literals(part, least));
}

/** What a literal stands for; undefined where it holds more than data, or a key twice. */
function dataOf(node) {
  switch (node.type) {
    case "Literal":
      return /^(string|number|boolean)$/.test(typeof node.value) ? node.value : undefined;
    case "ArrayExpression": {
      const values = node.elements.map((element) => element && dataOf(element));
      return values.every((value) => value !== undefined && value !== null) ? values : undefined;
    }
    case "ObjectExpression": {
      const entries = node.properties.map(({ type, key, value, computed, shorthand }) =>
        type === "Property" && !computed && !shorthand ? [key.name ?? key.value, dataOf(value)] : [],
      );
      const whole = entries.every(([name, value]) => name !== "__proto__" && value !== undefined);
      return whole ? Object.fromEntries(entries) : undefined;
    }
  }
}
