import { describe, expect, it } from "vitest";
import { Random } from "../core/random.js";
import { PrefixTrie } from "./prefixTrie.js";

describe("PrefixTrie", () => {
  it("gives every sequence one node for good, also once it has grown", () => {
    const trie = new PrefixTrie();
    const random = new Random(4);
    const nodes = new Map<string, number>();
    const sequences = Array.from({ length: 3000 }, () =>
      Array.from({ length: 1 + random.integer(3) }, () => random.integer(40)),
    );
    const nodeOf = (labels: readonly number[]) =>
      labels.reduce((node, label) => trie.child(node, label), PrefixTrie.ROOT as number);
    for (const labels of sequences) {
      const node = nodeOf(labels);
      expect(nodes.get(labels.join()) ?? node).toBe(node);
      nodes.set(labels.join(), node);
      expect(trie.labels(node)).toEqual(labels);
    }
    expect(nodes.size).toBeGreaterThan(1024);
    expect(new Set(nodes.values()).size).toBe(nodes.size);
    for (const labels of sequences) expect(nodeOf(labels)).toBe(nodes.get(labels.join()));
  });

  it("starts with the empty sequence", () => {
    const trie = new PrefixTrie();
    expect(trie.labels(PrefixTrie.ROOT)).toEqual([]);
    const node = trie.child(PrefixTrie.ROOT, 7);
    expect([trie.parent[node], trie.label[node], trie.depth[node], trie.slot[node]]).toEqual([0, 7, 1, -1]);
  });
});
