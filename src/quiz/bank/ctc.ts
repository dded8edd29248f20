import { choice, fillIn, order, type Template, trueFalse } from "../template.js";

export function ctc(): readonly Template[] {
  return [
    choice({
      id: "feasible-length",
      topic: "ctc",
      level: 2,
      prompt: "A label has U symbols, R of them equal to the one before. When can T frames read as it?",
      right: "T ≥ U + R",
      wrong: [
        {
          text: "T ≥ 2U + 1",
          whyNot: "2U + 1 is the size of the lattice; a path may skip blanks between different symbols.",
        },
        {
          text: "T > U",
          whyNot: "T = U is enough where no neighbours are equal, and T = U + 1 is not where two pairs are.",
        },
        {
          text: "always",
          whyNot: "With fewer frames there is no alignment: the probability is 0 and the loss infinite.",
        },
      ],
      reason: "Each symbol takes a frame, and each pair of equal neighbours one more for the blank between them.",
    }),
    choice({
      id: "blank-or-padding",
      topic: "ctc",
      level: 1,
      prompt: "What is the difference between CTC's blank and padding?",
      right: "The blank is a class that the network predicts; padding fills arrays and must not be read",
      wrong: [
        {
          text: "None: padded frames are blanks",
          whyNot: "A padded frame is not part of the input; counted as a blank it would change the loss.",
        },
        {
          text: "The blank is the space between words",
          whyNot: "A space is a symbol of the label; the blank never shows in what is read.",
        },
        {
          text: "Padding is a class, the blank is a length",
          whyNot: "It is the other way round: the blank has a probability at each frame, padding has none.",
        },
      ],
      reason:
        "Lengths say where padding begins. The blank has a probability at every real frame and is dropped when reading.",
    }),
    trueFalse({
      id: "blank-in-label",
      topic: "ctc",
      level: 1,
      prompt: "The label given to a CTC loss contains the blank between its symbols.",
      answer: false,
      reason: "The label has symbols only; the loss puts blanks between them itself. A blank in the label is an error.",
    }),
    choice({
      id: "greedy-is-not-best",
      topic: "ctc",
      level: 2,
      prompt:
        "Two frames, each with P(blank) = 0.6 and P(a) = 0.4. What are the best path's reading and the most probable label?",
      right: 'The best path reads as "" (0.36); the most probable label is "a" (0.64)',
      wrong: [
        { text: 'Both are "" (0.36)', whyNot: '"aa", "a-" and "-a" all read as "a": 0.16 + 0.24 + 0.24 = 0.64.' },
        {
          text: 'Both are "a" (0.64)',
          whyNot: "The likeliest class of each frame is the blank: the best path is two blanks.",
        },
        {
          text: 'The best path reads as "a" (0.4); the most probable label is ""',
          whyNot: "A path's probability is a product over both frames, and the best has two blanks.",
        },
      ],
      reason:
        "A label's probability is the sum over its alignments. Greedy decoding finds the best alignment only; a prefix beam search sums.",
    }),
    trueFalse({
      id: "repeat-without-blank",
      topic: "ctc",
      level: 1,
      prompt: "Frames that read A A B without a blank can be an alignment of AAB.",
      answer: false,
      reason: "Neighbouring repeats merge: A A B reads as AB. AAB needs a blank between its two A, and so four frames.",
    }),
    order({
      id: "collapse-order",
      topic: "ctc",
      level: 1,
      prompt: "Put in order how an alignment is read.",
      steps: ["take one symbol for each frame", "merge neighbouring repeats", "drop the blanks"],
      reason:
        "Were blanks dropped first, no label could have the same symbol twice in a row: A-A would become AA and then A.",
    }),
    fillIn({
      id: "ctc-algorithm",
      topic: "ctc",
      level: 2,
      prompt: "The algorithm that sums over all alignments and gives CTC's gradient is called _____ (two words).",
      answer: "forward-backward",
      synonyms: ["forward backward algorithm", "baum-welch", "forward-backward recursion"],
      reason:
        "The forward masses sum the beginnings of alignments, the backward masses their ends; their product gives each symbol's share at each frame.",
    }),
    choice({
      id: "ctc-independence",
      topic: "ctc",
      level: 3,
      prompt: "Which assumption does CTC make about the frames, given the input?",
      right: "The symbols at different frames are independent",
      wrong: [
        {
          text: "Each symbol depends on the one before",
          whyNot: "That is a transducer's prediction network, or a language model in decoding.",
        },
        {
          text: "Each frame has the same distribution",
          whyNot: "Every frame has its own softmax; only uniform examples have equal ones.",
        },
        { text: "Symbols have equal durations", whyNot: "An alignment may hold a symbol over any number of frames." },
      ],
      reason:
        "An alignment's probability is a product over frames. The network sees all the input, but outputs do not see each other: hence language models beside CTC.",
    }),
    choice({
      id: "infinite-ctc",
      topic: "ctc",
      level: 2,
      prompt: "CTC is infinite for one sequence of a batch. What is the likeliest cause?",
      right: "Its label does not fit its frames after the network shortened them",
      wrong: [
        {
          text: "The learning rate is too small",
          whyNot: "The loss is a function of outputs and labels; the rate changes how they move.",
        },
        {
          text: "The blank is too probable",
          whyNot: "That makes the loss large, but a softmax never gives exactly 0.",
        },
        {
          text: "The label is too short",
          whyNot: "A short label always fits; even the empty one does, by blanks alone.",
        },
      ],
      reason:
        "Strides and pooling lower T. Once T < U + R there is no alignment, the probability is 0, and the sequence should be left out or the stride lowered.",
    }),
    choice({
      id: "all-blank",
      topic: "ctc",
      level: 2,
      prompt: "Early in training a CTC network emits blanks alone. Why?",
      right: "Blanks are in most alignments, so that raising them first lowers the loss fastest",
      wrong: [
        {
          text: "The labels must have been empty",
          whyNot: "It happens with right labels too, as a phase that most runs pass.",
        },
        {
          text: "Blank is a bug of the decoder",
          whyNot: "The outputs themselves have the blank on top at each frame.",
        },
        {
          text: "CTC adds a reward for the blank",
          whyNot: "The loss treats blank like any class; it is only in more alignments.",
        },
      ],
      reason:
        "At first the network cannot tell symbols apart, and the best it can say of a frame is how often each class is there. Only if the phase lasts is something wrong.",
    }),
    trueFalse({
      id: "torch-mean-divides",
      topic: "ctc",
      level: 3,
      prompt: 'PyTorch\'s CTCLoss with reduction="mean" is the mean of the losses of its reduction="none".',
      answer: false,
      reason:
        "It divides each loss by the length of its label before the mean. The plain mean over the batch is another number, unless all labels have one symbol.",
    }),
    choice({
      id: "ctc-on-log-softmax",
      topic: "ctc",
      level: 3,
      prompt:
        "What is the gradient of the CTC loss with respect to the logits, where p is the softmax and γ the posterior of each class at a frame?",
      right: "p − γ",
      wrong: [
        { text: "−γ", whyNot: "This is the gradient with respect to the log-probabilities; the softmax adds p." },
        {
          text: "p − 1 at the label's class",
          whyNot: "That is cross-entropy where the frame's class is known; CTC has the posterior γ instead.",
        },
        {
          text: "γ − p",
          whyNot: "The sign is turned round: a class that should be more probable has a negative slope.",
        },
      ],
      reason: "It is cross-entropy's p − y with the posterior in place of the one-hot target. Each row sums to 0.",
    }),
    order({
      id: "ctc-size-order",
      topic: "ctc",
      level: 2,
      prompt:
        "For given frames and a label that has several alignments: put the probabilities in order, the smallest first.",
      steps: ["one alignment of the label", "all alignments of the label", "all strings of T symbols"],
      reason:
        "The alignments of a label are some of all strings, whose probabilities sum to 1; and one of them is part of their sum.",
    }),
    trueFalse({
      id: "transducer-longer-label",
      topic: "ctc",
      level: 3,
      prompt: "An RNN transducer, unlike CTC, can emit more labels than there are frames.",
      answer: true,
      reason:
        "It stays at a frame while it emits labels, and moves on by a blank: any U fits T ≥ 1 frames. CTC emits at most one symbol a frame.",
    }),
  ];
}
