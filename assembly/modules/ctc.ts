export { ctcSequence, ctcWorkspaceBytes } from "../ctc";
