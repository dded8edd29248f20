/** Where each loss comes from. */
export const sources: Readonly<Record<string, string>> = {
  meanSquaredError: "Gauss 1809; the lecture, loss 1",
  meanAbsoluteError: "Laplace 1774",
  huberLoss: "Huber 1964",
  quantileLoss: "Koenker and Bassett 1978",
  binaryCrossEntropy: "Good 1952; the lecture, loss 2",
  crossEntropy: "Good 1952; Bridle 1990 with the softmax; the lecture, losses 2 and 3",
  negativeLogLikelihood: "Fisher 1922; the lecture, loss 3",
  categoricalCrossEntropy: "the lecture, loss 4",
  focalLoss: "Lin et al. 2017, eq. 5",
  hingeLoss: "Cortes and Vapnik 1995; the lecture, loss 5",
  multiclassHingeLoss: "Weston and Watkins 1999; Crammer and Singer 2001",
  sequenceHingeLoss: "the lecture, hinge loss for sequences",
  sequenceCrossEntropy: "Sutskever et al. 2014; the lecture, sequence loss",
  crfLoss: "Lafferty, McCallum and Pereira 2001",
  structuredHingeLoss: "Taskar et al. 2003; Tsochantaridis et al. 2005, eq. 8; the lecture, hinge loss for sequences",
  ctcLoss: "Graves, Fernández, Gomez and Schmidhuber 2006, eq. 6 to 16; the lecture, CTC",
};
