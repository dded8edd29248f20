import { placeName } from "../../models/curve.js";
import { symbolOf } from "../../models/lossTerms.js";
import { shown } from "../../models/number.js";
import type { Goal } from "../../worker/answers/lossGoals.js";
import { Check, Segments, Select, Slider } from "../controls.js";
import { put } from "./edit.js";
import { LossPicker } from "./lossPicker.js";
import { GoalBox } from "./outputs.js";
import { Rivals } from "./rivals.js";
import type { LossProps } from "./screen.js";

/** The output that is moved, the options of the loss, the reduction, padding, and what to compare with. */
export function LossControls({ store, answer }: LossProps) {
  const { place, edits, parameters, reduction, per, real, seed, goals } = store.state.value;
  const [least, most] = answer.domain;
  const steps = answer.shape[1];
  const perOutput = answer.goals.length === answer.outputs.length;
  const step = perOutput ? answer.place : Math.floor((answer.place * answer.cells.length) / answer.outputs.length);
  const goal: Goal | undefined = answer.goals[step];
  return (
    <>
      <div>
        <LossPicker name={answer.name} names={answer.names} />
        <h1 class="name">{answer.name}</h1>
        <p class="muted">{answer.summary}</p>
      </div>
      <div class="plate">
        <h2 class="part">This output</h2>
        <Slider
          label={<span data-term="output">{placeName(answer.place, answer.shape)}</span>}
          value={answer.outputs[answer.place]}
          least={least}
          most={most}
          step={0.05}
          onDrag={(value) => store.drag({ edits: put(edits, answer.place, value) })}
          onSet={(value) => store.set({ edits: put(edits, answer.place, value) })}
        />
        <Slider
          label="Which output"
          value={Math.min(place, answer.outputs.length - 1)}
          least={0}
          most={answer.outputs.length - 1}
          onDrag={(value) => store.drag({ place: value })}
          onSet={(value) => store.set({ place: Math.round(value) })}
        />
        {goal !== undefined && (
          <div class="field" data-term="target">
            <span aria-hidden="true">Its target y</span>
            <GoalBox
              goal={goal}
              name="Its target y"
              onSet={(value) => Number.isFinite(value) && store.set({ goals: put(goals, step, value) })}
            />
          </div>
        )}
        <div class="row">
          <button type="button" onClick={() => store.set({ seed: (seed + 1) % 10000, edits: [], goals: [] })}>
            Other numbers
          </button>
          <span class="muted">seed {seed}</span>
        </div>
      </div>
      <div class="plate">
        <h2 class="part">The loss</h2>
        {answer.parameters.map((parameter, i) =>
          parameter.kind === "switch" ? (
            <Check
              key={parameter.name}
              label={`${parameter.name}: ${parameter.about}`}
              value={parameter.value === 1}
              onSet={(on) => store.set({ parameters: put(parameters, i, Number(on)) })}
            />
          ) : (
            <Slider
              key={parameter.name}
              label={<span data-term={symbolOf(parameter.about)}>{`${parameter.name}: ${parameter.about}`}</span>}
              value={Number(shown(parameter.value).replace("−", "-"))}
              least={parameter.least}
              most={parameter.most}
              step={0.05}
              onDrag={(value) => store.drag({ parameters: put(parameters, i, value) })}
              onSet={(value) => store.set({ parameters: put(parameters, i, value) })}
            />
          ),
        )}
        <Segments
          label="Reduction"
          value={reduction}
          options={[
            ["mean", "mean"],
            ["sum", "sum"],
            ["none", "none"],
          ]}
          onSet={(value) => store.set({ reduction: value })}
        />
        {reduction === "mean" && answer.weighs && (
          <Select
            label="The mean is over"
            value={per}
            options={[
              ["", "what this loss takes by itself"],
              ["step", "all real steps alike"],
              ["sequence", "sequences, each a sum over its steps"],
            ]}
            onSet={(value) => store.set({ per: value })}
          />
        )}
        {steps > 1 && !["minimumRiskLoss", "policyGradientLoss", "selfCriticalLoss"].includes(answer.name) && (
          <Slider
            label="Real steps of sequence 0 (the rest is padding)"
            value={real === 0 || real > steps ? steps : real}
            least={1}
            most={steps}
            onDrag={(value) => store.drag({ real: value >= steps ? 0 : value })}
            onSet={(value) => store.set({ real: value >= steps ? 0 : Math.round(value) })}
          />
        )}
        <Rivals store={store} answer={answer} />
      </div>
    </>
  );
}
