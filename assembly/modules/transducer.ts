export { transducerSequence, transducerWorkspaceBytes } from "../transducer";
