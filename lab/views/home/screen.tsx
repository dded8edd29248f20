import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TargetKind } from "../../../src/index.js";
import { choice, words } from "../../state/fields.js";
import type { ChooserAnswer } from "../../worker/answers/chooser.js";
import type { Pictures } from "../../worker/answers/pictures.js";
import type { Screen, ViewProps } from "../screen.js";
import { Chooser } from "./chooser.js";
import { Hero } from "./hero.js";
import { Path } from "./path.js";

const kinds = ["numbers", "binary", "signs", "classes", "soft", "tags", "labels", "ranking", "rewards"] as const;

export const schema = {
  targets: choice("y", kinds satisfies readonly TargetKind[], "labels"),
  answers: words("q", "alignment=unknown,length=shorter", 400),
};

/** At rest, the pictures that it needs are with it. */
interface Answer extends ChooserAnswer {
  readonly pictures?: Pictures;
}

export type HomeProps = ViewProps<typeof schema, Answer>;

/** Losses whose cards are shown. */
const SHOWN = 3;

function View(props: HomeProps) {
  const { answer, ask } = props;
  const pictures = useSignal(answer.pictures);
  const choices = answer.choices.slice(0, SHOWN);
  const missing = choices.some(({ loss }) => !pictures.value?.cards.some(({ name }) => name === loss));
  useEffect(() => {
    if (missing || pictures.value === undefined) ask("pictures", "pictures").then((found) => (pictures.value = found));
  }, [missing, ask, pictures]);
  return (
    <div class="page">
      <div>
        <h1>Loss functions of sequence models</h1>
        <p class="lede">See them, change them, check them on your own numbers.</p>
      </div>
      {pictures.value !== undefined && <Hero hero={pictures.value.hero} />}
      <Chooser {...props} choices={choices} cards={pictures.value?.cards ?? []} />
      <Path />
    </div>
  );
}

export const screen: Screen<typeof schema, Answer> = {
  path: "",
  title: "Loss Lab",
  about:
    "A lab for the loss functions of sequence models: which one a task needs, how it works on your numbers, and networks that train.",
  schema,
  answer: ({ targets, answers }, ask) => ask("chooser", "home", targets, answers),
  async atRest({ targets, answers }, ask) {
    const answer = await ask("chooser", "home", targets, answers);
    const names = answer.choices.slice(0, SHOWN).map(({ loss }) => loss);
    return { ...answer, pictures: await ask("pictures", "pictures", names) };
  },
  View,
};
