import { open, type Template } from "../template.js";

/** The lecture's terminal questions, each with a model answer and the points that it makes. */
export function terminal(): readonly Template[] {
  return [
    open({
      id: "terminal-1",
      topic: "lecture",
      level: 2,
      prompt:
        "Explain how Connectionist Temporal Classification (CTC) Loss is used for sequence alignment with varying lengths. Provide an example of its application.",
      answer:
        "In speech or handwriting the input has T frames and the label U symbols, T is larger than U, and nobody has marked which frame belongs to which symbol. CTC adds a blank class and lets the network give, at each frame, a probability to every symbol and to the blank. A string of T symbols is an alignment of the label when merging neighbouring repeats and then dropping blanks gives the label. The probability of the label is the sum over all its alignments of the product of the frames' probabilities, and the loss is −ln of it. The alignments are too many to list, but the forward-backward recursion over the label with blanks between its symbols sums them in O(T U) steps and gives the gradient as well. Example: a recogniser reads 100 frames of sound as HELLO; the two L need a blank between them, so that the label fits only where T ≥ U + R = 5 + 1 frames.",
      points: [
        {
          idea: "Input and label differ in length, and the alignment is not known",
          words: ["length", "alignment", "align", "unsegmented"],
        },
        { idea: "A blank class stands for no label", words: ["blank"] },
        { idea: "Repeats merge, then blanks drop", words: ["merge", "collapse", "repeat", "remove"] },
        {
          idea: "The probability of the label is a sum over all its alignments",
          words: ["sum", "all alignments", "every alignment", "marginal"],
        },
        { idea: "The loss is −ln of that probability", words: ["log", "ln", "logarithm", "likelihood"] },
        {
          idea: "Dynamic programming computes it and its gradient",
          words: ["dynamic programming", "forward-backward", "forward", "recursion"],
        },
        {
          idea: "An application: speech, handwriting, number or text recognition",
          words: ["speech", "handwriting", "ocr", "recognition", "recogniser"],
        },
      ],
      reason:
        "A good answer names the problem (no alignment), the blank with its collapse rule, the sum over alignments, and how it is computed.",
    }),
    open({
      id: "terminal-2",
      topic: "lecture",
      level: 2,
      prompt:
        "Illustrate the process of calculating Hinge Loss for Sequences and discuss its impact on structured prediction tasks.",
      answer:
        "Each step has a label y_t of −1 or 1 and a score ŷ_t. The step costs max(0, 1 − y_t ŷ_t): nothing where the score is on the right side by at least the margin 1, and otherwise what is missing. For y = [1, −1, 1] and ŷ = [0.8, −0.5, 0.3] the steps cost 0.2, 0.5 and 0.7; the formula's sum is 1.4, and the mean over the steps 0.467, so that one must say which is meant. The gradient is −y_t for a step inside the margin and 0 beyond it: learning concentrates on steps that are wrong or barely right. This loss treats steps on their own. In structured prediction the outputs depend on each other, and the structured hinge loss compares whole sequences: the largest score + cost over all sequences, less the score of the right one, found by Viterbi with the cost added. A rival that is wrong in more places must be behind by more. The loss asks for a margin and gives no probabilities.",
      points: [
        {
          idea: "The formula of a step: max(0, 1 − y ŷ), with y of −1 or 1",
          words: ["max(0", "max (0", "1 - y", "1 − y"],
        },
        { idea: "A worked example with numbers", words: ["0.2", "0.5", "1.4", "0.467", "example"] },
        { idea: "Sum or mean over the steps, and which", words: ["sum", "mean", "average"] },
        { idea: "Beyond the margin there is no cost and no gradient", words: ["margin"] },
        {
          idea: "Structured: whole sequences are compared, the strongest rival with its cost",
          words: ["whole sequence", "rival", "competitor", "cost", "viterbi", "structured"],
        },
        { idea: "It gives scores with a margin, no probabilities", words: ["probability", "probabilities", "score"] },
      ],
      reason:
        "The calculation is per step; the impact on structured prediction is the margin between the right sequence and its rivals.",
    }),
    open({
      id: "terminal-3",
      topic: "lecture",
      level: 2,
      prompt:
        "Compare the use of Mean Squared Error (MSE) and Cross-Entropy loss in RNNs for regression and classification tasks, respectively.",
      answer:
        "MSE is the mean of (y − ŷ)² and suits outputs that are numbers, such as the next value of a time series: a linear output layer, a gradient 2 (ŷ − y)/n in proportion to the error, and a best constant prediction that is the mean. It is maximum likelihood under Gaussian noise, and large errors dominate it. Cross-entropy is −ln of the probability of the right class and suits classes, such as the next word: a softmax (or a sigmoid, for two) output, and a gradient p − y with respect to the logits, which stays near −1 for a confident mistake. It is maximum likelihood under a categorical distribution. MSE on probabilities is a poor choice for classes: through a saturated sigmoid or softmax its gradient nearly vanishes just where the answer is wrong. Cross-entropy cannot be used for unbounded numbers. In an RNN both are taken at each step and summed or averaged over the real steps, and their gradients flow back through time.",
      points: [
        {
          idea: "MSE is for numbers (regression), with an example",
          words: ["regression", "forecast", "time series", "time-series", "continuous"],
        },
        {
          idea: "Cross-entropy is for classes (classification), with an example",
          words: ["classification", "class", "word", "language model"],
        },
        { idea: "Both formulas", words: ["square", "²", "log", "ln"] },
        {
          idea: "Output layers: linear for MSE, softmax or sigmoid for cross-entropy",
          words: ["linear", "softmax", "sigmoid"],
        },
        {
          idea: "Gradients: error in proportion, p − y; MSE through a saturated softmax vanishes",
          words: ["gradient", "saturat", "vanish"],
        },
        {
          idea: "Both are maximum likelihood: Gaussian, categorical",
          words: ["likelihood", "gaussian", "normal", "categorical"],
        },
        {
          idea: "Per step, summed or averaged over real steps, and back through time",
          words: ["each step", "time step", "per step", "over time", "through time"],
        },
      ],
      reason:
        "The comparison turns on what is predicted, what the output layer is, and how the gradient behaves when the prediction is wrong.",
    }),
    open({
      id: "terminal-4",
      topic: "lecture",
      level: 3,
      prompt:
        "Describe how Reinforcement Learning-based Loss can enhance the performance of RNNs in sequential decision-making tasks.",
      answer:
        "In games, dialogue or control no right action is given for each step, only a reward, often late. The RNN is a policy: at each step it gives the probabilities of the actions, and actions are drawn from them. The policy gradient loss −Σ_t (G_t − b_t) ln π(a_t|s_t) makes actions more probable that were followed by a return G_t above the baseline b_t, and others less. The return adds later rewards, discounted by γ, so that a late reward reaches the early actions that led to it. The minus sign matters, and no gradient passes through the return. The baseline lowers the variance of the gradient without a bias, an entropy bonus keeps the policy exploring, and clipping as in PPO limits each step. The same loss trains sequence models directly on what is measured, such as BLEU or the error rate, which have no gradient of their own, and on the model's own outputs rather than on the right prefixes alone. Its price is a noisy gradient: one starts from a model that was trained with cross-entropy.",
      points: [
        { idea: "Only a reward is given, often delayed, and no right action", words: ["delay", "reward"] },
        { idea: "The network is a policy whose actions are sampled", words: ["policy", "sample", "draw"] },
        { idea: "The loss −Σ G ln π, with its minus sign", words: ["-σ", "−σ", "log", "ln", "minus", "reinforce"] },
        { idea: "Returns are discounted and reach back to earlier actions", words: ["return", "discount"] },
        { idea: "A baseline lowers the variance", words: ["baseline", "variance", "advantage"] },
        {
          idea: "Measures without a gradient (BLEU, error rate) can be trained on",
          words: ["bleu", "error rate", "metric", "non-differentiable"],
        },
        {
          idea: "Limits: noise, exploration; start from a trained model, entropy, clipping",
          words: ["noise", "noisy", "explor", "entropy", "clip", "pretrain"],
        },
      ],
      reason:
        "The gain is that delayed and non-differentiable rewards can be learned from; the cost is variance, and the answer should say how that is met.",
    }),
    open({
      id: "terminal-5",
      topic: "lecture",
      level: 3,
      prompt:
        "Analyze the role of custom sequence losses in handling complex, application-specific requirements in RNNs.",
      answer:
        "A standard loss measures what is easy to differentiate, which need not be what the application wants: a forecast that is too low may cost more than one that is too high, forbidden outputs may have to be avoided, or two goals may matter at once. A custom loss states these wishes: a weighted sum of losses (CTC and cross-entropy in speech recognition, a main and an auxiliary task), weights for steps or classes, a penalty for broken rules, a term for smoothness, or a cost matrix in a structured loss. It must be differentiable nearly everywhere with respect to the outputs, and its gradient is to be checked by differences. The terms must be put on one scale: their units differ, and the term with the largest gradient leads the training whatever its value. Masks and the number that a mean divides by must be the same for all terms, or padding and long sequences weigh more than meant. One term can also be satisfied at the cost of another, so that each is logged on its own and the whole is judged by the measure of the application.",
      points: [
        {
          idea: "Standard losses may not measure what the application wants",
          words: ["standard", "not capture", "requirement", "application"],
        },
        { idea: "Several losses combined, with weights", words: ["combin", "weight", "auxiliary", "multi"] },
        {
          idea: "Domain knowledge: penalties, constraints, costs that are not alike",
          words: ["penalty", "constraint", "domain", "asymmetr", "cost"],
        },
        { idea: "It must be differentiable, and the gradient checked", words: ["differentiable", "gradient"] },
        {
          idea: "Scales of the terms: which of them leads the training",
          words: ["scale", "balance", "magnitude", "dominat"],
        },
        { idea: "Masks and reductions alike for all terms", words: ["mask", "padding", "reduction", "mean"] },
        { idea: "A concrete example", words: ["speech", "translation", "forecast", "example", "music", "robot"] },
      ],
      reason:
        "The role is to bring the training objective near to the application's goal; the analysis lies in what can go wrong when terms are combined.",
    }),
  ];
}
