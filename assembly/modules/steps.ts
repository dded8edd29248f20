export { binaryCrossEntropy } from "../binary";
export { crossEntropyRows, crossEntropySoftRows } from "../crossEntropy";
export { absoluteError, hinge, huber, quantile, squaredError } from "../elements";
