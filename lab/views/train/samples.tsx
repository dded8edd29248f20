import { percent } from "../../models/number.js";
import type { Sample, TaskName } from "../../worker/train/settings.js";

interface Props {
  readonly samples: readonly Sample[];
  readonly task: TaskName;
  readonly recorded: boolean;
  readonly wrong?: number | undefined;
}

const blank = (text: string): string => text.replaceAll(" ", "\u00a0");

/** What the network says to sequences it has not seen, beside what it should. */
export function Samples({ samples, task, recorded, wrong }: Props) {
  return (
    <section class="plate" aria-labelledby="samples">
      <h2 class="part" id="samples">
        What it says{recorded && ", in the recorded run"}
      </h2>
      {wrong !== undefined && (
        <p class="hint">{percent(wrong)} wrong in a batch that training does not see; three of its sequences:</p>
      )}
      {samples.length === 0 && <p class="hint">Nothing yet.</p>}
      {samples.map((sample, i) => (
        <dl class="sample" key={i}>
          {task !== "digits" && (
            <div>
              <dt>in</dt>
              <dd>{blank(sample.input)}</dd>
            </div>
          )}
          <div>
            <dt>goal</dt>
            <dd class="goal-text">{blank(sample.target)}</dd>
          </div>
          <div>
            <dt>out</dt>
            <dd>
              {sample.wrong.length > 1
                ? Array.from(sample.output, (letter, t) =>
                    sample.wrong[t] ? <del key={t}>{blank(letter)}</del> : blank(letter),
                  )
                : blank(sample.output) || "(nothing)"}
              {sample.wrong.length === 1 && (sample.wrong[0] ? " wrong" : " right")}
              {task === "digits" && sample.wrong.length === 0 && " right"}
            </dd>
          </div>
        </dl>
      ))}
      {task !== "digits" && <p class="hint">Struck through: wrong.</p>}
    </section>
  );
}
