import { classify } from "./classify/classify.js";
import { forecast } from "./forecast/forecast.js";
import { handwriting } from "./handwriting/handwriting.js";
import { language } from "./language/language.js";
import { numbers } from "./numbers/numbers.js";
import { play } from "./play/play.js";
import { recommend } from "./recommend/recommend.js";
import { speech } from "./speech/speech.js";
import { tag } from "./tag/tag.js";
import type { Task } from "./task.js";
import { translate } from "./translate/translate.js";

/** Every task, by the name that the command line knows it by. */
export const tasks: Readonly<Record<string, Task>> = {
  numbers,
  forecast,
  play,
  language,
  speech,
  handwriting,
  translate,
  recommend,
  tag,
  classify,
};
