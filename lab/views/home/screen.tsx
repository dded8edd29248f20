import type { TargetKind } from "../../../src/index.js";
import { choice, words } from "../../state/fields.js";
import type { ChooserAnswer } from "../../worker/answers/chooser.js";
import type { Screen, ViewProps } from "../screen.js";
import { Chooser } from "./chooser.js";
import { Hero } from "./hero.js";
import { Path } from "./path.js";

const kinds = ["numbers", "binary", "signs", "classes", "soft", "tags", "labels", "ranking", "rewards"] as const;

export const schema = {
  targets: choice("y", kinds satisfies readonly TargetKind[], "labels"),
  answers: words("q", "alignment=unknown,length=shorter", 400),
};

export type HomeProps = ViewProps<typeof schema, ChooserAnswer>;

function View(props: HomeProps) {
  return (
    <div class="page">
      <div>
        <h1>Loss functions of sequence models</h1>
        <p class="lede">See them, change them, check them on your own numbers.</p>
      </div>
      <Hero {...props} />
      <Chooser {...props} />
      <Path />
    </div>
  );
}

export const screen: Screen<typeof schema, ChooserAnswer> = {
  path: "",
  title: "Loss Lab",
  about:
    "A lab for the loss functions of sequence models: which one a task needs, how it works on your numbers, and networks that train.",
  schema,
  answer: ({ targets, answers }, ask) => ask("chooser", "home", targets, answers),
  View,
};
