import { setTimeout as sleep } from "node:timers/promises";
import type { Film } from "../../tasks/task.js";
import { catchInterrupt } from "./interrupt.js";

const [HIDE, SHOW, CLEAR_LINE, CLEAR_BELOW] = ["\u001b[?25l", "\u001b[?25h", "\u001b[K", "\u001b[J"];
const up = (lines: number) => `\u001b[${lines}A`;

/** Whether one picture can take the place of another there. */
export const showsFilms = ({ isTTY }: NodeJS.WriteStream): boolean => isTTY === true && process.env.TERM !== "dumb";

/** Shows pictures one after the other in the same place, and leaves that place empty. Ctrl-C ends it early. */
export async function showFilm({ pictures, milliseconds }: Film, stream: NodeJS.WriteStream): Promise<void> {
  const interruption = catchInterrupt("the film");
  stream.write(HIDE);
  try {
    let shown = 0;
    for (const lines of pictures) {
      stream.write(`${shown === 0 ? "" : up(shown)}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join("")}`);
      shown = lines.length;
      await sleep(milliseconds, undefined, { signal: interruption.signal }).catch(() => {});
      if (interruption.signal.aborted) break;
    }
    stream.write(`${up(shown)}${CLEAR_BELOW}`);
  } finally {
    stream.write(SHOW);
    interruption.release();
  }
}
