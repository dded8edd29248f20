import type { TargetKind, TaskFacts } from "./facts.js";
import { ownChoices } from "./ownRules.js";
import { atLeast, Case, type Choice, percent, type Rule, sentence } from "./rule.js";

/** A normal distribution has 0.27 % beyond 3 deviations; from three times that on, outliers steer a squared error. */
const OUTLIERS = 0.008;
/** A class that nearly always holds: guessing it alone is right this often. */
const IMBALANCE = 0.9;
/** A softmax over more classes than this costs more than the network below it. */
const MANY = 20_000;
/** From this share on a neighbour tells enough to be worth a transition score. */
const NEIGHBOURS = 0.1;

const lecture = {
  regression: "mean squared error for regression, such as forecasting a series",
  binary: "cross-entropy for classification, such as language models and speech",
  classes: "negative log-likelihood with a softmax, for one class of several",
  oneHot: "categorical cross-entropy for tasks with several classes",
  hinge: "hinge loss for two classes that can be separated",
  ctc: "CTC where it is not known which input each label belongs to: speech, handwriting",
  sequence: "sequence loss, the cross-entropies of all steps together: translation",
  sequenceHinge: "hinge loss for sequences: structured prediction, ranking, recommendation",
  reward: "a reward-based loss where the reward is delayed: games, decisions in sequence",
};

const numbers: Rule = ({ outliers, asymmetric, spread }) => {
  const far = outliers ?? 0;
  const many = far >= OUTLIERS;
  const uneven = asymmetric !== undefined && asymmetric !== false && asymmetric !== 1;
  const ratio = typeof asymmetric === "number" ? asymmetric : undefined;
  const share = `${percent(far)} of the numbers are outliers (a normal distribution has 0.27 %)`;
  const delta = spread === undefined || !many ? {} : { delta: Number((1.345 * spread).toPrecision(3)) };
  const quantile = ratio === undefined ? {} : { quantile: Number((ratio / (1 + ratio)).toPrecision(3)) };
  const costs =
    ratio === undefined
      ? "Too much and too little cost differently"
      : `Too little costs ${ratio} times as much as too much`;
  return [
    new Case(
      "meanSquaredError",
      0.8,
      "The targets are numbers, and their mean is what it estimates.",
      lecture.regression,
    )
      .minus(many, 0.25, `${share}; squared, they outweigh the rest.`)
      .minus(uneven, 0.3, "It treats too much and too little alike.")
      .done(),
    new Case("huberLoss", 0.7, "Numbers: quadratic for small errors, linear for large ones.")
      .plus(many, 0.2, `${share}, and they count no more than linearly here.`)
      .plus(
        many && spread !== undefined && spread > 0,
        0,
        "Begin with a delta of 1.345 spreads of the targets; take the spread of the errors once there are some.",
        delta,
      )
      .minus(uneven, 0.25, "It treats too much and too little alike.")
      .done(),
    new Case("meanAbsoluteError", 0.6, "Numbers: their median is what it estimates, and no single error weighs much.")
      .plus(many, 0.2, `${share}; the median does not mind.`)
      .minus(uneven, 0.2, "It treats too much and too little alike.")
      .done(),
    new Case("quantileLoss", 0.4, "Numbers: it estimates quantiles, hence intervals.")
      .plus(uneven, 0.55, `${costs}: the quantile cost(too little) / (both costs) is the one that pays.`, quantile)
      .done(),
  ];
};

const decisions: Rule = ({ targets, perStep, majority, margin }) => {
  const uneven = atLeast(majority, IMBALANCE);
  const share = `${percent(majority ?? 0)} of the targets are of one class`;
  const weight = majority === undefined || majority === 1 ? 1 : majority / (1 - majority);
  const signs = targets === "signs";
  const steps = perStep === true;
  return [
    new Case("binaryCrossEntropy", 0.85, "Two classes, and a probability for each decision.", lecture.binary)
      .plus(uneven, 0, `${share}; if that one is 0, weigh the positives.`, {
        positiveWeight: Number(weight.toPrecision(2)),
      })
      .minus(signs, 0.1, "It takes 0 and 1: turn y into (y + 1) / 2.")
      .minus(margin, 0.15, "It keeps improving probabilities of decisions that are right already.")
      .done(),
    new Case("focalLoss", 0.45, "Two classes, easy decisions played down.")
      .plus(uneven, 0.45, `${share}: the many easy ones would drown the few hard ones.`)
      .minus(signs, 0.1, "It takes 0 and 1: turn y into (y + 1) / 2.")
      .minus(true, 0, "Its probabilities are not calibrated.")
      .done(),
    new Case("hingeLoss", 0.55, "Two classes: right decisions beyond the margin cost nothing.", lecture.hinge)
      .plus(margin, 0.3, "Only the decision counts, not its probability.")
      .plus(signs, 0.25, "The targets are -1 and 1, as it wants them.")
      .minus(!signs, 0, "It takes -1 and 1: turn y into 2 y − 1.")
      .done(),
    ...(steps
      ? [
          new Case(
            "sequenceHingeLoss",
            0.5,
            "A decision at each step: the hinges of a sequence, summed.",
            lecture.sequenceHinge,
          )
            .plus(margin, 0.32, "Only the decisions count, not their probabilities.")
            .plus(signs, 0.25, "The targets are -1 and 1, as it wants them.")
            .minus(!signs, 0, "It takes -1 and 1: turn y into 2 y − 1.")
            .done(),
        ]
      : []),
  ];
};

function classOptions({ majority, noise, classes }: TaskFacts, c: Case): Case {
  return c
    .plus(
      atLeast(majority, IMBALANCE),
      0,
      `${percent(majority ?? 0)} of the targets are of one class: consider classWeights, and score by more than accuracy.`,
    )
    .plus(noise, 0, "Some labels are wrong: a share of each target is spread over the other classes.", {
      labelSmoothing: 0.1,
    })
    .minus(atLeast(classes, MANY), 0.2, `${classes} classes: the whole softmax is dear.`);
}

const classes: Rule = (facts) => {
  const { perStep, margin, logProbs, neighbours, classes: count } = facts;
  const tagged = perStep === true && atLeast(neighbours, NEIGHBOURS);
  const saves = `the class before it takes ${percent(neighbours ?? 0)} of a class's uncertainty away`;
  return [
    classOptions(facts, new Case("crossEntropy", 0.85, "One class of several, from logits.", lecture.classes))
      .minus(
        logProbs,
        0.2,
        "It takes logits; of log-probabilities it gives the same value, and computes the softmax again.",
      )
      .minus(margin, 0.1, "It keeps improving probabilities of decisions that are right already.")
      .minus(tagged, 0.1, `${sentence(saves)}, which each step for itself does not use.`)
      .done(),
    ...(perStep === true
      ? [
          classOptions(
            facts,
            new Case(
              "sequenceCrossEntropy",
              0.8,
              "One class a step; each sequence counts by the sum over its steps.",
              lecture.sequence,
            ),
          )
            .minus(tagged, 0.1, `${sentence(saves)}, which each step for itself does not use.`)
            .done(),
          new Case("crfLoss", 0.45, "One class a step, with scores for each pair of neighbours.")
            .plus(tagged, 0.45, `Neighbours matter: ${saves}.`)
            .done(),
        ]
      : []),
    new Case("negativeLogLikelihood", 0.5, "One class of several, from log-probabilities.", lecture.classes)
      .plus(logProbs, 0.45, "The outputs are log-probabilities already.")
      .minus(logProbs !== true, 0, "The outputs must be normalised; crossEntropy does both at once, and safely.")
      .done(),
    new Case("multiclassHingeLoss", 0.45, "One class of several, ahead of the others by a margin.", lecture.hinge)
      .plus(margin, 0.45, "Only the decision counts, not its probability.")
      .done(),
    ...(atLeast(count, MANY)
      ? [
          new Case("sampledSoftmaxLoss", 0.9, `${count} classes: a few drawn ones stand for all, with a correction.`)
            .minus(true, 0, "For training only; score with the whole softmax.")
            .done(),
        ]
      : []),
  ];
};

const soft: Rule = (facts) => [
  new Case("categoricalCrossEntropy", 0.9, "The targets are distributions, or one-hot rows.", lecture.oneHot).done(),
  new Case("crossEntropy", 0.8, "It takes distributions too, from logits.", lecture.classes)
    .minus(facts.logProbs, 0, "It takes logits.")
    .done(),
];

const tags: Rule = (facts) => {
  const { neighbours, margin } = facts;
  const apart = neighbours !== undefined && neighbours < NEIGHBOURS;
  const little = `the tag before it takes only ${percent(neighbours ?? 0)} of a tag's uncertainty away`;
  return [
    new Case(
      "crfLoss",
      0.85,
      "A tag for each step, and neighbours that depend on one another: all taggings are compared.",
    )
      .plus(
        atLeast(neighbours, NEIGHBOURS),
        0.05,
        `The tag before it takes ${percent(neighbours ?? 0)} of a tag's uncertainty away.`,
      )
      .minus(apart, 0.25, `${sentence(little)}.`)
      .done(),
    new Case(
      "structuredHingeLoss",
      0.7,
      "A tag for each step: the right tagging ahead of every other by its cost.",
      lecture.sequenceHinge,
    )
      .plus(margin, 0.22, "Only the decisions count, not their probabilities; wrong tags may cost differently.")
      .minus(apart, 0.2, `${sentence(little)}.`)
      .done(),
    classOptions(
      facts,
      new Case("sequenceCrossEntropy", 0.65, "A tag for each step, each judged by itself.", lecture.sequence),
    )
      .plus(apart, 0.2, `Steps can be judged alone: ${little}.`)
      .done(),
  ];
};

const labels: Rule = ({ alignment, length, reordered, tooLong, streaming, metric, candidates, noise }) => {
  const aligned = alignment === "known";
  const free = length === "free" || atLeast(tooLong, 0.01);
  const misfit =
    tooLong === undefined || tooLong === 0
      ? "Labels may be longer than the inputs"
      : `${percent(tooLong)} of the labels do not fit their frames`;
  return [
    new Case(
      "ctcLoss",
      0.85,
      "Labels without positions, in the order of the input: all alignments are summed over.",
      lecture.ctc,
    )
      .plus(length === "shorter", 0.05, "The labels are shorter than the inputs, as it needs.")
      .minus(free, 0.4, `${misfit}: those cost Infinity.`)
      .minus(reordered, 0.5, "It cannot put labels in another order than the input.")
      .minus(streaming, 0.05, "Frames are judged alone; a language model has to come from elsewhere.")
      .minus(aligned, 0.2, "The positions are known, and it does not use them.")
      .done(),
    new Case(
      "transducerLoss",
      0.75,
      "Labels without positions, each depending on those before it; several may come in one frame.",
    )
      .plus(streaming, 0.18, "The output is wanted while the input comes in.")
      .plus(free, 0.15, `${misfit}, which it allows.`)
      .minus(reordered, 0.5, "It cannot put labels in another order than the input.")
      .minus(aligned, 0.2, "The positions are known, and it does not use them.")
      .minus(
        true,
        0,
        "Outputs [batch, frames, labels + 1, classes] take memory: transducerJointLoss does not store them.",
      )
      .done(),
    new Case("sequenceCrossEntropy", 0.6, "A decoder with attention writes the labels one by one.", lecture.sequence)
      .plus(aligned, 0.35, "The positions are known: a class for each frame, no alignment to sum over.")
      .plus(reordered, 0.35, "The order may change, which only attention can follow.")
      .plus(noise, 0, "Some labels are wrong: a share of each target is spread over the other classes.", {
        labelSmoothing: 0.1,
      })
      .minus(streaming, 0.2, "Attention waits for the whole input.")
      .done(),
    ...(metric === true || candidates === true
      ? [
          new Case(
            "minimumRiskLoss",
            0.6,
            "It trains on the score itself: the expected cost of candidates.",
            lecture.reward,
          )
            .plus(metric, 0.1, "What counts in the end has no gradient.")
            .plus(candidates, 0.26, "Candidates with costs can be listed.")
            .minus(
              true,
              0,
              "For fine-tuning: train first with a loss that needs no samples, as ctcLoss or sequenceCrossEntropy.",
            )
            .done(),
          new Case(
            "selfCriticalLoss",
            0.6,
            "It trains on the score itself: samples against greedy decoding.",
            lecture.reward,
          )
            .plus(metric, 0.1, "What counts in the end has no gradient.")
            .minus(
              true,
              0,
              "For fine-tuning: train first with a loss that needs no samples, as ctcLoss or sequenceCrossEntropy.",
            )
            .done(),
        ]
      : []),
  ];
};

const ranking: Rule = ({ classes: items, margin }) => {
  const many = atLeast(items, MANY);
  return [
    new Case("bprMaxLoss", 0.85, "The wanted item against others, the hardest weighted most: GRU4Rec's choice.").done(),
    new Case("crossEntropy", 0.82, "The wanted item against every other, as probabilities.", lecture.classes)
      .minus(many, 0.25, `${items} items: the whole softmax is dear.`)
      .done(),
    new Case("sampledSoftmaxLoss", 0.6, "Cross-entropy against a few drawn items, with a correction.")
      .plus(many, 0.3, `${items} items: a few drawn ones stand for all.`)
      .done(),
    new Case("bprLoss", 0.68, "The wanted item ahead of each other, as odds.")
      .minus(many, 0.1, "Most drawn items are beaten soon, and then teach nothing.")
      .done(),
    new Case("top1MaxLoss", 0.64, "Ranks, the hardest items weighted most, and scores held near 0.").done(),
    new Case("rankingHingeLoss", 0.62, "The wanted item ahead of each other by a margin.", lecture.sequenceHinge)
      .plus(margin, 0.28, "Only the order counts, and only up to the margin.")
      .done(),
    new Case("top1Loss", 0.58, "Ranks, and scores held near 0.")
      .minus(many, 0.1, "Most drawn items are beaten soon, and then teach nothing.")
      .done(),
  ];
};

const rewards: Rule = ({ delayed, candidates, metric }) => [
  new Case("policyGradientLoss", 0.85, "Actions are judged by the return that follows them.", lecture.reward)
    .plus(delayed, 0.07, "The reward is delayed: each action gets the discounted sum of what comes after it.", {
      discount: 0.99,
    })
    .minus(
      metric,
      0.1,
      "A whole output has one reward: selfCriticalLoss and minimumRiskLoss compare outputs of one input.",
    )
    .minus(true, 0, "Its gradient is noisy: a baseline, normalised advantages and an entropy bonus help.")
    .done(),
  new Case(
    "selfCriticalLoss",
    0.6,
    "A whole output has a reward: samples are compared with greedy decoding.",
    lecture.reward,
  )
    .plus(metric, 0.25, "The reward is a score of whole outputs.")
    .done(),
  new Case(
    "minimumRiskLoss",
    0.55,
    "A whole output has a reward: candidates are weighed by their probabilities.",
    lecture.reward,
  )
    .plus(candidates, 0.38, "Candidates with costs can be listed, so nothing needs to be sampled.")
    .done(),
];

const rules: Readonly<Record<TargetKind, Rule>> = {
  numbers,
  binary: decisions,
  signs: decisions,
  classes,
  soft,
  tags,
  labels,
  ranking,
  rewards,
};

/** Every loss that fits the kind of target, and those that the user makes where the task asks for them. */
export function choicesFor(facts: TaskFacts): readonly Choice[] {
  const standard = rules[facts.targets](facts);
  const best = standard.reduce((a, b) => (b.score > a.score ? b : a)).loss;
  return [...standard, ...ownChoices(facts, best)];
}
