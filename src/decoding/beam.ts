import { logAdd } from "../core/numeric.js";
import { BestCandidates } from "./bestCandidates.js";
import type { Reading } from "./greedy.js";
import { endLogProbability, type LabelsModel, type LanguageModel, nextLogProbability } from "./languageModel.js";
import { PrefixTrie } from "./prefixTrie.js";

const NOTHING = Number.NEGATIVE_INFINITY;
const STAYS = -1;
const NOWHERE = -1;

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
  readonly languageModel: LanguageModel | undefined;
  readonly finish: LabelsModel | undefined;
  readonly languageWeight: number;
  readonly labelBonus: number;
}

/** The prefixes of a beam, best first, each with ln of the probability of its alignments so far, by their last symbol. */
class Prefixes {
  readonly node: Int32Array;
  readonly endsInBlank: Float64Array;
  readonly endsInLabel: Float64Array;
  /** logAdd of the two. */
  readonly total: Float64Array;
  /** What they are ranked by: the total, and what the language model and the label bonus add. */
  readonly rank: Float64Array;
  size = 0;

  constructor(width: number) {
    this.node = new Int32Array(width);
    this.endsInBlank = new Float64Array(width);
    this.endsInLabel = new Float64Array(width);
    this.total = new Float64Array(width);
    this.rank = new Float64Array(width);
  }

  push(node: number, endsInBlank: number, endsInLabel: number, rank: number): void {
    const at = this.size++;
    this.node[at] = node;
    this.endsInBlank[at] = endsInBlank;
    this.endsInLabel[at] = endsInLabel;
    this.total[at] = logAdd(endsInBlank, endsInLabel);
    this.rank[at] = rank;
  }
}

/** The state of a prefix beam search over one sequence after another: `start`, a `step` for each frame, `readings`. */
export class Beam {
  private trie = new PrefixTrie();
  private live: Prefixes;
  private next: Prefixes;
  private readonly best: BestCandidates;
  /** Each live prefix one frame on, where it stays what it is. */
  private readonly stayed: { readonly blank: Float64Array; readonly label: Float64Array };
  /** The live prefixes by their last label: the first of each list, and what follows each. */
  private readonly withLabel: Int32Array;
  private readonly following: Int32Array;
  /** The last label whose extension of a prefix is in the beam already. */
  private readonly taken: Int32Array;
  private readonly likeliest: BestCandidates;

  constructor(
    private readonly classes: number,
    private readonly blank: number,
    private readonly settings: BeamSettings,
  ) {
    const { width, maxClasses } = settings;
    this.live = new Prefixes(width);
    this.next = new Prefixes(width);
    this.best = new BestCandidates(width);
    this.stayed = { blank: new Float64Array(width), label: new Float64Array(width) };
    this.withLabel = new Int32Array(classes).fill(NOWHERE);
    this.following = new Int32Array(width);
    this.taken = new Int32Array(width);
    this.likeliest = new BestCandidates(Math.min(maxClasses, classes));
  }

  start(): void {
    this.trie = new PrefixTrie();
    this.trie.bonus[PrefixTrie.ROOT] = 0;
    this.trie.slot[PrefixTrie.ROOT] = 0;
    this.live.size = 0;
    this.live.push(PrefixTrie.ROOT, 0, NOTHING, 0); // before the first frame: as if after a blank
  }

  /** Goes one frame on. `logProbs` [V] */
  step(logProbs: Float64Array): void {
    this.best.clear();
    this.stay(logProbs);
    this.linkByLastLabel();
    const lowest = this.lowestExtension(logProbs);
    for (let k = 0; k < this.classes; k++) {
      if (k !== this.blank && logProbs[k] >= lowest) this.extend(k, logProbs[k]);
    }
    this.unlink();
    this.select(logProbs);
  }

  /** The labels of the beam, best first. */
  readings(): BeamReading[] {
    const { trie, live, settings } = this;
    const found = Array.from({ length: live.size }, (_, i) => {
      const labels = trie.labels(live.node[i]);
      const score = live.rank[i] + settings.languageWeight * endLogProbability(settings.finish, labels);
      return { labels, logProbability: live.total[i], score };
    });
    if (found.length === 0) return [{ labels: [], logProbability: NOTHING, score: NOTHING }];
    return found.sort((a, b) => (a.score === b.score ? compareLabels(a.labels, b.labels) : a.score < b.score ? 1 : -1));
  }

  /**
   * Prefixes that stay what they are: by a blank, by their last label again, or because their parent, itself in the beam, is
   * extended by their last label.
   */
  private stay(logProbs: Float64Array): void {
    const { trie, live, stayed, best } = this;
    for (let i = 0; i < live.size; i++) {
      const node = live.node[i];
      stayed.blank[i] = live.total[i] + logProbs[this.blank];
      stayed.label[i] = NOTHING;
      if (node !== PrefixTrie.ROOT) {
        const last = trie.label[node];
        const parent = trie.slot[trie.parent[node]];
        const fromParent = parent === NOWHERE ? NOTHING : this.extendable(parent, last);
        stayed.label[i] = logAdd(live.endsInLabel[i], fromParent) + logProbs[last];
      }
      best.offer(logAdd(stayed.blank[i], stayed.label[i]) + this.bonusOf(node), i, STAYS);
    }
  }

  /** Offers every live prefix with `label` appended, unless that is in the beam already. */
  private extend(label: number, logProb: number): void {
    const { live, best, trie, settings } = this;
    for (let i = this.withLabel[label]; i !== NOWHERE; i = this.following[i]) {
      const parent = trie.slot[trie.parent[live.node[i]]];
      if (parent !== NOWHERE) this.taken[parent] = label;
    }
    for (let i = 0; i < live.size; i++) {
      // Best first, and a language model only takes away: where this prefix falls short, so do all after it.
      if (live.rank[i] + logProb + settings.labelBonus <= best.floor) return;
      if (this.taken[i] === label) continue;
      const mass = this.extendable(i, label) + logProb;
      if (mass === NOTHING) continue;
      best.offer(mass + this.bonusOfExtension(live.node[i], label), i, label);
    }
  }

  /** ln of the probability of the alignments of a prefix that `label` extends: after the same label only those that end in a blank. */
  private extendable(i: number, label: number): number {
    const { live, trie } = this;
    return trie.label[live.node[i]] === label ? live.endsInBlank[i] : live.total[i];
  }

  /** Makes the best candidates the live prefixes. */
  private select(logProbs: Float64Array): void {
    const { trie, live, next, best, stayed, settings } = this;
    best.sort();
    next.size = 0;
    for (let c = 0; c < best.size && best.rank[c] >= best.rank[0] - settings.beamThreshold; c++) {
      const i = best.slot[c];
      const label = best.label[c];
      if (label === STAYS) next.push(live.node[i], stayed.blank[i], stayed.label[i], best.rank[c]);
      else {
        const mass = this.extendable(i, label) + logProbs[label];
        next.push(trie.child(live.node[i], label), NOTHING, mass, best.rank[c]);
      }
    }
    for (let i = 0; i < live.size; i++) trie.slot[live.node[i]] = NOWHERE;
    for (let i = 0; i < next.size; i++) trie.slot[next.node[i]] = i;
    this.live = next;
    this.next = live;
  }

  /** The log-probability that a class needs in this frame to extend prefixes. */
  private lowestExtension(logProbs: Float64Array): number {
    const { maxClasses, lowestLogProb } = this.settings;
    if (maxClasses >= this.classes) return lowestLogProb;
    this.likeliest.clear();
    for (let k = 0; k < this.classes; k++) this.likeliest.offer(logProbs[k], k, STAYS);
    return Math.max(lowestLogProb, this.likeliest.floor);
  }

  private linkByLastLabel(): void {
    const { trie, live, withLabel, following } = this;
    this.taken.fill(NOWHERE, 0, live.size);
    for (let i = 0; i < live.size; i++) {
      const label = trie.label[live.node[i]];
      if (label === NOWHERE) continue;
      following[i] = withLabel[label];
      withLabel[label] = i;
    }
  }

  private unlink(): void {
    const { trie, live, withLabel } = this;
    for (let i = 0; i < live.size; i++) {
      const label = trie.label[live.node[i]];
      if (label !== NOWHERE) withLabel[label] = NOWHERE;
    }
  }

  /** What the language model and the label bonus add to a prefix's score. */
  private bonusOf(node: number): number {
    const { languageModel, labelBonus } = this.settings;
    return languageModel === undefined ? labelBonus * this.trie.depth[node] : this.trie.bonus[node];
  }

  private bonusOfExtension(node: number, label: number): number {
    const { trie, settings } = this;
    const { languageModel, languageWeight, labelBonus } = settings;
    if (languageModel === undefined) return labelBonus * (trie.depth[node] + 1);
    const child = trie.child(node, label);
    if (Number.isNaN(trie.bonus[child])) {
      const score = nextLogProbability(languageModel, trie.labels(node), label);
      trie.bonus[child] = trie.bonus[node] + languageWeight * score + labelBonus;
    }
    return trie.bonus[child];
  }
}

function compareLabels(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const differs = a.findIndex((label, u) => label !== b[u]);
  return differs === -1 ? 0 : a[differs] - b[differs];
}
