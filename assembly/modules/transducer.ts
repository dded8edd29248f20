export { transducerBackward, transducerForward, transducerSequence, transducerWorkspaceBytes } from "../transducer";
