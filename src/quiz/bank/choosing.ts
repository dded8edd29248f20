import { choice, fillIn, type Template, trueFalse } from "../template.js";

/** Which loss for which task; and what its score should be. */
export function choosing(): readonly Template[] {
  return [
    choice({
      id: "choose-speech",
      topic: "choosing",
      level: 1,
      prompt: "Recordings with their transcripts, but nobody marked which sound is where. Which loss?",
      right: "CTC (or a transducer)",
      wrong: [
        { text: "cross-entropy at each frame", whyNot: "It needs a label for each frame, which nobody gave." },
        { text: "mean squared error", whyNot: "Letters are classes, not numbers." },
        { text: "a conditional random field", whyNot: "It needs one tag for each step: an alignment." },
      ],
      reason: "CTC and transducers sum over all alignments, so that none has to be given.",
    }),
    choice({
      id: "choose-forecast",
      topic: "choosing",
      level: 2,
      prompt:
        "A shop orders by forecast; running out costs nine times as much as one left over. Which loss for the forecast?",
      right: "quantile loss with q = 0.9",
      wrong: [
        { text: "mean squared error", whyNot: "It forecasts the mean: too low about half the time." },
        { text: "quantile loss with q = 0.1", whyNot: "That charges high forecasts more: the wrong way round." },
        { text: "Huber's loss", whyNot: "It is symmetric: too low costs as much as too high." },
      ],
      reason: "Forecasts that are too low cost q, too high 1 − q: 0.9 to 0.1 is nine to one.",
    }),
    choice({
      id: "choose-tagging",
      topic: "choosing",
      level: 1,
      prompt:
        "Each word of a sentence gets a name tag (B-PER, I-PER, O …), and some tags may not follow others. Which loss?",
      right: "conditional random field",
      wrong: [
        { text: "CTC", whyNot: "Words and tags go one to one: there is no alignment to sum over." },
        { text: "mean squared error", whyNot: "Tags are classes without a distance." },
        { text: "policy gradient", whyNot: "The right tag of each word is known; no reward is needed." },
      ],
      reason: "Its transition scores judge pairs of tags, and forbidden pairs can be ruled out altogether.",
    }),
    choice({
      id: "choose-translation",
      topic: "choosing",
      level: 1,
      prompt: "A translation model is trained from scratch on pairs of sentences. Which loss first?",
      right: "cross-entropy of each next word (sequence loss)",
      wrong: [
        {
          text: "policy gradient on BLEU",
          whyNot: "From scratch nearly all samples are bad: there is no reward to learn from. It is for fine-tuning.",
        },
        { text: "CTC", whyNot: "Translation changes the order of words, and its output may be longer than its input." },
        {
          text: "hinge loss on the sentence's length",
          whyNot: "Length says next to nothing of what a sentence means.",
        },
      ],
      reason: "It gives a gradient at every word from the start. Losses on whole sentences come after it.",
    }),
    choice({
      id: "choose-recommendation",
      topic: "choosing",
      level: 2,
      prompt: "Sessions of clicks; the next item is to be ranked high among millions. Which loss?",
      right: "a ranking loss over sampled items (BPR, BPR-max) or cross-entropy over them",
      wrong: [
        { text: "mean squared error on item numbers", whyNot: "Item 7 is not near item 8 in any sense." },
        { text: "binary hinge loss on clicks alone", whyNot: "With positives alone, scoring everything high is free." },
        { text: "CTC", whyNot: "Nothing is to be aligned." },
      ],
      reason:
        "What counts is the wanted item's place among the others, so the loss compares scores; sampling makes millions affordable.",
    }),
    choice({
      id: "choose-game",
      topic: "choosing",
      level: 1,
      prompt: "An agent plays a game and learns at its end only whether it won. Which loss?",
      right: "policy gradient on the discounted return",
      wrong: [
        { text: "cross-entropy with the moves it made", whyNot: "It would learn to repeat them, lost games included." },
        { text: "mean squared error on the moves", whyNot: "Moves are classes, and the right ones are not known." },
        { text: "CTC", whyNot: "There is no label to align." },
      ],
      reason: "The return credits or blames each action for what came after, with no right action given.",
    }),
    choice({
      id: "choose-imbalance",
      topic: "choosing",
      level: 2,
      prompt:
        'One heartbeat in a thousand is abnormal, and a detector has learned to say "normal" always. What helps in the loss?',
      right: "weights for the rare class, or focal loss",
      wrong: [
        { text: "label smoothing", whyNot: "It moves all targets towards the middle; the rare class stays rare." },
        { text: "a larger batch", whyNot: "The share of abnormal beats in it is the same." },
        { text: "the mean instead of the sum", whyNot: "That scales all steps alike." },
      ],
      reason:
        "The loss is a sum in which the common class has nearly all the terms; weights, or playing down the easy ones, give the rare ones a say.",
    }),
    trueFalse({
      id: "loss-and-score",
      topic: "choosing",
      level: 2,
      prompt: "Of two models, the one with the lower loss always has the lower error rate.",
      answer: false,
      reason:
        "The loss measures probabilities, the error rate decisions. A model can be right more often and yet pay more for a few confident mistakes.",
    }),
    fillIn({
      id: "edit-rate-name",
      topic: "metrics",
      level: 1,
      prompt: "Edits between texts over the number of words of the reference: the word error _____.",
      answer: "rate",
      synonyms: ["ratio"],
      reason:
        "WER = (substitutions + insertions + deletions) / words of the reference. With many insertions it exceeds 1.",
    }),
    trueFalse({
      id: "wer-above-one",
      topic: "metrics",
      level: 1,
      prompt: "A word error rate can be above 1.",
      answer: true,
      reason: "Insertions have no bound: three words heard where one was said are at least 2 edits over 1 word.",
    }),
    choice({
      id: "perplexity-vocabulary",
      topic: "metrics",
      level: 2,
      prompt:
        "Two language models have perplexities 20 and 15, the first over words, the second over pieces of words. Which is better?",
      right: "it cannot be said: perplexity is per token, and their tokens differ",
      wrong: [
        {
          text: "the second, 15 is less",
          whyNot: "It is unsure at more, smaller steps; what counts is the probability of the whole text.",
        },
        { text: "the first, words are harder", whyNot: "That they are harder does not say by how much." },
        { text: "they are equal", whyNot: "Nothing in the numbers says so." },
      ],
      reason: "Compare −ln p of the same text, or divide both by the same count, such as characters.",
    }),
  ];
}
