import { BestCandidates } from "./bestCandidates.js";
import type { Reading } from "./greedy.js";
import { LivePrefixes } from "./livePrefixes.js";
import { quickLogAdd } from "./logAddTable.js";
import type { PrefixModel } from "./prefixModel.js";
import { PrefixTrie } from "./prefixTrie.js";

const NOTHING = Number.NEGATIVE_INFINITY;
const { NONE } = PrefixTrie;

/**
 * What a sequence may be read as, its score being logProbability + languageWeight · ln P(labels) by the language model +
 * labelBonus · |labels|.
 */
export interface BeamReading extends Reading {
  /** ln of the probability of the labels given the frames, summed over every alignment that stayed in the beam: a lower bound, exact where nothing was pruned. */
  readonly logProbability: number;
}

export interface BeamSettings {
  readonly width: number;
  readonly maxClasses: number;
  readonly lowestLogProb: number;
  readonly beamThreshold: number;
  /** What is added to the score of a prefix; absent where that is the label bonus alone. */
  readonly model: PrefixModel | undefined;
  readonly labelBonus: number;
}

/** The state of a prefix beam search over one sequence after another: `start`, a `step` for each frame, `readings`. */
export class Beam {
  private readonly trie = new PrefixTrie();
  private live: LivePrefixes;
  private next: LivePrefixes;
  /** Candidates by id: a prefix that stays is its slot; one that label k extends is slot + width · (k + 1). */
  private readonly best: BestCandidates;
  private readonly width: number;
  /** Each live prefix one frame on, where it stays what it is. */
  private readonly stayed: Record<"blank" | "label" | "total", Float64Array>;
  /** The live prefixes by their parent, itself live: the first of each list, and what follows each. */
  private readonly firstChild: Int32Array;
  private readonly nextChild: Int32Array;
  /** The last prefix whose extension by a label is in the beam already. */
  private readonly taken: Int32Array;
  /** The labels that may extend a prefix, in order. */
  private readonly open: Int32Array;
  private readonly likeliest: BestCandidates;

  constructor(
    private readonly classes: number,
    private readonly blank: number,
    private readonly settings: BeamSettings,
  ) {
    const { width, maxClasses } = settings;
    this.width = width;
    this.live = new LivePrefixes(width);
    this.next = new LivePrefixes(width);
    this.best = new BestCandidates(width);
    const list = () => new Float64Array(width);
    this.stayed = { blank: list(), label: list(), total: list() };
    this.firstChild = new Int32Array(width);
    this.nextChild = new Int32Array(width);
    this.taken = new Int32Array(classes);
    this.open = new Int32Array(classes);
    this.likeliest = new BestCandidates(Math.min(maxClasses, classes));
  }

  start(): void {
    this.trie.clear();
    this.trie.bonus[PrefixTrie.ROOT] = 0;
    this.trie.slot[PrefixTrie.ROOT] = 0;
    this.live.start();
    this.settings.model?.start();
  }

  /** Goes one frame on. `logProbs` [V] */
  step(logProbs: Float64Array): void {
    this.best.clear();
    this.stay(logProbs);
    this.best.trim();
    this.extend(logProbs);
    this.select(logProbs);
  }

  /** The best labels of the beam, at most `top`, best first. */
  readings(top: number): BeamReading[] {
    const { trie, live, settings } = this;
    if (live.size === 0) return [{ labels: [], logProbability: NOTHING, score: NOTHING }];
    // without more to add, the live prefixes are in order already, but for ties
    const lowest = settings.model === undefined ? live.rank[Math.min(top, live.size) - 1] : NOTHING;
    const found: BeamReading[] = [];
    for (let i = 0; i < live.size && live.rank[i] >= lowest; i++) {
      const labels = trie.labels(live.node[i]);
      const score = live.rank[i] + (settings.model?.end(trie, live.node[i]) ?? 0);
      found.push({ labels, logProbability: live.total[i], score });
    }
    found.sort((a, b) => (a.score === b.score ? compareLabels(a.labels, b.labels) : a.score < b.score ? 1 : -1));
    return found.slice(0, top);
  }

  /**
   * Prefixes that stay what they are: by a blank, by their last label again, or because their parent, itself in the beam, is
   * extended by their last label.
   */
  private stay(logProbs: Float64Array): void {
    const { trie, live, stayed, best, firstChild, nextChild } = this;
    const blank = logProbs[this.blank];
    firstChild.fill(NONE, 0, live.size);
    for (let i = 0; i < live.size; i++) {
      const node = live.node[i];
      const byBlank = live.total[i] + blank;
      let byLabel = NOTHING;
      if (node !== PrefixTrie.ROOT) {
        const last = live.last[i];
        const parent = trie.slot[trie.parent[node]];
        byLabel = live.endsInLabel[i];
        if (parent !== NONE) {
          nextChild[i] = firstChild[parent];
          firstChild[parent] = i;
          byLabel = quickLogAdd(byLabel, this.extendable(parent, last));
        }
        byLabel += logProbs[last];
      }
      stayed.blank[i] = byBlank;
      stayed.label[i] = byLabel;
      stayed.total[i] = quickLogAdd(byBlank, byLabel);
      best.offer(stayed.total[i] + this.bonusOf(node), i);
    }
  }

  /** Offers every live prefix with a label appended, unless that is in the beam already. */
  private extend(logProbs: Float64Array): void {
    const { trie, live, best, open, taken, width } = this;
    const { model, labelBonus } = this.settings;
    const gain = model === undefined ? labelBonus : model.mostGain;
    let size = this.openLabels(logProbs);
    taken.fill(NONE);
    for (let i = 0; i < live.size && size > 0; i++) {
      for (let c = this.firstChild[i]; c !== NONE; c = this.nextChild[c]) taken[live.last[c]] = i;
      const node = live.node[i];
      const most = live.rank[i] + gain;
      const plain = labelBonus * (trie.depth[node] + 1);
      let kept = 0;
      for (let j = 0; j < size; j++) {
        const label = open[j];
        // Best first, and no model adds more than its most: a label that falls short here does so after every later prefix.
        if (most + logProbs[label] < best.floor) continue;
        open[kept++] = label;
        if (taken[label] === i) continue;
        const mass = this.extendable(i, label) + logProbs[label];
        if (mass === NOTHING) continue;
        const bonus = model === undefined ? plain : this.bonusByModel(model, node, label);
        best.offer(mass + bonus, i + width * (label + 1));
      }
      size = kept;
    }
  }

  /** ln of the probability of the alignments of a prefix that `label` extends: after the same label only those that end in a blank. */
  private extendable(i: number, label: number): number {
    const { live } = this;
    return live.last[i] === label ? live.endsInBlank[i] : live.total[i];
  }

  /** Makes the best candidates the live prefixes. */
  private select(logProbs: Float64Array): void {
    const { trie, live, next, best, stayed, settings, width } = this;
    best.sort();
    next.size = 0;
    for (let c = 0; c < best.size && best.rank[c] >= best.rank[0] - settings.beamThreshold; c++) {
      const id = best.id[c];
      if (id < width) {
        next.push(live.node[id], live.last[id], stayed.blank[id], stayed.label[id], stayed.total[id], best.rank[c]);
      } else {
        const label = Math.floor(id / width) - 1;
        const i = id - width * (label + 1);
        const mass = this.extendable(i, label) + logProbs[label];
        next.push(trie.child(live.node[i], label), label, NOTHING, mass, mass, best.rank[c]);
      }
    }
    for (let i = 0; i < live.size; i++) trie.slot[live.node[i]] = NONE;
    for (let i = 0; i < next.size; i++) trie.slot[next.node[i]] = i;
    this.live = next;
    this.next = live;
  }

  /** Lists the labels likely enough in this frame to extend prefixes, in order; returns how many. */
  private openLabels(logProbs: Float64Array): number {
    const lowest = this.lowestExtension(logProbs);
    let size = 0;
    for (let k = 0; k < this.classes; k++) if (k !== this.blank && logProbs[k] >= lowest) this.open[size++] = k;
    return size;
  }

  /** The log-probability that a class needs in this frame to extend prefixes. */
  private lowestExtension(logProbs: Float64Array): number {
    const { maxClasses, lowestLogProb } = this.settings;
    if (maxClasses >= this.classes) return lowestLogProb;
    this.likeliest.clear();
    for (let k = 0; k < this.classes; k++) this.likeliest.offer(logProbs[k], k);
    this.likeliest.trim();
    return Math.max(lowestLogProb, this.likeliest.floor);
  }

  /** What the language model and the label bonus add to a prefix's score. */
  private bonusOf(node: number): number {
    const { model, labelBonus } = this.settings;
    return model === undefined ? labelBonus * this.trie.depth[node] : this.trie.bonus[node];
  }

  private bonusByModel(model: PrefixModel, node: number, label: number): number {
    const { trie } = this;
    const child = trie.child(node, label);
    if (Number.isNaN(trie.bonus[child])) trie.bonus[child] = model.bonus(trie, node, child);
    return trie.bonus[child];
  }
}

function compareLabels(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const differs = a.findIndex((label, u) => label !== b[u]);
  return differs === -1 ? 0 : a[differs] - b[differs];
}
