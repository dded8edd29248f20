import { placeName } from "../../models/curve.js";
import { shown } from "../../models/number.js";
import { Check, Segments, Select, Slider } from "../controls.js";
import { useRoot } from "../root.js";
import { put } from "./edit.js";
import type { LossProps } from "./screen.js";

/** The output that is moved, the options of the loss, the reduction, padding, and what to compare with. */
export function LossControls({ store, answer }: LossProps) {
  const root = useRoot();
  const { place, edits, parameters, reduction, real, versus, seed } = store.state.value;
  const [least, most] = answer.domain;
  const steps = answer.shape[1];
  return (
    <>
      <div>
        <p>
          <a href={`${root}losses/`}>All losses</a>
        </p>
        <h1 class="name">{answer.name}</h1>
        <p class="muted">{answer.summary}</p>
      </div>
      <div class="plate">
        <h2 class="part">This output</h2>
        <Slider
          label={placeName(answer.place, answer.shape)}
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
        <div class="row">
          <button type="button" onClick={() => store.set({ seed: (seed + 1) % 10000, edits: [] })}>
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
              label={`${parameter.name}: ${parameter.about}`}
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
        {answer.rivals.length > 0 && (
          <Select
            label="Compare with"
            value={answer.rivals.includes(versus) ? versus : ""}
            options={[["", "nothing"], ...answer.rivals.map((name) => [name, name] as const)]}
            onSet={(value) => store.set({ versus: value })}
          />
        )}
      </div>
    </>
  );
}
