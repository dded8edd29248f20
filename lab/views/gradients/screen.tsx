import { choice, real, type State, whole, words } from "../../state/fields.js";
import type { GradientAnswer } from "../../worker/answers/gradients.js";
import type { LearningAnswer, SaliencyAnswer } from "../../worker/answers/learning.js";
import { Slider } from "../controls.js";
import type { Screen, ViewProps } from "../screen.js";
import { StepView } from "../steps.js";
import { EigenFigure } from "./eigenFigure.js";
import { LearningPart } from "./learningPart.js";
import { Predict } from "./predict.js";
import { ReachFigure, UnrolledFigure } from "./reachFigure.js";
import { SlopesFigure } from "./slopesFigure.js";

export const schema = {
  steps: whole("t", 50, 1, 100),
  hidden: whole("h", 24, 2, 64),
  radius: real("w", 0.9, 0, 3),
  scale: real("x", 0.3, 0, 3),
  clip: real("c", 1, 0, 100),
  seed: whole("r", 1, 0, 9999),
  weight: real("u", 0.9, -3, 3),
  cell: choice("k", ["elman", "lstm", "gru"]),
  text: words("z", "hadabagdechfbeag", 20),
  output: whole("o", 9, 0, 19),
};

/** At rest, a network that was trained when the page was made. */
interface Answer extends GradientAnswer {
  readonly learning?: LearningAnswer;
  readonly saliency?: SaliencyAnswer;
}

export type GradientProps = ViewProps<typeof schema, Answer>;
export type GradientState = State<typeof schema>;

function View(props: GradientProps) {
  const { store, answer } = props;
  const { steps, hidden, radius, scale, clip, seed, weight } = store.state.value;
  const slider = (
    label: string,
    key: "steps" | "hidden" | "radius" | "scale" | "clip" | "weight",
    value: number,
    least: number,
    most: number,
    step = 1,
  ) => (
    <Slider
      label={label}
      value={value}
      least={least}
      most={most}
      step={step}
      onDrag={(next) => store.drag({ [key]: next })}
      onSet={(next) => store.set({ [key]: step === 1 ? Math.round(next) : next })}
    />
  );
  return (
    <div class="screen">
      <div class="controls">
        <div>
          <h1>Gradients</h1>
          <p class="muted">What the last step says to the first, through every step between.</p>
        </div>
        <div class="plate">
          {slider("Steps T", "steps", steps, 1, 100)}
          {slider("Hidden units", "hidden", hidden, 2, 64)}
          {slider("Spectral radius ρ of Elman's weights", "radius", radius, 0, 3, 0.01)}
          {slider("Size of the inputs", "scale", scale, 0, 3, 0.05)}
          {slider("Clip the weights' gradient to (0: never)", "clip", clip, 0, 10, 0.1)}
          <div class="row">
            <button type="button" onClick={() => store.set({ seed: (seed + 1) % 10000 })}>
              Other weights
            </button>
            <span class="muted">seed {seed}</span>
          </div>
        </div>
      </div>
      <div class="stage">
        <UnrolledFigure {...props} />
        <ReachFigure {...props} />
        <EigenFigure {...props} />
        <SlopesFigure {...props} />
        <LearningPart {...props} />
      </div>
      <div class="results">
        <Predict
          key={`${props.state.radius} ${props.state.steps} ${props.state.seed} ${props.state.scale}`}
          {...props}
        />
        <section class="plate" aria-labelledby="hand">
          <h2 class="part" id="hand">
            One unit, by hand
          </h2>
          {slider("u, from step to step", "weight", weight, -3, 3, 0.05)}
          {answer.byHand.steps.map((step, i) => (
            <StepView key={step.title} step={step} open={i === 3} />
          ))}
        </section>
      </div>
    </div>
  );
}

export const screen: Screen<typeof schema, Answer> = {
  path: "gradients/",
  title: "Gradients",
  about:
    "Backpropagation through time made visible: how a gradient vanishes or explodes over steps, for Elman, LSTM and GRU.",
  schema,
  answer: (state, ask) => ask("gradients", "gradientScreen", state),
  atRest: async (state, ask) => ({
    ...(await ask("gradients", "gradientScreen", state)),
    learning: await ask("learning", "learning", state),
    saliency: await ask("learning", "saliency", state),
  }),
  View,
};
