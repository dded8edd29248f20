import { choice, fillIn, order, type Template, trueFalse } from "../template.js";

export function reward(): readonly Template[] {
  return [
    choice({
      id: "reward-gradient",
      topic: "reward",
      level: 2,
      prompt: "Through what does the gradient of the REINFORCE loss −Σ G ln π pass?",
      right: "the policy's probabilities only",
      wrong: [
        { text: "the rewards", whyNot: "They come from the environment, which need not be differentiable." },
        {
          text: "the return and the baseline",
          whyNot: "Both are held fixed; a value network that gives the baseline is trained by a loss of its own.",
        },
        { text: "the drawn actions", whyNot: "They are whole numbers, with no gradient; ln π of them has one." },
      ],
      reason: "That is why rewards such as BLEU or a won game can be learned from: the return is only a factor.",
    }),
    trueFalse({
      id: "policy-loss-value",
      topic: "reward",
      level: 3,
      prompt: "A policy gradient loss that stays near 0 shows that nothing is learned.",
      answer: false,
      reason:
        "It is a surrogate: only its gradient has a meaning. With normalised advantages its value is near 0 by design; look at the mean reward.",
    }),
    choice({
      id: "baseline-effect",
      topic: "reward",
      level: 2,
      prompt: "What does a baseline that does not depend on the action do to the policy gradient?",
      right: "It leaves its expectation, and can lower its variance",
      wrong: [
        {
          text: "It biases it towards the baseline",
          whyNot: "Σ_a π(a) ∇ ln π(a) = 0, so that the baseline's part has the expectation 0.",
        },
        {
          text: "It makes the rewards larger",
          whyNot: "The rewards stay; the return less the baseline multiplies ln π.",
        },
        { text: "It makes the learning rate unnecessary", whyNot: "The steps' length is a matter of its own." },
      ],
      reason: "Actions are then judged by whether they did better than expected, and not by how large returns are.",
    }),
    trueFalse({
      id: "discount-zero",
      topic: "reward",
      level: 1,
      prompt: "With the discount γ = 0, an action is judged by the reward of its own step alone.",
      answer: true,
      reason: "G_t = r_t + γ r_{t+1} + …: every later reward has a factor 0. With γ = 1 all later rewards count alike.",
    }),
    fillIn({
      id: "entropy-bonus",
      topic: "reward",
      level: 2,
      prompt: "A term −β H(π) is added to the policy loss so that the policy keeps _____ instead of settling early.",
      answer: "exploring",
      synonyms: ["exploration", "trying", "trying actions", "explore"],
      reason: "A higher entropy makes the loss smaller: the policy keeps giving other actions some probability.",
    }),
    order({
      id: "reinforce-steps",
      topic: "reward",
      level: 1,
      prompt: "Put in order one update of REINFORCE.",
      steps: [
        "draw actions from the policy until the episode ends",
        "add up discounted rewards, from the last step to the first",
        "subtract the baseline",
        "take the gradient of −Σ (G − b) ln π and step against it",
      ],
      reason:
        "The episode must end before its returns are known, and the last step's return comes first: each one is built on the next.",
    }),
    choice({
      id: "self-critical",
      topic: "reward",
      level: 3,
      prompt: "Which baseline does self-critical sequence training use?",
      right: "the reward of the model's own greedy output",
      wrong: [
        {
          text: "the reward of the reference text",
          whyNot: "The reference would nearly always win; the model is compared with itself.",
        },
        { text: "a running mean over batches", whyNot: "That is a common baseline, but not this one." },
        { text: "none", whyNot: "The difference to the greedy output is what gives it its name." },
      ],
      reason:
        "A drawn output is made more probable only where it beats what the model would say in use (Rennie et al. 2017).",
    }),
    choice({
      id: "bpr-meaning",
      topic: "ranking",
      level: 2,
      prompt: "What does Bayesian personalised ranking, −ln σ(s_wanted − s_other), make large?",
      right: "the difference between the wanted item's score and the other's",
      wrong: [
        { text: "the wanted item's score alone", whyNot: "Raising both scores alike changes nothing." },
        {
          text: "the probability that a softmax over all items gives",
          whyNot: "That is cross-entropy over the items; this one compares pairs.",
        },
        {
          text: "the rank of the other item",
          whyNot: "Ranks have no gradient; the logistic function of a difference has one.",
        },
      ],
      reason:
        "Only the order of pairs counts, as in implicit feedback, where what was not chosen has no label of its own (Rendle et al. 2009).",
    }),
    trueFalse({
      id: "ranking-easy-negatives",
      topic: "ranking",
      level: 2,
      prompt: "A negative item whose score is already far below the wanted item's contributes a large gradient to BPR.",
      answer: false,
      reason:
        "The slope is σ(s_other − s_wanted), which is near 0 there. With many easy negatives the mean hides the few hard ones.",
    }),
  ];
}
