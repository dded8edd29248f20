import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** The way from a page to the lab's first. */
export const RootContext = createContext("");
export const useRoot = (): string => useContext(RootContext);
