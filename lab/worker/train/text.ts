/** What the language model reads: small enough to be learnt in a minute. */
export const TEXT = `a loss is a number that says how wrong a model is. the smaller the loss the better the model. \
a network reads a sequence one step at a time and keeps what it has read in its state. \
at each step it says what it thinks will come next. the loss asks how likely the truth was. \
the gradient says which way each weight should move to make the truth more likely. \
it goes back through time from the last step to the first. at every step it is multiplied again. \
if the factors are small it vanishes and the network forgets. if they are large it explodes and the weights jump. \
a gate can keep the way open. that is why a long memory needs a cell that adds what it keeps. \
some labels have no place in time. a word is spoken and nobody says where a letter begins. \
then all the ways to write the label are added up and the loss is the logarithm of their sum. `;
